"""What is measured: which load, on which servers, and what each comparison is for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

from benchmarks.servers import Server
from duologue.bench.load import Load


class Run(NamedTuple):
    """One load within a scenario."""

    name: str
    load: Load
    dialect: str | None = None
    """The dialect to speak; None for the server's own."""


@dataclass(frozen=True)
class Scenario:
    """Loads put on one server after another, freshly started for each scenario."""

    name: str
    title: str
    runs: tuple[Run, ...]
    only: tuple[str, ...] = ()
    """Names of the servers that take part; empty for all."""

    def includes(self, server: Server) -> bool:
        """Return whether `server` takes part."""
        return not self.only or server.name in self.only


class Sizes(NamedTuple):
    """How long and how large."""

    rounds: int
    seconds: float
    idle: int
    many_pairs: int


FULL = Sizes(rounds=5, seconds=3.0, idle=10_000, many_pairs=5_000)
QUICK = Sizes(rounds=1, seconds=1.0, idle=1_000, many_pairs=500)


def scenarios(sizes: Sizes) -> tuple[Scenario, ...]:
    """Return all scenarios at these sizes."""
    full = Load("", seconds=sizes.seconds, ramp_up_s=0)  # process.py fills in the server.
    eight = replace(full, in_flight=8)
    lone = replace(full, pairs=1)
    # At a fixed rate: a pair that waits for its answers would say little while it is disturbed.
    paced = replace(lone, rate=2_000.0)
    return (
        Scenario("one", "100 pairs, 1 in flight", (Run("chat", full),)),
        Scenario(
            "eight",
            "100 pairs, 8 in flight",
            (Run("chat", eight),),
        ),
        Scenario(
            "idle",
            f"{sizes.idle:,} idle connections beside one pair",
            (Run("alone", lone), Run("beside", replace(lone, idle=sizes.idle))),
            only=(
                "duologue",
                "ws",
                "aiohttp",
                "websockets",
                "socketio-node",
                "socketio-python",
            ),
        ),
        # On one server, seconds apart, so that nothing differs but what is spoken.
        Scenario(
            "acknowledged",
            "duologue.v1 against the reference protocol, 100 pairs, 8 in flight",
            (
                Run("reference", eight),
                Run("v1", eight, "v1"),
            ),
            only=("duologue",),
        ),
        Scenario(
            "seats",
            f"{sizes.idle:,} idle seats of duologue.v1 beside one pair",
            (
                Run("alone", lone, "v1"),
                Run("beside", replace(lone, idle=sizes.idle, seated=True), "v1"),
            ),
            only=("duologue",),
        ),
        # One in flight in both, so that one read brings one message in both: all that differs
        # is how many connections share the core. Among many it costs the floor more, too:
        # what they have in memory does not fit into the processor's caches any more.
        Scenario(
            "scale",
            f"{sizes.many_pairs:,} pairs against 10",
            (
                Run("few", replace(full, pairs=10)),
                Run("many", replace(full, pairs=sizes.many_pairs)),
            ),
            only=("floor", "duologue", "ws"),
        ),
        Scenario(
            "stalled",
            "a flood at a stalled reader beside one pair",
            (Run("alone", paced), Run("beside", replace(paced, stalled=True))),
            only=("duologue", "ws", "websockets"),
        ),
    )
