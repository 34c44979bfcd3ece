"""A room: two seats, and the rules between the two who sit there.

A room is an actor: it alone touches its seats and deals with one input at a
time, each to its end. Its mailbox is the event loop. How people come back to
their seats is told in `comeback`.
"""

from typing import assert_never

from duologue.core.channel import Channel, Verdict
from duologue.core.house import House
from duologue.core.line import NOBODY, Line, Source
from duologue.core.seat import DELIVERED, PARTNER_READ, PARTNER_RENAMED, SENT, Seat
from duologue.core.tally import Standing
from duologue.core.ticket import NO_TICKETS, Seating
from duologue.wire import refusals, v1
from duologue.wire.codes import RoomCode
from duologue.wire.messages import (
    Message,
    PartnerJoined,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomCreated,
    RoomJoined,
    Said,
)

LOOK_AFTER_S = 2.0
"""How often a room is looked after where someone is away."""

BOTH_AWAY_S = 60.0
"""A room is forgotten after both were away that long: their tickets rebuild it."""

ALONE_AWAY_S = 3600.0
"""The same for a room with one person in it, whose code may be on its way to another."""

BESIDE_REFERENCE_S = 30.0
"""How long a seat is kept beside a reference client, which has no word for away."""

KNOCK_S = 10.0
"""The least time between two knocks."""

RENEWALS = 10
"""How many tickets a connected client gets in one ticket's life."""

PARTNER_LEFT = PartnerLeft()

_PARTNER_AWAY = v1.PartnerAway()
_PARTNER_TYPING = PartnerTyping()
_PARTNER_STOP_TYPING = PartnerStopTyping()


