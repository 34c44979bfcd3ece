"""One TCP connection of one person: the upgrade, whole texts, and a reset instead of a goodbye.

As light as it can be, since thousands of them share the load generator's core.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterable
from typing import Protocol, cast

from duologue.bench.dialects import DIALECTS
from duologue.bench.frames import FrameError, masked, split
from duologue.bench.link import RESET_ON_CLOSE, check_begin, check_upgrade, upgrade_request
from duologue.bench.target import Target
from duologue.errors import LoadError
from duologue.wire.frames import Opcode

_DIALECT = DIALECTS["v1"]
_HEAD_END = b"\r\n\r\n"
_NO_CLOSE_FRAME = 1006


class Owner(Protocol):
    """Whose connection it is."""

    def on_connected(self, wire: Wire) -> None:
        """TCP is there; the server has not answered yet."""

    def on_open(self) -> None:
        """The server has agreed to speak `duologue.v1`."""

    def on_texts(self, texts: list[str]) -> None:
        """The server said this, all in one read."""

    def on_lost(self, wire: Wire, code: int) -> None:
        """A connection is gone; why, as a WebSocket close code."""


class Wire(asyncio.Protocol):
    """A connection that is being opened, or open, or gone."""

    def __init__(self, owner: Owner, target: Target) -> None:
        """Belong to `owner`; asyncio connects it to `target`."""
        self._owner = owner
        self._target = target
        self._buffer = b""
        self._is_open = False
        self._code = _NO_CLOSE_FRAME
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for the upgrade."""
        self._transport = cast("asyncio.Transport", transport)
        self._transport.write(upgrade_request(self._target, _DIALECT))
        self._owner.on_connected(self)

    def data_received(self, data: bytes) -> None:
        """Pass on what is whole."""
        self._buffer += data
        if not self._is_open:
            head, end, rest = self._buffer.partition(_HEAD_END)
            if not end:
                check_begin(self._buffer)
                return
            check_upgrade(head, _DIALECT)
            self._is_open, self._buffer = True, rest
            self._owner.on_open()
        try:
            frames, self._buffer = split(self._buffer)
        except FrameError as error:
            raise LoadError(f"the server sent {error}") from error
        texts = []
        for frame in frames:
            if frame.opcode == Opcode.TEXT:
                texts.append(frame.payload.decode())
            elif frame.opcode == Opcode.PING:
                self._transport.write(masked(frame.payload, Opcode.PONG))
            elif frame.opcode == Opcode.CLOSE:
                self._code = int.from_bytes(frame.payload[:2], "big")
                self._transport.write(masked(frame.payload[:2], Opcode.CLOSE))
        if texts:
            self._owner.on_texts(texts)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the owner."""
        del exc
        self._owner.on_lost(self, self._code)

    def say(self, texts: Iterable[bytes]) -> None:
        """Send texts, one frame each, in one write."""
        self._transport.write(b"".join(map(masked, texts)))

    def reset(self) -> None:
        """Be gone at once: what the kernel holds in either direction is thrown away (RST)."""
        sock: socket.socket = self._transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        self._transport.abort()
