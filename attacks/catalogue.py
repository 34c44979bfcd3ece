"""All attacks: who attacks, how many, and what the server must answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from attacks import crowds, floods, handshakes, silence, tickets
from attacks.swarm import Peer, Plan, Swarm
from attacks.tally import Tally


@dataclass(frozen=True, kw_only=True)
class Attack:
    """One kind of attack.

    Attributes:
        name: What to call it at the command line.
        title: What it is, for people.
        peer: Who attacks.
        size: So many at a time.
        small: So many in tests.
        most_small: So many in all in tests, where it ends by itself.
        sees: What each attack must lead to, one of these at least.
        bound_mib: By so much the server's memory may grow while it lasts.
        sources: From how many addresses it comes.
        tick_s: How often attackers do the next thing.
        settings: Of the server, that it takes to see the end of it.
    """

    name: str
    title: str
    peer: Callable[[Swarm], Peer]
    size: int
    small: int
    sees: tuple[str, ...]
    bound_mib: int
    most_small: int | None = None
    sources: int = 250
    tick_s: float = 0.1
    settings: Mapping[str, Any] = field(default_factory=dict)

    def run(self, port: int, seconds: float) -> Tally:
        """Attack a server on this machine until time is up."""
        return self._strike(port, Plan(size=self.size, seconds=seconds))

    def run_small(self, port: int, seconds: float, patience_s: float) -> Tally:
        """Attack with few, for `seconds` or until it has seen what it must."""
        plan = Plan(
            size=self.small,
            most=self.most_small,
            seconds=seconds,
            sees=self.sees,
            patience_s=patience_s,
        )
        return self._strike(port, plan)

    def _strike(self, port: int, plan: Plan) -> Tally:
        plan = replace(plan, sources=self.sources, tick_s=self.tick_s)
        return Swarm(port, self.peer, plan).run()


_HURRIED = {"handshake_timeout_s": 1.0}
_LIVELY = {"heartbeat_s": 2.0}
_FORGETFUL = {"heartbeat_s": 1.5, "ticket_life_s": 6.0}
"""By default a room of v1 that someone is gone from is kept for an hour or a day."""

ATTACKS = (
    Attack(
        name="dribble", title="slow handshakes, byte by byte", peer=handshakes.Dribble,
        size=2_000, small=20, most_small=40, sees=("cut",), bound_mib=48, settings=_HURRIED,
    ),
    Attack(
        name="silent", title="connections that say nothing", peer=handshakes.Silent,
        size=2_000, small=20, most_small=40, sees=("cut",), bound_mib=48, settings=_HURRIED,
    ),
    Attack(
        name="giant-header", title="one giant header", peer=handshakes.GiantHeader,
        size=50, small=5, most_small=20, sees=("http 431",), bound_mib=16,
    ),
    Attack(
        name="endless-header", title="a header that never ends", peer=handshakes.EndlessHeader,
        size=20, small=3, most_small=3, sees=("http 431", "cut"), bound_mib=16,
    ),
    Attack(
        name="many-headers", title="3,500 headers in a handshake", peer=handshakes.ManyHeaders,
        size=20, small=3, most_small=20, sees=("http 101", "http 431"), bound_mib=16,
    ),
    Attack(
        name="many-requests", title="requests without reading", peer=handshakes.ManyRequests,
        size=50, small=5, sees=(), bound_mib=48,
    ),
    Attack(
        name="compressed", title="compression asked for and used", peer=handshakes.Compressed,
        size=50, small=5, most_small=20, sees=("close 1002",), bound_mib=16,
    ),
    Attack(
        name="cut", title="resets after each byte", peer=handshakes.Cut,
        size=50, small=20, most_small=2 * len(handshakes.Cut.script) + 2, sees=(), bound_mib=16,
        settings=_FORGETFUL,
    ),
    Attack(
        name="knocks", title="connections opened and reset", peer=crowds.Knock,
        size=100, small=10, most_small=500, sees=(), bound_mib=16,
    ),
    Attack(
        name="visits", title="handshakes and resets", peer=crowds.Visit,
        size=100, small=10, most_small=300, sees=("http 101",), bound_mib=16,
    ),
    Attack(
        name="held", title="connections held", peer=crowds.Hold,
        size=9_000, small=100, sees=("http 101",), bound_mib=160,
    ),
    Attack(
        name="rooms", title="rooms opened and held", peer=crowds.Tenant,
        size=9_000, small=50, sees=("room_created",), bound_mib=200,
    ),
    Attack(
        name="moves", title="rooms opened and left", peer=crowds.Mover,
        size=20, small=3, sees=("room_created",), bound_mib=32,
    ),
    Attack(
        name="deserters", title="rooms of v1 left behind", peer=crowds.Deserter,
        size=100, small=10, most_small=200, sees=("room_created",), bound_mib=64,
        settings=_FORGETFUL,
    ),
    Attack(
        name="guesses", title="codes guessed", peer=crowds.Guess,
        size=50, small=5, sees=("error room_not_found",), bound_mib=16,
    ),
    Attack(
        name="nonsense", title="a flood of what is no message", peer=floods.Nonsense,
        size=20, small=3, sees=("error invalid_message",), bound_mib=16,
    ),
    Attack(
        name="messages", title="a flood of messages", peer=floods.Names,
        size=20, small=3, sees=("username_set",), bound_mib=16,
    ),
    Attack(
        name="pings", title="a flood of PINGs", peer=floods.Pings,
        size=20, small=3, sees=("http 101",), bound_mib=16,
    ),
    Attack(
        name="empty-pings", title="a flood of empty PINGs", peer=floods.EmptyPings,
        size=20, small=3, sees=("http 101",), bound_mib=16,
    ),
    Attack(
        name="crumbs", title="fragments of one byte", peer=floods.Crumbs,
        size=20, small=3, sees=("error not_in_room",), bound_mib=16,
    ),
    Attack(
        name="endless-message", title="a message that never ends", peer=floods.EndlessMessage,
        size=20, small=3, most_small=6, sees=("close 1009",), bound_mib=16,
    ),
    Attack(
        name="endless-nothing", title="empty fragments without end", peer=floods.EndlessNothing,
        size=20, small=3, sees=("http 101",), bound_mib=16,
    ),
    Attack(
        name="big-json", title="JSON that is hard to read", peer=floods.Big,
        size=20, small=2, sees=("error invalid_message",), bound_mib=32,
    ),
    Attack(
        name="stalled", title="chats at partners that don't read", peer=floods.Chatterer,
        size=40, small=4, tick_s=0.01, sees=("partner_joined",), bound_mib=64,
    ),
    Attack(
        name="v1-chats", title="chats of v1 into an empty room", peer=floods.V1Chatterer,
        size=20, small=3, sees=("error no_partner",), bound_mib=16,
    ),
    Attack(
        name="half-open", title="peers that never answer a PING", peer=silence.Deaf,
        size=1_000, small=20, most_small=20, sees=("close 4002",), bound_mib=48,
        settings=_LIVELY,
    ),
    Attack(
        name="mute", title="PINGs whose answers nobody reads", peer=silence.Mute,
        size=40, small=4, sees=("http 101",), bound_mib=32,
    ),
    Attack(
        name="clinging", title="peers that never hang up", peer=silence.Clinging,
        size=500, small=5, most_small=5, sees=("close 1002",), bound_mib=32,
    ),
    Attack(
        name="goodbyes", title="a flood of CLOSEs", peer=silence.Goodbyes,
        size=20, small=3, most_small=12, sees=("close 1000",), bound_mib=16,
    ),
    Attack(
        name="forgeries", title="forged tickets", peer=tickets.Forger,
        size=20, small=3, sees=("error ticket_refused",), bound_mib=32,
    ),
)  # fmt: skip
