"""WebSocket frames as a client needs them (RFC 6455, section 5): masked out, plain in.

Pure bytes to bytes. Fragments are refused: no server here has a reason to fragment 64 bytes.
"""

from __future__ import annotations

from typing import NamedTuple

from duologue.wire.frames import Opcode, header

_FINAL = 0x80
_MASKED = 0x80
# One key for all frames: a server has the same work to undo it, and frames can be built once.
_KEY = bytes.fromhex("12a55a33")


class Frame(NamedTuple):
    """One whole frame from a server; `raw` is all of it, `payload` its inside."""

    opcode: int
    payload: bytes
    raw: bytes


class FrameError(ValueError):
    """The server sent something that is no plain, unfragmented frame."""


def masked(payload: bytes, opcode: Opcode = Opcode.TEXT) -> bytes:
    """Return one final, masked frame around `payload`."""
    first, size, *longer = header(opcode, len(payload))
    return bytes((first, _MASKED | size, *longer)) + _KEY + _mask(payload)


def plain(payload: bytes) -> bytes:
    """Return the frame that a server would send around the text `payload`."""
    return header(Opcode.TEXT, len(payload)) + payload


def split(stream: bytes) -> tuple[list[Frame], bytes]:
    """Cut the whole frames off the front of `stream`; return them and what is left."""
    frames = []
    start = 0
    while (end := _end_of_frame(stream, start)) is not None:
        head, stop = end
        if not stream[start] & _FINAL:
            raise FrameError("a fragmented frame")
        raw = stream[start:stop]
        frames.append(Frame(raw[0] & 0x0F, raw[head:], raw))
        start = stop
    return frames, stream[start:]


def _mask(payload: bytes) -> bytes:
    size = len(payload)
    key = (_KEY * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


def _end_of_frame(stream: bytes, start: int) -> tuple[int, int] | None:
    """Return the size of the head and where the frame ends, or None if it is not all here."""
    if len(stream) - start < 2:
        return None
    size = stream[start + 1]
    head = {126: 4, 127: 10}.get(size, 2)
    if len(stream) - start < head:
        return None
    if head > 2:
        size = int.from_bytes(stream[start + 2 : start + head], "big")
    stop = start + head + size
    return (head, stop) if stop <= len(stream) else None
