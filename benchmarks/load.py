"""The load generator, and its command line: `python -m benchmarks.load HOST:PORT`.

Pairs of clients chat through a server; benchmarks/README.md says what is measured. Only
the standard library is used, so it runs wherever Python does.
"""

from __future__ import annotations

import argparse
import gc
import json
import sys
import time
from dataclasses import dataclass, replace

from benchmarks.acknowledged import AcknowledgedTraffic
from benchmarks.crowd import Crowd, affordable_idle
from benchmarks.dialects import DIALECTS
from benchmarks.flood import Flood
from benchmarks.link import Link, LoadError
from benchmarks.meter import Meter, Reading
from benchmarks.numbered import Author
from benchmarks.pace import Pace
from benchmarks.report import Report, Window, latencies, percentile_us, share
from benchmarks.script import Scripts
from benchmarks.traffic import Traffic

_WARM_UP = 0.15
_LONGEST_S = 600.0
_SETTLE_S = 0.5


@dataclass(frozen=True)
class Load:
    """What to do to a server."""

    pairs: int = 100
    in_flight: int = 1
    payload: int = 64
    seconds: float = 5.0
    idle: int = 0
    seated: bool = False
    """Whether the idle ones sit in rooms, two in each."""
    rate: float = 0.0
    """Messages a second of all clients together; 0 keeps the windows full instead."""
    stalled: bool = False
    dialect: str = "duologue"


def run(address: tuple[str, int], load: Load, pid: int | None = None) -> Report:
    """Put `load` on the server at `address` and return what was measured.

    Raises:
        LoadError: the server refused, broke off, or answered wrongly.
    """
    idle = affordable_idle(load.idle, load.pairs)
    crowd = Crowd(address, DIALECTS[load.dialect])
    try:
        return _run(crowd, replace(load, idle=idle), Meter(pid))
    except OSError as error:
        raise LoadError(f"a connection broke: {error.strerror or error}") from error
    finally:
        crowd.close()


def _run(crowd: Crowd, load: Load, meter: Meter) -> Report:
    traffic = _seat(crowd, load)
    resident_kb = meter.resident_kb()
    if load.idle:
        traffic.add_idle(_idle(crowd, load))
        time.sleep(_SETTLE_S)
    idle_kb = meter.resident_kb() - resident_kb
    flood = None
    if load.stalled:
        flood = Flood(crowd.seat(1)[0], load.payload)
        traffic.add_flood(flood)
        resident_kb = meter.resident_kb()
    report = _measure(traffic, load, meter)
    if meter.resident_kb() and load.idle:
        report = replace(report, idle=load.idle, idle_kb=round(idle_kb / load.idle, 2))
    if flood:
        growth_mb = (meter.resident_kb() - resident_kb) / 1024
        poured_mb = flood.poured_bytes / (1 << 20)
        report = replace(report, flood_mb=round(poured_mb, 2), growth_mb=round(growth_mb, 2))
    return report


