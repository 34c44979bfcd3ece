"""What a run with drops found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple

from duologue.bench.drops.person import Person, Stage
from duologue.bench.drops.record import Verdict, together
from duologue.bench.meter import Reading
from duologue.bench.report import Shares, percentile_us

_TROUBLES_QUOTED = 10
_QUIET = 0.1
_SPREADS = ("ages", "replays", "replays_resumed", "resumes", "late")


class Spread(NamedTuple):
    """How some times lie, in seconds."""

    samples: int
    p50: float
    p99: float
    max: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Spread | None:
        """Return the spread of `values`, if there are any."""
        ordered = sorted(values)
        if not ordered:
            return None
        ranks = (percentile_us(ordered, share) / 1e6 for share in (0.5, 0.99, 1.0))
        return cls(len(ordered), *(round(rank, 4) for rank in ranks))


@dataclass(frozen=True)
class Outcome:
    """Figures of one run; times in seconds, shares of one core."""

    verdict: Verdict
    delivered_percent: float
    troubles: int
    """What the client machines reported that must not happen."""
    troubles_quoted: list[str]
    counts: dict[str, int]
    ages: Spread | None
    """From being said to being heard, all chats, the time offline included."""
    replays: Spread | None
    """From TCP to the last chat that waited."""
    replays_resumed: Spread | None
    """The same from `resumed`."""
    replayed_chats: int
    replays_cut_short: int
    resumes: Spread | None
    drain_s: float
    server_share: float | None
    server_us_per_message: float | None
    generator_share: float
    stolen_share: float
    others_share: float | None
    """What other programs used, of one core."""
    late: Spread | None
    """How much after its time each chat was said, for which the load generator is to blame."""

    @property
    def is_disturbed(self) -> bool:
        """True if other programs were in the way."""
        return (self.others_share or 0.0) + self.stolen_share > _QUIET

    @property
    def is_clean(self) -> bool:
        """True if everything came, once and in order, and nobody was told otherwise."""
        return self.verdict.is_clean and not self.troubles and self.verdict.said > 0

    def as_dict(self) -> dict[str, Any]:
        """Return what goes into JSON."""
        named = {name: getattr(self, name) for name in _SPREADS}
        return {
            **asdict(self),
            **{name: spread and spread._asdict() for name, spread in named.items()},
        }

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> Outcome:
        """Return the outcome that `as_dict` wrote."""
        named = {name: values[name] and Spread(**values[name]) for name in _SPREADS}
        return cls(**{**values, **named, "verdict": Verdict(**values["verdict"])})


def outcome(
    people: Sequence[Person], stage: Stage, around: tuple[Reading, Reading], drain_s: float
) -> Outcome:
    """Compare everything, and put the figures together."""
    wall = around[1].wall - around[0].wall
    shares = Shares.between(*around)
    server = shares.server_share
    verdict = together(person.said.verdict() for person in people)
    done = list(chain.from_iterable(person.replays.done for person in people))
    us_per_message = server and round(server * wall * 1e6 / max(1, verdict.said), 1)
    return Outcome(
        verdict=verdict,
        delivered_percent=verdict.delivered_percent,
        troubles=len(stage.troubles),
        troubles_quoted=stage.troubles[:_TROUBLES_QUOTED],
        counts=dict(sorted(stage.counts.items())),
        ages=Spread.of(list(chain.from_iterable(person.said.ages() for person in people))),
        replays=Spread.of([replay.from_connected for replay in done]),
        replays_resumed=Spread.of([replay.from_resumed for replay in done]),
        replayed_chats=sum(replay.chats for replay in done),
        replays_cut_short=sum(person.replays.cut_short for person in people),
        resumes=Spread.of(list(chain.from_iterable(each.replays.resumes for each in people))),
        drain_s=round(drain_s, 3),
        server_us_per_message=us_per_message,
        late=Spread.of(list(chain.from_iterable(person.late for person in people))),
        **shares._asdict(),
    )
