"""The outcome as GitHub Markdown."""

from __future__ import annotations

from attacks.campaign import Outcome
from attacks.pair import Measured

_COLUMNS = (
    "attack",
    "what the server did",
    "alone p50 / p99 / max, ms",
    "during, ms",
    "its core",
    "memory before / peak / after, MiB",
    "verdict",
)


def head() -> str:
    """Return the first two lines."""
    return f"| {' | '.join(_COLUMNS)} |\n|{' --- |' * len(_COLUMNS)}"


def row(outcome: Outcome) -> str:
    """Return the line about one attack."""
    memory = (outcome.before_mib, outcome.peak_mib, outcome.after_mib)
    cells = (
        f"{outcome.attack.title} ({outcome.tally.opened:,} connections)",
        outcome.tally.summary(4),
        _latencies(outcome.alone),
        _latencies(outcome.during),
        f"{outcome.cpu:.0%}",
        " / ".join(f"{each:.1f}" for each in memory),
        ", ".join(outcome.faults) or "good",
    )
    return f"| {' | '.join(cells)} |"


def _latencies(measured: Measured) -> str:
    figures = (measured.p50_ms, measured.p99_ms, measured.max_ms)
    return " / ".join(f"{figure:.1f}" for figure in figures)