class Room:
    """Exactly two seats, the first of them taken by who opens the room.

    Attributes:
        room_id: Tells it from other rooms that had or will have its code.
        pairing: How many pairs have met here; 0 while nobody has joined yet.
        empty_since: The moment since which nobody is connected.
        standing: What it is counted as.
        is_retold: Whether tickets told of this pairing: it began on another server.
        source: Where the one was who opened it here.
    """

    __slots__ = (
        "_is_looked_after",
        "_next_knock_at",
        "code",
        "empty_since",
        "house",
        "is_retold",
        "pairing",
        "room_id",
        "seats",
        "source",
        "standing",
    )

    def __init__(self, house: House, code: RoomCode, room_id: bytes, source: Source) -> None:
        self.house = house
        self.code = code
        self.room_id = room_id
        self.pairing = 0
        first, second = Seat(self, 0), Seat(self, 1)
        first.partner, second.partner = second, first
        self.seats = (first, second)
        self.empty_since = house.now
        self.is_retold = False
        self.source = source
        self.standing = Standing.GONE
        self._is_looked_after = False
        self._next_knock_at = 0.0

    @property
    def is_empty(self) -> bool:
        """Whether both seats are free."""
        return all(seat.is_free for seat in self.seats)

    def open(self, line: Line, username: str, client_id: str | None) -> Seat:
        """Seat the one who asked for this room."""
        seat = self.seats[0]
        seat.take(line, username, client_id)
        self.house.count_heads(self)
        if client_id is None:
            line.send(RoomCreated(self.code))
        else:
            line.send(v1.RoomCreated(self.code, self.pairing, self.ticket_for(seat)))
        return seat

    def join(self, line: Line, username: str, client_id: str | None) -> Seat | None:
        """Seat one more person and tell both; None if both seats are taken."""
        for seat in self.seats:
            if seat.is_free:
                seat.take(line, username, client_id)
                if client_id is None and seat.partner.is_away:
                    self._keep(seat.partner)
                self.pair(self.pairing + 1)
                self._welcome(seat)
                self.tell_joined(seat.partner)
                self.balance()
                return seat
        return None

    def say(self, seat: Seat, content: str) -> None:
        """Pass a reference client's chat on to the partner. It ends the typing."""
        if seat.is_typing:
            self.stop_typing(seat)
        channel = seat.out
        if channel is None:  # Nobody counts: both are reference clients, or one is alone.
            partner_line = seat.partner.line
            if partner_line is NOBODY:
                self.house.refuse(seat.line, refusals.NO_PARTNER)
            else:
                partner_line.send(Said(seat.username, content))
        elif channel.has_room:
            self._say_to_v1(seat, channel, content)
        else:
            self.house.refuse(seat.line, refusals.PARTNER_BEHIND)

    def post(self, seat: Seat, chat: v1.Chat) -> None:
        """Pass a v1 client's numbered chat on, once and in order, or say why not."""
        channel = seat.out
        if channel is None or chat.pairing != self.pairing:
            self.house.refuse_chat(seat.line, refusals.NO_PARTNER, chat)
        elif chat.id == channel.accepted + 1 and channel.has_room:
            if channel.is_astray:
                channel.start_over()
            if seat.is_typing:
                self.stop_typing(seat)
            if seat.partner.client_id is None:
                seat.partner.line.send(Said(seat.username, chat.content))
                channel.pass_by()
                seat.owe(SENT | DELIVERED)
            else:
                self._say_to_v1(seat, channel, chat.content)
                if not seat.owed & SENT:
                    seat.owe(SENT)
        else:
            self._complain(seat, channel, chat)

    def _complain(self, seat: Seat, channel: Channel, chat: v1.Chat) -> None:
        verdict = channel.judge(chat.id)
        match verdict:
            case Verdict.REPEAT:
                seat.owe(SENT)
            case Verdict.GAP:
                gap = refusals.out_of_order(chat.pairing, chat.id, channel.accepted + 1)
                self.house.refuse(seat.line, gap)
            case Verdict.BEHIND:
                self.house.refuse_chat(seat.line, refusals.PARTNER_BEHIND, chat)
            case Verdict.IGNORED:
                pass
            case _:
                assert_never(verdict)

    def received(self, seat: Seat, pairing: int, chat_id: int) -> None:
        """Forget what the one in this seat has of the partner's chats."""
        channel = seat.partner.out
        if channel is not None and pairing == self.pairing and channel.confirm(chat_id):
            seat.partner.owe(DELIVERED)
            self.catch_up(seat.partner, channel)

    def read(self, seat: Seat, pairing: int, chat_id: int) -> None:
        """Tell the partner how far its chats have been seen."""
        channel = seat.partner.out
        if channel is not None and pairing == self.pairing and channel.see(chat_id):
            seat.partner.owe(PARTNER_READ)

    def typing(self, seat: Seat) -> None:
        """Tell the partner that someone is writing: a reference client, once."""
        if not seat.is_typing or seat.partner.client_id is not None:
            seat.is_typing = True
            self._hint(seat.partner, _PARTNER_TYPING)

    def stop_typing(self, seat: Seat) -> None:
        """Tell the partner that the writing has stopped, if there was any."""
        if seat.is_typing:
            seat.is_typing = False
            self._hint(seat.partner, _PARTNER_STOP_TYPING)

    def rename(self, seat: Seat, username: str) -> None:
        """Call someone otherwise from now on."""
        seat.username = username
        self.renew_ticket(seat)
        seat.partner.owe(PARTNER_RENAMED)
        if not seat.partner.line.is_stalled:
            seat.partner.settle()  # Now: what is said next carries the new name.

    def knock(self, username: str) -> None:
        """Tell who waits for an absent partner that someone else is at the door."""
        if self.house.now < self._next_knock_at:
            return
        for seat in self.seats:
            if seat.client_id is not None and seat.partner.is_away and not seat.is_away:
                self._next_knock_at = self.house.now + KNOCK_S
                seat.line.send(v1.Knock(username))

    def free_seat(self, seat: Seat) -> None:
        """Let go of a partner that is away, at the wish of the one who waits."""
        if seat.partner.is_away:
            self.leave(seat.partner)
        else:
            self.house.refuse(seat.line, refusals.NOT_AWAY)

    def leave(self, seat: Seat) -> None:
        """Free a seat and end the pairing. The partner stays, and so does the code."""
        partner = seat.partner
        is_reference = seat.client_id is None
        for one in self.seats:
            one.settle()
        seat.free()
        if is_reference and partner.is_away:
            self._keep(partner)
        if partner.out is not None:
            partner.final_delivered, partner.out = partner.out.delivered, None
        self.renew_ticket(partner)
        partner.line.send(PARTNER_LEFT)
        self.house.count_heads(self)
        self.note_absence()
        self.balance()

    def lost(self, seat: Seat) -> None:
        """Keep the seat of a v1 client whose connection is gone."""
        partner = seat.partner
        seat.line = NOBODY
        seat.owed = 0
        if partner.client_id is None:
            self.stop_typing(seat)
        else:
            partner.line.send(_PARTNER_AWAY)
        seat.is_typing = False
        self._keep(seat)
        self.note_absence()
        self.balance()

    def balance(self) -> None:
        """Hold the lines of those who talk to someone who does not read.

        Back-pressure goes to the one who talks: to the partner of a stalled
        peer, and to that peer itself, whose errors and pongs would pile up.
        Between two v1 clients the partner goes on: the channel is bounded, and
        who is not read cannot tell a live server from a dead one.
        """
        is_bounded = all(seat.client_id is not None for seat in self.seats)
        for seat in self.seats:
            is_partner_stalled = seat.partner.line.is_stalled
            seat.line.hold(seat.line.is_stalled or (is_partner_stalled and not is_bounded))
        self.house.tally.count_room(self)

    def stall(self, seat: Seat) -> None:
        """Note how far a peer was told when it stopped reading."""
        if (channel := seat.partner.out) is not None:
            channel.passed_on = channel.accepted

    def drain(self, seat: Seat) -> None:
        """Say what was held back while a peer did not read."""
        if (channel := seat.partner.out) is not None:
            for said in channel.held_back():
                seat.line.send(said)
        if seat.owed:
            self.house.unsettled.append(seat)

    def look_after(self) -> bool:
        """Let go of who has been away too long; say whether to look again."""
        now = self.house.now
        for seat in self.seats:
            if seat.is_away and now >= seat.release_at:
                self.leave(seat)
        if self._is_deserted:
            is_pair = all(seat.is_away for seat in self.seats)
            if now >= self.empty_since + (BOTH_AWAY_S if is_pair else ALONE_AWAY_S):
                for seat in self.seats:
                    seat.free()
        self._is_looked_after = any(seat.is_away for seat in self.seats)
        return self._is_looked_after

    # What others that deal with this room need too

    def pair(self, pairing: int) -> None:
        """Begin to count anew, if two sit here now and one of them counts."""
        self.pairing = pairing
        self.is_retold = False
        is_counted = any(seat.client_id is not None for seat in self.seats)
        is_pair = not any(seat.is_free for seat in self.seats)
        for seat in self.seats:
            seat.out = Channel() if is_counted and is_pair else None
            seat.owed = 0
            seat.is_known = True
        self.house.count_heads(self)

    def tell_joined(self, seat: Seat) -> None:
        """Tell who sits here who has come to sit opposite."""
        if seat.client_id is None:
            seat.line.send(PartnerJoined(seat.partner.username))
        else:
            ticket = self.ticket_for(seat)
            seat.line.send(v1.PartnerJoined(seat.partner.username, self.pairing, ticket))

    def ticket_for(self, seat: Seat) -> str:
        """Seal what this seat's owner needs to come back, even to another server."""
        house, partner = self.house, seat.partner
        seat.renew_at = house.now + house.limits.ticket_life_s / RENEWALS
        seating = Seating(
            code=self.code,
            room_id=self.room_id,
            place=seat.place,
            pairing=self.pairing,
            client_id=seat.client_id or NO_TICKETS,
            username=seat.username,
            partner_id=partner.holder,
            partner=None if partner.is_free else partner.username,
            issued_at=house.clock_ms(),
        )
        return house.tickets.seal(seating)

    def renew_ticket(self, seat: Seat) -> None:
        """Give a v1 client that is here a newer ticket."""
        if seat.client_id is not None and seat.line is not NOBODY:
            seat.line.send(v1.Ticket(self.ticket_for(seat)))

    def catch_up(self, seat: Seat, channel: Channel) -> None:
        """Let a sender go on that was told that there is no room."""
        if channel.catch_up() and seat.client_id is not None:
            next_id = channel.accepted + 1
            go_on = refusals.out_of_order(self.pairing, next_id, next_id)
            self.house.refuse(seat.line, go_on)

    def note_absence(self) -> None:
        """See to it that a room where someone is away is looked after."""
        house = self.house
        if self._is_deserted:
            self.empty_since = house.now
        if not self._is_looked_after and any(seat.is_away for seat in self.seats):
            self._is_looked_after = True
            house.absences.append((house.now + LOOK_AFTER_S, self))

    # The rest

    @property
    def _is_deserted(self) -> bool:
        """Whether nobody is connected."""
        return all(seat.line is NOBODY for seat in self.seats)

    def _keep(self, seat: Seat) -> None:
        """Set how long an absent owner may take to come back."""
        house, partner = self.house, seat.partner
        is_beside_reference = partner.client_id is None and not partner.is_free
        kept_s = BESIDE_REFERENCE_S if is_beside_reference else house.limits.ticket_life_s
        seat.release_at = house.now + kept_s

    def _welcome(self, seat: Seat) -> None:
        partner = seat.partner
        if seat.client_id is None:
            seat.line.send(RoomJoined(self.code, partner.username))
            return
        ticket = self.ticket_for(seat)
        seat.line.send(v1.RoomJoined(self.code, partner.username, self.pairing, ticket))
        if partner.is_away:
            seat.line.send(_PARTNER_AWAY)

    def _say_to_v1(self, seat: Seat, channel: Channel, content: str) -> None:
        said = v1.Said(
            seat.username,
            self.pairing,
            channel.accepted + 1,
            content,
            self.house.at_ms or self.house.read_clock(),
        )
        channel.keep(said)
        line = seat.partner.line
        if not line.is_stalled:
            line.send(said)

    @staticmethod
    def _hint(seat: Seat, message: Message) -> None:
        """Say what is worth nothing later: not to a v1 client that does not read now."""
        if seat.client_id is None or not seat.line.is_stalled:
            seat.line.send(message)
