"""What a program keeps of a conversation to go on with it in its next run."""

from collections.abc import Callable
from typing import Self

from msgspec import Struct

from duologue.client import events
from duologue.client.outgoing import Counts
from duologue.client.seat import Seat


class Saved(Struct, kw_only=True):
    """A seat and the messages of its pairing; the ticket in it is a secret.

    Attributes:
        received: The partner's last chat that the program has taken.
        read: The partner's last chat that the person has seen.
        last: The highest number given to a message.
        sent: My last message that the server is known to have held.
        delivered: My last message that the partner's program has.
        partner_read: My last message that the partner has seen.
        outbox: What is not known to be delivered, by its number.
    """

    username: str
    room_code: str
    ticket: str
    pairing: int
    partner: str | None
    received: int
    read: int
    last: int
    sent: int
    delivered: int
    partner_read: int
    outbox: dict[int, str]

    @classmethod
    def of(cls, username: str, seat: Seat) -> Self:
        """Return what there is to keep now."""
        counts = seat.outbox.counts
        return cls(
            username=username,
            room_code=seat.room_code,
            ticket=seat.ticket,
            pairing=seat.pairing,
            partner=seat.partner,
            received=seat.inbox.received,
            read=seat.inbox.read,
            last=seat.outbox.last,
            sent=counts.sent,
            delivered=counts.delivered,
            partner_read=counts.read,
            outbox={message.id: message.content for message in seat.outbox.waiting},
        )

    def seat(self, tell: Callable[[events.Event], None]) -> Seat:
        """Return the seat as it was; what had come but was not taken will come again."""
        seat = Seat(self.room_code, self.ticket, self.pairing, self.partner, tell)
        seat.inbox.restore(self.received, self.read)
        counts = Counts(self.sent, self.delivered, self.partner_read)
        seat.outbox.restore(self.outbox, self.last, counts)
        return seat
