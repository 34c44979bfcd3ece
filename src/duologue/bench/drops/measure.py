"""Puts a load with drops on a server, and turns what came out into a report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import chain

from duologue.bench.crowd import affordable_idle
from duologue.bench.dialects import DIALECTS
from duologue.bench.drops.outcome import Outcome, Spread
from duologue.bench.drops.run import Run
from duologue.bench.histogram import buckets
from duologue.bench.link import Link
from duologue.bench.load import Load
from duologue.bench.meter import Meter
from duologue.bench.progress import Progress
from duologue.bench.report import Drops, Jitter, Report, percentiles
from duologue.bench.target import Target
from duologue.errors import LoadError


def measure(load: Load, progress: Progress | None = None) -> Report:
    """Put `load` on a server, reset its connections, and return what was measured.

    Raises:
        AddressError: the server's URL is none.
        LoadError: the server refused, broke off, or answered wrongly.
        KeyboardInterrupt: a person ended it before anything was measured.
    """
    affordable_idle(0, load.pairs)
    meter = Meter(load.pid)
    meter.read()
    target = Target.find(load.url, is_insecure=load.insecure)
    _knock(target)
    run = Run(load, target, meter.read, progress)
    with new_runner() as runner:
        outcome = runner.run(run.carry_out())
    resident_kb = meter.resident_kb()
    return _report(load, run, outcome, round(resident_kb / 1024, 1) if resident_kb else None)


def new_runner() -> asyncio.Runner:
    """Return a runner on the fastest event loop there is."""
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    try:
        import uvloop  # noqa: PLC0415 - there may be none

        factory = uvloop.new_event_loop
    except ImportError:
        pass
    return asyncio.Runner(loop_factory=factory)


def _knock(target: Target) -> None:
    """Find out whether there is a server that will have us: those who come back would retry."""
    link = Link(target, DIALECTS["v1"], 0)
    try:
        link.upgraded()
        link.hear("connected")
    finally:
        link.close()


def _report(load: Load, run: Run, outcome: Outcome, server_mb: float | None) -> Report:
    ordered = sorted(chain.from_iterable(person.said.ages() for person in run.people))
    if not ordered:
        raise LoadError("no message arrived in the measured time")
    before, after = run.readings
    begin, wall = before.wall + load.ramp_up_s, after.wall - before.wall - load.ramp_up_s
    if run.is_stopped and wall <= 0:
        begin, wall = before.wall, after.wall - before.wall
    records = [person.said for person in run.people]
    heard = sum(begin <= at < after.wall for each in records for at in each.heard_at)
    said = sum(begin <= at < after.wall for each in records for at in each.said_at)
    late = list(chain.from_iterable(person.late for person in run.people))
    return Report(
        messages=heard,
        messages_per_s=round(heard / wall, 1),
        seconds=round(wall, 3),
        said_per_s=round(said / wall, 1),
        generator_share=outcome.generator_share,
        stolen_share=outcome.stolen_share,
        server_share=outcome.server_share,
        others_share=outcome.others_share,
        server_us_per_message=outcome.server_us_per_message,
        server_mb=server_mb,
        is_stopped=run.is_stopped,
        jitter=Jitter.of_seconds("message", late)
        if load.rate
        else Jitter.of_seconds("tick", run.ticks),
        histogram=buckets(ordered),
        drops=_drops(outcome),
        **percentiles(ordered),
    )


def _drops(outcome: Outcome) -> Drops:
    verdict, replays = outcome.verdict, outcome.replays or Spread(0, 0.0, 0.0, 0.0)
    return Drops(
        drops=outcome.counts.get("resets", 0),
        resumes=outcome.resumes.samples if outcome.resumes else 0,
        said=verdict.said,
        lost=verdict.lost,
        doubled=verdict.doubled,
        out_of_order=verdict.out_of_order,
        strange=verdict.strange,
        troubles=outcome.troubles_quoted,
        replays=replays.samples,
        replay_p50_s=replays.p50,
        replay_p99_s=replays.p99,
        replay_max_s=replays.max,
        drain_s=outcome.drain_s,
    )
