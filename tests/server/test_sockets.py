"""Listening sockets: on every address of a host, and at paths."""

import errno
import os
import socket
from pathlib import Path
from typing import Any

import pytest

from duologue.config import Address, UnixAddress
from duologue.errors import ListenError
from duologue.server import sockets
from duologue.server.sockets import address_of, open_sockets


def resolve(patch: pytest.MonkeyPatch, *hosts: str) -> None:
    """Let every name stand for these addresses."""

    def lookup(_host: str, port: int, **_: Any) -> list[Any]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (host, port, 0, 0))
            if ":" in host
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (host, port))
            for host in hosts
        ]

    patch.setattr(socket, "getaddrinfo", lookup)


def close(opened: list[socket.socket]) -> None:
    for each in opened:
        each.close()


def test_a_name_means_all_of_its_addresses_with_one_port(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve(monkeypatch, "127.0.0.1", "::1", "127.0.0.2", "127.0.0.1")
    opened = open_sockets(Address("many", 0))
    names = [address_of(each) for each in opened]
    port = opened[0].getsockname()[1]
    assert names == [Address(host, port) for host in ("127.0.0.1", "::1", "127.0.0.2")]
    close(opened)


def test_addresses_that_this_machine_has_not_are_left_out_if_others_remain(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve(monkeypatch, "198.51.100.1", "127.0.0.1")
    opened = open_sockets(Address("some", 0))
    assert [each.getsockname()[0] for each in opened] == ["127.0.0.1"]
    close(opened)
    resolve(monkeypatch, "198.51.100.1", "198.51.100.2")
    with pytest.raises(ListenError, match="cannot listen on none:1: Cannot assign requested"):
        open_sockets(Address("none", 1))


def test_a_port_that_is_taken_at_one_address_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.2", 0)) as taken:
        resolve(monkeypatch, "127.0.0.1", "127.0.0.2")
        port = taken.getsockname()[1]
        with pytest.raises(ListenError, match=f"on both:{port}: Address already in use"):
            open_sockets(Address("both", port))
        with socket.create_server(("127.0.0.1", port)):
            pass  # Nothing was left open.


def test_a_free_port_is_looked_for_until_it_is_free_everywhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resolve(monkeypatch, "127.0.0.1", "127.0.0.2")
    tries: list[Any] = []
    open_tcp = sockets._open_tcp

    def open_or_fail(family: Any, place: Any, **options: Any) -> socket.socket:
        tries.append(place)
        if place[0] == "127.0.0.2" and len(tries) < 6:
            raise OSError(errno.EADDRINUSE, "Address already in use")
        return open_tcp(family, place, **options)

    monkeypatch.setattr(sockets, "_open_tcp", open_or_fail)
    close(open_sockets(Address("both", 0)))
    assert len(tries) == 6
    monkeypatch.setattr(sockets, "_ANY_PORT_TRIES", 2)
    tries.clear()
    with pytest.raises(ListenError, match="no port is free on all of its addresses"):
        open_sockets(Address("both", 0))


def test_a_port_can_be_shared_by_those_who_agree() -> None:
    first = open_sockets(Address("127.0.0.1", 0), shares_port=True)
    place = Address("127.0.0.1", first[0].getsockname()[1])
    close(open_sockets(place, shares_port=True))
    with pytest.raises(ListenError, match="in use"):
        open_sockets(place)
    close(first)


def test_a_socket_that_nobody_listens_on_any_more_is_replaced(tmp_path: Path) -> None:
    path = str(tmp_path / "chat.sock")
    close(open_sockets(UnixAddress(path)))
    assert os.path.exists(path)  # noqa: PTH110
    opened = open_sockets(UnixAddress(path))
    assert address_of(opened[0]) == UnixAddress(path)
    with pytest.raises(ListenError, match=f"cannot listen on unix:{path}: Address already in"):
        open_sockets(UnixAddress(path))
    close(opened)


def test_what_is_no_socket_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("mine")
    with pytest.raises(ListenError, match="Address already in use"):
        open_sockets(UnixAddress(str(path)))
    assert path.read_text() == "mine"


@pytest.mark.parametrize(
    ("path", "reason"),
    [("/no/such/folder/chat.sock", "No such file or directory"), ("/" + 200 * "x", "too long")],
)
def test_a_path_that_cannot_be_is_refused_in_one_line(path: str, reason: str) -> None:
    with pytest.raises(ListenError, match=reason):
        open_sockets(UnixAddress(path))


def test_an_abstract_socket_has_a_name_too() -> None:
    with socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0duologue test {os.getpid()}")
        assert address_of(abstract) == UnixAddress(f"@duologue test {os.getpid()}")
