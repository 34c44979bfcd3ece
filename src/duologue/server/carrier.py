"""The ends of a TCP connection's life that asyncio leaves to its user.

A `Carrier` stands between the WebSocket library and the transport, because
closing well takes more than `close()`: a socket closed with unread input is
reset, and the reset destroys the CLOSE frame that tells the peer why.
"""

import asyncio
import contextlib
from typing import Any, Protocol, cast

LINGER_S = 5.0
"""How long a peer may take to read the last words and hang up itself."""


class Owner(Protocol):
    """Who wants to know that a carrier has begun to close."""

    def on_closing(self) -> None:
        """Nothing more comes from this connection."""


class Carrier:
    """An asyncio transport whose `close` delivers the last words."""

    __slots__ = (
        "_is_closing",
        "_lingering",
        "get_write_buffer_size",
        "owner",
        "transport",
        "write",
    )

    owner: Owner

    def __init__(self, transport: asyncio.Transport, lingering: "set[Linger]") -> None:
        self.transport = transport
        self._is_closing = False
        self._lingering = lingering
        # The library calls these two for each write: no detour.
        self.get_write_buffer_size = transport.get_write_buffer_size
        self.write = transport.write

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Look up a fact about the connection, as asyncio does."""
        return self.transport.get_extra_info(name, default)

    def close(self) -> None:
        """Send what is buffered, say that it is all, and wait for the peer to hang up."""
        if not self._is_closing:
            self._is_closing = True
            Linger(self.transport, self._lingering)
            self.owner.on_closing()


class Linger(asyncio.Protocol):
    """Listens to nothing more; ends with the peer's goodbye or when time is up.

    Attributes:
        gone: Done once the connection is.
    """

    def __init__(self, transport: asyncio.Transport, lingering: "set[Linger]") -> None:
        loop = asyncio.get_running_loop()
        self.gone: asyncio.Future[None] = loop.create_future()
        self._transport = transport
        self._lingering = lingering
        if transport.is_closing():
            return
        lingering.add(self)
        self._timer = loop.call_later(LINGER_S, transport.abort)
        take_over(transport, self)
        if transport.can_write_eof():
            with contextlib.suppress(OSError):  # The peer may be gone: all the better.
                transport.write_eof()

    def abort(self) -> None:
        """Wait no longer."""
        self._transport.abort()

    def data_received(self, data: bytes) -> None:
        """Ignore what comes after the end."""

    def connection_lost(self, _exc: Exception | None) -> None:
        """The peer hung up, or time was up."""
        self._timer.cancel()
        self._lingering.discard(self)
        self.gone.set_result(None)


def take_over(transport: asyncio.Transport, protocol: asyncio.BaseProtocol) -> None:
    """Make `protocol` the one that hears a transport from now on."""
    # A transport learns only when it starts to read which kind of protocol it serves.
    if transport.is_reading():
        transport.pause_reading()
    transport.set_protocol(cast("asyncio.Protocol", protocol))
    transport.resume_reading()
