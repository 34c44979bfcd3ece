"""A WebSocket client that can do everything wrong, for testing the edge.

It writes exactly the frames it is told to and hides nothing of what comes.
"""

import asyncio
import contextlib
import json
import os
import socket
import ssl
import struct
from collections.abc import Callable
from typing import Any, NamedTuple, Self, cast

from duologue.wire.frames import Opcode

TIMEOUT_S = 60.0
"""After this long a test has failed; none waits for it otherwise."""

HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Frame(NamedTuple):
    """A frame as it came from the server."""

    opcode: int
    payload: bytes

    @property
    def close_code(self) -> int | None:
        """The code of a CLOSE, if it has one."""
        return int.from_bytes(self.payload[:2], "big") if self.payload else None


class Client:
    """One connection, after its opening handshake.

    Attributes:
        head: The server's answer to the handshake, in lower case.
    """

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.head = b""

    @classmethod
    async def connect(  # noqa: PLR0913 - a test says what it needs, and the rest is left out
        cls,
        port: int,
        *,
        path: str = "/ws",
        host: str = "127.0.0.1",
        receive_buffer: int = 0,
        offers: str = "",
        tls: ssl.SSLContext | None = None,
    ) -> Self:
        """Connect and shake hands.

        Args:
            port: Of the server.
            path: What is asked for.
            host: Where the server is.
            receive_buffer: Makes the kernel hold less, in bytes.
            offers: The subprotocols that are asked for.
            tls: How to speak TLS; None for a plain connection.
        """
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        connection = socket.socket(family)
        connection.setblocking(False)
        if receive_buffer:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        try:
            await asyncio.get_running_loop().sock_connect(connection, (host, port))
        except OSError:
            connection.close()
            raise
        reader, writer = await asyncio.open_connection(
            sock=connection, ssl=tls, server_hostname=host if tls else None
        )
        handshake = HANDSHAKE.format(path=path)
        if offers:
            handshake = handshake.removesuffix("\r\n")
            handshake += f"Sec-WebSocket-Protocol: {offers}\r\n\r\n"
        writer.write(handshake.encode())
        client = cls(reader, writer)
        async with asyncio.timeout(TIMEOUT_S):
            client.head = (await reader.readuntil(b"\r\n\r\n")).lower()
        assert client.head.startswith(b"http/1.1 101 "), client.head
        return client

    async def introduce(self, username: str) -> None:
        """Give a name."""
        await self.says({"type": "set_username", "username": username})
        assert (await self.hears())["type"] == "connected"
        assert (await self.hears())["type"] == "username_set"

    async def says(self, *messages: object) -> None:
        """Send messages: a dict as JSON, a string as it is."""
        for message in messages:
            text = message if isinstance(message, str) else json.dumps(message)
            self.writer.write(client_frame(Opcode.TEXT, text.encode()))
        await self.writer.drain()

    async def frame(self, opcode: int, payload: bytes = b"", **options: Any) -> None:
        """Send one frame."""
        self.writer.write(client_frame(opcode, payload, **options))
        await self.writer.drain()

    async def hears_frame(self) -> Frame:
        """Wait for the next frame of any kind."""
        async with asyncio.timeout(TIMEOUT_S):
            first, second = await self.reader.readexactly(2)
            size = second & 0x7F
            if size >= 126:
                size = int.from_bytes(
                    await self.reader.readexactly(2 if size == 126 else 8), "big"
                )
            return Frame(first & 0x0F, await self.reader.readexactly(size))

    async def hears(self) -> Any:
        """Wait for the next message and return what its JSON says."""
        frame = await self.hears_frame()
        assert frame.opcode == Opcode.TEXT, frame
        return json.loads(frame.payload)

    async def hears_until_closed(self) -> tuple[list[Any], int | None]:
        """Return all messages up to the CLOSE, and its code; then hang up."""
        messages: list[Any] = []
        while True:
            frame = await self.hears_frame()
            if frame.opcode == Opcode.CLOSE:
                await self.hang_up()
                return messages, frame.close_code
            if frame.opcode == Opcode.TEXT:
                messages.append(json.loads(frame.payload))

    async def is_disconnected(self) -> bool:
        """Wait until the server has let go of the connection."""
        try:
            async with asyncio.timeout(TIMEOUT_S):
                while await self.reader.read(65536):
                    pass
        except ConnectionError:
            pass
        return True

    def stops_reading(self) -> None:
        """Leave what comes to the kernel, which soon takes no more."""
        self._read_transport.pause_reading()

    def reads_again(self) -> None:
        """Go on reading."""
        self._read_transport.resume_reading()

    @property
    def _read_transport(self) -> asyncio.Transport:
        return cast("asyncio.Transport", self.writer.transport)

    async def hang_up(self) -> None:
        """Close the TCP connection as a polite program does."""
        self.writer.close()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()

    async def reset(self) -> None:
        """Let go of the connection with a TCP reset, which takes with it what was not read."""
        connection = self.writer.get_extra_info("socket")
        now = struct.pack("ii", 1, 0)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, now)
        await self.abort()

    async def abort(self) -> None:
        """Let go of the connection at once."""
        if not self.writer.transport.is_closing():
            self.writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await self.writer.wait_closed()


async def until(condition: Callable[[], object]) -> None:
    """Wait for something that the server does in its own time."""
    async with asyncio.timeout(TIMEOUT_S):
        while not condition():  # noqa: ASYNC110 - the server has no event for tests
            await asyncio.sleep(0)


def client_frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, rsv: int = 0, masked: bool = True
) -> bytes:
    """Make a frame as a client writes it, or as it should not."""
    head = bytearray([fin << 7 | rsv << 4 | opcode])
    mask_bit = 0x80 if masked else 0
    if len(payload) < 126:
        head.append(mask_bit | len(payload))
    elif len(payload) < 1 << 16:
        head.append(mask_bit | 126)
        head += len(payload).to_bytes(2, "big")
    else:
        head.append(mask_bit | 127)
        head += len(payload).to_bytes(8, "big")
    if not masked:
        return bytes(head) + payload
    mask = os.urandom(4)
    key = int.from_bytes((mask * (len(payload) // 4 + 1))[: len(payload)], "big")
    body = (int.from_bytes(payload, "big") ^ key).to_bytes(len(payload), "big")
    return bytes(head) + mask + body


async def meet(alice: Client, bob: Client) -> str:
    """Bring two named clients together in a room and return its code."""
    await alice.says({"type": "create_room"})
    code: str = (await alice.hears())["room_code"]
    await bob.says({"type": "join_room", "room_code": code})
    assert (await bob.hears())["type"] == "room_joined"
    assert (await alice.hears())["type"] == "partner_joined"
    return code
