"""What a jitter run found out."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import chain
from typing import Any, NamedTuple

from benchmarks.jitter.keeper import Keeper
from benchmarks.jitter.person import Person, Stage
from benchmarks.jitter.record import Verdict, together
from benchmarks.meter import Meter, busy_s
from benchmarks.report import percentile_us

_TROUBLES_QUOTED = 10
_QUIET = 0.1
_SPREADS = ("ages", "replays", "replays_resumed", "resumes", "late")


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


class Snapshot(NamedTuple):
    """CPU times so far, in seconds."""

    wall: float
    own: float
    server: float
    stolen: float
    everybody: float
    """All programs of the machine."""

    @classmethod
    def now(cls, keeper: Keeper) -> Snapshot:
        """Read all clocks."""
        own = Meter(None).read()
        return cls(time.perf_counter(), own.own, keeper.cpu_s(), own.stolen, busy_s())


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

    plan: Plan
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
    server_share: float
    server_us_per_message: float
    generator_share: float
    stolen_share: float
    others_share: float
    """What other programs used, of one core."""
    late: Spread | None
    """How much after its time each chat was said, for which the load generator is to blame."""

    @property
    def is_disturbed(self) -> bool:
        """True if other programs were in the way."""
        return self.others_share + self.stolen_share > _QUIET

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
        plan, verdict = Plan(**values["plan"]), Verdict(**values["verdict"])
        return cls(**{**values, **named, "plan": plan, "verdict": verdict})


def outcome(
    plan: Plan,
    people: Sequence[Person],
    stage: Stage,
    around: tuple[Snapshot, Snapshot],
    drain_s: float,
) -> Outcome:
    """Compare everything, and put the figures together."""
    before, after = around
    wall = after.wall - before.wall
    own_s, server_s = after.own - before.own, after.server - before.server
    verdict = together(person.said.verdict() for person in people)
    done = list(chain.from_iterable(person.replays.done for person in people))
    return Outcome(
        plan=plan,
        verdict=verdict,
        delivered_percent=verdict.delivered_percent,
        troubles=len(stage.troubles),
        troubles_quoted=stage.troubles[:_TROUBLES_QUOTED],
        counts=dict(sorted(stage.counts.items())),
        ages=_ages(people) if verdict.is_clean else None,
        replays=Spread.of([replay.from_connected for replay in done]),
        replays_resumed=Spread.of([replay.from_resumed for replay in done]),
        replayed_chats=sum(replay.chats for replay in done),
        replays_cut_short=sum(person.replays.cut_short for person in people),
        resumes=Spread.of(list(chain.from_iterable(each.replays.resumes for each in people))),
        drain_s=round(drain_s, 3),
        server_share=round(server_s / wall, 3),
        server_us_per_message=round(server_s * 1e6 / max(1, verdict.said), 1),
        generator_share=round(own_s / wall, 3),
        stolen_share=round((after.stolen - before.stolen) / wall, 3),
        others_share=round((after.everybody - before.everybody - own_s - server_s) / wall, 3),
        late=Spread.of(list(chain.from_iterable(person.late for person in people))),
    )


def _ages(people: Sequence[Person]) -> Spread | None:
    return Spread.of(list(chain.from_iterable(person.said.ages() for person in people)))
