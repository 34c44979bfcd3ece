"""What a WebSocket client can do, right or wrong, on a real socket."""

import asyncio
import logging
from typing import Any

import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import Client, client_frame, meet

from duologue.server import Server
from duologue.wire.frames import Opcode

CHAT = b'{"type":"chat","content":"hi \xe2\x98\x83"}'
HEARD = {"type": "chat", "from": "Alice", "content": "hi ☃"}


@pytest.fixture
async def couple(connect: Connect) -> tuple[Client, Client]:
    """Alice and Bob, together in a room."""
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    return alice, bob


async def close_code(client: Client) -> int | None:
    return (await client.hears_until_closed())[1]


async def test_a_message_may_come_in_fragments_even_in_the_midst_of_a_character(
    couple: tuple[Client, Client],
) -> None:
    alice, bob = couple
    at = CHAT.index(b"\x98")
    await alice.frame(Opcode.TEXT, CHAT[:at], fin=False)
    await alice.frame(Opcode.PING, b"between")
    await alice.frame(Opcode.CONTINUATION, b"", fin=False)
    await alice.frame(Opcode.CONTINUATION, CHAT[at:])
    assert await bob.hears() == HEARD
    assert await alice.hears_frame() == (Opcode.PONG, b"between")


async def test_a_message_may_come_a_byte_at_a_time(couple: tuple[Client, Client]) -> None:
    alice, bob = couple
    for byte in client_frame(Opcode.TEXT, CHAT):
        alice.writer.write(bytes([byte]))
        await alice.writer.drain()
        await asyncio.sleep(0)
    assert await bob.hears() == HEARD


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        pytest.param([(Opcode.TEXT, b"\xff", {})], 1007, id="not UTF-8"),
        pytest.param([(Opcode.TEXT, b"\xe2\x98", {})], 1007, id="half a character"),
        pytest.param(
            [(Opcode.TEXT, b"\xe2", {"fin": False}), (Opcode.CONTINUATION, b"\x41", {})],
            1007,
            id="a character cut in two and spoilt",
        ),
        pytest.param([(Opcode.TEXT, b"x" * 200_000, {})], 1009, id="a frame over the limit"),
        pytest.param(
            [
                (Opcode.TEXT, b"x" * 90_000, {"fin": False}),
                (Opcode.CONTINUATION, b"x" * 90_000, {"fin": False}),
            ],
            1009,
            id="a message over the limit",
        ),
        pytest.param([(Opcode.TEXT, CHAT, {"masked": False})], 1002, id="not masked"),
        pytest.param([(Opcode.TEXT, CHAT, {"rsv": 4})], 1002, id="compressed"),
        pytest.param([(Opcode.PING, b"", {"rsv": 1})], 1002, id="a reserved bit"),
        pytest.param([(3, b"", {})], 1002, id="an unknown opcode"),
        pytest.param([(Opcode.CONTINUATION, b"x", {})], 1002, id="a continuation of nothing"),
        pytest.param(
            [(Opcode.TEXT, b"x", {"fin": False}), (Opcode.TEXT, b"x", {})],
            1002,
            id="a message inside a message",
        ),
        pytest.param([(Opcode.PING, b"", {"fin": False})], 1002, id="a fragmented PING"),
        pytest.param([(Opcode.PING, b"x" * 126, {})], 1002, id="a PING that is too long"),
        pytest.param([(Opcode.CLOSE, b"\x03\xe8", {})], 1000, id="goodbye"),
        pytest.param([(Opcode.CLOSE, b"\x0f\xa0bye", {})], 4000, id="goodbye with a reason"),
        pytest.param([(Opcode.CLOSE, b"", {})], None, id="goodbye without a code"),
        pytest.param([(Opcode.CLOSE, b"\x03", {})], 1002, id="half a close code"),
        pytest.param([(Opcode.CLOSE, b"\x03\xed", {})], 1002, id="a close code of nobody's"),
        pytest.param([(Opcode.CLOSE, b"\x03\xe8\xff", {})], 1007, id="a reason not UTF-8"),
    ],
)
async def test_a_connection_ends_with_the_right_code_and_the_partner_is_told(
    couple: tuple[Client, Client], frames: list[tuple[int, bytes, dict[str, Any]]], code: int
) -> None:
    alice, bob = couple
    for opcode, payload, options in frames:
        await alice.frame(opcode, payload, **options)
    assert await alice.hears_until_closed() == ([], code)
    assert await alice.is_disconnected()
    assert await bob.hears() == {"type": "partner_left"}


async def test_what_comes_after_a_goodbye_is_ignored(couple: tuple[Client, Client]) -> None:
    alice, bob = couple
    alice.writer.write(
        client_frame(Opcode.CLOSE, b"\x03\xe8") + client_frame(Opcode.TEXT, CHAT)
    )
    assert await close_code(alice) == 1000
    assert await bob.hears() == {"type": "partner_left"}


