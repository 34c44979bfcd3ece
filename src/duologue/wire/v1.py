"""The messages of `duologue.v1`: the reference protocol's, and what it adds.

What has more fields here than there is a subclass, with the new fields last.
Numbers that a client says are bounded by what JavaScript can count to.
"""

from typing import Annotated

from msgspec import UNSET, Meta, UnsetType, field

from duologue.wire import messages
from duologue.wire.messages import CreateRoom as CreateRoom
from duologue.wire.messages import LeaveRoom as LeaveRoom
from duologue.wire.messages import Message
from duologue.wire.messages import PartnerLeft as PartnerLeft
from duologue.wire.messages import PartnerStopTyping as PartnerStopTyping
from duologue.wire.messages import PartnerTyping as PartnerTyping
from duologue.wire.messages import SetUsername as SetUsername
from duologue.wire.messages import StopTyping as StopTyping
from duologue.wire.messages import Typing as Typing
from duologue.wire.messages import UsernameSet as UsernameSet

SUBPROTOCOL = "duologue.v1"

Count = Annotated[int, Meta(ge=0, le=2**52)]


# What a client says


class JoinRoom(messages.JoinRoom, omit_defaults=True):
    """Seat me; I am who asked before as `client_id`, if I lost the answer."""

    client_id: Annotated[str, Meta(min_length=1, max_length=36)] | None = None


class Chat(Message, tag="chat"):
    """Pass this on to my partner of this pairing: my chat number `id`."""

    pairing: Count
    id: Annotated[int, Meta(ge=1, le=2**53 - 1)]  # Beyond what a partner can claim to have.
    content: str


class Resume(Message, tag="resume"):
    """Give me my seat back; this is how far I know that things have come.

    Attributes:
        ticket: The newest that I was given.
        received: The partner's last chat that my program has.
        read: The partner's last chat that a person has seen.
        delivered: My last chat that the partner's program is known to have.
    """

    ticket: str
    received: Count
    read: Count
    delivered: Count


class Received(Message, tag="received"):
    """My program has everything up to `id`."""

    pairing: Count
    id: Count


class Read(Message, tag="read"):
    """A person has seen everything up to `id`."""

    pairing: Count
    id: Count


class FreeSeat(Message, tag="free_seat"):
    """My partner is away and need not come back."""


class Ping(Message, tag="ping"):
    """Are you there?"""


ClientMessage = (
    SetUsername
    | CreateRoom
    | JoinRoom
    | Chat
    | Typing
    | StopTyping
    | LeaveRoom
    | Resume
    | Received
    | Read
    | FreeSeat
    | Ping
)


# What the server says


class Connected(messages.Connected):
    """The first message on every connection, with what a client should know."""

    protocol: str
    max_content_bytes: int
    heartbeat_s: float


class RoomCreated(messages.RoomCreated):
    """Your room is open; say this code to your partner."""

    pairing: int
    ticket: str


class RoomJoined(messages.RoomJoined):
    """You have a seat; `partner` is who sits opposite."""

    pairing: int
    ticket: str


class PartnerJoined(messages.PartnerJoined):
    """Someone took the seat opposite: a new pairing begins."""

    pairing: int
    ticket: str


class Resumed(Message, tag="resumed"):
    """You have your seat back; then come the chats that you missed.

    Attributes:
        client_id: What you were called when you took the seat.
        partner: Who sits opposite; None if the seat there is free.
        partner_here: Whether they are connected now.
        accepted: Go on with your chat after this one.
        delivered: Your last chat that the partner's program has.
        partner_read: Your last chat that the partner has seen.
    """

    client_id: str
    room_code: str
    ticket: str
    pairing: int
    partner: str | None
    partner_here: bool
    accepted: int
    delivered: int
    partner_read: int


class Ticket(Message, tag="ticket"):
    """A newer ticket; keep it in place of the one you have."""

    ticket: str


class Said(Message, tag="chat"):
    """Your partner said this, at that many milliseconds since 1970."""

    from_: str = field(name="from")
    pairing: int
    id: int
    content: str
    at: int


class Sent(Message, tag="sent"):
    """The server holds everything of yours up to `id`, in memory."""

    pairing: int
    id: int


class Delivered(Message, tag="delivered"):
    """The partner's program has everything of yours up to `id`."""

    pairing: int
    id: int


class PartnerRead(Message, tag="partner_read"):
    """The partner has seen everything of yours up to `id`."""

    pairing: int
    id: int


class PartnerAway(Message, tag="partner_away"):
    """Your partner's connection is gone; the seat is kept."""


class PartnerBack(Message, tag="partner_back"):
    """Your partner is back; go on with your chat after `accepted`."""

    accepted: int


class PartnerRenamed(Message, tag="partner_renamed"):
    """Your partner has another name now."""

    username: str


class Knock(Message, tag="knock"):
    """Someone else tried your code while your partner is away."""

    username: str


class RoomLeft(Message, tag="room_left"):
    """You have given up your seat, and are `client_id` from now on."""

    client_id: str


class Pong(Message, tag="pong"):
    """I am there."""


class Reconnect(Message, tag="reconnect"):
    """The server is about to stop: come back after that many milliseconds."""

    after_ms: int


class Error(messages.Error):
    """What you asked for was not done; if it was a chat, which one.

    Attributes:
        expected: The number that has to come next, with `out_of_order`.
    """

    pairing: int | UnsetType = UNSET
    id: int | UnsetType = UNSET
    expected: int | UnsetType = UNSET


ServerMessage = (
    Connected
    | UsernameSet
    | RoomCreated
    | RoomJoined
    | PartnerJoined
    | Resumed
    | Ticket
    | Said
    | Sent
    | Delivered
    | PartnerRead
    | PartnerTyping
    | PartnerStopTyping
    | PartnerAway
    | PartnerBack
    | PartnerRenamed
    | PartnerLeft
    | Knock
    | RoomLeft
    | Pong
    | Reconnect
    | Error
)
