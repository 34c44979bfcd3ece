"""The one file that knows the WebSocket library, against servers of many kinds."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from tests.support.client import until
from tests.support.proxy import Proxy
from tests.support.puppet import CONNECTED, Visit, puppet, stays

from duologue.client.link import LinkLost, LiveLink
from duologue.client.reconnecting import Timing
from duologue.errors import ConnectError, Rejected, SubprotocolRefused
from duologue.wire import v1

TIMING = Timing(close_timeout_s=1.0)
IMPATIENT = Timing(ping_interval_s=0.01, ping_timeout_s=0.05, close_timeout_s=0.05)


def url(port: int) -> str:
    return f"ws://127.0.0.1:{port}/ws"


@asynccontextmanager
async def http_server(answer: bytes) -> AsyncIterator[int]:
    """Serve that answer to everything, and hang up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if answer:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def test_what_is_said_is_heard() -> None:
    async def play(visit: Visit) -> None:
        await visit.says(CONNECTED, '{"type":"later"}')
        assert await visit.hears() == v1.SetUsername("안녕 👋")
        assert await visit.hears() == v1.CreateRoom()
        await visit.says(v1.UsernameSet("안녕 👋"))
        assert await visit.until_closed() == 1000

    async with puppet(play) as port:
        link = await LiveLink.open(url(port), None, TIMING)
        await link.say([v1.SetUsername("안녕 👋"), v1.CreateRoom()])
        heard = [await link.hear() for _ in range(3)]
        await link.close()
    assert heard == [CONNECTED, None, v1.UsernameSet("안녕 👋")]


@pytest.mark.parametrize("nonsense", ["{", '{"type":"sent"}', b'{"type":"pong"}'], ids=str)
async def test_nonsense_breaks_the_link(nonsense: str | bytes) -> None:
    async def play(visit: Visit) -> None:
        await visit.says(nonsense)
        await visit.until_closed()

    async with puppet(play) as port:
        link = await LiveLink.open(url(port), None, TIMING)
        with pytest.raises(LinkLost) as caught:
            await link.hear()
        assert caught.value.is_broken
        await link.close(1002)


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1012, 4001, 4008])
async def test_the_code_of_a_close_is_told(code: int) -> None:
    async def play(visit: Visit) -> None:
        await visit.closes(code)

    async with puppet(play) as port:
        link = await LiveLink.open(url(port), None, TIMING)
        with pytest.raises(LinkLost) as caught:
            await link.hear()
        assert (caught.value.code, caught.value.is_broken) == (code, False)
        with pytest.raises(LinkLost) as caught:
            await link.say([v1.Ping()])
        assert caught.value.code == code
        await link.close()


async def test_a_connection_that_vanishes_has_no_code(proxy: Proxy) -> None:
    link = await LiveLink.open(url(proxy.port), None, TIMING)
    assert isinstance(await link.hear(), v1.Connected)
    proxy.reset()
    with pytest.raises(LinkLost) as caught:
        await link.hear()
    assert (caught.value.code, caught.value.is_broken) == (None, False)
    await link.close()


async def test_a_message_that_no_server_could_send_breaks_the_link() -> None:
    async def play(visit: Visit) -> None:
        await visit.says("x" * 7 * 1024 * 1024)

    async with puppet(play) as port:
        link = await LiveLink.open(url(port), None, TIMING)
        with pytest.raises(LinkLost) as caught:
            await link.hear()
        assert (caught.value.code, caught.value.is_broken) == (None, True)
        await link.close()


