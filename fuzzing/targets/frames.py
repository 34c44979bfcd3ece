"""Frames: whatever bytes follow the handshake, what comes back are proper frames.

What a client of the reference protocol gets does not depend on the pieces that
its bytes come in. (One of `duologue.v1` gets one receipt for what came together.)
"""

from collections.abc import Iterable

from duologue.wire.frames import Opcode
from duologue.wire.v1 import SUBPROTOCOL
from fuzzing.frames import handshake, heard, masked
from fuzzing.stage import Stage
from fuzzing.words import messages

MOST_BYTES = 4096

_NAMED = masked(0x81, b'{"type":"set_username","username":"A"}')
_SEATED = _NAMED + masked(0x81, b'{"type":"create_room"}')


def seeds() -> Iterable[bytes]:
    """Begin with frames of every kind. The first byte says which protocol and pieces."""
    for message in messages():
        yield b"\xfe" + _SEATED + masked(0x81, message)
        yield b"\x03" + _SEATED + masked(0x81, message)
    parts = masked(0x01, b'{"type":'), masked(0x00, b'"typ'), masked(0x80, b'ing"}')
    yield b"\x04" + _SEATED + masked(0x89, b"still there?").join(parts)
    yield b"\x06" + masked(0x02, b"\xff").join((b"", masked(0x80, b"")))
    for first in (*range(0x80, 0x90), 0x00, 0x01, 0xC1, 0xA1, 0x91, 0x09):
        yield bytes((0x10, *masked(first, b"\x03\xe8")))
    for size in (0, 1, 125, 126, 65_535, 65_536):
        yield b"\xff" + masked(0x81, b"x" * size)[:200]
    yield b"\x00" + masked(0x88, b"") + masked(0x81, b"{}")
    yield b"\x00\x81\x05hello"
    yield b"\x00\x81\xff" + b"\xff" * 12
    yield b"\x00" + masked(0x81, b"\xed\xa0\x80")


def try_one(data: bytes) -> None:
    """Shake hands and say it, at once and in pieces."""
    kind, said = data[0] if data else 0, data[1:]
    size = kind >> 1 or 1
    pieces = [said[at : at + size] for at in range(0, len(said), size)]
    if kind & 1:
        answered(pieces, SUBPROTOCOL.encode())
        return
    in_pieces, at_once = answered(pieces, b""), answered([said], b"")
    assert in_pieces == at_once, "what is answered depends on the pieces"


def answered(pieces: list[bytes], subprotocol: bytes) -> bytes:
    """Return what the server says to these pieces, if that is as it should be."""
    with Stage() as stage:
        wire = stage.arrive()
        wire.say(handshake(subprotocol))
        for piece in pieces:
            wire.say(piece)
            stage.loop.rest()
        head, _, output = bytes(wire.output).partition(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        frames = heard(output)
        closed = bool(frames) and frames[-1].opcode == Opcode.CLOSE
        assert closed is wire.has_ended, "a connection ends without a CLOSE, or not after it"
        return output
