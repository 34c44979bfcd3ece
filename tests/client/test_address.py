import pytest

from duologue.client.address import websocket_url
from duologue.errors import AddressError


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("127.0.0.1:8080", "ws://127.0.0.1:8080/ws"),
        ("localhost:8080", "ws://localhost:8080/ws"),
        ("[::1]:8080", "ws://[::1]:8080/ws"),
        ("example.com", "ws://example.com/ws"),
        ("ws://example.com", "ws://example.com/ws"),
        ("ws://example.com/", "ws://example.com/ws"),
        ("WSS://example.com/chat?a=b", "wss://example.com/chat?a=b"),
        ("http://example.com:80/", "ws://example.com:80/ws"),
        ("https://example.com", "wss://example.com/ws"),
    ],
)
def test_what_people_write_becomes_a_url(text: str, url: str) -> None:
    assert websocket_url(text) == url


@pytest.mark.parametrize(
    "text",
    [
        "",
        ":8080",
        "ws://",
        "ftp://example.com",
        "://example.com",
        "example.com:port",
        "example.com:0",
        "example.com:65536",
        "ws://[::1/ws",
        "ws://example.com/ws#here",
        "ws://exa mple.com",
        "ws://münchen.example",
        "ws://example.com/a\nb",
    ],
)
def test_what_is_no_address_is_refused(text: str) -> None:
    with pytest.raises(AddressError):
        websocket_url(text)
