"""One WebSocket connection to a server. Decides nothing.

The only file that imports the WebSocket library, whose exceptions end here.
"""

import asyncio
import logging
import os
import re
import ssl as tls
from collections.abc import Sequence
from contextlib import suppress
from typing import Never, Self

from websockets.asyncio.client import ClientConnection
from websockets.asyncio.client import connect as open_websocket
from websockets.exceptions import (
    ConnectionClosed,
    InvalidHeader,
    InvalidStatus,
    NegotiationError,
    WebSocketException,
)
from websockets.http11 import Response
from websockets.typing import Subprotocol

from duologue.client.reading import Unreadable, read
from duologue.client.reconnecting import Timing
from duologue.errors import ConnectError, Rejected, SubprotocolRefused
from duologue.wire import v1
from duologue.wire.close import CloseCode
from duologue.wire.codec import encode

_MOST_MESSAGE_BYTES = 6 * 1024 * 1024 + 12 * 1024 + 1024
"""The longest chat under the largest settings of a server: JSON may take six
bytes for one of the content, and twelve for a character of the name."""

_TEMPORARY = frozenset({408, 425, 429})
"""HTTP statuses that sound like a client's fault and go away by themselves."""

_REASONS = {
    429: "the server takes no more connections from here",
    503: "the server is full",
}
"""What an HTTP status means together with `Retry-After`."""

_SECONDS = re.compile(r"[0-9]{1,9}", re.ASCII)
"""The form of `Retry-After` that our servers use; the other is a date (RFC 9110)."""

_muffled = logging.getLogger("duologue.client.websockets")
_muffled.setLevel(logging.WARNING)
"""At lower levels the library would log what people say."""


class LinkLost(Exception):
    """The connection is gone, or no good.

    Attributes:
        code: What the server's CLOSE gave as the reason; None if there was none.
        is_broken: Whether what came over it cannot be right.
    """

    def __init__(self, code: int | None = None, *, is_broken: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.is_broken = is_broken


class LiveLink:
    """An open connection."""

    def __init__(self, websocket: ClientConnection, timing: Timing) -> None:
        self._websocket = websocket
        self._timing = timing

    @classmethod
    async def open(cls, url: str, context: tls.SSLContext | None, timing: Timing) -> Self:
        """Connect and agree on the subprotocol.

        Cancelling it leaves nothing behind.

        Raises:
            ConnectError: It did not work this time.
            Rejected: It never will.
        """
        try:
            websocket = await open_websocket(
                url,
                subprotocols=[Subprotocol(v1.SUBPROTOCOL)],
                compression=None,
                open_timeout=timing.connect_timeout_s,
                ping_interval=None,  # See keep_alive.
                close_timeout=timing.close_timeout_s,
                max_size=_MOST_MESSAGE_BYTES,
                logger=_muffled,
                ssl=context or (True if url.startswith("wss:") else None),
            )
        except InvalidStatus as error:
            raise _refused(url, error.response) from None
        except NegotiationError:
            raise SubprotocolRefused(url, "the server speaks another protocol") from None
        except InvalidHeader as error:
            raise Rejected(url, f"this is no WebSocket server: {error}") from None
        except (OSError, EOFError, WebSocketException) as error:
            raise ConnectError(url, _why(error)) from None
        link = cls(websocket, timing)
        if websocket.subprotocol is None:
            await link.close()
            raise SubprotocolRefused(url, f"the server does not speak {v1.SUBPROTOCOL}")
        return link

    async def hear(self) -> v1.ServerMessage | None:
        """Return the next message; None for one that only later clients know.

        Cancelling it loses nothing.

        Raises:
            LinkLost: There will be none.
        """
        try:
            text = await self._websocket.recv()
        except ConnectionClosed as closed:
            raise _lost(closed) from None
        try:
            if isinstance(text, str):
                return read(text)
        except Unreadable:
            pass
        raise LinkLost(is_broken=True)

    async def say(self, messages: Sequence[v1.ClientMessage]) -> None:
        """Send messages; waits while the server does not read.

        Cancelling it may leave some of them unsaid.

        Raises:
            LinkLost: Some of them may not have been sent.
        """
        try:
            for message in messages:
                await self._websocket.send(encode(message), text=True)
        except ConnectionClosed as closed:
            raise _lost(closed) from None

    async def keep_alive(self) -> Never:
        """Notice a server that is gone without a word. Cancel it to end it.

        The library's own keepalive cannot: it waits without a limit where the
        system takes no more to write, which is just what happens then.

        Raises:
            LinkLost: It does not answer.
        """
        timing = self._timing
        while True:
            await asyncio.sleep(timing.ping_interval_s)
            try:
                async with asyncio.timeout(timing.ping_timeout_s):
                    await (await self._websocket.ping())
            except TimeoutError:
                raise LinkLost from None
            except ConnectionClosed as closed:
                raise _lost(closed) from None

    async def close(self, code: int = CloseCode.NORMAL) -> None:
        """Say goodbye, if the server still listens, and let go of the connection.

        Cancelling it cuts the goodbye short.
        """
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._timing.close_timeout_s):
                    await self._websocket.close(code)
        finally:
            await self.abort()

    async def abort(self) -> None:
        """Let go of the connection at once."""
        self._websocket.transport.abort()
        await self._websocket.wait_closed()


def _refused(url: str, response: Response) -> ConnectError:
    """Return what to raise for an answer that is no upgrade."""
    status = response.status_code
    if status < 500 and status not in _TEMPORARY:
        return Rejected(url, f"the server answers with HTTP {status}")
    text = response.headers.get("Retry-After", "")
    if not _SECONDS.fullmatch(text):
        return ConnectError(url, f"the server answers with HTTP {status}")
    reason = _REASONS.get(status, f"the server answers with HTTP {status}")
    return ConnectError(url, f"{reason}: try again in {int(text)} s", int(text))


def _lost(closed: ConnectionClosed) -> LinkLost:
    """Tell the server's reason from our own."""
    if closed.rcvd is None or closed.rcvd_then_sent is False:
        return LinkLost(is_broken=closed.sent is not None)
    return LinkLost(closed.rcvd.code)


def _why(error: Exception) -> str:
    if isinstance(error, tls.SSLError):
        return f"TLS: {error.reason or error}"
    if isinstance(error, OSError) and error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)  # The event loops have words of their own.
    return str(error) or "the connection was closed"