async def test_what_came_before_a_violation_is_still_passed_on(
    couple: tuple[Client, Client],
) -> None:
    alice, bob = couple
    alice.writer.write(client_frame(Opcode.TEXT, CHAT) + client_frame(Opcode.TEXT, b"\xff"))
    assert await close_code(alice) == 1007
    assert [await bob.hears(), await bob.hears()] == [HEARD, {"type": "partner_left"}]


@pytest.mark.parametrize(
    ("sent", "answered"),
    [
        pytest.param(
            [(Opcode.PING, b"1"), (Opcode.PING, b"2"), (3, b"")],
            [(Opcode.PONG, b"1"), (Opcode.PONG, b"2"), (Opcode.CLOSE, b"\x03\xea")],
            id="answers go before the close that comes of a later frame",
        ),
        pytest.param(
            [(Opcode.CLOSE, b"\x03\xe8"), (Opcode.CLOSE, b"\x03\xe8")],
            [(Opcode.CLOSE, b"\x03\xe8")],
            id="a goodbye is answered once",
        ),
        pytest.param(
            [(Opcode.TEXT, b"x" * 200_000), *[(Opcode.PING, b"")] * 500],
            [(Opcode.CLOSE, b"\x03\xf1")],
            id="what comes after a message that is too big is not misread",
        ),
    ],
)
async def test_a_close_is_the_last_frame_and_says_nothing_but_its_code(
    connect: Connect, sent: list[tuple[int, bytes]], answered: list[tuple[int, bytes]]
) -> None:
    alice = await connect(name="Alice")
    alice.writer.write(b"".join(client_frame(*frame) for frame in sent))
    assert [await alice.hears_frame() for _ in answered] == answered
    assert await alice.reader.read() == b""


@pytest.mark.parametrize("fin", [True, False])
async def test_a_binary_message_is_an_error_and_the_connection_stays(
    couple: tuple[Client, Client], fin: bool
) -> None:
    alice, bob = couple
    await alice.frame(Opcode.BINARY, CHAT, fin=fin)
    if not fin:
        await alice.frame(Opcode.CONTINUATION, CHAT)
    error = await alice.hears()
    assert (error["type"], error["code"]) == ("error", "invalid_message")
    await alice.frame(Opcode.TEXT, CHAT)
    assert await bob.hears() == HEARD


async def test_an_invalid_message_is_answered_and_the_connection_stays(
    couple: tuple[Client, Client],
) -> None:
    alice, bob = couple
    await alice.says(
        "{", {"type": "dance"}, {"type": "chat"}, '{"type":"typing","x":' + "[" * 90_000
    )
    assert [(await alice.hears())["message"] for _ in range(4)] == [
        "Invalid message format: Input data was truncated",
        "Invalid message format: Invalid value 'dance' - at `$.type`",
        "Invalid message format: Object missing required field `content`",
        "Invalid message format: JSON is nested too deeply",
    ]
    await alice.frame(Opcode.TEXT, CHAT)
    assert await bob.hears() == HEARD


async def test_a_ping_is_answered_with_its_own_payload(connect: Connect) -> None:
    alice = await connect(name="Alice")
    await alice.frame(Opcode.PING, b"x" * 125)
    assert await alice.hears_frame() == (Opcode.PONG, b"x" * 125)


async def test_a_partner_that_vanishes_without_a_word_has_left(
    couple: tuple[Client, Client],
) -> None:
    alice, bob = couple
    await alice.abort()
    assert await bob.hears() == {"type": "partner_left"}


async def test_clients_are_pinged_and_those_that_answer_stay(
    start_server: StartServer, connect: Connect
) -> None:
    server = await start_server(heartbeat_s=0.1)
    faithful, silent = await connect(server.port), await connect(server.port)
    await faithful.hears()
    for _ in range(4):
        assert await faithful.hears_frame() == (Opcode.PING, b"")
        await faithful.frame(Opcode.PONG)
    messages, code = await silent.hears_until_closed()
    assert ([message["type"] for message in messages], code) == (["connected"], 4002)


async def test_our_bug_ends_one_room_with_1011_and_serves_everyone_else(
    server: Server,
    connect: Connect,
    couple: tuple[Client, Client],
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    alice, bob = couple
    carol, dave = await connect(name="Carol"), await connect(name="Dave")
    code = await meet(carol, dave)
    broken = next(room for key, room in server.lobby.rooms.items() if key != code)
    real_say = type(broken).say

    def say(room: Any, seat: Any, content: str) -> None:
        if room is broken:
            raise ZeroDivisionError("secret")
        real_say(room, seat, content)

    monkeypatch.setattr(type(broken), "say", say)
    await alice.says({"type": "chat", "content": "hi"})
    assert await alice.hears_until_closed() == ([], 1011)
    assert await bob.hears_until_closed() == ([], 1011)
    await carol.says({"type": "chat", "content": "hi"})
    assert (await dave.hears())["content"] == "hi"
    assert [record.levelno for record in caplog.records if record.exc_info] == [logging.ERROR]
