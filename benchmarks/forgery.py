"""`python -m benchmarks.forgery`: what 10,000 forged tickets a second do to everyone else.

One client shows forged tickets, another message at the same rate is the measure: a pair in
another room chats meanwhile, one message at a time, and its round trips are timed.
"""

from __future__ import annotations

import argparse
import multiprocessing
import socket
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.jitter.keeper import kept
from benchmarks.process import BenchmarkError, Cores, pin
from benchmarks.servers import PROGRAM
from duologue.bench.dialects import DuologueV1
from duologue.bench.frames import masked
from duologue.bench.link import Link
from duologue.bench.target import Target
from duologue.errors import LoadError

_BATCH = 10
_RATE = 10_000
_DIALECT = DuologueV1()

Address = tuple[str, int]


def forged(ticket: str) -> list[bytes]:
    """Return tickets of the right form, each with another character changed."""
    frames = []
    for at in range(0, len(ticket), 3):
        other = "A" if ticket[at] != "A" else "B"
        text = ticket[:at] + other + ticket[at + 1 :]
        claim = {"ticket": text, "received": 0, "read": 0, "delivered": 0}
        frames.append(masked(_DIALECT.encode("resume", claim).encode()))
    return frames


def kinds(address: Address) -> dict[str, list[bytes]]:
    """Return what the flood may consist of."""
    seated = named(address, "Mallory")
    seated.say("create_room")
    ticket = str(seated.hear("room_created")["ticket"])
    seated.close()
    chat = {"pairing": 1, "id": 1, "content": "x" * 64}
    return {
        "nothing": [],
        "chats in no room": [masked(_DIALECT.encode("chat", chat).encode())],
        "invalid messages": [masked(b'{"type":"resume","ticket":"' + ticket.encode() + b'"}')],
        "forged tickets": forged(ticket),
    }


def connected(address: Address) -> Link:
    """Connect someone."""
    link = Link(Target.find(f"{address[0]}:{address[1]}"), _DIALECT, 0)
    link.upgraded()
    return link


def named(address: Address, name: str) -> Link:
    """Connect someone and give them a name."""
    link = connected(address)
    link.hear("connected")
    link.say("set_username", username=name)
    link.hear("username_set")
    return link


def flood(address: Address, frames: list[bytes], seconds: float, core: int | None) -> None:
    """Say these at 10,000 a second, whatever the answers are."""
    pin(core)
    link = connected(address)
    link.socket.settimeout(None)
    began, said = time.perf_counter(), 0
    while (now := time.perf_counter() - began) < seconds:
        while said < now * _RATE:
            batch = b"".join(frames[(said + more) % len(frames)] for more in range(_BATCH))
            link.socket.sendall(batch)
            said += _BATCH
        try:
            while link.socket.recv(1 << 20, socket.MSG_DONTWAIT):
                pass
        except BlockingIOError:
            time.sleep(0.0005)
    link.close()


def chat(address: Address, seconds: float) -> list[float]:
    """Let a pair chat with all acknowledgements; return the one-way times in milliseconds."""
    alice, bob = named(address, "Alice"), named(address, "Bob")
    alice.say("create_room")
    bob.say("join_room", room_code=alice.hear("room_created")["room_code"])
    bob.hear("room_joined")
    alice.hear("partner_joined")
    times, end, number = [], time.perf_counter() + seconds, 0
    while (began := time.perf_counter()) < end:
        number += 1
        alice.say("chat", pairing=1, id=number, content="x" * 64)
        bob.hear("chat")
        times.append((time.perf_counter() - began) * 1000)
        alice.hear("sent")
        bob.say("received", pairing=1, id=number)
        alice.hear("delivered")
    alice.close()
    bob.close()
    return times


def measure(
    address: Address,
    pid_s: Callable[[], float],
    frames: list[bytes],
    options: argparse.Namespace,
) -> tuple[float, float, float]:
    """Return p50 and p99 of the pair's chats in ms, and the server's share of a core."""
    core = Cores.available().load
    flooding = multiprocessing.Process(
        target=flood, args=(address, frames, options.seconds + 1, core), daemon=True
    )
    if frames:
        flooding.start()
        time.sleep(0.5)
    cpu, began = pid_s(), time.perf_counter()
    times = sorted(chat(address, options.seconds))
    share = (pid_s() - cpu) / (time.perf_counter() - began)
    if frames:
        flooding.join()
    return statistics.median(times), times[int(len(times) * 0.99)], share


def main() -> int:
    """Measure each kind in turn, several rounds, and print a table."""
    parser = argparse.ArgumentParser(prog="benchmarks.forgery", description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="each measurement (2)")
    parser.add_argument(
        "--rounds", type=int, default=5, help="of which the medians are told (5)"
    )
    parser.add_argument("--program", type=Path, default=PROGRAM, help="the server to measure")
    options = parser.parse_args()
    pin(Cores.available().load)
    try:
        with kept(options.program, Cores.available().server) as keeper:
            floods = kinds(keeper.address)
            figures: dict[str, list[tuple[float, float, float]]] = {kind: [] for kind in floods}
            for _ in range(options.rounds):
                for kind, frames in floods.items():
                    figures[kind].append(measure(keeper.address, keeper.cpu_s, frames, options))
    except (BenchmarkError, LoadError) as error:
        print(f"forgery: {error}", file=sys.stderr)
        return 1
    print(f"| beside {_RATE:,} a second of | p50, ms | p99, ms | server CPU |")
    print("| --- | --: | --: | --: |")
    for kind, rounds in figures.items():
        p50, p99, share = (statistics.median(column) for column in zip(*rounds, strict=True))
        print(f"| {kind} | {p50:.2f} | {p99:.2f} | {share:.0%} |")
    return 0


if __name__ == "__main__":
    sys.exit(main())
