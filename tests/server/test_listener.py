"""What arrives at once is one batch, whatever it arrives with."""

import asyncio
import json

from tests.conftest import Connect
from tests.support.client import Client, client_frame, meet

from duologue.server import Server
from duologue.wire.frames import Opcode


async def test_many_messages_may_come_at_once(connect: Connect) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    await alice.says(*({"type": "chat", "content": str(number)} for number in range(2000)))
    heard = [(await bob.hears())["content"] for _ in range(2000)]
    assert heard == [str(number) for number in range(2000)]


async def test_frames_that_come_with_the_handshake_are_not_lost(server: Server) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(
        b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        + client_frame(
            Opcode.TEXT, json.dumps({"type": "set_username", "username": "x" * 5000}).encode()
        )
        + client_frame(Opcode.TEXT, b'{"type":"set_username","username":"Alice"}')
    )
    alice = Client(reader, writer)
    head = await reader.readuntil(b"\r\n\r\n")
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head
    heard = [(await alice.hears())["type"] for _ in range(3)]
    assert heard == ["connected", "error", "username_set"]
    await alice.abort()
