"""One run of the load generator: seats everybody, lets them talk, measures, reports."""

from __future__ import annotations

import gc
import time
from dataclasses import replace
from typing import Any

from duologue.bench.acknowledged import AcknowledgedTraffic
from duologue.bench.crowd import Crowd, affordable_idle
from duologue.bench.dialects import DIALECTS, Dialect
from duologue.bench.flood import Flood
from duologue.bench.histogram import buckets
from duologue.bench.link import Link
from duologue.bench.load import Load
from duologue.bench.meter import Meter, Reading
from duologue.bench.numbered import Author
from duologue.bench.pace import Pace, Rate, Windows, starts
from duologue.bench.progress import Progress, Silent
from duologue.bench.report import Jitter, Report, Shares, Window, latencies, percentiles
from duologue.bench.script import Scripts
from duologue.bench.sockets import PLAIN, Encrypted, Sockets
from duologue.bench.target import Target
from duologue.bench.traffic import Traffic
from duologue.errors import LoadError

WARM_UP = 0.15
_SETTLE_S = 0.5


def run(load: Load, dialect: Dialect | None = None, progress: Progress | None = None) -> Report:
    """Put `load` on a server and return what was measured.

    Args:
        load: what to do, and to which server.
        dialect: what to speak, if it is another protocol than the load's.
        progress: is told how far it is.

    Raises:
        AddressError: the server's URL is none.
        LoadError: the server refused, broke off, or answered wrongly.
        KeyboardInterrupt: a person ended it before anything was measured.
    """
    load = replace(load, idle=affordable_idle(load.idle, load.pairs))
    meter = Meter(load.pid)
    meter.read()
    return Run(
        load, dialect or DIALECTS[load.protocol], meter, progress or Silent()
    ).carry_out()


