import socket
import ssl
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.support.certificate import self_signed
from tests.support.client import TIMEOUT_S

from duologue.bench.sockets import PLAIN, Encrypted


def test_plain_sockets_are_read_and_written_as_they_are() -> None:
    one, two = socket.socketpair()
    with one, two:
        assert PLAIN.write(one.fileno(), b"hi") == 2
        assert PLAIN.read(two.fileno(), 9) == b"hi"


def handshaken(folder: Path) -> tuple[ssl.SSLSocket, ssl.SSLSocket]:
    """Return both ends of a TLS connection; the client's does not wait."""
    one, two = socket.socketpair()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    one.setblocking(False)
    two.setblocking(False)
    client = context.wrap_socket(one, do_handshake_on_connect=False)
    server = self_signed(folder).wrap_socket(
        two, server_side=True, do_handshake_on_connect=False
    )
    waiting = [client, server]
    while waiting:
        for each in list(waiting):
            try:
                each.do_handshake()
                waiting.remove(each)
            except ssl.SSLWantReadError:
                pass
    server.settimeout(TIMEOUT_S)
    return client, server


@pytest.fixture
def both(tmp_path: Path) -> Any:
    client, server = handshaken(tmp_path)
    with client, server:
        yield client, server


def test_a_plain_link_is_none_of_its_concern() -> None:
    one, two = socket.socketpair()
    with one, two:
        encrypted = Encrypted()
        encrypted.add(SimpleNamespace(socket=one, fd=one.fileno()))  # type: ignore[arg-type]
        with pytest.raises(KeyError):
            encrypted.read(one.fileno(), 9)


def test_what_was_encrypted_is_read_whole_and_nothing_is_not_the_end(
    both: tuple[ssl.SSLSocket, ssl.SSLSocket],
) -> None:
    client, server = both
    encrypted, fd = Encrypted(), client.fileno()
    encrypted.add(SimpleNamespace(socket=client, fd=fd))  # type: ignore[arg-type]
    assert encrypted.read(fd, 9) is None  # Session tickets, or nothing at all.
    server.sendall(b"x" * 1000)
    assert encrypted.read(fd, 10) == b"x" * 1000
    assert encrypted.write(fd, b"hi") == 2
    assert server.recv(9) == b"hi"
    server.close()
    assert encrypted.read(fd, 9) == b""


def test_a_full_socket_takes_nothing(both: tuple[ssl.SSLSocket, ssl.SSLSocket]) -> None:
    client, _ = both
    encrypted, fd = Encrypted(), client.fileno()
    encrypted.add(SimpleNamespace(socket=client, fd=fd))  # type: ignore[arg-type]
    written = [encrypted.write(fd, b"x" * (1 << 20)) for _ in range(100)]
    assert written[-1] == 0
