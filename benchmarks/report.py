"""What one run of the load generator found out."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from itertools import chain
from typing import Any, NamedTuple

from benchmarks.traffic import Player

_BUSY = 0.95
_NOT_BUSY = 0.9


class Window(NamedTuple):
    """The measured part of a run, and what was in flight in it."""

    filled: float
    """When the first messages were said, before the warm-up."""
    begin: float
    end: float
    in_flight: int


@dataclass(frozen=True)
class Report:
    """Figures of one measured window; times in microseconds, shares of one core."""

    messages: int
    messages_per_s: float
    p50_us: float
    p99_us: float
    p999_us: float
    max_us: float
    generator_share: float
    stolen_share: float
    server_share: float | None = None
    server_us_per_message: float | None = None
    acknowledgements: float = 0.0
    """How many there were a message, the two kinds heard and the one said together."""
    idle: int = 0
    idle_kb: float | None = None
    flood_mb: float | None = None
    growth_mb: float | None = None

    @property
    def is_generator_limited(self) -> bool:
        """True if the server could have done more than this generator asked for."""
        waits = self.server_share is None or self.server_share < _NOT_BUSY
        return self.generator_share >= _BUSY and waits

    @property
    def is_disturbed(self) -> bool:
        """True if neither side got its core, though the windows were full: others had them."""
        return max(self.generator_share, self.server_share or 1.0) < _NOT_BUSY

    def as_dict(self) -> dict[str, object]:
        """Return what goes into JSON."""
        return {**asdict(self), "generator_limited": self.is_generator_limited}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Report:
        """Return the report that `as_dict` wrote."""
        known = {field.name for field in fields(cls)}
        return cls(**{name: value for name, value in values.items() if name in known})


def latencies(players: list[Player], window: Window) -> list[float]:
    """Return, sorted, how long each message took that arrived in the window, in seconds.

    TCP keeps the order and the script checks it, so the n-th said is the n-th heard, and no
    clock reading needs to travel in the payload.
    """
    return sorted(chain.from_iterable(_latencies(player, window) for player in players))


def _latencies(player: Player, window: Window) -> list[float]:
    if player.said:
        said = player.said
        # What was due and never came took at least until now; leaving it out would flatter.
        heard = player.heard + [window.end] * (len(said) - len(player.heard))
    else:
        # Each receipt made the partner say as many again, `in_flight` messages further on.
        said = [window.filled] * window.in_flight + player.heard
        heard = player.heard
    pairs = zip(heard, said, strict=False)
    return [came - went for came, went in pairs if came >= window.begin]


def percentile_us(ordered: list[float], share: float) -> float:
    """Return the nearest-rank percentile of sorted seconds, in microseconds."""
    if not ordered:
        return math.nan
    rank = min(len(ordered) - 1, int(len(ordered) * share))
    return round(ordered[rank] * 1e6, 1)


def share(before: float | None, after: float | None, wall: float) -> float | None:
    """Return which share of a core was used between two readings, if there are any."""
    return None if before is None or after is None else round((after - before) / wall, 3)
