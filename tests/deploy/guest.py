"""Someone of `duologue.v1` with a client that is not ours, from an address of their choice."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from duologue.wire.v1 import SUBPROTOCOL
from tests.support.client import TIMEOUT_S


class Guest:
    """One connection.

    Attributes:
        ticket: The newest that it was given.
    """

    ticket = ""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection

    async def says(self, **message: object) -> None:
        """Send a message; `kind` is its type."""
        kind = message.pop("kind")
        await self.connection.send(json.dumps({"type": kind, **message}))

    async def hears(self, kind: str) -> Any:
        """Wait for the next message, which must be of this type."""
        async with asyncio.timeout(TIMEOUT_S):
            message = json.loads(await self.connection.recv())
        assert message["type"] == kind, message
        self.ticket = message.get("ticket", self.ticket)
        return message

    async def names(self, username: str) -> None:
        """Give a name."""
        await self.says(kind="set_username", username=username)
        await self.hears("username_set")

    async def is_closed_with(self) -> int | None:
        """Wait for the end, and return its code."""
        async with asyncio.timeout(TIMEOUT_S):
            try:
                while True:
                    await self.connection.recv()
            except ConnectionClosed as end:
                return None if end.rcvd is None else end.rcvd.code

    async def resets(self) -> None:
        """Let go of the connection without a word."""
        self.connection.transport.abort()
        await self.connection.wait_closed()


@asynccontextmanager
async def arriving(
    port: int,
    folder: Path,
    *,
    address: str = "127.0.0.5",
    page: str | None = None,
    headers: dict[str, str] | None = None,
) -> AsyncIterator[Guest]:
    """Connect over TLS, from an address of this machine, and hear the greeting."""
    context = ssl.create_default_context(cafile=folder / "cert.pem")
    async with connect(
        f"wss://127.0.0.1:{port}/ws",
        ssl=context,
        local_addr=(address, 0),
        origin=None if page is None else Origin(page),
        additional_headers=headers,
        subprotocols=[Subprotocol(SUBPROTOCOL)],
        compression=None,
        proxy=None,
        open_timeout=TIMEOUT_S,
        ping_interval=None,
    ) as connection:
        guest = Guest(connection)
        assert (await guest.hears("connected"))["protocol"] == SUBPROTOCOL
        yield guest


@asynccontextmanager
async def couple(port: int, folder: Path) -> AsyncIterator[tuple[Guest, Guest]]:
    """Let two come and take the seats of a new room."""
    async with arriving(port, folder) as alice, arriving(port, folder) as bob:
        await alice.names("Alice")
        await bob.names("Bob")
        await alice.says(kind="create_room")
        code = (await alice.hears("room_created"))["room_code"]
        await bob.says(kind="join_room", room_code=code)
        await bob.hears("room_joined")
        await alice.hears("partner_joined")
        yield alice, bob


async def talk(speaker: Guest, hearer: Guest, number: int, content: str) -> None:
    """Let one say something that the other hears."""
    await speaker.says(kind="chat", pairing=1, id=number, content=content)
    await speaker.hears("sent")
    message = await hearer.hears("chat")
    assert (message["id"], message["content"]) == (number, content)
