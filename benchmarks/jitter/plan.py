"""What a jitter run does, and what is kept of it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, NamedTuple

from duologue.bench.drops.outcome import Outcome
from duologue.bench.load import Load


@dataclass(frozen=True)
class Plan:
    """What to do to two people, many times over; times in seconds."""

    pairs: int = 1000
    rate: float = 2.0
    """Messages a second of each person."""
    seconds: float = 120.0
    reset_every: float = 15.0
    offline: float = 2.0
    kill_every: float = 0.0
    """How often the server is killed; 0 for never."""
    payload: int = 64

    def load(self, url: str) -> Load:
        """Return what that means for a server there."""
        return Load(
            url,
            pairs=self.pairs,
            rate=self.rate * 2 * self.pairs,
            payload_bytes=self.payload,
            seconds=self.seconds,
            ramp_up_s=0,
            drop_every_s=self.reset_every,
            away_s=self.offline,
        )


class Result(NamedTuple):
    """A plan and what came of it."""

    plan: Plan
    outcome: Outcome

    def as_dict(self) -> dict[str, Any]:
        """Return what goes into JSON."""
        return {"plan": asdict(self.plan), **self.outcome.as_dict()}

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Result:
        """Return the result that `as_dict` wrote."""
        rest = dict(values)
        return cls(Plan(**rest.pop("plan")), Outcome.from_dict(rest))
