"""A room: two seats, and the rules between the two who sit there.

A room is an actor: it alone touches its seats and deals with one input at a
time, each to its end. Its mailbox is the event loop.
"""

from duologue.core.line import NOBODY, Line
from duologue.wire.codes import RoomCode
from duologue.wire.messages import (
    PartnerJoined,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomCreated,
    RoomJoined,
    Said,
)
from duologue.wire.refusals import NO_PARTNER

_PARTNER_LEFT = PartnerLeft()
_PARTNER_TYPING = PartnerTyping()
_PARTNER_STOP_TYPING = PartnerStopTyping()


class Seat:
    """One of the two places in a room. It is free while nobody's line is in it."""

    __slots__ = ("is_typing", "line", "partner", "room", "username")

    partner: "Seat"

    def __init__(self, room: "Room") -> None:
        self.room = room
        self.free()

    @property
    def is_free(self) -> bool:
        """Whether nobody sits here."""
        return self.line is NOBODY

    def take(self, line: Line, username: str) -> None:
        """Sit down."""
        self.line = line
        self.username = username

    def free(self) -> None:
        """Stand up; nothing stays of who sat here."""
        self.line = NOBODY
        self.username = ""
        self.is_typing = False


class Room:
    """Exactly two seats, the first of them taken by who opens the room."""

    __slots__ = ("code", "seats")

    def __init__(self, code: RoomCode) -> None:
        self.code = code
        first, second = Seat(self), Seat(self)
        first.partner, second.partner = second, first
        self.seats = (first, second)

    @property
    def is_empty(self) -> bool:
        """Whether both seats are free."""
        return all(seat.is_free for seat in self.seats)

    def open(self, line: Line, username: str) -> Seat:
        """Seat the one who asked for this room."""
        seat = self.seats[0]
        seat.take(line, username)
        line.send(RoomCreated(self.code))
        return seat

    def join(self, line: Line, username: str) -> Seat | None:
        """Seat one more person and tell both; None if both seats are taken."""
        for seat in self.seats:
            if seat.is_free:
                seat.take(line, username)
                line.send(RoomJoined(self.code, seat.partner.username))
                seat.partner.line.send(PartnerJoined(username))
                self.balance()
                return seat
        return None

    def say(self, seat: Seat, content: str) -> None:
        """Pass a chat on to the partner. It ends the speaker's typing."""
        if seat.is_typing:
            self.stop_typing(seat)
        partner_line = seat.partner.line
        if partner_line is NOBODY:
            seat.line.send(NO_PARTNER)
        else:
            partner_line.send(Said(seat.username, content))

    def typing(self, seat: Seat) -> None:
        """Tell the partner, once, that someone is writing."""
        if not seat.is_typing:
            seat.is_typing = True
            seat.partner.line.send(_PARTNER_TYPING)

    def stop_typing(self, seat: Seat) -> None:
        """Tell the partner that the writing has stopped, if there was any."""
        if seat.is_typing:
            seat.is_typing = False
            seat.partner.line.send(_PARTNER_STOP_TYPING)

    def leave(self, seat: Seat) -> None:
        """Free a seat. The partner stays, and so does the code."""
        seat.free()
        seat.partner.line.send(_PARTNER_LEFT)
        self.balance()

    def balance(self) -> None:
        """Hold both lines while either peer does not read, else neither.

        Back-pressure goes to the one who talks: to the partner of a stalled
        peer, and to that peer itself, whose errors and pongs would pile up.
        """
        is_stalled = any(seat.line.is_stalled for seat in self.seats)
        for seat in self.seats:
            seat.line.hold(is_stalled)
