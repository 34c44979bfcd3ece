"""Clients of `duologue.v1` on real sockets: handshake, drops, take-over, goodbyes."""

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import Client, client_frame, until
from tests.support.program import Program, running
from tests.support.v1_client import V1Client, open_couple, receipt

from duologue.config import Settings
from duologue.server import Server, carrier
from duologue.wire.frames import Opcode

AWAY = {"type": "partner_away"}

Open = Callable[..., Awaitable[V1Client]]


@pytest.fixture
async def opened(server: Server) -> AsyncIterator[Open]:
    """Open connections to the default server or another; they end with the test."""
    async with AsyncExitStack() as stack:

        async def connect(port: int | None = None) -> V1Client:
            client = await V1Client.open(port or server.port)
            stack.push_async_callback(client.abort)
            return client

        yield connect


@pytest.fixture
async def couple(server: Server) -> AsyncIterator[tuple[V1Client, V1Client]]:
    """Alice and Bob, together in a room."""
    alice, bob = await open_couple(server.port)
    yield alice, bob
    for person in (alice, bob):
        await person.abort()


def resumed(code: str, partner: str, **counts: int) -> dict[str, object]:
    known = {"accepted": 0, "delivered": 0, "partner_read": 0} | counts
    who = {"partner": partner, "partner_here": True}
    return {"type": "resumed", "room_code": code, "pairing": 1, **who, **known}


def without_id(message: dict[str, object]) -> dict[str, object]:
    return {key: value for key, value in message.items() if key != "client_id"}


@pytest.mark.parametrize("path", ["/", "/ws"])
@pytest.mark.parametrize(
    ("offers", "speaks"),
    [
        ("", None),
        ("chat", None),
        ("duologue.v2, xduologue.v1, duologue.v1x", None),
        ("DUOLOGUE.V1", None),
        ("duologue.v1", "duologue.v1"),
        ("chat,duologue.v1 , superchat", "duologue.v1"),
        ("chat\r\nSec-WebSocket-Protocol: duologue.v1", "duologue.v1"),
    ],
)
async def test_the_subprotocol_is_agreed_on_only_if_it_is_offered(
    connect: Connect, path: str, offers: str, speaks: str | None
) -> None:
    client = await connect(path=path, offers=offers)
    agreed = f"sec-websocket-protocol: {speaks}\r\n".encode()
    assert client.head.count(b"sec-websocket-protocol") == (speaks is not None)
    assert (agreed in client.head) is (speaks is not None)
    assert (await client.hears()).get("protocol") == speaks


async def test_the_greeting_names_the_settings(start_server: StartServer) -> None:
    server = await start_server(max_content_bytes=99, heartbeat_s=7.5)
    client = await Client.connect(server.port, offers="duologue.v1")
    greeting = await client.hears()
    assert list(greeting) == [
        "type",
        "client_id",
        "protocol",
        "max_content_bytes",
        "heartbeat_s",
    ]
    assert (greeting["max_content_bytes"], greeting["heartbeat_s"]) == (99, 7.5)
    await client.abort()


async def test_chats_that_come_with_one_read_are_acknowledged_once(
    couple: tuple[V1Client, V1Client],
) -> None:
    alice, bob = couple
    words = b'{"type":"chat","pairing":1,"id":%d,"content":"hi"}'
    alice.writer.write(b"".join(client_frame(Opcode.TEXT, words % n) for n in range(1, 21)))
    assert [await bob.hears_chat() for _ in range(20)] == [(n, "hi") for n in range(1, 21)]
    assert await alice.hears() == receipt("sent", 20)
    await bob.says(receipt("received", 20), receipt("read", 19))
    assert await alice.hears() == receipt("delivered", 20)
    assert await alice.hears() == receipt("partner_read", 19)


@pytest.mark.parametrize("ending", ["reset", "abort", "hang_up", "goodbye", "nonsense"])
async def test_however_a_connection_ends_its_seat_is_kept(
    couple: tuple[V1Client, V1Client], opened: Open, ending: str
) -> None:
    alice, bob = couple
    await alice.chats(1, "one")
    assert await bob.hears_chat() == (1, "one")
    if ending == "goodbye":
        await bob.frame(Opcode.CLOSE, b"\x03\xe8")
    elif ending == "nonsense":
        await bob.frame(3)
    else:
        await getattr(bob, ending)()
    assert [await alice.hears() for _ in range(2)] == [receipt("sent", 1), AWAY]
    await alice.chats(2, "two")
    assert await alice.hears() == receipt("sent", 2)
    again = await opened()
    answer = await again.resumes(bob, received=1)
    assert without_id(answer) == resumed(alice.room_code, "Alice")
    assert await again.hears_chat() == (2, "two")
    assert await alice.hears() == {"type": "partner_back", "accepted": 2}
    assert await alice.hears() == receipt("delivered", 1)


