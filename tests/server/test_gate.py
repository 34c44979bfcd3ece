"""Who may come in, and whom they count for: rules first, then at the door of a real server."""

import asyncio
import logging
from typing import Any

import pytest
from tests.conftest import StartServer
from tests.support.client import HANDSHAKE, TIMEOUT_S, until

from duologue.config import Settings
from duologue.core.admission import Admission
from duologue.core.limits import UNLIMITED
from duologue.server import Server
from duologue.server.gate import Gate, Refusal
from duologue.server.site import Response, Upgrade, in_words

HERE = ("127.0.0.1", 8080)
ALICE = ("203.0.113.5", 50123)
PROXY = ("10.0.0.1", 50123)
ADMISSION = Admission(UNLIMITED, lambda _source: False)
PLAIN = in_words(200, "ok")
CHAT = Upgrade(b"key", None)


def gate(**settings: Any) -> Gate:
    """Make one that trusts 10.0.0.1; it listens on HERE."""
    made = Gate(Settings(**{"trust_proxy": ("10.0.0.1",), **settings}), ADMISSION)
    made.guard(HERE)
    return made


def fields(**headers: str) -> list[tuple[bytes, bytes]]:
    return [(name.replace("_", "-").encode(), text.encode()) for name, text in headers.items()]


def status(
    a_gate: Gate, outcome: Response | Upgrade, peer: object = ALICE, **headers: str
) -> int:
    """Let a request come to HERE; say what it gets, 101 for an upgrade."""
    visit = a_gate.visit(a_gate.meet(peer, HERE), fields(**headers))
    judged = a_gate.judge(outcome, visit)
    return 101 if isinstance(judged, Upgrade) else judged.status


def test_a_page_of_another_host_is_refused_before_it_chats() -> None:
    a_gate = gate()
    elsewhere = {"host": "localhost", "origin": "https://evil.example"}
    assert status(a_gate, CHAT, **elsewhere) == 403
    assert status(a_gate, CHAT, host="localhost", origin="http://localhost") == 101
    assert status(a_gate, CHAT, host="localhost") == 101
    assert a_gate.refused == {Refusal.HOST: 0, Refusal.ORIGIN: 1}


def test_what_is_no_chat_any_page_may_load() -> None:
    assert status(gate(), PLAIN, host="localhost", origin="https://evil.example") == 200


@pytest.mark.parametrize("outcome", [PLAIN, CHAT, in_words(404)])
def test_on_loopback_a_strange_host_is_refused_whatever_it_asks_for(outcome: Any) -> None:
    a_gate = gate()
    assert status(a_gate, outcome, host="evil.example:8080") == 421
    assert a_gate.refused == {Refusal.HOST: 1, Refusal.ORIGIN: 0}


def test_a_request_of_http_1_0_without_a_host_is_answered() -> None:
    assert status(gate(), PLAIN) == 200


@pytest.mark.parametrize(
    "settings",
    [
        {"allow_origin": "https://chat.example"},
        {"allow_origin": "*"},
        {"address": "chat.example:0"},
    ],
)
def test_a_host_that_the_settings_name_is_none_that_is_strange(settings: Any) -> None:
    assert status(gate(**settings), PLAIN, host="chat.example") == 200


@pytest.mark.parametrize(
    "bound", [("0.0.0.0", 8080), ("192.0.2.1", 8080), ("::", 8080, 0, 0), "/run/x", None]
)
def test_who_listens_beyond_loopback_is_known_by_any_name(bound: object) -> None:
    a_gate = Gate(Settings(), ADMISSION)
    a_gate.guard(bound)
    visit = a_gate.visit(a_gate.meet(ALICE, HERE), fields(host="chat.example"))
    assert a_gate.judge(PLAIN, visit) == PLAIN


def test_ipv6_has_a_loopback_too() -> None:
    a_gate = Gate(Settings(), ADMISSION)
    a_gate.guard(("::1", 8080, 0, 0))
    peer = a_gate.meet(("::1", 50123, 0, 0), ("::1", 8080, 0, 0))
    judged = a_gate.judge(PLAIN, a_gate.visit(peer, fields(host="evil.example")))
    assert isinstance(judged, Response)
    assert judged.status == 421


def test_a_trusted_proxy_may_ask_for_any_host() -> None:
    assert status(gate(), PLAIN, PROXY, host="chat.example") == 200
    page = {"origin": "https://chat.example"}
    assert status(gate(), CHAT, PROXY, host="chat.example", **page) == 101
    assert status(gate(), CHAT, PROXY, host="upstream", **page) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"x_forwarded_host": "chat.example"},
        {"forwarded": "for=203.0.113.5;host=chat.example"},
    ],
)
def test_a_trusted_proxy_says_which_host_the_page_is_from(headers: dict[str, str]) -> None:
    page = {"host": "localhost", "origin": "https://chat.example"}
    assert status(gate(), CHAT, PROXY, **page, **headers) == 101
    assert status(gate(), CHAT, ALICE, **page, **headers) == 403