class Run:
    """A run from the first connection to the report."""

    def __init__(self, load: Load, dialect: Dialect, meter: Meter, progress: Progress) -> None:
        """Prepare; nothing is opened yet."""
        self._load = load
        self._meter = meter
        self._progress = progress
        self._links = 2 * load.pairs + load.idle + 2 * load.stalled
        self._crowd = Crowd(
            Target.find(load.url, is_insecure=load.insecure),
            dialect,
            lambda count: progress.at("connecting", count / self._links),
        )
        self._encrypted = Encrypted()

    def carry_out(self) -> Report:
        """Do all of it and return what came out."""
        try:
            return self._carry_out()
        except OSError as error:
            raise LoadError(f"a connection broke: {error.strerror or error}") from error
        finally:
            gc.enable()
            self._crowd.close()

    def _carry_out(self) -> Report:
        load, meter = self._load, self._meter
        traffic = self._seat()
        resident_kb = meter.resident_kb()
        if load.idle:
            traffic.add_idle(self._idle())
            time.sleep(_SETTLE_S)
        idle_kb = meter.resident_kb() - resident_kb
        flood = None
        if load.stalled:
            flood = Flood(self._crowd.seat(1)[0], load.payload_bytes)
            traffic.add_flood(flood)
            resident_kb = meter.resident_kb()
        for link in self._crowd.links:
            self._encrypted.add(link)
        report = replace(self._measure(traffic), idle=load.idle)
        after_kb = meter.resident_kb()
        if after_kb:
            report = replace(report, server_mb=round(after_kb / 1024, 1))
        if after_kb and load.idle:
            report = replace(report, idle_kb=round(idle_kb / load.idle, 2))
        if flood:
            growth_mb = (after_kb - resident_kb) / 1024
            poured_mb = flood.poured_bytes / (1 << 20)
            report = replace(
                report, flood_mb=round(poured_mb, 2), growth_mb=round(growth_mb, 2)
            )
        return report

    def _idle(self) -> list[Link]:
        if not self._load.seated:
            return self._crowd.connect(self._load.idle)
        return [link for pair in self._crowd.seat(self._load.idle // 2) for link in pair]

    def _seat(self) -> Traffic:
        load, crowd = self._load, self._crowd
        if crowd.dialect.is_numbered:
            return self._seat_numbered()
        scripts = Scripts(load.in_flight, load.payload_bytes)
        traffic = Traffic(load.in_flight * (load.payload_bytes + 128), self._sockets())
        for pair in crowd.seat(load.pairs):
            traffic.add_pair(pair, *scripts.for_pair(pair))
        return traffic

    def _seat_numbered(self) -> Traffic:
        load = self._load
        if load.stalled:
            raise LoadError("the flood speaks the reference protocol only")
        author = Author(load.payload_bytes)
        read_bytes = load.in_flight * (load.payload_bytes + 256)
        traffic = AcknowledgedTraffic(read_bytes, load.in_flight, self._sockets())
        for pair in self._crowd.seat(load.pairs):
            traffic.add_numbered_pair(pair, *author.for_pair(pair))
        return traffic

    def _sockets(self) -> Sockets:
        if self._crowd.target.context is None:
            return PLAIN
        return Sockets(self._encrypted.read, self._encrypted.write)

    def _measure(self, traffic: Traffic) -> Report:
        load = self._load
        self._progress.prepare("ramp-up", "warm-up", "measuring")
        gc.collect()
        gc.disable()
        start = time.perf_counter()
        begins = starts(len(traffic.players), start, load.ramp_up_s)
        pace: Pace = Windows(traffic, begins)
        if load.rate:
            pace = Rate(traffic, load.rate, begins)
        self._keep(pace, "ramp-up", start, load.ramp_up_s)
        start = time.perf_counter()
        # A flood's first moments are the point of it; all else is measured once it runs evenly.
        warm_up_s = 0.0 if load.stalled else WARM_UP * load.seconds
        self._keep(pace, "warm-up", start, warm_up_s)
        before, count = self._meter.read(), _Count.of(traffic)
        del pace.jitter[:]
        is_stopped = False
        try:
            self._keep(pace, "measuring", start + warm_up_s, load.seconds - warm_up_s)
        except KeyboardInterrupt:
            is_stopped = True
        after, count = self._meter.read(), _Count.of(traffic).since(count)
        gc.enable()
        window = Window(before.wall, after.wall, load.in_flight)
        report = _report(latencies(traffic.players, window), count, before, after)
        if not is_stopped:
            traffic.settle()
        jitter = Jitter.of_seconds("message" if load.rate else "turn", pace.jitter)
        return replace(report, is_stopped=is_stopped, jitter=jitter)

    def _keep(self, pace: Pace, phase: str, start: float, seconds: float) -> None:
        """Keep the pace through a phase, and tell now and then how far it is."""
        parts = self._progress.parts if seconds else 0
        for part in range(1, parts + 1):
            self._progress.at(phase, (part - 1) / parts)
            pace.keep(start + seconds * part / parts)


class _Count:
    """How much there was until a moment."""

    def __init__(self, heard: int, said: int, acknowledged: int) -> None:
        self.heard = heard
        self.said = said
        self.acknowledged = acknowledged

    @classmethod
    def of(cls, traffic: Traffic) -> _Count:
        heard = sum(len(player.heard) for player in traffic.players)
        said = sum(len(player.said) for player in traffic.players)
        return cls(heard, said, traffic.acknowledgements)

    def since(self, other: _Count) -> _Count:
        return _Count(
            self.heard - other.heard,
            self.said - other.said,
            self.acknowledged - other.acknowledged,
        )


def _report(ordered: list[float], count: _Count, before: Reading, after: Reading) -> Report:
    if not count.heard:
        raise LoadError("no message arrived in the measured time")
    wall = after.wall - before.wall
    shares = Shares.between(before, after)
    server = shares.server_share
    figures: dict[str, Any] = {**shares._asdict(), **percentiles(ordered)}
    return Report(
        messages=count.heard,
        messages_per_s=round(count.heard / wall, 1),
        seconds=round(wall, 3),
        said_per_s=round((count.said or count.heard) / wall, 1),
        acknowledgements=round(count.acknowledged / count.heard, 3),
        server_us_per_message=server and round(server * wall * 1e6 / count.heard, 3),
        histogram=buckets(ordered),
        **figures,
    )
