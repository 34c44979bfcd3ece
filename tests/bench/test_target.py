import socket
import ssl

import pytest

from duologue.bench.target import Target
from duologue.errors import AddressError, LoadError


def test_an_address_alone_means_the_chat_there() -> None:
    target = Target.find("127.0.0.1:8080")
    assert (target.name, target.host, target.path) == ("127.0.0.1:8080", "127.0.0.1", "/ws")
    assert (target.family, target.address) == (socket.AF_INET, ("127.0.0.1", 8080))
    assert target.context is None


def test_a_url_may_have_a_path_and_a_query() -> None:
    assert Target.find("http://127.0.0.1:1/a?b=c").path == "/a?b=c"


def test_ports_have_their_defaults() -> None:
    assert Target.find("ws://127.0.0.1").address == ("127.0.0.1", 80)
    assert Target.find("https://127.0.0.1").address == ("127.0.0.1", 443)


def test_ipv6_has_brackets() -> None:
    target = Target.find("[::1]:8080")
    assert (target.name, target.address) == ("[::1]:8080", ("::1", 8080))
    assert target.family is socket.AF_INET6


def test_certificates_are_checked_unless_told_otherwise() -> None:
    strict, loose = (
        Target.find("wss://127.0.0.1", is_insecure=is_insecure).context
        for is_insecure in (False, True)
    )
    assert strict is not None
    assert loose is not None
    assert (strict.verify_mode, strict.check_hostname) == (ssl.CERT_REQUIRED, True)
    assert (loose.verify_mode, loose.check_hostname) == (ssl.CERT_NONE, False)


def test_of_several_addresses_one_is_taken_that_listens(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        socket.create_server(("127.0.0.1", 0)) as closed,
    ):
        port, other = listener.getsockname()[1], closed.getsockname()[1]
        closed.close()
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", each))
            for each in (other, port)
        ]
        look_up = socket.getaddrinfo
        monkeypatch.setattr(
            socket,
            "getaddrinfo",
            lambda host, *rest, **options: (
                found if host == "localhost" else look_up(host, *rest, **options)
            ),
        )
        assert Target.find("localhost:1").address == ("127.0.0.1", port)


@pytest.mark.parametrize("url", ["", "ftp://host", "ws://host/#there", "host:99999"])
def test_what_is_no_url_is_refused(url: str) -> None:
    with pytest.raises(AddressError):
        Target.find(url)


def test_a_host_that_cannot_be_is_named() -> None:
    with pytest.raises(LoadError, match=r"cannot connect to a\.\.b: no such host"):
        Target.find("a..b:80")
