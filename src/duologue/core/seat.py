"""One of the two places in a room, and what is due to who sits there."""

from typing import TYPE_CHECKING

from duologue.core.line import NOBODY, Line
from duologue.core.ticket import NO_TICKETS
from duologue.wire import v1

if TYPE_CHECKING:
    from duologue.core.channel import Channel
    from duologue.core.room import Room

SENT = 1
DELIVERED = 2
PARTNER_READ = 4
PARTNER_RENAMED = 8


class Seat:
    """A place: free, taken by a reference client or by one of `duologue.v1`.

    It outlives connections: a v1 client that is away keeps it, with nobody at
    its line.

    Attributes:
        place: 0 for who opened the room, 1 for the other.
        client_id: Who holds tickets for this seat; None for a reference client.
        out: What is said from here in this pairing, if anyone counts it.
        final_delivered: How far that had come when the pairing ended.
        owed: What is due to the line at the end of the batch, each kind once.
        is_known: False for a seat that is held since another server said so,
            until its owner comes.
        release_at: Until when an absent owner may come back.
        renew_at: When the owner's ticket is old enough for a new one.
    """

    __slots__ = (
        "client_id",
        "final_delivered",
        "is_known",
        "is_typing",
        "line",
        "out",
        "owed",
        "partner",
        "place",
        "release_at",
        "renew_at",
        "room",
        "username",
    )

    partner: "Seat"
    line: Line
    client_id: str | None
    out: "Channel | None"

    def __init__(self, room: "Room", place: int) -> None:
        self.room = room
        self.place = place
        self.free()

    @property
    def is_free(self) -> bool:
        """Whether nobody sits here, nor will come back."""
        return self.line is NOBODY and self.client_id is None

    @property
    def is_away(self) -> bool:
        """Whether the seat is held for someone who is not connected."""
        return self.line is NOBODY and self.client_id is not None

    @property
    def holder(self) -> str | None:
        """Who tickets say sits here: None if nobody does, `NO_TICKETS` for who gets none."""
        return None if self.is_free else self.client_id or NO_TICKETS

    def take(self, line: Line, username: str, client_id: str | None) -> None:
        """Sit down."""
        self.line = line
        self.username = username
        self.client_id = client_id
        self.is_known = line is not NOBODY

    def free(self) -> None:
        """Stand up; nothing stays of who sat here."""
        self.line = NOBODY
        self.username = ""
        self.client_id = None
        self.is_typing = False
        self.is_known = False
        self.final_delivered = 0
        self.out = None
        self.owed = 0
        self.release_at = 0.0
        self.renew_at = 0.0

    def owe(self, due: int) -> None:
        """Note what is due to a v1 client at the end of the batch, however often."""
        if self.client_id is not None:
            if not self.owed:
                self.room.house.unsettled.append(self)
            self.owed |= due

    def settle(self) -> None:
        """Say what is due: one message of a kind, for all that came."""
        owed, self.owed = self.owed, 0
        if owed and self.out is not None:
            pairing = self.room.pairing
            if owed & SENT:
                self.line.send(v1.Sent(pairing, self.out.accepted))
            if owed & DELIVERED:
                self.line.send(v1.Delivered(pairing, self.out.delivered))
            if owed & PARTNER_READ:
                self.line.send(v1.PartnerRead(pairing, self.out.read))
            if owed & PARTNER_RENAMED:
                self.line.send(v1.PartnerRenamed(self.partner.username))
                self.room.renew_ticket(self)
