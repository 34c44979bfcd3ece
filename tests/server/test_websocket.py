"""The WebSocket library keeps what we rely on."""

import asyncio

from tests.conftest import StartServer
from tests.support.client import HANDSHAKE, Client, client_frame

from duologue.server import websocket
from duologue.wire.frames import Opcode
from duologue.wire.v1 import SUBPROTOCOL

SET_USERNAME = client_frame(Opcode.TEXT, b'{"type":"set_username","username":"Alice"}')


def test_the_kinds_of_frames_are_those_of_the_rfc() -> None:
    kinds = (
        websocket.TEXT,
        websocket.CONTINUATION,
        websocket.PING,
        websocket.PONG,
        websocket.CLOSE,
    )
    assert [kind.value for kind in kinds] == [
        Opcode.TEXT,
        Opcode.CONTINUATION,
        Opcode.PING,
        Opcode.PONG,
        Opcode.CLOSE,
    ]


async def test_the_answer_agrees_on_what_both_speak_and_on_nothing_else(
    start_server: StartServer,
) -> None:
    server = await start_server()
    plain = await Client.connect(server.port)
    v1 = await Client.connect(server.port, offers=SUBPROTOCOL)
    assert b"sec-websocket-protocol" not in plain.head
    assert b"sec-websocket-protocol: duologue.v1\r\n" in v1.head
    assert b"sec-websocket-extensions" not in plain.head + v1.head
    for client in (plain, v1):
        await client.abort()


async def test_what_came_with_the_handshake_may_be_longer_than_the_first_buffer(
    start_server: StartServer,
) -> None:
    server = await start_server()
    client = await _connect_saying(server.port, SET_USERNAME * 300)
    heard = [(await client.hears())["type"] for _ in range(301)]
    await client.abort()
    assert heard == ["connected", *["username_set"] * 300]


async def _connect_saying(port: int, words: bytes) -> Client:
    """Shake hands, and say more in the same breath."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(HANDSHAKE.format(path="/ws").encode() + words)
    client = Client(reader, writer)
    client.head = await reader.readuntil(b"\r\n\r\n")
    return client
