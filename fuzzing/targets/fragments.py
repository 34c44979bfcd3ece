"""Messages in pieces: put together they are what they were whole, or no message."""

from collections.abc import Iterable

from duologue.errors import ProtocolViolation
from duologue.wire.close import CloseCode, is_valid_from_peer
from duologue.wire.fragments import Fragments

LIMIT_BYTES = 64
MOST_BYTES = 512


def seeds() -> Iterable[bytes]:
    """Begin with characters of every length, cut everywhere."""
    text = "aé한😀".encode()
    yield from (bytes((1, cut)) + text for cut in range(1, len(text)))
    yield b"\x00\x03" + bytes(range(256))
    yield b"\x01\x05" + b"x" * (LIMIT_BYTES + 1)
    yield b"\x01\x02\xed\xa0\x80"


def try_one(data: bytes) -> None:
    """Cut it into pieces: the first byte says of what kind, the second how long they are."""
    if len(data) < 2:
        return
    is_text, size, content = bool(data[0] & 1), data[1] % 16 + 1, data[2:]
    expected = whole(content, is_text)
    fragments = Fragments(is_text=is_text, limit_bytes=LIMIT_BYTES)
    try:
        pieces = [content[at : at + size] for at in range(0, len(content), size)] or [b""]
        for number, piece in enumerate(pieces, 1):
            fragments.add(piece, is_last=number == len(pieces))
        got: str | bytes | CloseCode = fragments.whole()
    except ProtocolViolation as violation:
        got = CloseCode(violation.close_code)
        assert is_valid_from_peer(got)
    # What is both too long and no UTF-8 may end for either reason.
    is_refused = isinstance(got, CloseCode) and isinstance(expected, CloseCode)
    assert is_refused or got == expected, "it is not what it was"


def whole(content: bytes, is_text: bool) -> str | bytes | CloseCode:
    """Read it at once."""
    if len(content) > LIMIT_BYTES:
        return CloseCode.TOO_BIG
    try:
        return content.decode() if is_text else content
    except UnicodeDecodeError:
        return CloseCode.NOT_UTF8
