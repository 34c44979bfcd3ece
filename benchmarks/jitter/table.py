"""The outcomes as GitHub Markdown, beside what others have published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from benchmarks.jitter.plan import Result
from duologue.bench.drops.outcome import Spread

_GENERATOR_FULL = 0.95
_NONE = "-"

SOURCE = "https://github.com/anycable/nodejs-websocket-bench"


class Published(NamedTuple):
    """A row of that benchmark's README; times from being sent to being received, in seconds."""

    label: str
    lost: int
    delivered_percent: float
    p50: float
    p99: float
    max: float


PUBLISHED = (
    Published("Socket.IO", 184_449, 84.55, 0.106, 1.07, 1.75),
    Published("uWebSockets.js", 153_805, 87.03, 0.092, 1.72, 2.95),
    Published("Socket.IO with connection state recovery", 0, 100.0, 0.148, 4.58, 9.71),
    Published("AnyCable", 0, 100.0, 0.250, 6.14, 9.23),
)
_PUBLISHED_SAID = 1_200_000

_DISTURBED = (
    "‡ Here other programs took the cores, and the times are partly theirs: measure again when "
    "the machine is quiet."
)
_REMARKS = (
    (
        f"† Published figures of others, from {SOURCE}: another and larger machine, 10,000 "
        "clients that hear one stream of 2 messages/s (not pairs that talk), TCP closed by "
        "force every 15 s or so, offline for 2 s or more. Not measured here; compare orders of "
        "magnitude. What that page calls replay latency is counted from sending to receiving, "
        "over all messages, so it stands in the column of the same meaning here."
    ),
    (
        "Said to heard: all messages, those that waited for someone offline included. Replay: "
        "from TCP connected again to the last chat that waited at the server; when the server "
        "was killed meanwhile, from the moment at which both people were connected again."
    ),
)


def markdown(results: Mapping[str, Result]) -> str:
    """Return the table and its remarks; `results` by the name of the mode."""
    head = (
        "",
        "clients",
        "messages",
        "delivered",
        "lost",
        "doubled",
        "out of order",
        "said to heard p50 / p99 / max, s",
        "replay p50 / p99 / max, s",
        "server CPU",
    )
    rows = [_ours(result) for result in results.values()]
    rows += [_theirs(published) for published in PUBLISHED]
    lines = [head, ("---", *("--:" for _ in head[1:])), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    remarks = [*_REMARKS, *_details(results)]
    if any(result.outcome.is_disturbed for result in results.values()):
        remarks.append(_DISTURBED)
    return "\n\n".join([_title(results), table, "\n".join(remarks)]) + "\n"


def _title(results: Mapping[str, Result]) -> str:
    plan = next(iter(results.values())).plan
    return (
        f"**Every connection reset about every {plan.reset_every:g} s, offline for about "
        f"{plan.offline:g} s**; Duologue: {plan.rate:g} messages/s a client, {plan.seconds:g} s"
    )


def _ours(result: Result) -> tuple[str, ...]:
    plan, outcome = result
    verdict = outcome.verdict
    killed = f", server killed every {plan.kill_every:g} s" if plan.kill_every else ""
    return (
        f"**Duologue**{killed}{' ‡' if outcome.is_disturbed else ''}",
        f"{2 * plan.pairs:,}",
        f"{verdict.said:,}",
        _percent(outcome.delivered_percent),
        f"{verdict.lost + verdict.strange:,}",
        f"{verdict.doubled:,}",
        f"{verdict.out_of_order:,}",
        _spread(outcome.ages),
        _spread(outcome.replays),
        f"{outcome.server_share or 0:.0%}",
    )


def _theirs(published: Published) -> tuple[str, ...]:
    return (
        f"{published.label} †",
        "10,000",
        f"{_PUBLISHED_SAID:,}",
        _percent(published.delivered_percent),
        f"{published.lost:,}",
        _NONE,
        _NONE,
        f"{published.p50:.3f} / {published.p99:.2f} / {published.max:.2f}",
        _NONE,
        _NONE,
    )


def _percent(percent: float) -> str:
    """Round down: 100 means all."""
    return f"{int(percent * 100) / 100:.2f} %"


def _spread(spread: Spread | None) -> str:
    if spread is None:
        return _NONE
    return f"{spread.p50:.3f} / {spread.p99:.2f} / {spread.max:.2f}"


def _details(results: Mapping[str, Result]) -> Iterator[str]:
    for name, (_, outcome) in results.items():
        counts = outcome.counts
        replays = outcome.replays.samples if outcome.replays else 0
        yield (
            f"{name.capitalize()}: {counts.get('resets', 0):,} resets, "
            f"{counts.get('kills', 0)} kills; {replays:,} replays of "
            f"{outcome.replayed_chats:,} chats, {outcome.replays_cut_short} cut short by the "
            f"next loss; all was there {outcome.drain_s:.1f} s after the last word. The load "
            f"generator used {outcome.generator_share:.0%} of its core and said its chats "
            f"{_spread(outcome.late)} s late."
        )
        if outcome.generator_share >= _GENERATOR_FULL:
            yield "Here the load generator used up its core: the times are partly its own."
        if outcome.troubles:
            yield f"{outcome.troubles} times a client reported what must not happen:"
            yield from (f"- `{each}`" for each in outcome.troubles_quoted)
        if not outcome.is_clean:
            yield f"NOT CLEAN: {outcome.verdict}"