async def test_a_server_that_speaks_only_the_reference_protocol_is_refused() -> None:
    async with puppet(stays, agrees=False) as port:
        with pytest.raises(SubprotocolRefused, match=r"duologue\.v1"):
            await LiveLink.open(url(port), None, TIMING)


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", Rejected),
        (b"HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n", Rejected),
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Rejected),
        (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", Rejected),
        (b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n", ConnectError),
        (b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n", ConnectError),
        (b"SSH-2.0-OpenSSH_9.2p1\r\n", ConnectError),
        (b"", ConnectError),
    ],
    ids=str,
)
async def test_what_is_no_chat_server_is_told_from_one_that_is_not_well(
    answer: bytes, error: type[ConnectError]
) -> None:
    async with http_server(answer) as port:
        with pytest.raises(ConnectError) as caught:
            await LiveLink.open(url(port), None, TIMING)
    assert type(caught.value) is error
    assert caught.value.reason


@pytest.mark.parametrize(
    ("status", "header", "reason", "retry_after_s"),
    [
        (503, "Retry-After: 10", "the server is full: try again in 10 s", 10),
        (
            429,
            "Retry-After: 3",
            "the server takes no more connections from here: try again in 3 s",
            3,
        ),
        (500, "Retry-After: 3", "the server answers with HTTP 500: try again in 3 s", 3),
        (503, "Retry-After: Sun, 06 Nov 1994", "the server answers with HTTP 503", None),
        (503, "Retry-After: -1", "the server answers with HTTP 503", None),
        (503, "X-Y: 1", "the server answers with HTTP 503", None),
    ],
)
async def test_a_server_that_turns_clients_away_says_until_when(
    status: int, header: str, reason: str, retry_after_s: int | None
) -> None:
    answer = f"HTTP/1.1 {status} No\r\nContent-Length: 0\r\n{header}\r\n\r\n"
    async with http_server(answer.encode()) as port:
        with pytest.raises(ConnectError) as caught:
            await LiveLink.open(url(port), None, TIMING)
    assert (caught.value.reason, caught.value.retry_after_s) == (reason, retry_after_s)


async def test_nobody_there_is_told(free_port: int) -> None:
    with pytest.raises(ConnectError) as caught:
        await LiveLink.open(url(free_port), None, TIMING)
    assert type(caught.value) is ConnectError
    assert "refused" in caught.value.reason.lower()


async def test_tls_with_a_server_that_has_none_is_told(proxy: Proxy) -> None:
    with pytest.raises(ConnectError):
        await LiveLink.open(f"wss://127.0.0.1:{proxy.port}/ws", None, TIMING)


async def test_tls_is_spoken_with_who_can_be_trusted(tmp_path: Path) -> None:
    async def play(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.until_closed()

    certificate = make_certificate(tmp_path)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(certificate)
    client = ssl.create_default_context(cafile=certificate)
    async with puppet(play, context=server) as port:
        link = await LiveLink.open(f"wss://localhost:{port}/ws", client, TIMING)
        assert await link.hear() == CONNECTED
        await link.close()
        with pytest.raises(ConnectError, match="TLS"):
            await LiveLink.open(f"wss://localhost:{port}/ws", None, TIMING)


def make_certificate(folder: Path) -> Path:
    """Make a certificate for localhost, with its key, signed by itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    path = folder / "localhost.pem"
    path.write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(
            pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path


async def test_an_opening_that_takes_too_long_is_given_up(silent_port: int) -> None:
    with pytest.raises(ConnectError, match="timed out"):
        await LiveLink.open(url(silent_port), None, Timing(connect_timeout_s=0.01))


async def test_a_dead_connection_is_noticed(proxy: Proxy) -> None:
    link = await LiveLink.open(url(proxy.port), None, IMPATIENT)
    proxy.stall()
    with pytest.raises(LinkLost) as caught:
        await link.keep_alive()
    assert caught.value.code is None
    await link.close()


async def test_a_dead_connection_is_noticed_while_there_is_much_to_say(proxy: Proxy) -> None:
    link = await LiveLink.open(url(proxy.port), None, IMPATIENT)
    proxy.stall()
    saying = asyncio.create_task(link.say([v1.SetUsername("x" * 100_000)] * 1000))
    with pytest.raises(LinkLost):
        await link.keep_alive()
    await link.close()
    with pytest.raises(LinkLost):
        await saying


async def test_a_living_connection_is_kept() -> None:
    async def play(visit: Visit) -> None:
        await visit.until_closed()

    timing = Timing(ping_interval_s=0.001, ping_timeout_s=20.0)
    async with puppet(play) as port:
        link = await LiveLink.open(url(port), None, timing)
        sent = []
        ping = link._websocket.ping

        async def counted() -> Awaitable[float]:
            sent.append(1)
            return await ping()

        link._websocket.ping = counted  # type: ignore[assignment,method-assign]
        keeping = asyncio.create_task(link.keep_alive())
        await until(lambda: len(sent) == 5)
        assert not keeping.done()
        keeping.cancel()
        await asyncio.wait({keeping})
        await link.close()


async def test_a_close_that_nobody_answers_is_cut_short(proxy: Proxy) -> None:
    link = await LiveLink.open(url(proxy.port), None, IMPATIENT)
    proxy.stall()
    await link.close()
    await link.close()


async def test_cancelling_leaves_no_connection_behind(silent_port: int, proxy: Proxy) -> None:
    opening = asyncio.create_task(LiveLink.open(url(silent_port), None, TIMING))
    await asyncio.sleep(0)
    opening.cancel()
    await asyncio.wait({opening})
    link = await LiveLink.open(url(proxy.port), None, Timing(close_timeout_s=60.0))
    proxy.stall()
    closing = asyncio.create_task(link.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait({closing})
    assert link._websocket.transport.is_closing()