def _idle(crowd: Crowd, load: Load) -> list[Link]:
    if not load.seated:
        return crowd.connect(load.idle)
    return [link for pair in crowd.seat(load.idle // 2) for link in pair]


def _seat(crowd: Crowd, load: Load) -> Traffic:
    if load.dialect == "v1":
        return _seat_numbered(crowd, load)
    scripts = Scripts(load.in_flight, load.payload)
    traffic = Traffic(read_bytes=load.in_flight * (load.payload + 128))
    for pair in crowd.seat(load.pairs):
        traffic.add_pair(pair, *scripts.for_pair(pair))
    return traffic


def _seat_numbered(crowd: Crowd, load: Load) -> Traffic:
    if load.stalled:
        raise LoadError("the flood speaks the reference protocol only")
    author = Author(load.payload)
    read_bytes = load.in_flight * (load.payload + 256)
    traffic = AcknowledgedTraffic(read_bytes, load.in_flight)
    for pair in crowd.seat(load.pairs):
        traffic.add_numbered_pair(pair, *author.for_pair(pair))
    return traffic


def _measure(traffic: Traffic, load: Load, meter: Meter) -> Report:
    gc.collect()
    gc.disable()
    if load.rate:
        start = time.perf_counter()
        keep_on = Pace(traffic, load.rate, start).keep
    else:
        start = traffic.fill_windows()
        keep_on = traffic.exchange
    # A flood's first moments are the point of it; all else is measured once it runs evenly.
    warm_up = 0.0 if load.stalled else _WARM_UP
    keep_on(start + warm_up * load.seconds)
    before, count, extra = meter.read(), _heard(traffic), traffic.acknowledgements
    keep_on(start + load.seconds)
    after, count = meter.read(), _heard(traffic) - count
    extra = traffic.acknowledgements - extra
    gc.enable()
    window = Window(start, before.wall, after.wall, load.in_flight)
    report = _report(latencies(traffic.players, window), count, before, after)
    traffic.settle()
    return replace(report, acknowledgements=round(extra / count, 3))


def _heard(traffic: Traffic) -> int:
    return sum(len(player.heard) for player in traffic.players)


def _report(ordered: list[float], count: int, before: Reading, after: Reading) -> Report:
    if not count:
        raise LoadError("no message arrived in the measured time")
    wall = after.wall - before.wall
    server = share(before.server, after.server, wall)
    return Report(
        messages=count,
        messages_per_s=round(count / wall, 1),
        p50_us=percentile_us(ordered, 0.5),
        p99_us=percentile_us(ordered, 0.99),
        p999_us=percentile_us(ordered, 0.999),
        max_us=percentile_us(ordered, 1.0),
        generator_share=round((after.own - before.own) / wall, 3),
        stolen_share=round((after.stolen - before.stolen) / wall, 3),
        server_share=server,
        server_us_per_message=None if server is None else round(server * wall * 1e6 / count, 3),
    )


def main() -> int:
    """Read the command line, run, print; return the exit code."""
    options = _parser().parse_args()
    known = Load.__dataclass_fields__
    load = Load(**{name: value for name, value in vars(options).items() if name in known})
    try:
        report = run(options.address, load, options.pid)
    except LoadError as error:
        print(f"load: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    print(json.dumps(report.as_dict()) if options.json else _words(report))
    return 0


def _words(report: Report) -> str:
    lines = [
        f"{name.replace('_', ' '):24} {value}"
        for name, value in report.as_dict().items()
        if value is not None
    ]
    return "\n".join(lines)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.load", description=__doc__)
    add = parser.add_argument
    add("address", metavar="HOST:PORT", type=_address)
    add("--pairs", type=_from_1, default=Load.pairs, help="pairs that chat (100)")
    add(
        "--in-flight",
        type=_from_1,
        default=Load.in_flight,
        help="messages a client has open (1)",
    )
    add("--payload", type=_from_1, default=Load.payload, help="bytes of content (64)")
    add("--seconds", type=_seconds, default=Load.seconds, help="with the warm-up in it (5)")
    add("--idle", type=int, default=0, help="connections that only stay open")
    add("--seated", action="store_true", help="let the idle ones sit in rooms, two in each")
    add("--rate", type=float, default=0.0, help="messages/s in all, instead of full windows")
    add("--stalled", action="store_true", help="add a flood at someone who stopped reading")
    add("--dialect", choices=sorted(DIALECTS), default=Load.dialect)
    add("--pid", type=int, help="the server's process, to measure its CPU and memory")
    add("--json", action="store_true", help="print one line of JSON")
    return parser


def _address(text: str) -> tuple[str, int]:
    host, colon, port = text.rpartition(":")
    if not colon or not port.isdigit():
        raise argparse.ArgumentTypeError(f"not HOST:PORT: {text}")
    return host.strip("[]"), int(port)


def _from_1(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 100_000:
        raise argparse.ArgumentTypeError("must be 1 to 100,000")
    return number


def _seconds(text: str) -> float:
    seconds = float(text)
    if not 0 < seconds <= _LONGEST_S:
        raise argparse.ArgumentTypeError(f"must be more than 0, at most {_LONGEST_S:.0f}")
    return seconds


if __name__ == "__main__":
    sys.exit(main())
