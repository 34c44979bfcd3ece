"""Many requests on one connection: in order, one at a time, and not for ever."""

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from typing import Any, NamedTuple, Self, cast

import pytest
from tests.conftest import StartServer
from tests.support.client import TIMEOUT_S, Client, client_frame, until

from duologue.config import Settings
from duologue.core.admission import Admission
from duologue.core.limits import UNLIMITED
from duologue.server import Server, door
from duologue.server.assets import assets
from duologue.server.door import MOST_REQUESTS, Door, Hall
from duologue.server.gate import Gate
from duologue.server.site import Upgrade, answer
from duologue.wire.frames import Opcode

PAGE = assets()[b"/"].content
HEALTH = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
ASK_PAGE = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
HANDSHAKE = (
    b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


class Answer(NamedTuple):
    status: int
    body: bytes
    is_last: bool


class Browser:
    """One connection that asks for one thing after another."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    @classmethod
    async def connect(cls, server: Server, receive_buffer: int = 0) -> Self:
        sock = socket.socket()
        if receive_buffer:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        sock.setblocking(False)
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", server.port))
        return cls(*await asyncio.open_connection(sock=sock, limit=2**12))

    async def hears(self, *, has_body: bool = True) -> Answer:
        async with asyncio.timeout(TIMEOUT_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"Content-Length: (\d+)", head)
            body = await self.reader.readexactly(int(length[1]) if length and has_body else 0)
        return Answer(int(head.split()[1]), body, b"\r\nConnection: close\r\n" in head)

    async def hears_the_end(self) -> bytes:
        async with asyncio.timeout(TIMEOUT_S):
            return await self.reader.read()


def has_more_to_send(door: Door) -> bool:
    return door._transport.get_write_buffer_size() > 0


@pytest.fixture
async def browser(server: Server) -> AsyncIterator[Browser]:
    browser = await Browser.connect(server)
    yield browser
    browser.writer.close()


async def test_requests_follow_one_another(browser: Browser) -> None:
    heard = []
    lines = (
        b"GET /healthz",
        b"HEAD /",
        b"GET /x",
        b"POST /",
        b"CONNECT x",
        b"GET /ws",
        b"GET /",
    )
    for line in lines:
        browser.writer.write(line + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        heard.append(await browser.hears(has_body=not line.startswith(b"HEAD")))
    assert [(answer.status, answer.is_last) for answer in heard] == [
        (status, False) for status in (200, 200, 404, 405, 405, 426, 200)
    ]
    assert heard[-1].body == PAGE


async def test_an_empty_body_ends_nothing(browser: Browser) -> None:
    browser.writer.write(
        b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 00\r\n\r\n" + HEALTH
    )
    assert [await browser.hears(), await browser.hears()] == [
        (405, b"Method Not Allowed.\n", False),
        (200, b"ok\n", False),
    ]


async def test_an_upgrade_to_something_else_changes_nothing(browser: Browser) -> None:
    h2c = b"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: h2c\r\nConnection: Upgrade\r\n\r\n"
    browser.writer.write(h2c + HEALTH)
    assert [await browser.hears(), await browser.hears()] == [
        (200, PAGE, False),
        (200, b"ok\n", False),
    ]


async def test_requests_that_come_at_once_are_answered_in_order(browser: Browser) -> None:
    browser.writer.write((HEALTH + ASK_PAGE) * 5 + HEALTH[:20])
    heard = [await browser.hears() for _ in range(10)]
    browser.writer.write(HEALTH[20:])
    heard.append(await browser.hears())
    health, page = (200, b"ok\n", False), (200, PAGE, False)
    assert heard == [health, page] * 5 + [health]


async def test_a_connection_is_closed_after_so_many_requests(browser: Browser) -> None:
    browser.writer.write(HEALTH * (MOST_REQUESTS + 10))
    heard = [await browser.hears() for _ in range(MOST_REQUESTS)]
    assert [answer.is_last for answer in heard] == [False] * (MOST_REQUESTS - 1) + [True]
    assert await browser.hears_the_end() == b""


async def test_who_asks_for_much_and_reads_late_gets_all_of_it(server: Server) -> None:
    browser = await Browser.connect(server, receive_buffer=2**12)
    browser.writer.write(ASK_PAGE * MOST_REQUESTS)
    await until(lambda: any(map(has_more_to_send, server._hall.doors)))
    heard = [await browser.hears() for _ in range(MOST_REQUESTS)]
    assert heard == [(200, PAGE, False)] * (MOST_REQUESTS - 1) + [(200, PAGE, True)]
    assert await browser.hears_the_end() == b""
    browser.writer.close()


async def test_who_does_not_read_is_hung_up_on(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(door, "SLOW_READER_S", 0.1)
    browser = await Browser.connect(server, receive_buffer=2**12)
    browser.writer.write(ASK_PAGE * MOST_REQUESTS)
    await until(lambda: server._hall.doors)
    await until(lambda: not server._hall.doors)
    with contextlib.suppress(ConnectionError):
        assert (await browser.hears_the_end()).count(b"HTTP/1.1 200 ") < MOST_REQUESTS
    browser.writer.close()


@pytest.mark.parametrize("beginning", [b"", b"GET / HT"])
async def test_who_asks_for_nothing_more_is_hung_up_on(
    start_server: StartServer, beginning: bytes
) -> None:
    browser = await Browser.connect(await start_server(handshake_timeout_s=0.2))
    browser.writer.write(HEALTH)
    assert await browser.hears() == (200, b"ok\n", False)
    browser.writer.write(HEALTH + beginning)
    assert await browser.hears() == (200, b"ok\n", False)
    assert await browser.hears_the_end() == b""
    browser.writer.close()


async def test_who_hangs_up_between_requests_leaves_nothing(
    server: Server, browser: Browser
) -> None:
    browser.writer.write(HEALTH)
    assert await browser.hears() == (200, b"ok\n", False)
    browser.writer.close()
    await until(lambda: not server._hall.doors)


@pytest.mark.parametrize("at_once", [True, False])
async def test_a_chat_may_follow_plain_requests(
    server: Server, browser: Browser, *, at_once: bool
) -> None:
    browser.writer.write(ASK_PAGE * 2)
    if not at_once:
        assert [await browser.hears(), await browser.hears()] == [(200, PAGE, False)] * 2
    name = client_frame(Opcode.TEXT, b'{"type":"set_username","username":"Alice"}')
    browser.writer.write(HANDSHAKE + name)
    if at_once:
        assert [await browser.hears(), await browser.hears()] == [(200, PAGE, False)] * 2
    head = await browser.reader.readuntil(b"\r\n\r\n")
    alice = Client(browser.reader, browser.writer)
    heard = [(await alice.hears())["type"], await alice.hears()]
    assert head.startswith(b"HTTP/1.1 101 ")
    assert heard == ["connected", {"type": "username_set", "username": "Alice"}]
    assert not server._hall.doors


ADMISSION = Admission(UNLIMITED, lambda _source: False)


class Wire:
    """A transport that shows what is done to it; a part of each answer may stay here."""

    def __init__(self) -> None:
        self.waiting = 0
        self.answers = 0
        self.is_read = True
        self.limits: list[int | None] = []

    def get_extra_info(self, _name: str) -> tuple[str, int]:
        return ("192.0.2.1", 50123)

    def set_write_buffer_limits(self, high: int | None = None) -> None:
        self.limits.append(high)

    def get_write_buffer_size(self) -> int:
        return self.waiting

    def write(self, data: bytes) -> None:
        self.answers += data.count(b"HTTP/1.1 ")

    def pause_reading(self) -> None:
        self.is_read = False

    def resume_reading(self) -> None:
        self.is_read = True

    def abort(self) -> None:
        pass


class Knock(NamedTuple):
    """A door, the wire that leads there, and what went through."""

    door: Door
    wire: Wire
    accepted: list[tuple[Any, str, Upgrade, bytes]]


@pytest.fixture
async def knock() -> AsyncIterator[Knock]:
    wire = Wire()
    accepted: list[tuple[Any, str, Upgrade, bytes]] = []
    hall = Hall(
        accept=lambda *taken: accepted.append(taken),
        answer=lambda request, _visit: answer(request),
        gate=Gate(Settings(), ADMISSION),
        timeout_s=TIMEOUT_S,
    )
    door = Door(hall)
    door.connection_made(cast("asyncio.Transport", wire))
    yield Knock(door, wire, accepted)
    door.connection_lost(None)


async def test_one_request_is_answered_in_a_turn_of_the_event_loop(knock: Knock) -> None:
    knock.door.receive(HEALTH * 3)
    seen = [(knock.wire.answers, knock.wire.is_read)]
    for _ in range(3):
        await asyncio.sleep(0)
        seen.append((knock.wire.answers, knock.wire.is_read))
    assert seen == [(1, False), (2, False), (3, True), (3, True)]


async def test_the_next_request_waits_until_the_answer_has_left(knock: Knock) -> None:
    knock.wire.waiting = 1
    knock.door.receive(HEALTH * 2)
    await asyncio.sleep(0)
    seen = [(knock.wire.answers, knock.wire.is_read)]
    knock.wire.waiting = 0
    knock.door.resume_writing()
    await asyncio.sleep(0)
    seen.append((knock.wire.answers, knock.wire.is_read))
    assert seen == [(1, False), (2, True)]


async def test_who_has_read_an_answer_is_heard_again(knock: Knock) -> None:
    knock.wire.waiting = 1
    knock.door.receive(HEALTH)
    held_up = knock.wire.is_read
    knock.door.resume_writing()
    assert (held_up, knock.wire.is_read) == (False, True)


async def test_only_the_newest_deadline_counts(knock: Knock) -> None:
    deadlines = [knock.door._next]
    for waiting in (0, 1):
        knock.wire.waiting = waiting
        knock.door.receive(HEALTH)
        deadlines.append(knock.door._next)
    knock.door.resume_writing()
    deadlines.append(knock.door._next)
    knock.door.receive(HEALTH[:9])
    deadlines.append(knock.door._next)
    assert [each.cancelled() for each in deadlines] == [True, True, True, False, False]
    assert deadlines[-1] is deadlines[-2]


async def test_a_lost_connection_is_not_asked_for_more(knock: Knock) -> None:
    knock.door.receive(HEALTH * 2)
    knock.door.connection_lost(None)
    await asyncio.sleep(0)
    assert knock.wire.answers == 1


async def test_a_chat_gets_the_wire_as_it_was(knock: Knock) -> None:
    knock.door.receive(HEALTH + HANDSHAKE + b"more")
    await asyncio.sleep(0)
    (taken,) = knock.accepted
    assert (taken[1], taken[3]) == ("192.0.2.1", b"more")
    assert (knock.wire.limits, knock.wire.is_read) == ([0, None], True)
