"""What an upgrade run does, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any, Literal, NamedTuple, get_args

from duologue.bench.drops.outcome import Outcome
from duologue.bench.load import Load

Way = Literal["port", "socket"]
WAYS: tuple[Way, ...] = get_args(Way)

WINDOW_S = 0.1
_LONGEST_S = 300.0


@dataclass(frozen=True)
class Plan:
    """How many people there are, and how they are moved; times in seconds."""

    pairs: int = 1000
    rate: float = 1.0
    """Messages a second of each person."""
    before: float = 3.0
    """How long they talk before anything happens."""
    drain: float = 10.0
    after: float = 3.0
    """How long they talk on once the old server has ended."""
    payload: int = 64

    def load(self, url: str) -> Load:
        """Return what that means for a server there."""
        return Load(
            url,
            pairs=self.pairs,
            rate=self.rate * 2 * self.pairs,
            payload_bytes=self.payload,
            seconds=_LONGEST_S,
            ramp_up_s=0,
        )


class Move(NamedTuple):
    """How the old server ended.

    Attributes:
        begun: When it was told to stop.
        took_s: How long it ran after that.
        status: What it exited with.
    """

    begun: float
    took_s: float
    status: int


class Result(NamedTuple):
    """What came of one way to take over.

    Attributes:
        returns: When people were back in their seats, in seconds after the old
            server was told to stop.
    """

    way: Way
    plan: Plan
    outcome: Outcome
    move: Move
    returns: list[float]

    @property
    def faults(self) -> list[str]:
        """Return what is not as promised, whatever the machine is like."""
        people, outcome = 2 * self.plan.pairs, self.outcome
        claims = {
            f"not everything came once and in order: {outcome.verdict}": outcome.is_clean,
            f"{len(self.returns)} came back, of {people}": len(self.returns) == people,
            f"the old server ended with {self.move.status}": self.move.status == 0,
        }
        return [fault for fault, is_well in claims.items() if not is_well]

    @property
    def thickest_percent(self) -> float:
        """Return how many of those who came back did so in the fullest 100 ms."""
        return 100 * thickest(self.returns, WINDOW_S) / max(1, len(self.returns))

    def as_dict(self) -> dict[str, Any]:
        """Return what goes into JSON."""
        return {
            "way": self.way,
            "plan": asdict(self.plan),
            "old_server_took_s": round(self.move.took_s, 3),
            "thickest_percent": round(self.thickest_percent, 2),
            "came_back_in_each_second": by_second(self.returns),
            "outcome": self.outcome.as_dict(),
        }


def thickest(moments: Sequence[float], window_s: float) -> int:
    """Return how many of the moments lie in a window, wherever it holds the most."""
    ordered = sorted(moments)
    first = most = 0
    for number, moment in enumerate(ordered):
        while moment - ordered[first] >= window_s:
            first += 1
        most = max(most, number + 1 - first)
    return most


def by_second(moments: Sequence[float]) -> list[int]:
    """Count the moments of each second."""
    seconds = [int(moment) for moment in moments]
    return [seconds.count(second) for second in range(max(seconds, default=-1) + 1)]


def shares(counts: Sequence[int]) -> list[float]:
    """Return which part had come by the end of each second."""
    return [part / max(1, sum(counts)) for part in accumulate(counts)]
