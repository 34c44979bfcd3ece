"""One person: the product's own client machine, on a connection that keeps being reset.

The machine decides what is said, and what is new and what is not. This is the rest of a client:
it carries bytes, keeps time, comes back, and writes down what a person would have seen.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from time import perf_counter

from duologue.bench.drops.record import Record
from duologue.bench.drops.replay import Replays
from duologue.bench.drops.wire import Wire
from duologue.bench.target import Target
from duologue.client import events
from duologue.client.conversation import Conversation, Link
from duologue.wire.codec import UNDECODABLE, decode_reply, encode

_FIRST_BACK_OFF_S = 0.1
_LONGEST_BACK_OFF_S = 10.0
_CONNECT_S = 8.0


@dataclass
class Stage:
    """What all people of a run share.

    Attributes:
        life: Which of its lives the server is in.
        is_shaking: Whether connections are reset now.
        talk_until: When nobody says anything more.
        returns: When someone was back in the seat on a new connection.
        counts: What happened, by name, and how often.
        troubles: What must not happen, in words.
    """

    target: Target
    drop_every_s: float
    away_s: float
    life: int = 1
    is_shaking: bool = False
    talk_until: float = 0.0
    returns: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)
    _random: random.Random = field(default_factory=lambda: random.Random(1))  # noqa: S311 - the same each time

    def uniform(self, least: float, most: float) -> float:
        """Return some number between two."""
        return self._random.uniform(least, most)


class Person:
    """Talks to one partner until the run ends.

    Attributes:
        partner: Who sits opposite.
        said: What I say, as the partner hears it.
        is_seated: True once there was a partner.
        sent: My highest chat that the server has confirmed to hold.
        sent_life: The life of the server in which it did.
        late: How late each chat was said: the load generator's own fault.
    """

    partner: Person

    def __init__(self, stage: Stage, number: int, said: Record) -> None:
        self.said = said
        self.sent = 0
        self.sent_life = 1
        self.late: list[float] = []
        self.is_seated = False
        self.conversation = Conversation(f"Person {number}")
        self.replays = Replays()
        self._stage = stage
        self._loop = asyncio.get_running_loop()
        self._wire: Wire | None = None
        self._failures = 0
        self._reset_timer: asyncio.TimerHandle | None = None
        self._attempt: asyncio.Task[None] | None = None
        self._is_gone = False
        self._is_filling = False

    # What the run asks for

    def open_room(self, partner: Person) -> None:
        """Connect and open a room for two."""
        self.partner, partner.partner = partner, self
        self.conversation.create_room()
        self.appear()

    def appear(self) -> None:
        """Connect."""
        self._attempt = self._loop.create_task(self._connect())

    def fill(self, count: int) -> None:
        """Say so many chats, connected or not, and from then on one for each that is heard."""
        now = perf_counter()
        if now < self._stage.talk_until:
            self._is_filling = True
            for _ in range(count):
                self.conversation.send(self.said.say(now))
            self._flush()

    def speak(self, due: float, interval_s: float) -> None:
        """Say the chat that is due, connected or not, and from then on one each interval."""
        if due < self._stage.talk_until:
            now = perf_counter()  # A timer may be early by its own grain.
            self.late.append(max(0.0, now - due))
            self.conversation.send(self.said.say(min(due, now)))
            self._flush()
            due += interval_s
            delay_s = due - perf_counter()
            self._loop.call_later(delay_s, self.speak, due, interval_s)

    def shake(self, delay_s: float) -> None:
        """Let the connection be reset after `delay_s`, and then again and again."""
        self._reset_timer = self._loop.call_later(delay_s, self._reset)

    def vanish(self) -> None:
        """End for good."""
        self._is_gone = True
        if self._reset_timer:
            self._reset_timer.cancel()
        if self._attempt:
            self._attempt.cancel()
        if self._wire:
            self._wire.reset()

    @property
    def is_done(self) -> bool:
        """True if all that I said has come to the partner, and I know it."""
        seat, opposite = self.conversation.seat, self.partner.conversation.seat
        if seat is None or opposite is None:
            return False
        said = len(self.said.said_at)
        return seat.outbox.counts.delivered == opposite.inbox.arrived == said

    # What the connection tells

    def on_connected(self, wire: Wire) -> None:
        """TCP is there again."""
        self._wire = wire
        self.replays.connected(perf_counter(), self._stage.life)
        self.replays.expect(self._heard(), self.partner.sent, self.partner.sent_life)

    def on_open(self) -> None:
        """The server speaks `duologue.v1`."""
        self.conversation.opened()
        self._flush()

    def on_texts(self, texts: list[str]) -> None:
        """Deal with all that one read brought; answer once."""
        now = perf_counter()
        try:
            for text in texts:
                self.conversation.hear(decode_reply(text), now)
        except UNDECODABLE as error:
            self._stage.troubles.append(f"undecodable: {error}")
        self._flush()

    def on_lost(self, wire: Wire, code: int) -> None:
        """The server, or its end, cut the connection: come back at once, or when it asked."""
        if wire is self._wire:
            self._stage.counts[f"closed {code}"] += 1
            requested_ms = self.conversation.reconnect_after_ms
            self._let_go()
            back_off_s = self._back_off_s() if self._failures else 0.0
            self._come_back(back_off_s if requested_ms is None else requested_ms / 1000)
            self._failures += 1

    # The rest

    async def _connect(self) -> None:
        try:
            async with asyncio.timeout(_CONNECT_S):
                target = self._stage.target
                await self._loop.create_connection(
                    lambda: Wire(self, target),
                    *target.address,
                    ssl=target.context,
                    server_hostname=target.host if target.context else None,
                )
        except OSError:
            self._stage.counts["failed attempts"] += 1
            self._failures += 1
            self._come_back(self._back_off_s())

    def _back_off_s(self) -> float:
        longest = min(_LONGEST_BACK_OFF_S, _FIRST_BACK_OFF_S * 2.0 ** min(self._failures, 10))
        return self._stage.uniform(0.5, 1.0) * longest

    def _come_back(self, delay_s: float) -> None:
        if not self._is_gone:
            self._loop.call_later(delay_s, self.appear)

    def _reset(self) -> None:
        """Lose the connection as a phone does, and be offline for a while."""
        stage = self._stage
        if not stage.is_shaking:
            return
        offline_s = stage.uniform(0.5, 1.5) * stage.away_s
        self.shake(offline_s + stage.uniform(0.5, 1.5) * stage.drop_every_s)
        if self._wire is None:  # Lost already, as the server is down.
            return
        stage.counts["resets"] += 1
        self._wire.reset()
        self._let_go()
        self._failures = 0
        self._come_back(offline_s)

    def _let_go(self) -> None:
        self._wire = None
        self.replays.lost()
        self.conversation.closed()
        self._flush()

    def _heard(self) -> int:
        seat = self.conversation.seat
        return seat.inbox.arrived if seat else 0

    def _flush(self) -> None:
        """Let the person see what happened, then say what follows from all of it."""
        heard = 0
        for event in self.conversation.happened():
            self._see(event)
            heard += isinstance(event, events.Chat)
        if self._wire and (texts := [encode(each) for each in self.conversation.to_say()]):
            self._wire.say(texts)
        if self._wire and self.conversation.link is Link.BROKEN:
            self._stage.troubles.append("the server said what cannot be right")
            self._wire.reset()
            self._let_go()
            self._come_back(self._back_off_s())
        if heard and self.partner._is_filling:  # noqa: SLF001 - another one of us
            self.partner.fill(heard)

    def _see(self, event: events.Event) -> None:
        now = perf_counter()
        match event:
            case events.Chat():
                self.partner.said.hear(event.content, now)
                self.conversation.take(event)
                self.replays.heard(event.id, now, self.partner.replays)
            case events.Sent() if event.id >= self.sent:
                self.sent, self.sent_life = event.id, self.replays.life
            case events.Online():
                self._failures = 0
                if self.replays.resumed_at:
                    self._stage.returns.append(now)
                self.replays.resumed(now)
                self._stage.counts["online"] += 1
            case events.RoomCreated():
                self.partner.conversation.join_room(event.room_code)
                self.partner.appear()
            case events.Sent():
                self._stage.counts["forgotten by the server"] += 1
            case events.RoomJoined() | events.PartnerJoined() if not self.is_seated:
                self.is_seated = True
            case (
                events.NotDelivered()
                | events.PartnerLeft()
                | events.PartnerJoined()
                | events.TicketRefused()
                | events.RoomExpired()
                | events.Refused()
                | events.Ended()
            ):
                self._stage.troubles.append(repr(event)[:200])
            case _:
                self._stage.counts[type(event).__name__] += 1
