"""A server of `duologue.v1` that says and does what a test wants, for testing clients."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from http import HTTPStatus
from typing import Any

import msgspec
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.http11 import Request, Response
from websockets.typing import Subprotocol

from duologue.wire import v1
from duologue.wire.codec import decode_v1, encode

CONNECTED = v1.Connected("client-1", v1.SUBPROTOCOL, 16384, 25.0)


class Visit:
    """One connection of a client."""

    def __init__(self, websocket: ServerConnection) -> None:
        self.websocket = websocket

    async def says(self, *messages: v1.ServerMessage | str | bytes) -> None:
        """Send messages: text and bytes as they are."""
        for message in messages:
            text = encode(message).decode() if isinstance(message, msgspec.Struct) else message
            await self.websocket.send(text)

    async def hears(self) -> v1.ClientMessage:
        """Wait for the next message of the client."""
        return decode_v1(str(await self.websocket.recv()))

    async def hears_a(self, kind: type[Any]) -> Any:
        """Wait for the next message of that kind."""
        while not isinstance(message := await self.hears(), kind):
            pass
        return message

    async def closes(self, code: int) -> None:
        """Send a CLOSE."""
        await self.websocket.close(code)

    async def until_closed(self) -> int | None:
        """Wait for the end; return the code of the client's CLOSE."""
        try:
            while True:
                await self.websocket.recv()
        except ConnectionClosed as closed:
            return None if closed.rcvd is None else closed.rcvd.code


Play = Callable[[Visit], Awaitable[None]]


@asynccontextmanager
async def puppet(
    *plays: Play, agrees: bool = True, context: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """Serve on the port that is returned; each connection gets the next play, then the last."""
    waiting = list(plays)

    async def perform(websocket: ServerConnection) -> None:
        play = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        with suppress(ConnectionClosed):
            await play(Visit(websocket))

    subprotocols = [Subprotocol(v1.SUBPROTOCOL)] if agrees else None
    async with serve(
        perform, "127.0.0.1", 0, ssl=context, subprotocols=subprotocols, close_timeout=2
    ) as server:
        yield next(iter(server.sockets)).getsockname()[1]


@asynccontextmanager
async def portal(statuses: list[HTTPStatus]) -> AsyncIterator[int]:
    """Answer each handshake with the next HTTP status, which is taken out of the list."""

    def refuse(connection: ServerConnection, _: Request) -> Response:
        return connection.respond(statuses.pop(0), "")

    async with serve(
        stays_away, "127.0.0.1", 0, process_request=refuse, close_timeout=2
    ) as server:
        yield next(iter(server.sockets)).getsockname()[1]


async def stays_away(_: ServerConnection) -> None:
    """Do nothing on a connection that nobody ever opens."""


async def stays(visit: Visit) -> None:
    """Greet, and deal with nothing until the client goes."""
    await visit.says(CONNECTED)
    await visit.until_closed()


async def vanishes(visit: Visit) -> None:
    """Be gone without a CLOSE."""
    visit.websocket.transport.abort()
    await asyncio.sleep(0)
