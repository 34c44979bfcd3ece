"""A whole server on a `Loop`, and the far ends of its connections.

Nothing here needs a socket, a clock or chance: what a server does depends on
the input alone. `Stage` also says what must be true of it in the end.
"""

import asyncio
import hashlib
import itertools
import logging
import secrets
import time
import uuid
from contextlib import ExitStack
from types import TracebackType
from typing import Any, Self, cast
from unittest.mock import patch

from duologue.config import Settings
from duologue.server import Server
from fuzzing.loop import Loop

SOURCE = "192.0.2.1"


class _Socket:
    """What the WebSocket library wants of a socket: to set its options."""

    def setsockopt(self, *_: object) -> None: ...

    def getsockopt(self, *_: object) -> int:
        return 0

    def fileno(self) -> int:
        return -1


class Wire(asyncio.Transport):
    """One connection: to the server its transport, to us the other end.

    Attributes:
        output: All that the server has said and the peer has read.
        is_over: Whether the server has said all that it will, and knows that
            the peer is gone.
        has_ended: Whether the server has said that this was all.
    """

    def __init__(self, loop: Loop, source: str) -> None:
        peer, here = (source, 50_000), ("192.0.2.9", 80)
        super().__init__({"peername": peer, "sockname": here, "socket": _Socket()})
        self._loop = loop
        self._protocol: asyncio.BaseProtocol | None = None
        self._arriving = bytearray()
        self._leaving = bytearray()
        self._high, self._low = 64 * 1024, 16 * 1024
        self._is_read = True
        self._is_heard = True
        self._is_full = False
        self._is_closing = False
        self.output = bytearray()
        self.has_ended = False
        self.is_over = False

    # What the peer does

    def say(self, data: bytes) -> None:
        """Let bytes arrive, as soon as the server reads."""
        self._arriving += data
        self._hear()

    def say_no_more(self) -> None:
        """Close the sending half."""
        if not self._is_closing and not self._asks_to_stay_open():
            self.close()

    def read(self, is_reading: bool) -> None:
        """Read what the server says from now on, or leave it unread."""
        self._is_read = is_reading
        self._drain()

    def vanish(self) -> None:
        """Be gone without a word."""
        self._lose(ConnectionResetError())

    # What the server does

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self.has_ended, "something is said after the end"
        if not self._is_closing:
            self._leaving += data
            self._drain()
            if len(self._leaving) > self._high and not self._is_full:
                self._is_full = True
                cast("asyncio.BaseProtocol", self._protocol).pause_writing()

    def write_eof(self) -> None:
        self.has_ended = True

    def can_write_eof(self) -> bool:
        return True

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._high = 64 * 1024 if high is None else high
        self._low = self._high // 4 if low is None else low

    def get_write_buffer_size(self) -> int:
        return len(self._leaving)

    def pause_reading(self) -> None:
        self._is_heard = False

    def resume_reading(self) -> None:
        self._is_heard = True
        self._loop.call_soon(self._hear)

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        if not self._is_closing:
            self._is_closing = True
            self._drain()

    def abort(self) -> None:
        self._leaving.clear()
        self._lose(None)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self._protocol is not None
        return self._protocol

    # The rest

    def _hear(self) -> None:
        while self._arriving and self._is_heard and not self._is_closing:
            protocol = cast("asyncio.BufferedProtocol", self._protocol)
            buffer = cast("memoryview", protocol.get_buffer(len(self._arriving)))
            size = min(len(buffer), len(self._arriving))
            buffer[:size] = self._arriving[:size]
            del buffer, self._arriving[:size]
            protocol.buffer_updated(size)

    def _asks_to_stay_open(self) -> bool:
        return bool(cast("asyncio.Protocol", self._protocol).eof_received())

    def _drain(self) -> None:
        if self._is_read:
            self.output += self._leaving
            self._leaving.clear()
            if self._is_full:
                self._is_full = False
                self.get_protocol().resume_writing()
            if self._is_closing:
                self._lose(None)

    def _lose(self, error: Exception | None) -> None:
        if not self.is_over:
            self.is_over = self._is_closing = True
            self._loop.call_soon(lambda: self.get_protocol().connection_lost(error))


class Stage:
    """A server for as long as the `with` block lasts; then it must be in order.

    Attributes:
        wires: All connections that there were, the oldest first.
    """

    def __init__(self, **settings: Any) -> None:
        self._settings = {"address": "127.0.0.1:0", "secret": "s" * 32, **settings}
        self.loop = Loop()  # type: ignore[abstract]  # it has what is called
        self.wires: list[Wire] = []
        self._warnings = _Warnings()
        self._exit = ExitStack()

    def __enter__(self) -> Self:
        drawn = itertools.count()

        def draw(size: int | None = None) -> bytes:
            return hashlib.shake_128(b"%d" % next(drawn)).digest(size or 32)

        enter = self._exit.enter_context
        enter(self._warnings)
        enter(self.loop.running())
        enter(patch.object(secrets, "token_bytes", draw))
        enter(patch.object(uuid, "uuid4", lambda: uuid.UUID(bytes=draw(16), version=4)))
        enter(patch.object(time, "time_ns", lambda: int(self.loop.now * 1e9)))
        self.server = Server(Settings(**self._settings))
        self.loop.finish(self.server.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        with self._exit:
            if error is None:
                self._end_well()

    def arrive(self, source: str = SOURCE) -> Wire:
        """Open a connection."""
        wire = Wire(self.loop, source)
        protocol = self.loop.protocols[0]()
        wire.set_protocol(protocol)
        self.wires.append(wire)
        protocol.connection_made(wire)
        return wire

    def _end_well(self) -> None:
        """Nobody is left, so nothing may be; and nothing may have gone wrong."""
        lobby = self.server.lobby
        for wire in self.wires:
            wire.vanish()
        self.loop.rest()
        assert not len(lobby.sessions), "a session outlives its connection"
        assert not lobby.stalled, "a stalled session outlives its connection"
        for _ in range(4):
            self.loop.oversleep(self.server.settings.ticket_life_s)
        assert not lobby.rooms, "a room outlives everyone"
        assert not self.server._hall.doors, "a door outlives its connection"
        assert not self.server._listener.lingering, "a goodbye outlives its connection"
        self.loop.finish(self.server.__aexit__(None, None, None))
        assert not self.loop.faults, self.loop.faults
        assert not self._warnings.texts, self._warnings.texts[0]


class _Warnings(logging.Handler):
    """Keeps what the server's log warns of, for as long as the `with` block lasts."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        if not record.getMessage().endswith("(this is said once)"):  # That is about settings.
            self.texts.append(logging.Formatter().format(record))

    def __enter__(self) -> Self:
        log = logging.getLogger("duologue")
        self._before = log.level, log.propagate
        log.addHandler(self)
        log.setLevel(logging.WARNING)
        log.propagate = False
        return self

    def __exit__(self, *_: object) -> None:
        log = logging.getLogger("duologue")
        log.removeHandler(self)
        log.level, log.propagate = self._before
