"""Every message of the reference protocol, as PROTOCOL.md describes it.

A client's messages are imperatives, the server's say what happened. On the
wire each is a JSON object with `type` first. `gc=False` keeps these short-
lived values, which hold no references to anything but strings, out of the
cyclic garbage collector's way.
"""

from enum import StrEnum

import msgspec


class ErrorCode(StrEnum):
    """What a program can tell errors apart by."""

    USERNAME_REQUIRED = "username_required"
    ALREADY_IN_ROOM = "already_in_room"
    ROOM_NOT_FOUND = "room_not_found"
    ROOM_FULL = "room_full"
    NOT_IN_ROOM = "not_in_room"
    NO_PARTNER = "no_partner"
    MESSAGE_TOO_LONG = "message_too_long"
    INVALID_MESSAGE = "invalid_message"
    SLOW_DOWN = "slow_down"
    ROOM_EXPIRED = "room_expired"

    # Only said to clients of `duologue.v1`, but for the second:
    OUT_OF_ORDER = "out_of_order"
    PARTNER_BEHIND = "partner_behind"
    TICKET_REFUSED = "ticket_refused"
    NOT_AWAY = "not_away"


class Message(msgspec.Struct, tag_field="type", gc=False):
    """A JSON object whose first field is `type`."""


# What a client says


class SetUsername(Message, tag="set_username"):
    """Call me this from now on."""

    username: str


class CreateRoom(Message, tag="create_room"):
    """Open a room and tell me its code."""


class JoinRoom(Message, tag="join_room"):
    """Seat me in the room with this code, in any way a person may type it."""

    room_code: str


class Chat(Message, tag="chat"):
    """Pass this on to my partner."""

    content: str


class Typing(Message, tag="typing"):
    """I am writing something."""


class StopTyping(Message, tag="stop_typing"):
    """I am not writing any more."""


class LeaveRoom(Message, tag="leave_room"):
    """Give up my seat."""


ClientMessage = SetUsername | CreateRoom | JoinRoom | Chat | Typing | StopTyping | LeaveRoom


# What the server says


class Connected(Message, tag="connected"):
    """The first message on every connection."""

    client_id: str


class UsernameSet(Message, tag="username_set"):
    """Your name, as others will see it."""

    username: str


class RoomCreated(Message, tag="room_created"):
    """Your room is open; say this code to your partner."""

    room_code: str


class RoomJoined(Message, tag="room_joined"):
    """You have a seat; `partner` is who sits opposite."""

    room_code: str
    partner: str | None


class PartnerJoined(Message, tag="partner_joined"):
    """Someone took the seat opposite."""

    username: str


class Said(Message, tag="chat"):
    """Your partner said this."""

    from_: str = msgspec.field(name="from")
    content: str


class PartnerTyping(Message, tag="partner_typing"):
    """Your partner is writing."""


class PartnerStopTyping(Message, tag="partner_stop_typing"):
    """Your partner is not writing any more."""


class PartnerLeft(Message, tag="partner_left"):
    """The seat opposite is free again."""


class Error(Message, tag="error"):
    """What you asked for was not done, and why.

    Attributes:
        retry_after_s: With `slow_down`: when to ask again.
    """

    code: ErrorCode
    message: str
    retry_after_s: int | msgspec.UnsetType = msgspec.UNSET


ServerMessage = (
    Connected
    | UsernameSet
    | RoomCreated
    | RoomJoined
    | PartnerJoined
    | Said
    | PartnerTyping
    | PartnerStopTyping
    | PartnerLeft
    | Error
)
