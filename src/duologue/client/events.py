"""What a program sees of a conversation: a tagged union, one event a change.

Words are those of the wire where both mean the same. What is cumulative says
so: it speaks of every message up to its `id`.
"""

from msgspec import Struct

from duologue.client.outgoing import Outgoing
from duologue.wire import v1
from duologue.wire.messages import ErrorCode


class _Event(Struct, tag_field="event"):
    pass


# The connection


class Online(_Event, tag="online"):
    """The server is there and knows who you are; a held seat is yours again."""


class Offline(_Event, tag="offline"):
    """The connection is gone. What you send waits; the partner sees you as away."""


class Ended(_Event, tag="ended"):
    """This was the last event: there will be no other connection.

    Attributes:
        reason: A word for programs, from whoever ended it.
    """

    reason: str


# The room


class RoomCreated(_Event, tag="room_created"):
    """Your room is open; say this code to your partner."""

    room_code: str


class RoomJoined(_Event, tag="room_joined"):
    """You have a seat; `partner` is who sits opposite, None if nobody does."""

    room_code: str
    pairing: int
    partner: str | None


class RoomLeft(_Event, tag="room_left"):
    """You have left, as you wished, and may create or join again."""


class TicketRefused(_Event, tag="ticket_refused"):
    """Your seat is lost: given up meanwhile, or expired. You may create or join again."""


class RoomExpired(_Event, tag="room_expired"):
    """Nobody came for so long that your room was closed. You may create or join again."""


class Refused(_Event, tag="refused", omit_defaults=True):
    """What you asked for was not done: create, join, rename or free_seat.

    Attributes:
        code: For programs.
        message: For people, in English.
        retry_after_s: With `slow_down`: after how many seconds to ask again.
    """

    code: ErrorCode
    message: str
    retry_after_s: int | None = None

    @classmethod
    def by(cls, error: v1.Error) -> "Refused":
        """Return what a program is told of an error."""
        wait_s = error.retry_after_s
        return cls(error.code, error.message, wait_s if isinstance(wait_s, int) else None)


# The partner


class PartnerJoined(_Event, tag="partner_joined"):
    """Someone sat down opposite: a new pairing begins, with numbers from 1."""

    username: str
    pairing: int


class PartnerLeft(_Event, tag="partner_left"):
    """The seat opposite is free. The room stays yours, its code good."""


class PartnerAway(_Event, tag="partner_away"):
    """The partner's connection is gone. What you send waits for its return."""


class PartnerBack(_Event, tag="partner_back"):
    """The partner is there again."""


class PartnerRenamed(_Event, tag="partner_renamed"):
    """The partner has another name now."""

    username: str


class PartnerTyping(_Event, tag="partner_typing"):
    """The partner is writing something; said once, until it stops."""


class PartnerStoppedTyping(_Event, tag="partner_stopped_typing"):
    """The partner writes no more, or was not heard of for too long."""


class PartnerBehind(_Event, tag="partner_behind"):
    """The partner has too much to catch up on. What you send waits here."""


class PartnerCaughtUp(_Event, tag="partner_caught_up"):
    """What waited for the partner to catch up is on its way again."""


class Knock(_Event, tag="knock"):
    """Someone tried your code while your partner is away; see `free_seat`."""

    username: str


# Messages


class Chat(_Event, tag="chat"):
    """The partner said this. Pass it to `take` and, once seen, to `mark_read`.

    Attributes:
        at: When, in milliseconds since 1970, by the server's clock.
    """

    room_code: str
    pairing: int
    id: int
    sender: str
    content: str
    at: int


class Sent(_Event, tag="sent"):
    """The server holds all of yours up to `id`: a lower one if it was restarted."""

    pairing: int
    id: int


class Delivered(_Event, tag="delivered"):
    """The partner's program has all of yours up to `id`."""

    pairing: int
    id: int


class Read(_Event, tag="read"):
    """The partner has seen all of yours up to `id`."""

    pairing: int
    id: int


class NotDelivered(_Event, tag="not_delivered"):
    """These messages of yours will not be delivered; each says why in `failure`."""

    messages: tuple[Outgoing, ...]


Event = (
    Online
    | Offline
    | Ended
    | RoomCreated
    | RoomJoined
    | RoomLeft
    | TicketRefused
    | RoomExpired
    | Refused
    | PartnerJoined
    | PartnerLeft
    | PartnerAway
    | PartnerBack
    | PartnerRenamed
    | PartnerTyping
    | PartnerStoppedTyping
    | PartnerBehind
    | PartnerCaughtUp
    | Knock
    | Chat
    | Sent
    | Delivered
    | Read
    | NotDelivered
)
