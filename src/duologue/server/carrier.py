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
    """Who wants to know that the library ends a connection, or has ended it."""

    def on_violation(self, code: int) -> None:
        """The peer broke the protocol; this is the close code that tells it so."""

    def on_closing(self) -> None:
        """Nothing more comes from this connection."""


class Carrier:
    """An asyncio transport whose `close` delivers the last words."""

    __slots__ = ("_is_refused", "_lingering", "owner", "transport")

    owner: Owner

    def __init__(self, transport: asyncio.Transport, lingering: "set[Linger]") -> None:
        self.transport = transport
        self._lingering = lingering
        self._is_refused = False

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """Look up a fact about the connection, as asyncio does."""
        return self.transport.get_extra_info(name, default)

    def get_write_buffer_size(self) -> int:
        """Say that something waits, or the library would write past us to the socket."""
        return 1

    def write(self, data: bytes) -> None:
        """Send the library's answer to the handshake; all else that it writes is CLOSE.

        It writes that one at once, ahead of the answers to the frames before,
        and in words of its own: the owner does better.
        """
        if data.startswith(b"HTTP/"):
            self.transport.write(data)
        else:
            self._is_refused = True
            self.owner.on_violation(int.from_bytes(data[2:4], "big"))

    def close(self) -> None:
        """End a connection whose peer broke the protocol. The library calls it.

        It may do so before the owner has told the reason; the owner hangs up then.
        """
        if not self._is_refused:
            self.hang_up()
            self.owner.on_closing()

    def hang_up(self) -> None:
        """Send what is buffered, say that it is all, and wait for the peer to hang up."""
        linger(self.transport, self._lingering)


class Receiver(asyncio.BufferedProtocol):
    """A protocol that takes bytes as they come.

    It is of the same kind as the WebSocket library's, so that a transport may
    be handed from one to the other at any moment. All use one buffer: what is
    read is dealt with at once.
    """

    __slots__ = ()

    _buffer = memoryview(bytearray(64 * 1024))

    def get_buffer(self, _sizehint: int) -> memoryview:
        """Lend the transport a place to read into."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read."""
        self.receive(bytes(self._buffer[:nbytes]))

    def receive(self, data: bytes) -> None:
        """Deal with what came."""
        raise NotImplementedError


class Linger(Receiver):
    """Listens to nothing more; ends with the peer's goodbye or when time is up.

    Attributes:
        gone: Done once the connection is.
    """

    def __init__(self, transport: asyncio.Transport, lingering: "set[Linger]") -> None:
        loop = asyncio.get_running_loop()
        self.gone: asyncio.Future[None] = loop.create_future()
        self._transport = transport
        self._lingering = lingering
        lingering.add(self)
        self._timer = loop.call_later(LINGER_S, transport.abort)
        take_over(transport, self)
        transport.resume_reading()  # A peer that was held could not say goodbye.
        if transport.can_write_eof():
            with contextlib.suppress(OSError):  # The peer may be gone: all the better.
                transport.write_eof()

    def abort(self) -> None:
        """Wait no longer."""
        self._transport.abort()

    def receive(self, data: bytes) -> None:
        """Ignore what comes after the end."""

    def connection_lost(self, _exc: Exception | None) -> None:
        """The peer hung up, or time was up."""
        self._timer.cancel()
        self._lingering.discard(self)
        self.gone.set_result(None)


def linger(transport: asyncio.Transport, lingering: set[Linger]) -> None:
    """Let a transport deliver the last words, unless it does already or is lost."""
    if not transport.is_closing() and not isinstance(transport.get_protocol(), Linger):
        Linger(transport, lingering)


def take_over(transport: asyncio.Transport, protocol: asyncio.BufferedProtocol) -> None:
    """Make `protocol` the one that hears a transport from now on."""
    # The standard library's stubs know only one of asyncio's two kinds of protocol here.
    transport.set_protocol(cast("asyncio.Protocol", protocol))
