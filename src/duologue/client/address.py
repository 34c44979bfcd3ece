"""Where a server is: what a person or a program may write, as a WebSocket URL."""

from urllib.parse import SplitResult, urlsplit

from duologue.errors import AddressError

_SCHEMES = {"ws": "ws", "wss": "wss", "http": "ws", "https": "wss"}


def websocket_url(text: str) -> str:
    """Return the URL that is meant.

    Args:
        text: A URL with ws, wss, http or https, or only HOST:PORT. Without a
            path it means `/ws`.

    Raises:
        AddressError: It is not of that form.
    """
    try:
        parts = urlsplit(text if "://" in text else f"ws://{text}")
        port = parts.port
    except ValueError as error:
        raise AddressError(f"{text!r}: {error}") from None
    _check(text, parts, port)
    path = parts.path if parts.path not in {"", "/"} else "/ws"
    return parts._replace(scheme=_SCHEMES[parts.scheme], path=path).geturl()


def _check(text: str, parts: SplitResult, port: int | None) -> None:
    if parts.scheme not in _SCHEMES:
        raise AddressError(f"{text!r}: the scheme is none of {', '.join(_SCHEMES)}")
    if not parts.hostname or port == 0:
        raise AddressError(f"{text!r} is no URL or HOST:PORT, such as ws://127.0.0.1:8080/ws")
    if parts.fragment:
        raise AddressError(f"{text!r}: a WebSocket URL has no fragment (RFC 6455 section 3)")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise AddressError(f"{text!r}: use percent-encoding, and punycode for the host")
