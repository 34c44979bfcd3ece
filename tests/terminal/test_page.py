"""The link to a room is that of the page, whatever way the server was named."""

import pytest

from duologue.errors import AddressError
from duologue.terminal.page import page_link


@pytest.mark.parametrize(
    ("server", "link"),
    [
        ("127.0.0.1:8080", "http://127.0.0.1:8080/#ABC123"),
        ("ws://localhost:9000/ws", "http://localhost:9000/#ABC123"),
        ("wss://chat.example/other/ws", "https://chat.example/#ABC123"),
        ("https://user:secret@chat.example", "https://chat.example/#ABC123"),
        ("http://[::1]:8080", "http://[::1]:8080/#ABC123"),
    ],
)
def test_the_link_of_a_room(server: str, link: str) -> None:
    assert page_link(server, "ABC123") == link


def test_what_cannot_be_in_a_link_is_encoded() -> None:
    assert page_link("127.0.0.1:80", "A B") == "http://127.0.0.1:80/#A%20B"


def test_no_server_no_link() -> None:
    with pytest.raises(AddressError):
        page_link("ftp://chat.example", "ABC123")
