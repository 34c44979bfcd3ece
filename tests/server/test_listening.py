"""Where connections come from: Unix sockets, shared ports, sockets handed over."""

import asyncio
import contextlib
import socket
import ssl
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import StartServer
from tests.support.certificate import self_signed
from tests.support.client import TIMEOUT_S, Client, until
from tests.support.v1_client import V1Client

from duologue.config import Address, Settings, UnixAddress
from duologue.errors import ListenError
from duologue.server import Server, listening
from duologue.server.listening import Tenure


async def ask(path: str, target: str = "/healthz") -> bytes:
    reader, writer = await asyncio.open_unix_connection(path)
    writer.write(f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    async with asyncio.timeout(TIMEOUT_S):
        answer = await reader.readuntil(b"\r\n\r\n")
    writer.close()
    return answer


async def test_a_unix_socket_serves_and_goes_with_the_server(tmp_path: Path) -> None:
    path = str(tmp_path / "chat.sock")
    for _ in range(2):
        async with Server(Settings(address=f"unix:{path}")) as server:
            assert (server.address, server.port) == (UnixAddress(path), 0)
            assert (await ask(path)).startswith(b"HTTP/1.1 200 OK")
            with pytest.raises(ListenError, match="Address already in use"):
                async with Server(Settings(address=f"unix:{path}")):
                    pass
        assert not exists(path)


async def test_a_socket_file_that_is_another_servers_by_now_stays(tmp_path: Path) -> None:
    path = tmp_path / "chat.sock"
    async with Server(Settings(address=f"unix:{path}")):
        path.unlink()
        with socket.socket(socket.AF_UNIX) as newer:
            newer.bind(str(path))
    assert path.exists()


async def test_localhost_is_all_of_its_addresses(start_server: StartServer) -> None:
    server = await start_server(address="localhost:0")
    assert str(server.address) == f"localhost:{server.port}"
    found = socket.getaddrinfo("localhost", server.port, type=socket.SOCK_STREAM)
    for host in {str(sockaddr[0]) for *_, sockaddr in found}:
        client = await Client.connect(server.port, host=host)
        await client.abort()


def exists(path: str) -> bool:
    return Path(path).exists()


@pytest.fixture
def handed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[socket.socket]:
    """Sockets that the next servers of this process are given, TCP and Unix."""
    tcp = socket.create_server(("127.0.0.1", 0))
    unix = socket.socket(socket.AF_UNIX)
    unix.bind(str(tmp_path / "given.sock"))
    unix.listen()
    given = [tcp, unix]
    monkeypatch.setattr(listening, "inherited", lambda: [each.dup() for each in given])
    return given


async def test_sockets_that_were_handed_over_are_served_and_left_as_they_were(
    handed: list[socket.socket], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    tcp, unix = handed
    async with Server(Settings(address="192.0.2.99:1")) as server:
        assert server.address == Address(*tcp.getsockname())
        assert f"listening on {server.address}, unix:{unix.getsockname()}" in caplog.messages
        client = await Client.connect(server.port)
        assert (await ask(unix.getsockname())).startswith(b"HTTP/1.1 200 OK")
        await client.abort()
    assert exists(unix.getsockname())
    for each in handed:
        with socket.socket(each.family) as caller:
            caller.connect(each.getsockname())  # It waits for the next server.
        each.close()


async def test_who_comes_to_a_socket_that_is_left_waits_for_the_next_server(
    handed: list[socket.socket],
) -> None:
    async with Server(Settings()) as old:
        alice = await Client.connect(old.port)
        draining = asyncio.create_task(old.drain())
        await until(lambda: old.is_draining)
        coming = asyncio.create_task(Client.connect(old.port))
        async with Server(Settings()) as new:
            bob = await coming
            assert (len(old.lobby.sessions), len(new.lobby.sessions)) == (1, 1)
            await bob.abort()
        await alice.abort()
        await draining
    for each in handed:
        each.close()


async def test_two_servers_share_a_port_and_the_newer_gets_all_when_the_older_drains(
    start_server: StartServer,
) -> None:
    old = await start_server(reuse_port=True)
    new = await start_server(address=f"127.0.0.1:{old.port}", reuse_port=True)
    assert old._listening.tenure is Tenure.SHARED_PORT
    stays = [await Client.connect(old.port) for _ in range(20)]
    here, there = len(old.lobby.sessions), len(new.lobby.sessions)
    assert here + there == 20
    draining = asyncio.create_task(old.drain())
    await until(lambda: old.is_draining)
    late = [await Client.connect(old.port) for _ in range(20)]
    assert (len(old.lobby.sessions), len(new.lobby.sessions)) == (here, there + 20)
    for client in (*stays, *late):
        await client.abort()
    await draining


@pytest.mark.parametrize("speaks_tls", [False, True])
async def test_what_waits_in_the_queue_of_a_port_that_is_left_is_taken(
    start_server: StartServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    speaks_tls: bool,
) -> None:
    """Even where connections cannot be steered: closing the socket would reset them."""
    monkeypatch.setattr(listening, "steer_to_successor", lambda _: False)
    tls = None
    settings: dict[str, Any] = {"drain_s": 5}
    if speaks_tls:
        self_signed(tmp_path)
        tls = ssl.create_default_context(cafile=tmp_path / "cert.pem")
        settings = {"tls_cert": tmp_path / "both.pem"}
    server = await start_server(reuse_port=True, **settings)
    raw = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(30)]
    # Nothing was awaited: all of them wait to be accepted still.
    assert not server._hall.doors
    draining = asyncio.create_task(server.drain())
    answers = []
    for each in raw:
        reader, writer = await asyncio.open_connection(
            sock=each, ssl=tls, server_hostname="127.0.0.1" if tls else None
        )
        writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
        async with asyncio.timeout(TIMEOUT_S):
            answers.append(await reader.read())
        writer.close()
    assert all(answer.startswith(b"HTTP/1.1 200 OK") for answer in answers)
    with pytest.raises(ConnectionRefusedError):
        await Client.connect(server.port)
    await draining


async def test_who_is_gone_or_no_friend_of_tls_before_it_is_taken_does_no_harm(
    start_server: StartServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    self_signed(tmp_path)
    server = await start_server(reuse_port=True, tls_cert=tmp_path / "both.pem")
    strangers = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(3)]
    strangers[0].close()
    strangers[1].sendall(b"GET / HTTP/1.1\r\n\r\n")
    await server.drain()
    for each in strangers:
        with contextlib.suppress(OSError):
            each.close()
    assert caplog.messages == []


async def test_a_first_meeting_during_the_drain_goes_on_with_the_newer_server(
    start_server: StartServer,
) -> None:
    """Who came to the old server too late to stay is sent on, and not turned away."""
    old = await start_server(reuse_port=True)
    late = socket.create_connection(("127.0.0.1", old.port))
    draining = asyncio.create_task(old.drain())
    await until(lambda: old.lobby.drain is not None)
    reader, writer = await asyncio.open_connection(sock=late)
    client = V1Client(reader, writer)
    writer.write(
        b"GET /ws HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Protocol: duologue.v1\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    )
    assert b" 101 " in await reader.readuntil(b"\r\n\r\n")
    messages, code = await client.hears_until_closed()
    assert ([each["type"] for each in messages], code) == (["connected", "reconnect"], 1012)
    await draining


async def test_no_descriptor_stays_open(anyio_backend: Any) -> None:
    def descriptors() -> int:
        return len(list(Path("/proc/self/fd").iterdir()))

    async def serve() -> None:
        async with Server(Settings(address="localhost:0", reuse_port=True)) as server:
            await server.drain()

    await serve()  # An event loop has some of its own from then on.
    before = descriptors()
    await serve()
    await until(lambda: descriptors() <= before)
