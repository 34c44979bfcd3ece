"""A well-behaved pair with a clock of its own: `python -m attacks.pair PORT`.

It chats at an even pace, whatever happens. A line on stdin asks for what was
measured since the last; the end of stdin ends it. All chats have to come in order.
"""

from __future__ import annotations

import json
import select
import sys
import time
from dataclasses import asdict, dataclass
from statistics import quantiles

from duologue.bench.crowd import Crowd
from duologue.bench.dialects import DuologueV1
from duologue.bench.frames import masked, split
from duologue.bench.link import control_answer
from duologue.bench.target import Target
from duologue.errors import LoadError
from duologue.wire.frames import Opcode

RATE = 200
"""Chats a second."""

PATIENCE_S = 10.0
"""By when a chat has come, or never will."""


@dataclass(frozen=True)
class Measured:
    """What the pair noticed in a stretch of time. Latencies are in milliseconds."""

    chats: int
    p50_ms: float
    p99_ms: float
    max_ms: float
    late_p99_ms: float
    """How late the pair itself was to speak: what the machine adds to all figures."""


class Pair:
    """Alice, who speaks, and Bob, who confirms what he hears."""

    def __init__(self, port: int) -> None:
        self._dialect = DuologueV1()
        crowd = Crowd(Target.find(f"ws://127.0.0.1:{port}/ws"), self._dialect)
        [(self._alice, self._bob)] = crowd.seat(1)
        self._links = {link.fd: link for link in (self._alice, self._bob)}
        for link in self._links.values():
            link.socket.setblocking(False)
        self._sent_at: list[float] = []
        self._heard = 0
        self._latencies: list[float] = []
        self._late: list[float] = []

    def run(self) -> None:
        """Chat until stdin ends.

        Raises:
            LoadError: A chat did not come, or not in its turn; or the connection broke.
        """
        poll = select.epoll()
        for fd in (*self._links, sys.stdin.fileno()):
            poll.register(fd, select.EPOLLIN)
        due = time.monotonic()
        while True:
            now = time.monotonic()
            if now >= due:
                self._speak(now, now - due)
                due += 1 / RATE
            self._check(now)
            for fd, _events in poll.poll(max(0.0, due - time.monotonic())):
                if fd in self._links:
                    self._hear(fd)
                elif sys.stdin.readline():
                    print(json.dumps(asdict(self._measured())), flush=True)
                else:
                    return

    def _speak(self, now: float, late: float) -> None:
        self._late.append(late)
        self._sent_at.append(now)
        number = len(self._sent_at)
        said = {"pairing": 1, "id": number, "content": f"chat {number}"}
        try:
            self._alice.socket.send(masked(self._dialect.encode("chat", said).encode()))
        except BlockingIOError:
            raise LoadError("the pair's chats are not read") from None
        except OSError as error:
            raise LoadError(f"the pair's connection broke: {error.strerror}") from None

    def _hear(self, fd: int) -> None:
        link = self._links[fd]
        try:
            data = link.socket.recv(65536)
        except OSError as error:
            raise LoadError(f"the pair's connection broke: {error.strerror}") from None
        if not data:
            raise LoadError("the server closed the pair's connection")
        now = time.monotonic()
        frames, link.buffer = split(link.buffer + data)
        for frame in frames:
            if answer := control_answer(frame, self._dialect):
                link.socket.send(answer)
            elif frame.opcode == Opcode.TEXT:
                self._take(frame.payload.decode(), now)
        if link is self._bob and self._heard:
            received = self._dialect.encode("received", {"pairing": 1, "id": self._heard})
            link.socket.send(masked(received.encode()))

    def _take(self, text: str, now: float) -> None:
        message = self._dialect.decode(text)
        if message.type == "error":
            raise LoadError(f"the pair was refused: {message.fields['code']}")
        if message.type != "chat":
            return
        self._heard += 1
        if message.fields["id"] != self._heard:
            raise LoadError(f"chat {message.fields['id']} came instead of {self._heard}")
        self._latencies.append(now - self._sent_at[self._heard - 1])

    def _check(self, now: float) -> None:
        if self._heard < len(self._sent_at):
            waiting_s = now - self._sent_at[self._heard]
            if waiting_s > PATIENCE_S:
                raise LoadError(f"a chat has not come for {PATIENCE_S:.0f} s")

    def _measured(self) -> Measured:
        latencies, self._latencies = sorted(self._latencies), []
        late, self._late = sorted(self._late), []
        return Measured(
            len(latencies),
            _ms(latencies, 50),
            _ms(latencies, 99),
            _ms(latencies, 100),
            _ms(late, 99),
        )


def _ms(seconds: list[float], percent: int) -> float:
    """Return a percentile of what is sorted, in milliseconds."""
    if len(seconds) < 2 or percent == 100:
        return round(seconds[-1] * 1000, 2) if seconds else 0.0
    return round(quantiles(seconds, n=100)[percent - 1] * 1000, 2)


def main() -> int:
    """Chat; return the exit code."""
    try:
        pair = Pair(int(sys.argv[1]))
        print("ready", flush=True)
        pair.run()
    except LoadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
