import pytest

from duologue.server.origin import is_name_of_this_machine, may_connect
from duologue.trust import parse_origins

NO_OTHERS = parse_origins([])


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://chat.example", "chat.example"),
        ("http://chat.example", "chat.example:80"),
        ("http://chat.example:80", "chat.example"),
        ("https://chat.example", "chat.example"),
        ("https://chat.example", "chat.example:443"),
        ("https://CHAT.example:8443", "chat.EXAMPLE:8443"),
        ("http://127.0.0.1:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::1]:8080"),
        ("http://[::1]", "[0:0:0:0:0:0:0:1]:80"),
        ("app://chat.example", "chat.example"),
    ],
)
def test_a_page_may_connect_to_the_host_that_it_is_from(origin: str, host: str) -> None:
    assert may_connect(origin, host, NO_OTHERS)


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("http://evil.example", "chat.example"),
        ("http://chat.example:8080", "chat.example"),
        ("http://chat.example", "chat.example:8080"),
        ("https://chat.example", "chat.example:80"),
        ("http://chat.example", "chat.example:443"),
        ("http://chat.example.evil.example", "chat.example"),
        ("http://evil-chat.example", "chat.example"),
        ("http://localhost:8080", "127.0.0.1:8080"),
        ("http://[::1]:8080", "[::2]:8080"),
        ("http://chat.example:80, http://evil.example", "chat.example"),
        ("http://chat.example/", "chat.example"),
        ("chat.example", "chat.example"),
        ("null", "chat.example"),
        ("null", "null"),
        ("", ""),
        ("", "chat.example"),
        ("http://chat.example", ""),
        ("http://chat.example", "chat.example, evil.example"),
    ],
)
def test_a_page_may_not_connect_to_another_host(origin: str, host: str) -> None:
    assert not may_connect(origin, host, NO_OTHERS)


@pytest.mark.parametrize("host", ["chat.example", "", "[x"])
def test_who_is_no_page_may_connect(host: str) -> None:
    assert may_connect(None, host, NO_OTHERS)


@pytest.mark.parametrize(
    ("origin", "is_allowed"),
    [
        ("https://friend.example", True),
        ("https://friend.example:443", True),
        ("http://friend.example", False),
        ("https://www.friend.example", False),
        ("null", False),
    ],
)
def test_other_pages_may_connect_that_are_listed(origin: str, is_allowed: bool) -> None:
    others = parse_origins(["https://friend.example"])
    assert may_connect(origin, "chat.example", others) == is_allowed


@pytest.mark.parametrize("origin", ["https://any.example", "null", "nonsense", ""])
def test_all_pages_may_connect_where_all_are_allowed(origin: str) -> None:
    assert may_connect(origin, "chat.example", parse_origins(["*"]))


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "localhost:8080", "LOCALHOST", "localhost.", "my.localhost:1"),
        *("127.0.0.1", "127.0.0.1:8080", "127.8.9.10", "[::1]", "[::1]:8080"),
    ],
)
def test_a_server_on_loopback_answers_under_the_names_of_loopback(host: str) -> None:
    assert is_name_of_this_machine(host, "127.0.0.1", NO_OTHERS)


@pytest.mark.parametrize(
    "host",
    [
        *("evil.example", "evil.example:8080", "localhost.evil.example", "notlocalhost"),
        *("127.0.0.1.evil.example", "192.0.2.1", "128.0.0.1", "[::2]", "0.0.0.0", ""),
        *("localhost, evil.example", "127.0.0.1@evil.example", "localhost:x"),
    ],
)
def test_a_server_on_loopback_answers_under_no_name_that_leads_there(host: str) -> None:
    assert not is_name_of_this_machine(host, "127.0.0.1", NO_OTHERS)


def test_it_answers_under_the_name_that_it_was_told_to_listen_on() -> None:
    assert is_name_of_this_machine("myhost:8080", "MyHost", NO_OTHERS)
    assert not is_name_of_this_machine("yourhost:8080", "MyHost", NO_OTHERS)


def test_who_allows_a_page_means_its_host_too() -> None:
    others = parse_origins(["https://chat.example"])
    assert is_name_of_this_machine("chat.example:8080", "127.0.0.1", others)
    assert not is_name_of_this_machine("evil.example", "127.0.0.1", others)
    assert is_name_of_this_machine("evil.example", "127.0.0.1", parse_origins(["*"]))