@pytest.mark.parametrize(
    ("peer", "headers", "source"),
    [
        (ALICE, {}, "203.0.113.5"),
        (ALICE, {"x_forwarded_for": "198.51.100.1"}, "203.0.113.5"),
        (ALICE, {"forwarded": "for=198.51.100.1"}, "203.0.113.5"),
        (PROXY, {}, "10.0.0.1"),
        (PROXY, {"x_forwarded_for": "198.51.100.1"}, "198.51.100.1"),
        (PROXY, {"x_forwarded_for": "2001:db8:1:2:3::4"}, "2001:db8:1:2::/64"),
        (PROXY, {"x_forwarded_for": "203.0.113.9, 198.51.100.1"}, "198.51.100.1"),
        (PROXY, {"forwarded": "for=198.51.100.1"}, "198.51.100.1"),
        (PROXY, {"x_forwarded_for": "unknown"}, "10.0.0.1"),
        (
            PROXY,
            {"x_forwarded_for": "198.51.100.1", "forwarded": "for=203.0.113.9"},
            "10.0.0.1",
        ),
        ("", {"x_forwarded_for": "198.51.100.1"}, "unix"),
    ],
)
def test_a_request_counts_for_its_client_if_a_trusted_proxy_names_it(
    peer: object, headers: dict[str, str], source: str
) -> None:
    a_gate = gate()
    assert a_gate.visit(a_gate.meet(peer, HERE), fields(**headers)).source == source


def test_a_unix_socket_may_be_trusted() -> None:
    a_gate = gate(trust_proxy="unix")
    headers = fields(x_forwarded_for="198.51.100.1", host="chat.example")
    assert a_gate.visit(a_gate.meet("", "/run/x"), headers).source == "198.51.100.1"
    # A TCP connection that is lost already has no address either.
    assert a_gate.visit(a_gate.meet(None, HERE), headers).source == "unix"


def test_it_is_said_once_that_who_forwards_is_not_trusted(
    caplog: pytest.LogCaptureFixture,
) -> None:
    a_gate = gate()
    for _ in range(3):
        status(a_gate, PLAIN, ALICE, host="localhost", x_forwarded_for="198.51.100.1")
        status(a_gate, PLAIN, PROXY, x_forwarded_for="198.51.100.1", forwarded="for=x")
    warnings = [record.getMessage() for record in caplog.records]
    assert ["--trust-proxy" in words for words in warnings] == [True, False]
    assert "name different clients" in warnings[1]
    assert "198.51.100.1" not in caplog.text


async def test_a_refusal_is_one_line_and_the_connection_goes_on(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    shake = HANDSHAKE.format(path="/ws").removesuffix("\r\n")
    writer.write(f"{shake}Origin: https://evil.example\r\n\r\n".encode())
    writer.write(b"GET / HTTP/1.1\r\nHost: evil.example\r\n\r\n")
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    async with asyncio.timeout(TIMEOUT_S):
        answers = (await reader.read()).split(b"HTTP/1.1 ")[1:]
    writer.close()
    assert [answer[:3] for answer in answers] == [b"403", b"421", b"200"]
    bodies = [answer.partition(b"\r\n\r\n")[2] for answer in answers]
    assert [body.count(b"\n") for body in bodies] == [1, 1, 1]
    assert b"--allow-origin" in bodies[0]
    assert b"--trust-proxy" in bodies[1]
    assert server.gate.refused == {Refusal.HOST: 1, Refusal.ORIGIN: 1}
    assert server.lobby.tally.connections == 0
    assert "evil.example" not in caplog.text


async def test_each_request_on_a_proxys_connection_has_a_source_of_its_own(
    start_server: StartServer,
) -> None:
    server = await start_server(trust_proxy=("127.0.0.1",))
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for client in ("198.51.100.1", "198.51.100.2"):
        head = f"GET /healthz HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {client}\r\n\r\n"
        writer.write(head.encode())
        async with asyncio.timeout(TIMEOUT_S):
            assert await reader.readuntil(b"ok\n")
    shake = HANDSHAKE.format(path="/ws").removesuffix("\r\n")
    writer.write(f"{shake}X-Forwarded-For: 203.0.113.9, 198.51.100.3\r\n\r\n".encode())
    await until(lambda: server.lobby.tally.connections)
    (session,) = server.lobby.sessions
    writer.close()
    assert session.line.source == "198.51.100.3"