async def test_a_resumption_need_not_wait_for_the_greeting(
    server: Server, couple: tuple[V1Client, V1Client]
) -> None:
    alice, bob = couple
    await bob.reset()
    assert await alice.hears() == AWAY
    again = await Client.connect(server.port, offers="duologue.v1")
    await again.says(
        {"type": "resume", "ticket": bob.ticket, "received": 0, "read": 0, "delivered": 0},
        {"type": "chat", "pairing": 1, "id": 1, "content": "back"},
    )
    assert [(await again.hears())["type"] for _ in range(3)] == ["connected", "resumed", "sent"]
    assert await alice.hears() == {"type": "partner_back", "accepted": 0}
    assert await alice.hears_chat() == (1, "back")
    await again.abort()


async def test_a_half_open_connection_is_taken_over_and_heard_no_more(
    server: Server, couple: tuple[V1Client, V1Client], opened: Open
) -> None:
    alice, bob = couple
    again = await opened()
    await again.resumes(bob)
    await bob.chats(1, "from the grave")
    await bob.says({"type": "leave_room"})
    assert await bob.hears_until_closed() == ([], 4001)
    await until(lambda: len(server.lobby.sessions) == 2)
    await again.chats(1, "alive")
    assert await alice.hears_chat() == (1, "alive")
    assert await again.hears() == receipt("sent", 1)


async def test_what_came_in_one_read_before_the_take_over_counts_and_after_it_not(
    couple: tuple[V1Client, V1Client], opened: Open
) -> None:
    alice, bob = couple
    again = await opened()
    await bob.chats(1, "before")
    assert await alice.hears_chat() == (1, "before")
    answer = await again.resumes(bob)
    assert answer["accepted"] == 1
    for number in range(2, 200):
        bob.writer.write(
            client_frame(
                Opcode.TEXT, b'{"type":"chat","pairing":1,"id":%d,"content":"x"}' % number
            )
        )
    assert await bob.hears_until_closed() == ([receipt("sent", 1)], 4001)
    await again.chats(2, "after")
    assert await alice.hears_chat() == (2, "after")


async def test_a_stalled_half_open_connection_is_taken_over_too(
    server: Server,
    couple: tuple[V1Client, V1Client],
    opened: Open,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(carrier, "LINGER_S", 1000.0)
    alice, bob = couple
    bob.stops_reading()
    said = 0
    while not server.lobby.stalled and said < 900:
        said += 1
        await alice.chats(said, "x" * 1100)
        await asyncio.sleep(0)
    again = await opened()
    answer = await again.resumes(bob)
    assert answer["type"] == "resumed"
    await until(lambda: not server.lobby.stalled)
    await until(lambda: not server._listener.lingering)  # It is cut off with all it was told.
    heard = [await again.hears_chat() for _ in range(said)]
    assert [number for number, _ in heard] == list(range(1, said + 1))
    bob.reads_again()


async def test_a_stopping_server_tells_each_kind_its_own_goodbye() -> None:
    async with Server(Settings(address="127.0.0.1:0")) as server:
        couple = await open_couple(server.port)
        rob = await Client.connect(server.port)
        people = [*couple, rob]
        goodbyes = asyncio.gather(*(person.hears_until_closed() for person in people))
    *v1, reference = await goodbyes
    assert (reference[1], [code for _, code in v1]) == (1001, [1012, 1012])
    waits = [messages[-1]["after_ms"] for messages, _ in v1]
    assert [[message["type"] for message in messages] for messages, _ in v1] == [
        ["reconnect"],
        ["reconnect"],
    ]
    assert waits == [0, 0]


async def come_back(
    old: tuple[V1Client, V1Client], program: Program
) -> tuple[V1Client, V1Client]:
    """Let Bob, who has one of Alice's two chats, come back first, then Alice."""
    alice, bob = await V1Client.open(program.port), await V1Client.open(program.port)
    answer = without_id(await bob.resumes(old[1], received=1))
    assert answer == resumed(bob.room_code, "Alice") | {"partner_here": False}
    answer = without_id(await alice.resumes(old[0]))
    assert answer == resumed(bob.room_code, "Bob", accepted=1, delivered=1)
    assert await bob.hears() == {"type": "partner_back", "accepted": 0}
    return alice, bob


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
async def test_two_meet_again_on_a_server_that_was_killed_and_started_anew(
    tmp_path: Path, number: signal.Signals
) -> None:
    with running(XDG_STATE_HOME=str(tmp_path)) as program:
        alice, bob = await open_couple(program.port)
        await alice.chats(1, "one")
        assert await bob.hears_chat() == (1, "one")
        assert await alice.hears() == receipt("sent", 1)
        program.process.send_signal(number)
        await alice.is_disconnected()
        await bob.is_disconnected()
        for person in (alice, bob):
            await person.abort()
        await asyncio.to_thread(program.process.communicate)
    with running(XDG_STATE_HOME=str(tmp_path)) as program:
        alice, bob = await come_back((alice, bob), program)
        await alice.chats(2, "two")
        assert await bob.hears_chat() == (2, "two")
        assert await alice.hears() == receipt("sent", 2)
        for person in (alice, bob):
            await person.abort()
