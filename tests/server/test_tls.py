"""TLS: what is shown, what is refused, and a certificate that is replaced."""

import asyncio
import json
import logging
import shutil
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import StartServer
from tests.support.certificate import self_signed
from tests.support.client import HANDSHAKE, TIMEOUT_S, Client, client_frame, until

from duologue.config import Settings
from duologue.errors import SettingsError
from duologue.server import Server
from duologue.server.tls import Certificate


@pytest.fixture
def pems(tmp_path: Path) -> Path:
    """Certificates in files: a good one, and another one's files in `other`."""
    self_signed(tmp_path)
    (tmp_path / "other").mkdir()
    self_signed(tmp_path / "other")
    (tmp_path / "garbage.pem").write_text(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"
    )
    return tmp_path


@pytest.fixture
def quiet(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    """Nothing is said beyond what is told."""
    caplog.set_level(logging.INFO)
    yield caplog
    assert [record for record in caplog.records if record.levelno > logging.INFO] == []


@pytest.mark.parametrize(
    ("cert", "key", "reason"),
    [
        ("none.pem", None, "tls_cert: none.pem: No such file or directory"),
        ("cert.pem", "none.pem", "tls_key: none.pem: No such file or directory"),
        (".", None, "tls_cert: .: Is a directory"),
        ("key.pem", None, "tls_cert: key.pem: there is no certificate in it, as PEM"),
        ("cert.pem", None, "tls_cert: cert.pem: there is no private key in it, as PEM"),
        ("cert.pem", "cert.pem", "tls_key: cert.pem: there is no private key in it, as PEM"),
        (
            "cert.pem",
            "other/key.pem",
            "tls_cert: cert.pem: the private key belongs to another certificate",
        ),
        (
            "cert.pem",
            "encrypted.pem",
            "tls_key: it is encrypted, and nobody is asked for a passphrase",
        ),
        ("garbage.pem", "key.pem", "tls_cert: garbage.pem: it cannot be used: "),
    ],
)
def test_what_cannot_be_used_is_named_in_one_line(
    pems: Path, monkeypatch: pytest.MonkeyPatch, cert: str, key: str | None, reason: str
) -> None:
    monkeypatch.chdir(pems)
    with pytest.raises(SettingsError) as caught:
        Certificate(Path(cert), Path(key) if key else None)
    assert str(caught.value).startswith(reason)
    assert "\n" not in str(caught.value)


def test_without_a_certificate_there_is_no_tls() -> None:
    assert Certificate.of(Settings()) is None


def trusting(*files: Path) -> ssl.SSLContext:
    context = ssl.create_default_context()
    for file in files:
        context.load_verify_locations(file)
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
async def test_what_is_spoken_is_modern(
    start_server: StartServer, pems: Path, version: ssl.TLSVersion
) -> None:
    server = await start_server(tls_cert=pems / "cert.pem", tls_key=pems / "key.pem")
    context = trusting(pems / "cert.pem")
    context.maximum_version = version
    client = await Client.connect(server.port, tls=context)
    tls: ssl.SSLObject = client.writer.get_extra_info("ssl_object")
    assert tls.version() == version.name.replace("_", ".")
    assert tls.selected_alpn_protocol() == "http/1.1"
    cipher, _, bits = tls.cipher() or ("", "", 0)
    assert "GCM" in cipher or "CHACHA20" in cipher
    assert bits >= 128
    await client.abort()


def test_what_is_old_is_not_spoken(pems: Path) -> None:
    context = Certificate(pems / "both.pem", None).context
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_NO_RENEGOTIATION
    assert context.options & ssl.OP_NO_COMPRESSION
    assert all(
        "ECDHE" in each["name"] or "TLS_" in each["name"] for each in context.get_ciphers()
    )


async def test_a_new_certificate_is_shown_to_newcomers_and_nobody_is_lost(
    start_server: StartServer, pems: Path, quiet: pytest.LogCaptureFixture
) -> None:
    server = await start_server(tls_cert=pems / "both.pem")
    assert server.certificate is not None
    old = await Client.connect(server.port, tls=trusting(pems / "cert.pem"))
    shutil.copy(pems / "other" / "both.pem", pems / "both.pem")
    server.certificate.reload()
    assert quiet.messages[-1] == "read the certificate anew"
    new = await Client.connect(server.port, tls=trusting(pems / "other" / "cert.pem"))
    for client in (old, new):
        await client.introduce("Alice")
        await client.abort()
    with pytest.raises(ssl.SSLCertVerificationError):
        await Client.connect(server.port, tls=trusting(pems / "cert.pem"))


async def test_a_broken_new_certificate_is_told_and_the_old_one_kept(
    start_server: StartServer, pems: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = await start_server(tls_cert=pems / "both.pem", tls_key=pems / "key.pem")
    assert server.certificate is not None
    shutil.copy(pems / "other" / "cert.pem", pems / "both.pem")
    server.certificate.reload()
    assert caplog.messages[-1] == (
        f"the certificate stays as it was: tls_cert: {pems}/both.pem: "
        "the private key belongs to another certificate"
    )
    client = await Client.connect(server.port, tls=trusting(pems / "cert.pem"))
    await client.introduce("Alice")
    await client.abort()


@pytest.mark.parametrize(
    "words",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        b"\x16\x03\x01\xff\xff" + b"\0" * 100,
        b"\0",
        b"",
    ],
)
async def test_what_is_no_handshake_ends_quietly(
    start_server: StartServer, pems: Path, quiet: pytest.LogCaptureFixture, words: bytes
) -> None:
    server = await start_server(tls_cert=pems / "both.pem")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(words)
    writer.write_eof()
    async with asyncio.timeout(TIMEOUT_S):
        await reader.read()
    writer.close()
    assert not server._hall.doors
    client = await Client.connect(server.port, tls=trusting(pems / "cert.pem"))
    await client.abort()


async def test_who_does_not_finish_a_handshake_is_hung_up_on(
    start_server: StartServer, pems: Path, quiet: pytest.LogCaptureFixture
) -> None:
    server = await start_server(tls_cert=pems / "both.pem", handshake_timeout_s=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"\x16\x03\x01")
    async with asyncio.timeout(TIMEOUT_S):
        assert await reader.read() == b""
    writer.close()


class Answer:
    """What came over TLS until the server hung up."""

    def __init__(self, port: int, context: ssl.SSLContext) -> None:
        self._port = port
        self._context = context

    async def to(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", self._port, ssl=self._context
        )
        writer.write(request)
        async with asyncio.timeout(TIMEOUT_S):
            answer = await reader.read()
        writer.close()
        return answer


async def test_plain_requests_are_answered_as_ever(
    start_server: StartServer, pems: Path, quiet: pytest.LogCaptureFixture
) -> None:
    server = await start_server(tls_cert=pems / "both.pem")
    answer = Answer(server.port, trusting(pems / "cert.pem"))
    page = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    whole = await answer.to(page * 63 + b"HEAD / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    assert whole.count(b"HTTP/1.1 200 OK\r\n") == 64
    assert whole.count(b"</html>") == 63
    assert b"connection: close" in whole.lower().rpartition(b"http/1.1 200")[2]
    refused = await answer.to(
        b"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n"
    )
    assert refused.startswith(b"HTTP/1.1 405 ")
    await until(lambda: not server._listener.lingering)


async def test_a_goodbye_takes_no_longer_than_the_peers_answer(
    start_server: StartServer, pems: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS cannot end one half; who waited for the other to hang up would wait for ever."""
    for name in ("LINGER_S", "SILENCE_S"):
        monkeypatch.setattr(f"duologue.server.carrier.{name}", 1000.0)
    server = await start_server(tls_cert=pems / "both.pem")
    tls = trusting(pems / "cert.pem")
    leaver = await Client.connect(server.port, tls=tls)
    await leaver.hears()
    await leaver.frame(8, b"\x03\xe8")
    assert (await leaver.hears_frame()).close_code == 1000
    assert await leaver.is_disconnected()
    sent_off = await Client.connect(server.port, tls=tls)
    await sent_off.hears()
    await sent_off.frame(1, b"\xff")
    assert (await sent_off.hears_frame()).close_code == 1007
    await sent_off.frame(1, b"and another thing")
    await sent_off.frame(8, b"\x03\xef")
    assert await sent_off.is_disconnected()
    for client in (leaver, sent_off):
        await client.abort()
    await until(lambda: not server._listener.lingering)


async def test_who_says_nothing_to_a_goodbye_is_hung_up_on_after_a_silence(
    start_server: StartServer, pems: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("duologue.server.carrier.LINGER_S", 1000.0)
    monkeypatch.setattr("duologue.server.carrier.SILENCE_S", 0.1)
    server = await start_server(tls_cert=pems / "both.pem")
    mute = await Client.connect(server.port, tls=trusting(pems / "cert.pem"))
    await mute.hears()
    await mute.frame(1, b"\xff")
    assert (await mute.hears_frame()).close_code == 1007
    assert await mute.is_disconnected()
    await mute.abort()


async def open_deaf(port: int, context: ssl.SSLContext) -> ssl.SSLSocket:
    """Connect and say something, but read nothing: also not ahead, as asyncio does."""

    def dial() -> ssl.SSLSocket:
        plain = socket.socket()
        plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        plain.settimeout(TIMEOUT_S)
        plain.connect(("127.0.0.1", port))
        deaf = context.wrap_socket(plain, server_hostname="127.0.0.1")
        deaf.sendall(HANDSHAKE.format(path="/ws").encode())
        return deaf

    return await asyncio.to_thread(dial)


async def test_who_does_not_read_is_not_talked_to_and_then_hears_all(
    start_server: StartServer, pems: Path
) -> None:
    server = await start_server(tls_cert=pems / "both.pem", heartbeat_s=300, ticket_life_s=1200)
    tls = trusting(pems / "cert.pem")
    alice = await Client.connect(server.port, tls=tls)
    await alice.introduce("Alice")
    await alice.says({"type": "create_room"})
    code = (await alice.hears())["room_code"]
    bob = await open_deaf(server.port, tls)
    join = [
        {"type": "set_username", "username": "Bob"},
        {"type": "join_room", "room_code": code},
    ]
    bob.sendall(b"".join(client_frame(1, json.dumps(each).encode()) for each in join))
    assert (await alice.hears())["type"] == "partner_joined"
    said = 0
    async with asyncio.timeout(TIMEOUT_S):
        while not server.lobby.stalled:
            await alice.says({"type": "chat", "content": f"{said:08}" + "x" * 8000})
            said += 1
            await asyncio.sleep(0)
    (stalled,) = server.lobby.stalled
    waiting = stalled.line._carrier.transport.get_write_buffer_size()  # type: ignore[attr-defined]
    assert 64 * 1024 <= waiting < 256 * 1024
    heard = await asyncio.to_thread(read_until, bob, f"{said - 1:08}".encode())
    places = [heard.index(f'"{number:08}'.encode()) for number in range(said)]
    assert places == sorted(places)
    await until(lambda: not server.lobby.stalled)
    bob.close()
    await alice.abort()


def read_until(deaf: ssl.SSLSocket, last: bytes) -> bytes:
    heard = b""
    while last not in heard:
        heard += deaf.recv(65536)
    return heard


async def test_who_stays_deaf_is_given_up(start_server: StartServer, pems: Path) -> None:
    server = await start_server(
        tls_cert=pems / "both.pem", stall_timeout_s=0.1, heartbeat_s=0.5
    )
    bob = await open_deaf(server.port, trusting(pems / "cert.pem"))
    await until(lambda: server.lobby.sessions)
    (session,) = server.lobby.sessions
    async with asyncio.timeout(TIMEOUT_S):
        while not server.lobby.stalled:
            session.reject("x" * 8000)
            server._listener.flush()
            await asyncio.sleep(0)
    await until(lambda: not server.lobby.sessions)
    bob.close()


async def test_a_server_without_a_certificate_file_does_not_start(tmp_path: Path) -> None:
    settings: dict[str, Any] = {"address": "127.0.0.1:0", "tls_cert": tmp_path / "none.pem"}
    with pytest.raises(SettingsError, match="No such file"):
        async with Server(Settings(**settings)):
            pass
