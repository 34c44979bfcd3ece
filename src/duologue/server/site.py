"""What plain HTTP gets on the server's port: a few short answers.

Pure routing: a request in, a response out. The door reads and writes.
"""

import base64
import binascii
import re
from collections.abc import Iterable
from typing import NamedTuple

from duologue.wire.v1 import SUBPROTOCOL

CHAT_PATHS = frozenset({b"/", b"/ws"})

Headers = Iterable[tuple[bytes, bytes]]


class Response(NamedTuple):
    """An HTTP response; its body is plain text."""

    status: int
    body: str
    headers: tuple[tuple[str, str], ...] = ()


class Upgrade(NamedTuple):
    """An opening handshake that is in order (RFC 6455 section 4.2.1).

    Attributes:
        key: The client's Sec-WebSocket-Key.
        subprotocol: The one to speak, of those that the client offers; None
            for the reference protocol, which has no name.
    """

    key: bytes
    subprotocol: str | None


# A target may name the whole address (RFC 9112 section 3.2.2).
_ORIGIN = re.compile(rb"^https?://[^/?]*", re.IGNORECASE)
_ALLOWED = ("Allow", "GET, HEAD")
_SPEAK_WEBSOCKET = Response(
    426,
    "This is Duologue, a chat server: connect with a WebSocket client.\n",
    (("Connection", "Upgrade"), ("Upgrade", "websocket"), ("Sec-WebSocket-Version", "13")),
)


def answer(
    method: bytes, target: bytes, version: bytes, headers: Headers
) -> Response | Upgrade:
    """Decide what a request gets.

    Args:
        method: As sent: `GET`, …
        target: The request's target; what follows a `?` is ignored.
        version: Of HTTP: `1.1`, …
        headers: Names in lower case, with their values.
    """
    path = _ORIGIN.sub(b"", target).partition(b"?")[0] or b"/"
    if method not in (b"GET", b"HEAD"):
        return Response(405, "Method not allowed.\n", (_ALLOWED,))
    if path == b"/healthz":
        return Response(200, "ok\n")
    if path not in CHAT_PATHS:
        return Response(404, "Not found.\n")
    if method == b"HEAD" or version != b"1.1":
        return _SPEAK_WEBSOCKET
    return _chat(headers)


def _chat(headers: Headers) -> Response | Upgrade:
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        # A field that comes twice is one list (RFC 9110 section 5.3).
        fields[name] = fields[name] + b"," + value if name in fields else value
    if b"websocket" not in _tokens(fields, b"upgrade"):
        return _SPEAK_WEBSOCKET
    if b"upgrade" not in _tokens(fields, b"connection"):
        return _SPEAK_WEBSOCKET
    if fields.get(b"sec-websocket-version") != b"13":
        return _SPEAK_WEBSOCKET
    if fields.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in fields:
        return Response(400, "An opening handshake has no body.\n")
    key = fields.get(b"sec-websocket-key", b"")
    if not _is_key(key):
        return Response(400, "Sec-WebSocket-Key must be 16 bytes in base64.\n")
    # A client compares what is agreed on with what it offered, letter by letter.
    offered = _listed(fields, b"sec-websocket-protocol")
    return Upgrade(key, SUBPROTOCOL if SUBPROTOCOL.encode() in offered else None)


def _tokens(fields: dict[bytes, bytes], name: bytes) -> list[bytes]:
    return [token.lower() for token in _listed(fields, name)]


def _listed(fields: dict[bytes, bytes], name: bytes) -> list[bytes]:
    return [item.strip() for item in fields.get(name, b"").split(b",")]


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False
