"""What attackers say, as bytes: requests and frames, right and wrong ones."""

from __future__ import annotations

import json

from duologue.bench.frames import masked
from duologue.wire.frames import Opcode
from duologue.wire.v1 import SUBPROTOCOL

KEY = bytes.fromhex("12a55a33")
"""One key for all frames: a server has the same work to undo it."""


def handshake(*headers: str) -> bytes:
    """Return an opening handshake that is in order, with more headers."""
    lines = (
        "GET /ws HTTP/1.1",
        "Host: localhost",
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
        "Sec-WebSocket-Version: 13",
        *headers,
    )
    return "\r\n".join((*lines, "", "")).encode()


HANDSHAKE = handshake()
V1_HANDSHAKE = handshake(f"Sec-WebSocket-Protocol: {SUBPROTOCOL}")


def text(type_: str, **fields: object) -> bytes:
    """Return a message in a frame."""
    return masked(json.dumps({"type": type_, **fields}).encode())


def frame(opcode: Opcode, payload: bytes = b"", *, fin: bool = True, rsv: int = 0) -> bytes:
    """Return a short frame with any of its first bits; at most 125 bytes of payload."""
    key = KEY * (len(payload) // 4 + 1)
    body = bytes(a ^ b for a, b in zip(payload, key, strict=False))
    return bytes((fin << 7 | rsv << 4 | opcode, 0x80 | len(payload))) + KEY + body


def repeated(piece: bytes, least_bytes: int = 64 * 1024) -> bytes:
    """Return a piece so often that one system call takes much."""
    return piece * (least_bytes // len(piece) + 1)
