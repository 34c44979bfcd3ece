"""The ends of a TCP connection's life that asyncio leaves to its user.

A `Carrier` stands between the WebSocket library and the transport, because
closing well takes more than `close()`: a socket closed with unread input is
reset, and the reset destroys the CLOSE frame that tells the peer why.
"""

import asyncio
import contextlib
from typing import Any, Protocol, cast

from duologue.wire.frames import ends_with_close

LINGER_S = 5.0
"""How long a peer may take to read the last words and hang up itself."""

SILENCE_S = 1.0
"""After so much silence over TLS a peer is taken to have heard them."""


_SIP_BYTES = 2 * 1024


class Owner(Protocol):
    """Who wants to know that the library ends a connection, or has ended it."""

    def on_violation(self, code: int) -> None:
        """The peer broke the protocol; this is the close code that tells it so."""

    def on_closing(self) -> None:
        """Nothing more comes from this connection."""

    def on_more(self) -> None:
        """The peer has said more than is read at a time by now; see `Carrier.sip`."""


class _Nobody:
    """Owns what has no owner any more."""

    def on_violation(self, _code: int) -> None: ...

    def on_closing(self) -> None: ...

    def on_more(self) -> None: ...


NOBODY: Owner = _Nobody()


class Carrier:
    """An asyncio transport whose `close` delivers the last words.

    Attributes:
        is_over: Whether the peer has said its own last word.
    """

    __slots__ = ("_is_refused", "_is_sipping", "_lingering", "is_over", "owner", "transport")

    owner: Owner

    def __init__(self, transport: asyncio.Transport, lingering: "set[Linger]") -> None:
        self.transport = transport
        self._lingering = lingering
        self._is_refused = self._is_sipping = False
        self.is_over = False

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

    def sip(self) -> None:
        """Read less at a time from now on: what one read brings is dealt with in one go."""
        if not self._is_sipping:
            self._is_sipping = True
            # It is our own `take_over` that set this one.
            protocol = cast("asyncio.BufferedProtocol", self.transport.get_protocol())
            take_over(self.transport, _Sips(protocol, self))

    def hang_up(self) -> None:
        """Send what is buffered, say that it is all, and wait for the peer to hang up."""
        linger(self.transport, self._lingering, is_over=self.is_over)


class _Sips(asyncio.BufferedProtocol):
    """Passes all on to another protocol, but lets it read less at a time."""

    __slots__ = ("_carrier", "_protocol")

    def __init__(self, protocol: asyncio.BufferedProtocol, carrier: Carrier) -> None:
        self._protocol = protocol
        self._carrier = carrier

    def get_buffer(self, sizehint: int) -> memoryview:
        """Lend the transport a part of the place to read into."""
        return memoryview(self._protocol.get_buffer(sizehint))[:_SIP_BYTES]

    def buffer_updated(self, nbytes: int) -> None:
        """Pass on how much was read. After a sip that was full uvloop would take another."""
        self._protocol.buffer_updated(nbytes)
        if nbytes == _SIP_BYTES:
            self._carrier.owner.on_more()

    def eof_received(self) -> bool | None:
        """Pass on that nothing more will be read."""
        return self._protocol.eof_received()

    def pause_writing(self) -> None:
        """Pass on that much waits to be written."""
        self._protocol.pause_writing()

    def resume_writing(self) -> None:
        """Pass on that it has been written."""
        self._protocol.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """Pass on the end."""
        self._protocol.connection_lost(exc)


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

    TLS cannot end one half of a connection. There we hang up first, once the
    peer has nothing more to say: what it says after that would be a fault, and
    end the connection before our last words are read.

    Attributes:
        gone: Done once the connection is.
    """

    _silence: asyncio.TimerHandle | None = None

    def __init__(
        self, transport: asyncio.Transport, lingering: "set[Linger]", *, is_over: bool
    ) -> None:
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
        elif is_over:
            transport.close()
        else:
            self._silence = loop.call_later(SILENCE_S, transport.close)

    def abort(self) -> None:
        """Wait no longer."""
        self._transport.abort()

    def receive(self, data: bytes) -> None:
        """Ignore what comes after the end, but for how it ends."""
        if self._silence is not None:
            self._silence.cancel()
            wait_s = 0.0 if ends_with_close(data) else SILENCE_S
            loop = asyncio.get_running_loop()
            self._silence = loop.call_later(wait_s, self._transport.close)

    def connection_lost(self, _exc: Exception | None) -> None:
        """The peer hung up, or time was up."""
        self._timer.cancel()
        if self._silence is not None:
            self._silence.cancel()
        self._lingering.discard(self)
        self.gone.set_result(None)


def linger(transport: asyncio.Transport, lingering: set[Linger], *, is_over: bool) -> None:
    """Let a transport deliver the last words, unless it does already or is lost.

    Args:
        transport: What has been written to for the last time.
        lingering: Where all such connections are.
        is_over: Whether the peer, too, has said its last word.
    """
    if not transport.is_closing() and not isinstance(transport.get_protocol(), Linger):
        Linger(transport, lingering, is_over=is_over)


def take_over(transport: asyncio.Transport, protocol: asyncio.BufferedProtocol) -> None:
    """Make `protocol` the one that hears a transport from now on."""
    # The standard library's stubs know only one of asyncio's two kinds of protocol here.
    transport.set_protocol(cast("asyncio.Protocol", protocol))
