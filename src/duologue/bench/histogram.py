"""How many messages took how long: buckets whose widths grow with the times. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import count
from typing import NamedTuple

_FINE = (1.0, 1.5, 2.0, 3.0, 5.0, 7.0)
_COARSE = (1.0, 2.0, 5.0)
_MOST_ROWS = 18
_EIGHTHS = " ▏▎▍▌▋▊▉█"


class Bucket(NamedTuple):
    """How many took at most `most_us`, and longer than the bucket before allows."""

    most_us: float
    messages: int


def buckets(ordered: Sequence[float]) -> tuple[Bucket, ...]:
    """Sort times (in seconds, in ascending order) into buckets, without empty ones around."""
    if not ordered:
        return ()
    fine = tuple(_buckets(ordered, _FINE))
    return fine if len(fine) <= _MOST_ROWS else tuple(_buckets(ordered, _COARSE))


def bar(share: float, columns: int, *, is_plain: bool = False) -> str:
    """Draw a bar over a share of so many columns; what is not nothing is seen."""
    if is_plain:
        return "#" * max(round(share * columns), share > 0)
    eighths = max(round(share * columns * 8), share > 0)
    return _EIGHTHS[-1] * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _buckets(ordered: Sequence[float], steps: tuple[float, ...]) -> Iterator[Bucket]:
    below = 0
    for most_us in _edges(steps):
        upto = bisect_left(ordered, most_us * 1e-6 * (1 + 1e-9))
        if upto:
            yield Bucket(most_us, upto - below)
        below = upto
        if upto == len(ordered):
            return


def _edges(steps: tuple[float, ...]) -> Iterator[float]:
    for power in count():
        for step in steps:
            yield step * 10**power
