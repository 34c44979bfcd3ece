"""Who asks for too much over a real socket: slowed down, told when to come again."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, suppress

import pytest
from tests.conftest import StartServer
from tests.support.client import HANDSHAKE, TIMEOUT_S, Client, meet, until

from duologue.server import Server
from duologue.wire.close import CloseCode
from duologue.wire.frames import Opcode

CHAT = {"type": "chat", "content": "x"}
COUNT_ALL = {"uncounted": "off"}


class Answer:
    """What an HTTP request got."""

    def __init__(self, head: bytes) -> None:
        lines = head.decode().splitlines()
        self.status = int(lines[0].split()[1])
        fields = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
        self.retry_after_s = int(fields.get("Retry-After", 0))


@pytest.fixture
async def open_sockets() -> AsyncIterator[AsyncExitStack]:
    """What is opened here is closed in the end."""
    async with AsyncExitStack() as stack:
        yield stack


async def ask(server: Server, stack: AsyncExitStack, request: str = "") -> Answer:
    """Send an opening handshake, or something else, and leave the connection open."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    stack.push_async_callback(hang_up, reader, writer)
    writer.write((request or HANDSHAKE.format(path="/ws")).encode())
    async with asyncio.timeout(TIMEOUT_S):
        return Answer(await reader.readuntil(b"\r\n\r\n"))


async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Close a connection whose reader was kept until now: it would have ended with that."""
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()


async def count_comes_to(server: Server, connections: int) -> None:
    """Wait until so many connections are left."""
    await until(lambda: server.lobby.admission.connections == connections)


async def test_one_connection_too_many_in_all_is_refused_before_the_upgrade(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server(max_connections=2)
    answers = [await ask(server, open_sockets) for _ in range(3)]
    assert [answer.status for answer in answers] == [101, 101, 503]
    assert answers[2].retry_after_s > 0


async def test_so_is_one_of_a_source_and_when_one_is_gone_another_may_come(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server(connections_per_source=1, **COUNT_ALL)
    async with AsyncExitStack() as first:
        answers = [await ask(server, first), await ask(server, open_sockets)]
    await count_comes_to(server, 0)
    answers.append(await ask(server, open_sockets))
    assert [answer.status for answer in answers] == [101, 429, 101]


async def test_who_connects_too_often_is_told_when_to_come_again(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server(handshakes_per_source_s=0.1, **COUNT_ALL)
    answers = [await ask(server, open_sockets) for _ in range(2)]
    assert [answer.status for answer in answers] == [101, 429]
    assert 0 < answers[1].retry_after_s <= 10


async def test_no_one_comes_in_while_there_are_enough_rooms_but_the_page_is_served(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server(max_rooms=1)
    alice = await Client.connect(server.port)
    open_sockets.push_async_callback(alice.abort)
    await alice.introduce("Alice")
    await alice.says({"type": "create_room"})
    await alice.hears()
    page = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    answers = [await ask(server, open_sockets), await ask(server, open_sockets, page)]
    assert [answer.status for answer in answers] == [503, 200]


async def test_plain_requests_count_as_long_as_their_connection_lasts(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server()
    page = "GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    async with AsyncExitStack() as browser:
        await ask(server, browser, page)
        count = server.lobby.admission.connections
    await count_comes_to(server, 0)
    assert count == 1


async def test_whatever_way_it_ends_a_connection_is_counted_once(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server()
    vanishing, polite, wrong = [await Client.connect(server.port) for _ in range(3)]
    count = server.lobby.admission.connections
    await vanishing.abort()
    await polite.frame(Opcode.CLOSE, (1000).to_bytes(2, "big"))
    await polite.hears_until_closed()
    await wrong.frame(Opcode.TEXT, b"\xff")
    await wrong.hears_until_closed()
    await count_comes_to(server, 0)
    assert count == 3


@pytest.mark.parametrize("limit", ["messages_per_s", "bytes_per_s"])
async def test_who_sends_too_much_is_not_read_for_a_while_and_nothing_is_lost(
    start_server: StartServer, limit: str
) -> None:
    server = await start_server(**{limit: {"messages_per_s": 20, "bytes_per_s": 640}[limit]})
    alice, bob = await Client.connect(server.port), await Client.connect(server.port)
    for client, name in ((alice, "Alice"), (bob, "Bob")):
        await client.introduce(name)
    await meet(alice, bob)
    (alices,) = [session for session in server.lobby.sessions if session.username == "Alice"]
    was_held = False
    await alice.says(*[CHAT] * 230)
    for _ in range(230):
        assert (await bob.hears())["type"] == "chat"
        was_held = was_held or alices.line.is_held
    assert was_held
    await bob.says(CHAT)
    assert (await alice.hears())["type"] == "chat"
    await alice.abort()
    await bob.abort()


async def test_who_rests_is_not_taken_for_dead(start_server: StartServer) -> None:
    server = await start_server(messages_per_s=1, heartbeat_s=0.1)
    alice = await Client.connect(server.port)
    await alice.introduce("Alice")
    (session,) = server.lobby.sessions
    for _ in range(12):
        await alice.frame(Opcode.PING)
    await until(lambda: session.line.is_held)
    for _ in range(3 * 100):  # Three rounds of the wheel.
        server.lobby.wake(asyncio.get_running_loop().time())
    assert session.line.is_held
    assert not session.line.is_closing  # type: ignore[attr-defined]
    await alice.abort()


async def test_who_sends_nothing_but_nonsense_is_closed(start_server: StartServer) -> None:
    server = await start_server(errors_per_s=1)
    mallory = await Client.connect(server.port)
    await mallory.says(*["nonsense"] * 50)
    messages, code = await mallory.hears_until_closed()
    assert code == CloseCode.RATE_LIMITED
    assert [message.get("code") for message in messages] == [None, *["invalid_message"] * 11]


async def test_too_many_wrong_codes_are_answered_late_with_when_to_try_again(
    start_server: StartServer,
) -> None:
    server = await start_server()
    mallory = await Client.connect(server.port)
    await mallory.introduce("Mallory")
    loop = asyncio.get_running_loop()
    for _ in range(11):
        asked_at = loop.time()
        await mallory.says({"type": "join_room", "room_code": "ZZZZZZ"})
        answer = await mallory.hears()
    assert (answer["code"], answer["retry_after_s"] in {59, 60}) == ("slow_down", True)
    assert loop.time() - asked_at >= 0.7  # The lobby's clock moves four times a second.
    await mallory.abort()


async def test_a_handshake_that_will_be_refused_has_less_time(
    start_server: StartServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duologue.server.door.UNWANTED_S", 0.0)
    server = await start_server(max_connections=1)
    alice = await Client.connect(server.port)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(TIMEOUT_S):
        assert await reader.read() == b""
    writer.close()
    await alice.abort()


async def test_behind_a_proxy_each_client_is_counted_by_itself(
    start_server: StartServer, open_sockets: AsyncExitStack
) -> None:
    server = await start_server(
        connections_per_source=1, uncounted="off", trust_proxy=("127.0.0.1",)
    )

    def handshake(client: str) -> str:
        head = HANDSHAKE.format(path="/ws").removesuffix("\r\n")
        return f"{head}X-Forwarded-For: {client}\r\n\r\n"

    clients = ("192.0.2.1", "192.0.2.2", "192.0.2.1")
    async with AsyncExitStack() as proxied:
        answers = [await ask(server, proxied, handshake(client)) for client in clients]
    await count_comes_to(server, 0)
    answers.append(await ask(server, open_sockets, handshake("192.0.2.1")))
    assert [answer.status for answer in answers] == [101, 101, 429, 101]
