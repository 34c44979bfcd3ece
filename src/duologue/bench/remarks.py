"""What a person must know to read the figures right, in plain sentences. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from duologue.bench.load import Load
from duologue.bench.report import Report

_BUSY = 0.95
_KEPT_UP = 0.98
_QUIET = 0.1


def remarks(load: Load, report: Report) -> list[str]:
    """Return all that is to be said about a report."""
    return [*_limits(load, report), *_surroundings(load, report), *_wrongs(report)]


def _limits(load: Load, report: Report) -> Iterator[str]:
    if report.is_generator_limited and load.pid is not None:
        yield (
            "The generator used up its core while the server had time left: the true figure "
            "is higher."
        )
    elif report.generator_share >= _BUSY and load.pid is None:
        yield (
            "The generator used up its core and may be the limit: the true figure may be "
            "higher. With --pid it knows more."
        )
    if load.rate and not report.drops and report.said_per_s < _KEPT_UP * load.rate:
        yield (
            f"The generator said only {report.said_per_s:,.0f} of {load.rate:,.0f} messages/s: "
            "it could not do more."
        )
    if load.rate and report.messages_per_s < _KEPT_UP * report.said_per_s:
        yield (
            f"The server did not keep up with the rate: of {report.said_per_s:,.0f} messages/s "
            f"it passed on {report.messages_per_s:,.0f}."
        )


def _surroundings(load: Load, report: Report) -> Iterator[str]:
    if report.others_share is not None and report.others_share > _QUIET:
        yield (
            f"The machine was disturbed: other programs used {report.others_share:.0%} of a "
            "core. Measure again when it is quiet."
        )
    if report.stolen_share > _QUIET:
        yield (
            f"The machine was disturbed: the host took {report.stolen_share:.0%} of a core "
            "away. Measure again."
        )
    if report.idle < load.idle:
        yield (
            f"There were only {report.idle:,} idle connections: the limit of open files "
            "(ulimit -n)."
        )
    if report.is_stopped:
        yield f"Stopped after {report.seconds:.1f} s of measuring."


def _wrongs(report: Report) -> Iterator[str]:
    drops = report.drops
    if drops is None or drops.is_clean:
        return
    yield (
        f"NOT EVERY MESSAGE CAME ONCE AND IN ORDER: {drops.lost:,} lost, {drops.doubled:,} "
        f"doubled, {drops.out_of_order:,} out of order, {drops.strange:,} strange."
    )
    yield from (f"A client was told: {trouble}" for trouble in drops.troubles)
