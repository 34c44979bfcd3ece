"""What one run found out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from itertools import chain
from typing import Any, Literal, NamedTuple

from duologue.bench.histogram import Bucket
from duologue.bench.meter import Reading
from duologue.bench.traffic import Player

_BUSY = 0.95
_NOT_BUSY = 0.9
_HAS_TIME_LEFT = 0.97
"""A server that never waits comes to more than this, whatever disturbs a quiet machine."""


class Window(NamedTuple):
    """The measured part of a run, and what was in flight in it."""

    begin: float
    end: float
    in_flight: int


class Jitter(NamedTuple):
    """How late the generator itself was; in microseconds."""

    of: Literal["message", "turn", "tick"]
    """Late with each message, busy for each turn of its loop, or late with a clock's ticks."""
    p50_us: float
    p99_us: float
    max_us: float

    @classmethod
    def of_seconds(
        cls, what: Literal["message", "turn", "tick"], seconds: Sequence[float]
    ) -> Jitter:
        """Return the jitter in some times."""
        ordered = sorted(seconds)
        return cls(what, *(percentile_us(ordered, each) for each in (0.5, 0.99, 1.0)))


@dataclass(frozen=True)
class Drops:
    """What became of it all where connections were reset; times in seconds."""

    drops: int
    resumes: int
    said: int
    lost: int
    doubled: int
    out_of_order: int
    strange: int
    """Messages that nobody ever said, or said to somebody else."""
    troubles: list[str]
    """What clients reported that must not happen; the first few."""
    replays: int
    replay_p50_s: float | None
    """From TCP connected again to the last message that waited."""
    replay_p99_s: float | None
    replay_max_s: float | None
    drain_s: float
    """From the last word to when everything had come."""

    @property
    def is_clean(self) -> bool:
        """True if everything came, once and in order, and nobody was told otherwise."""
        wrong = self.lost or self.doubled or self.out_of_order or self.strange
        return self.said > 0 and not wrong and not self.troubles


@dataclass(frozen=True)
class Report:
    """Figures of the measured time; times in microseconds, shares of one core."""

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
    seconds: float = 0.0
    """How long the measured time was."""
    p90_us: float = math.nan
    server_mb: float | None = None
    """The server's resident memory at the end."""
    others_share: float | None = None
    """What all other programs used."""
    said_per_s: float = 0.0
    """What was said; less is heard than said if the server does not keep up."""
    is_stopped: bool = False
    """Whether a person ended it."""
    jitter: Jitter | None = None
    drops: Drops | None = None
    histogram: tuple[Bucket, ...] = ()

    @property
    def is_generator_limited(self) -> bool:
        """True if the server could have done more than this generator asked for."""
        waits = self.server_share is None or self.server_share < _HAS_TIME_LEFT
        return self.generator_share >= _BUSY and waits

    @property
    def is_disturbed(self) -> bool:
        """True if neither side got its core, though the windows were full: others had them."""
        return max(self.generator_share, self.server_share or 1.0) < _NOT_BUSY

    def as_dict(self) -> dict[str, Any]:
        """Return what goes into JSON."""
        whole = asdict(self)
        if self.jitter:
            whole["jitter"] = self.jitter._asdict()
        whole["histogram"] = [bucket._asdict() for bucket in self.histogram]
        return {**whole, "generator_limited": self.is_generator_limited}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Report:
        """Return the report that `as_dict` wrote; without what is no single figure."""
        known = {field.name for field in fields(cls)} - {"jitter", "drops", "histogram"}
        return cls(**{name: value for name, value in values.items() if name in known})


class Shares(NamedTuple):
    """Who used how much of a core between two readings."""

    generator_share: float
    stolen_share: float
    server_share: float | None
    others_share: float | None

    @classmethod
    def between(cls, before: Reading, after: Reading) -> Shares:
        """Compare two readings."""
        wall = after.wall - before.wall
        own, stolen = after.own - before.own, after.stolen - before.stolen
        everybody = after.everybody - before.everybody
        if before.server is None or after.server is None:
            return cls(round(own / wall, 3), round(stolen / wall, 3), None, None)
        server = after.server - before.server
        others = max(0.0, everybody - own - server)
        return cls(*(round(used / wall, 3) for used in (own, stolen, server, others)))


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
        said = [player.since] * window.in_flight + player.heard
        heard = player.heard
    pairs = zip(heard, said, strict=False)
    return [came - went for came, went in pairs if came >= window.begin]


def percentile_us(ordered: list[float], share: float) -> float:
    """Return the nearest-rank percentile of sorted seconds, in microseconds."""
    if not ordered:
        return math.nan
    rank = min(len(ordered) - 1, int(len(ordered) * share))
    return round(ordered[rank] * 1e6, 1)


def percentiles(ordered: list[float]) -> dict[str, Any]:
    """Return the percentiles of a report, by their names."""
    shares = {"p50_us": 0.5, "p90_us": 0.9, "p99_us": 0.99, "p999_us": 0.999, "max_us": 1.0}
    return {name: percentile_us(ordered, share) for name, share in shares.items()}
