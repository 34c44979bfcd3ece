"""What came of an upgrade run, as GitHub Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from benchmarks.upgrade.plan import Result, by_second, shares
from duologue.bench.drops.outcome import Spread

_WAYS = {"port": "one port for both", "socket": "a socket that is handed over"}


def markdown(results: Sequence[Result]) -> str:
    """Return the table, and when people came back."""
    plan = results[0].plan
    title = (
        f"**{plan.pairs:,} pairs chat while a new server takes over**; "
        f"{plan.rate:g} messages/s a client, drained over {plan.drain:g} s"
    )
    head = (
        "way",
        "messages",
        "delivered",
        "lost",
        "doubled",
        "out of order",
        "came back",
        "in the fullest 100 ms",
        "said to heard p50 / p99 / max, s",
        "old server ended after",
    )
    lines = [head, ("---", *("--:" for _ in head[1:])), *map(_row, results)]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return "\n\n".join([title, table, *map(_details, results)]) + "\n"


def _row(result: Result) -> tuple[str, ...]:
    verdict = result.outcome.verdict
    return (
        _WAYS[result.way],
        f"{verdict.said:,}",
        f"{int(result.outcome.delivered_percent * 100) / 100:.2f} %",
        f"{verdict.lost + verdict.strange:,}",
        f"{verdict.doubled:,}",
        f"{verdict.out_of_order:,}",
        f"{len(result.returns):,}",
        f"{result.thickest_percent:.1f} %",
        _spread(result.outcome.ages),
        f"{result.move.took_s:.1f} s",
    )


def _spread(spread: Spread | None) -> str:
    return "-" if spread is None else f"{spread.p50:.3f} / {spread.p99:.3f} / {spread.max:.2f}"


def _details(result: Result) -> str:
    counts = by_second(result.returns)
    rows = [f"{_WAYS[result.way]}: who came back in each second"]
    for second, (count, part) in enumerate(zip(counts, shares(counts), strict=True)):
        bar = "█" * round(40 * count / max(counts))
        rows.append(f"{second:2} s {count:6,} {part:5.0%} {bar}")
    counted = ", ".join(f"{name}: {many:,}" for name, many in result.outcome.counts.items())
    rows += [counted, *result.faults]
    return "\n".join(rows)
