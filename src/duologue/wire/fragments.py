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

    __slots__ = ("_decoder", "_limit_bytes", "_pieces", "_size")

    def __init__(self, *, is_text: bool, limit_bytes: int) -> None:
        self._decoder = _utf8_decoder() if is_text else None
        self._limit_bytes = limit_bytes
        self._pieces: list[str | bytes] = []
        self._size = 0

    def add(self, piece: bytes, *, is_last: bool) -> None:
        """Take the next frame's payload.

        Text is decoded piece by piece, so that bytes that cannot be UTF-8
        end the connection at once, and a character may straddle two frames.

        Raises:
            ProtocolViolation: The message is over the limit or not UTF-8.
        """
        self._size += len(piece)
        if self._size > self._limit_bytes:
            raise ProtocolViolation(CloseCode.TOO_BIG)
        if self._decoder is None:
            self._keep(piece)
            return
        try:
            self._keep(self._decoder.decode(piece, final=is_last))
        except UnicodeDecodeError:
            raise ProtocolViolation(CloseCode.NOT_UTF8) from None

    def whole(self) -> str | bytes:
        """Return the finished message: `str` if it is text, else `bytes`."""
        if self._decoder is None:
            return b"".join(piece for piece in self._pieces if isinstance(piece, bytes))
        return "".join(piece for piece in self._pieces if isinstance(piece, str))

    def _keep(self, piece: str | bytes) -> None:
        # Empty pieces cost nothing to send; keeping them would cost memory without end.
        if piece:
            self._pieces.append(piece)
