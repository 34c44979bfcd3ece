"""Puts a message together that arrives in several frames (RFC 6455 5.4).

One `Fragments` is one message on its way. It exists only while a message is
unfinished, which for most connections is never.
"""

from codecs import getincrementaldecoder

from duologue.errors import ProtocolViolation
from duologue.wire.close import CloseCode

_utf8_decoder = getincrementaldecoder("utf-8")


class Fragments:
    """A text or binary message, as far as it has arrived."""

    __slots__ = ("_limit_bytes", "_payload", "_validator")

    def __init__(self, *, is_text: bool, limit_bytes: int) -> None:
        self._validator = _utf8_decoder() if is_text else None
        self._limit_bytes = limit_bytes
        self._payload = bytearray()

    def add(self, piece: bytes, *, is_last: bool) -> None:
        """Take the next frame's payload.

        Text is checked piece by piece, so that bytes that cannot be UTF-8 end
        the connection at once, and a character may straddle two frames.

        Raises:
            ProtocolViolation: The message is over the limit or not UTF-8.
        """
        if len(self._payload) + len(piece) > self._limit_bytes:
            raise ProtocolViolation(CloseCode.TOO_BIG)
        self._payload += piece
        if self._validator is not None:
            try:
                self._validator.decode(piece, final=is_last)
            except UnicodeDecodeError:
                raise ProtocolViolation(CloseCode.NOT_UTF8) from None

    def whole(self) -> str | bytes:
        """Return the finished message: `str` if it is text, else `bytes`."""
        return bytes(self._payload) if self._validator is None else self._payload.decode()
