"""Every error that a client can hear, in its exact words.

Codes are for programs, words for people. Nothing here says anything about
the server's insides.
"""

from duologue.wire import v1
from duologue.wire.messages import Error, ErrorCode

USERNAME_REQUIRED = Error(ErrorCode.USERNAME_REQUIRED, "Username is required")
ALREADY_IN_ROOM = Error(ErrorCode.ALREADY_IN_ROOM, "You are already in a room")
ROOM_FULL = Error(ErrorCode.ROOM_FULL, "Room is full")
NOT_IN_ROOM = Error(ErrorCode.NOT_IN_ROOM, "You are not in a room")
NO_PARTNER = Error(ErrorCode.NO_PARTNER, "Nobody is here to read this yet")
PARTNER_BEHIND = Error(ErrorCode.PARTNER_BEHIND, "Your partner has too much to catch up on")
TICKET_REFUSED = Error(ErrorCode.TICKET_REFUSED, "This ticket is no longer good")
NOT_AWAY = Error(ErrorCode.NOT_AWAY, "Your partner is not away")
ROOM_EXPIRED = Error(ErrorCode.ROOM_EXPIRED, "Nobody came for so long that the room is closed")


_QUOTED_CHARS = 100


def room_not_found(typed: str) -> Error:
    """Refuse a code that names no room, quoting it as typed, in upper case."""
    quoted = typed[:_QUOTED_CHARS].upper()
    return Error(ErrorCode.ROOM_NOT_FOUND, f"Room '{quoted}' not found")


def too_many_codes(retry_after_s: int) -> Error:
    """Refuse a code, right or wrong: too many before it were wrong."""
    return _slow_down("Too many wrong room codes", retry_after_s)


def too_many_rooms(retry_after_s: int) -> Error:
    """Refuse to open a room: this client's network has too many, or there are too many."""
    return _slow_down("Too many rooms", retry_after_s)


def _slow_down(what: str, retry_after_s: int) -> Error:
    text = f"{what}: try again in {retry_after_s} seconds"
    return Error(ErrorCode.SLOW_DOWN, text, retry_after_s)


def message_too_long(limit_bytes: int) -> Error:
    """Refuse a chat whose content is over the limit."""
    return Error(
        ErrorCode.MESSAGE_TOO_LONG, f"Message is longer than {limit_bytes} bytes of UTF-8"
    )


def invalid_message(where: str) -> Error:
    """Refuse what is not a message; `where` says what is wrong and where."""
    return Error(ErrorCode.INVALID_MESSAGE, f"Invalid message format: {where}")


def of_chat(refusal: Error, pairing: int, chat_id: int) -> v1.Error:
    """Say which chat of a v1 client it is that was refused."""
    return v1.Error(refusal.code, refusal.message, pairing=pairing, id=chat_id)


def out_of_order(pairing: int, chat_id: int, expected: int) -> v1.Error:
    """Refuse a chat before which others are missing; `expected` has to come next."""
    text = f"Chat {expected} has to come next"
    return v1.Error(
        ErrorCode.OUT_OF_ORDER, text, pairing=pairing, id=chat_id, expected=expected
    )
