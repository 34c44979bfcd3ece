"""Where the page of a server is, and the link to a room on it. Pure."""

from urllib.parse import quote, urlsplit

from duologue.client.address import websocket_url

_SCHEMES = {"ws": "http", "wss": "https"}


def page_link(server: str, code: str) -> str:
    """Return the link that leads into a room.

    Args:
        server: As for `duologue.client.connect`.
        code: The code of the room.

    Raises:
        AddressError: The URL cannot be used.
    """
    parts = urlsplit(websocket_url(server))
    host = parts.netloc.rpartition("@")[2]
    return f"{_SCHEMES[parts.scheme]}://{host}/#{quote(code)}"
