"""WebSocket close codes and what each tells a client to do.

PROTOCOL.md holds the same table for people. Codes below 4000 are those of
RFC 6455 section 7.4.1; the others are Duologue's own.
"""

from enum import IntEnum
from typing import Self

from duologue.errors import ProtocolViolation


class CloseCode(IntEnum):
    """Why a connection ends.

    Attributes:
        meaning: What happened, and what a client does next.
    """

    meaning: str

    def __new__(cls, code: int, meaning: str = "") -> Self:
        """Make a member; it is its number, and knows its meaning."""
        member = int.__new__(cls, code)
        member._value_ = code
        member.meaning = meaning
        return member

    NORMAL = 1000, "The client said goodbye; it is answered in kind."
    GOING_AWAY = 1001, "The server stops. Reconnect later."
    PROTOCOL_ERROR = 1002, "The client broke RFC 6455. Repair the client."
    NOT_UTF8 = 1007, "A text message was not UTF-8. Repair the client."
    TOO_BIG = 1009, "A message was longer than any valid one can be. Don't send it again."
    SERVER_FAULT = 1011, "A fault of the server, about which nothing is told. Reconnect."
    RESTARTING = 1012, "The server restarts. Reconnect, after as long as `reconnect` said."
    REPLACED = 4001, "A newer connection has this seat. Don't reconnect."
    HEARTBEAT_LOST = 4002, "No PING was answered in time. Reconnect and resume."
    TOO_SLOW = 4003, "The client did not read for too long. Reconnect and resume."
    RATE_LIMITED = 4008, "The client asked for too much. Reconnect later."


def code_from_peer(payload: bytes) -> int | None:
    """Return the code in a peer's CLOSE, None if it gives none.

    Raises:
        ProtocolViolation: It is no code, or none that may stand there.
    """
    if not payload:
        return None
    code = int.from_bytes(payload[:2], "big")
    if len(payload) == 1 or not is_valid_from_peer(code):
        raise ProtocolViolation(CloseCode.PROTOCOL_ERROR)
    return code


def is_valid_from_peer(code: int) -> bool:
    """Say whether a peer may put `code` into a CLOSE frame (RFC 6455 7.4.2)."""
    return code in _DEFINED or 3000 <= code <= 4999


# The registered codes that may cross the wire: 1004 to 1006 and 1015 may not.
_DEFINED = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})
