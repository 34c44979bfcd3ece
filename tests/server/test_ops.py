"""Metrics, health and readiness: who is answered what, and where."""

import asyncio
import json
import socket

import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import TIMEOUT_S, Client, until
from tests.support.program import running
from tests.support.scrape import fetch, ops_port

from duologue.config import Settings
from duologue.errors import ListenError
from duologue.server import Server

OPENMETRICS = "Accept: application/openmetrics-text; version=1.0.0"


async def watched(start_server: StartServer) -> tuple[Server, int]:
    server = await start_server(ops_address="127.0.0.1:0")
    return server, ops_port(server)


async def test_whoever_is_on_this_machine_gets_metrics_from_the_chats_own_port(
    server: Server,
) -> None:
    told = await fetch(server.port, "/metrics")
    assert told.status == 200
    assert "duologue_draining 0.0\n" in told.text
    assert (await fetch(server.port, "/metrics", method="POST")).status == 405


async def test_metrics_are_not_for_strangers(start_server: StartServer) -> None:
    server = await start_server(address="0.0.0.0:0")
    for sign in ("X-Forwarded-For: 127.0.0.1", "Forwarded: for=127.0.0.1"):
        assert (await fetch(server.port, "/metrics", sign)).status == 404
    for host in ("chat.example", "127.0.0.1.example"):
        assert (await fetch(server.port, "/metrics", host=host)).status == 404
    assert (await fetch(server.port, "/metrics", host="localhost:8080")).status == 200


async def test_metrics_that_have_an_address_are_nowhere_else(start_server: StartServer) -> None:
    server, port = await watched(start_server)
    assert (await fetch(server.port, "/metrics")).status == 404
    assert (await fetch(port, "/metrics")).status == 200


async def test_metrics_have_an_address_of_their_own(start_server: StartServer) -> None:
    server, port = await watched(start_server)
    assert (await fetch(server.port, "/metrics")).status == 404
    answer = await fetch(port, "/metrics")
    assert answer.status == 200
    assert answer.fields["content-type"].startswith("text/plain; version=")
    assert answer.fields["cache-control"] == "no-store"
    assert 'duologue_connections{protocol="v1"} 0.0\n' in answer.text


async def test_openmetrics_is_for_those_that_ask_for_it(start_server: StartServer) -> None:
    _, port = await watched(start_server)
    answer = await fetch(port, "/metrics", OPENMETRICS)
    assert answer.fields["content-type"].startswith("application/openmetrics-text;")
    assert answer.text.endswith("# EOF\n")


@pytest.mark.parametrize("path", ["/", "/ws", "/style.css", "/metrics/"])
async def test_there_is_no_chat_and_no_page_on_the_address_for_operators(
    start_server: StartServer, path: str
) -> None:
    _, port = await watched(start_server)
    handshake = ("Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13")
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
    assert (await fetch(port, path, *handshake, key)).status == 404


async def test_who_wants_to_change_something_there_cannot(start_server: StartServer) -> None:
    _, port = await watched(start_server)
    answer = await fetch(port, "/metrics", method="POST")
    assert (answer.status, answer.fields["allow"]) == (405, "GET, HEAD")
    assert (await fetch(port, "/metrics", method="HEAD")).text == ""


@pytest.mark.parametrize("is_apart", [False, True])
async def test_health_and_readiness_are_told_at_both(
    start_server: StartServer, is_apart: bool
) -> None:
    server, ops_port = await watched(start_server)
    port = ops_port if is_apart else server.port
    seen = [await fetch(port, path) for path in ("/healthz", "/readyz")]
    server.is_draining = True
    seen += [await fetch(port, path) for path in ("/healthz", "/readyz")]
    assert [(answer.status, answer.text) for answer in seen] == [
        (200, "ok\n"),
        (200, "ready\n"),
        (200, "ok\n"),
        (503, "draining\n"),
    ]
    assert {answer.fields["cache-control"] for answer in seen} == {"no-store"}


async def test_while_it_stops_a_server_says_so() -> None:
    async with Server(Settings("127.0.0.1:0", ops_address="127.0.0.1:0")) as server:
        port = ops_port(server)
        lazy = await Client.connect(server.port)
        # Who does not hang up is waited for, and meanwhile others ask.
        asking = asyncio.ensure_future(ask_while_it_stops(server, port))
    assert await asking == (503, True)
    await lazy.abort()
    with pytest.raises(ConnectionRefusedError):
        await fetch(port, "/readyz")


async def ask_while_it_stops(server: Server, port: int) -> tuple[int, bool]:
    await until(lambda: server.is_draining)
    ready, metrics = [await fetch(port, path) for path in ("/readyz", "/metrics")]
    return ready.status, "duologue_draining 1.0\n" in metrics.text


async def test_what_operators_ask_is_not_counted_among_what_strangers_do(
    start_server: StartServer, connect: Connect
) -> None:
    server, port = await watched(start_server)
    await fetch(port, "/healthz")
    await fetch(server.port, "/nowhere")
    await connect(server.port)
    answers = {status: n for status, n in server.lobby.tally.answers.items() if n}
    assert answers == {404: 1, 101: 1}


async def test_an_address_that_is_taken_says_so_and_leaves_nothing_open(
    server: Server,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    taken = f"127.0.0.1:{server.port}"
    with pytest.raises(ListenError) as caught:
        async with Server(Settings(f"127.0.0.1:{port}", ops_address=taken)):
            pass
    assert str(caught.value) == f"cannot listen on {taken}: Address already in use"
    async with Server(Settings(f"127.0.0.1:{port}")):
        pass


async def test_who_never_asks_is_hung_up_on_and_counted(
    start_server: StartServer,
) -> None:
    server = await start_server(handshake_timeout_s=0.1)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    async with asyncio.timeout(TIMEOUT_S):
        assert await reader.read() == b""
    writer.close()
    assert {why: n for why, n in server.lobby.tally.turned_away.items() if n} == {
        "no_request": 1
    }
    answer = await fetch(server.port, "/healthz", is_last=False)
    assert answer.status == 200
    assert {why: n for why, n in server.lobby.tally.turned_away.items() if n} == {
        "no_request": 1
    }


async def test_the_program_takes_the_address_as_a_flag() -> None:
    with running("--ops-address", "127.0.0.1:0", "--log-format", "json") as program:
        assert program.process.stderr is not None
        line = json.loads(program.process.stderr.readline())
        assert line["event"] == "ops_listening"
        port = int(line["address"].rpartition(":")[2])
        assert (await fetch(port, "/metrics")).status == 200
        assert program.stop()[0] == 0
