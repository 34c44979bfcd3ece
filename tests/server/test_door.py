"""HTTP on a real socket: right requests, wrong ones, and none at all."""

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from tests.conftest import StartServer
from tests.support.client import TIMEOUT_S, until

from duologue.server import Server
from duologue.server.assets import assets
from duologue.server.door import MOST_HEADERS
from duologue.server.protection import PROTECTED

Ask = Callable[[Server, bytes], Awaitable[bytes]]


@pytest.fixture
async def ask() -> AsyncIterator[Ask]:
    """Send bytes and return all that comes until the server hangs up."""
    writers: list[asyncio.StreamWriter] = []

    async def ask(server: Server, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writers.append(writer)
        writer.write(request)
        async with asyncio.timeout(TIMEOUT_S):
            return await reader.read()

    yield ask
    for writer in writers:
        writer.close()


HANDSHAKE = (
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
)


def request(line: str, *headers: str) -> bytes:
    return "\r\n".join([line, "Host: localhost", *headers, "", ""]).encode()


async def test_health(server: Server, ask: Ask) -> None:
    answer = await ask(server, request("GET /healthz HTTP/1.1", "Connection: close"))
    assert answer.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\n"
    )
    assert answer.endswith(b"\r\nConnection: close\r\n\r\nok\n")


async def test_the_page(server: Server, ask: Ask) -> None:
    answer = await ask(server, request("GET / HTTP/1.1", "Connection: close"))
    assert answer.endswith(b"\r\n\r\n" + assets()[b"/"].content)


async def test_a_head_gets_no_body(server: Server, ask: Ask) -> None:
    answer = await ask(server, request("HEAD /healthz HTTP/1.1", "Connection: close"))
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Content-Length: 3\r\n" in answer
    assert answer.endswith(b"\r\n\r\n")


@pytest.mark.parametrize(
    "sent",
    [
        request("GET /healthz HTTP/1.1", "Connection: close"),
        request("GET / HTTP/1.0"),
        request("POST /x HTTP/1.1", "Content-Length: 4") + b"body",
        request("POST /x HTTP/1.1", "Content-Length: 4"),
        request("HEAD /x HTTP/1.1", "Transfer-Encoding: chunked") + b"!\r\n",
        request("GET / HTTP/1.1", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        request("GET /ws HTTP/1.1", *HANDSHAKE, "Content-Length: 1"),
        b"HELLO\r\n\r\n",
    ],
)
async def test_some_requests_are_the_connections_last(
    server: Server, ask: Ask, sent: bytes
) -> None:
    answer = await ask(server, sent + request("GET / HTTP/1.1") * 9)
    assert len(re.findall(rb"HTTP/1.1 (\d+) ", answer)) == 1
    assert b"\r\nConnection: close\r\n" in answer


async def test_half_a_handshake_is_told_what_is_missing(server: Server, ask: Ask) -> None:
    answer = await ask(
        server, request("GET /ws HTTP/1.1", "Upgrade: websocket", "Connection: close")
    )
    assert answer.startswith(b"HTTP/1.1 426 Upgrade Required\r\n")
    assert b"\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" in answer
    assert {b"close", b"upgrade"} <= set(re.findall(rb"Connection: (\w+)\r\n", answer))


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("GET / HTTP/1.1", "Connection: close"), b"200"),
        (request("GET / HTTP/1.1", "Connection: close", "If-None-Match: *"), b"304"),
        (request("GET /healthz HTTP/1.1", "Connection: close"), b"200"),
        (request("GET /x HTTP/1.1", "Connection: close"), b"404"),
        (request("POST / HTTP/1.1", "Connection: close"), b"405"),
        (request("GET /ws HTTP/1.1", "Connection: close"), b"426"),
        (
            request("GET / HTTP/1.1", *HANDSHAKE[:3], "Sec-WebSocket-Key: x") + b"!\r\n\r\n",
            b"400",
        ),
        (b"hello\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000, b"431"),
        (request("POST / HTTP/1.1", "Transfer-Encoding: gzip"), b"501"),
    ],
)
async def test_every_answer_is_protected(
    server: Server, ask: Ask, sent: bytes, status: bytes
) -> None:
    answer = await ask(server, sent)
    fields = {f"{name}: {value}".encode() for name, value in PROTECTED}
    assert answer.split()[1] == status
    assert fields - set(answer.partition(b"\r\n\r\n")[0].split(b"\r\n")) == set()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", b"400"),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 3 + b"\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: y\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n", b"400"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000, b"431"),
        (b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", b"431"),
        (request("GET / HTTP/1.1", *["x:"] * MOST_HEADERS), b"431"),
        (b"GET / HTTP/1.1\n" + b"x:\n" * (MOST_HEADERS + 1), b"431"),
        (b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: gzip\r\n\r\n", b"501"),
    ],
)
async def test_what_is_no_request_is_refused_in_few_words(
    server: Server, ask: Ask, sent: bytes, status: bytes
) -> None:
    answer = await ask(server, sent)
    assert answer.split()[1] == status
    assert len(answer.partition(b"\r\n\r\n")[2]) < 80
    assert b"Connection: close" in answer


@pytest.mark.parametrize(
    "beginning", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: y"]
)
async def test_who_never_finishes_a_request_is_hung_up_on(
    start_server: StartServer, ask: Ask, beginning: bytes
) -> None:
    server = await start_server(handshake_timeout_s=0.2)
    with contextlib.suppress(ConnectionResetError):
        assert await ask(server, beginning) == b""


async def test_a_dribble_of_bytes_buys_no_time(start_server: StartServer) -> None:
    server = await start_server(handshake_timeout_s=0.3)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(TIMEOUT_S):
        while not writer.transport.is_closing():
            writer.write(b"G")
            await asyncio.sleep(0.01)
    assert not server._hall.doors
    writer.close()
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""


async def test_a_client_that_goes_away_in_the_midst_leaves_nothing(server: Server) -> None:
    _reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET / HT")
    await until(lambda: server._hall.doors)
    writer.close()
    await until(lambda: not server._hall.doors)
