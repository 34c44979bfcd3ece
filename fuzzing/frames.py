"""What goes over a connection, as its other end sees it: handshake and frames."""

import base64
import hashlib
from typing import NamedTuple

from duologue.wire.frames import Opcode

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455 section 1.3
_CONTROL = 0x8


def handshake(subprotocol: bytes = b"") -> bytes:
    """Ask for a WebSocket connection."""
    offer = b"Sec-WebSocket-Protocol: %b\r\n" % subprotocol if subprotocol else b""
    return (
        b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\n"
        b"Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        b"Sec-WebSocket-Key: %b\r\n%b\r\n" % (KEY, offer)
    )


def accepted(key: bytes) -> bytes:
    """Return what a server has to answer to a key (RFC 6455 section 4.2.2)."""
    return base64.b64encode(hashlib.sha1(key + _GUID, usedforsecurity=False).digest())


def masked(first: int, payload: bytes) -> bytes:
    """Make a client's frame. The mask is of zeros: so it stays readable, and allowed."""
    size = len(payload)
    if size < 126:
        head = bytes((first, 0x80 | size))
    elif size < 1 << 16:
        head = bytes((first, 0x80 | 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((first, 0x80 | 127)) + size.to_bytes(8, "big")
    return head + bytes(4) + payload


class Frame(NamedTuple):
    """A frame of the server's."""

    opcode: int
    payload: bytes


def heard(output: bytes) -> list[Frame]:
    """Read what a server said after the handshake, and hold it to RFC 6455."""
    frames: list[Frame] = []
    at = 0
    while at < len(output):
        assert not frames or frames[-1].opcode != Opcode.CLOSE, "a frame after the CLOSE"
        first, size = output[at : at + 2].ljust(2, b"\xff")
        at += 2
        assert first & 0x80, "a server's message in fragments"
        assert not first & 0x70, "a reserved bit"
        if size >= 126:
            width, least = (2, 126) if size == 126 else (8, 1 << 16)
            size = int.from_bytes(output[at : at + width], "big")
            at += width
            assert size >= least, "a length that is not the shortest"
        payload = bytes(output[at : at + size])
        at += size
        assert len(payload) == size, "half a frame"
        frames.append(Frame(first & 0x0F, payload))
        assert not frames[-1].opcode & _CONTROL or size <= 125, "a control frame too long"
    return frames
