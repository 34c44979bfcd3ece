"""What plain HTTP gets on the server's port: the page, its files, a few short answers.

Pure routing: a request in, a response out. The door reads and writes.
"""

import base64
import binascii
import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import NamedTuple

from duologue.server.assets import Asset, assets
from duologue.server.protection import PROTECTED
from duologue.wire.v1 import SUBPROTOCOL

CHAT_PATHS = frozenset({b"/", b"/ws"})

READING = (b"GET", b"HEAD")
"""The methods that there are; nothing here can be written."""

Headers = Iterable[tuple[bytes, bytes]]
Fields = Mapping[bytes, bytes]


class Response(NamedTuple):
    """An HTTP response."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes = b""

    def without_body(self) -> "Response":
        """Return what a HEAD gets."""
        return self._replace(body=b"")


class Upgrade(NamedTuple):
    """An opening handshake that is in order (RFC 6455 section 4.2.1).

    Attributes:
        key: The client's Sec-WebSocket-Key.
        subprotocol: The one to speak, of those that the client offers; None
            for the reference protocol, which has no name.
    """

    key: bytes
    subprotocol: str | None


class Request(NamedTuple):
    """What is asked for.

    Attributes:
        method: As sent: `GET`, …
        target: What for; what follows a `?` is ignored.
        version: Of HTTP: `1.1`, …
        headers: Names in lower case, with their values.
    """

    method: bytes
    target: bytes
    version: bytes
    headers: Headers

    @property
    def path(self) -> bytes:
        """What of the target names a resource."""
        return _ORIGIN.sub(b"", self.target).partition(b"?")[0] or b"/"

    @property
    def fields(self) -> dict[bytes, bytes]:
        """The header fields by name."""
        fields: dict[bytes, bytes] = {}
        for name, value in self.headers:
            # A field that comes twice is one list (RFC 9110 section 5.3).
            fields[name] = fields[name] + b"," + value if name in fields else value
        return fields


def in_words(status: int, words: str | None = None, *headers: tuple[str, str]) -> Response:
    """Make a response of one line; without words it is what the status means."""
    body = (words or f"{HTTPStatus(status).phrase}.").encode() + b"\n"
    text = ("Content-Type", "text/plain; charset=utf-8")
    length = ("Content-Length", str(len(body)))
    return Response(status, (text, length, *PROTECTED, *headers), body)


# A target may name the whole address (RFC 9112 section 3.2.2).
_ORIGIN = re.compile(rb"^https?://[^/?]*", re.IGNORECASE)
_NOT_STORED = ("Cache-Control", "no-store")
_HEALTHY = in_words(200, "ok", _NOT_STORED)
_READY = in_words(200, "ready", _NOT_STORED)
_DRAINING = in_words(503, "draining", _NOT_STORED)
NOT_FOUND = in_words(404)
NOT_ALLOWED = in_words(405, None, ("Allow", "GET, HEAD"))
_SPEAK_WEBSOCKET = in_words(
    426,
    "This is Duologue, a chat server: connect with a WebSocket client.",
    ("Connection", "Upgrade"),
    ("Upgrade", "websocket"),
    ("Sec-WebSocket-Version", "13"),
)


STOPPING = in_words(503, "This server is about to stop.", ("Retry-After", "5"))
"""What an opening handshake gets that comes too late."""


def answer(request: Request, *, is_ready: bool = True) -> Response | Upgrade:
    """Decide what a request gets; `is_ready` says whether newcomers are welcome here."""
    path, fields = request.path, request.fields
    if request.method not in READING:
        return NOT_ALLOWED
    # HTTP/1.0 knows no upgrade (RFC 9110 section 7.8).
    may_upgrade = request.method == b"GET" and request.version == b"1.1" and path in CHAT_PATHS
    if may_upgrade and b"websocket" in _tokens(fields, b"upgrade"):
        return _chat(fields)
    if asset := assets().get(path):
        return _file(asset, fields)
    if told := health(path, is_ready=is_ready):
        return told
    return _SPEAK_WEBSOCKET if path == b"/ws" else NOT_FOUND


def health(path: bytes, *, is_ready: bool) -> Response | None:
    """Say how the server is, if it is that which is asked."""
    if path == b"/healthz":
        return _HEALTHY
    if path == b"/readyz":
        return _READY if is_ready else _DRAINING
    return None


def _file(asset: Asset, fields: Fields) -> Response:
    if _has_it(fields, asset.tag.encode()):
        return Response(304, asset.fields)
    packed = asset.zipped if _takes_gzip(fields) else asset.plain
    return Response(200, packed.fields, packed.body)


def _has_it(fields: Fields, tag: bytes) -> bool:
    """Tell whether a browser's copy is the newest (RFC 9110 section 13.1.2)."""
    held = _listed(fields, b"if-none-match")
    return held == [b"*"] or tag.removeprefix(b"W/") in (
        each.removeprefix(b"W/") for each in held
    )


def _takes_gzip(fields: Fields) -> bool:
    """Tell whether gzip is welcome (RFC 9110 section 12.5.3)."""
    weights: dict[bytes, bytes] = {}
    for item in _tokens(fields, b"accept-encoding"):
        coding, _, weight = item.partition(b";")
        weights[coding.strip()] = weight.strip()
    weight = weights.get(b"gzip", weights.get(b"*", b"q=0"))
    return not _NEVER.fullmatch(weight)


_NEVER = re.compile(rb"q=0(\.0*)?")


def _chat(fields: Fields) -> Response | Upgrade:
    if b"upgrade" not in _tokens(fields, b"connection"):
        return _SPEAK_WEBSOCKET
    if fields.get(b"sec-websocket-version") != b"13":
        return _SPEAK_WEBSOCKET
    if fields.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in fields:
        return in_words(400, "An opening handshake has no body.")
    key = fields.get(b"sec-websocket-key", b"")
    if not _is_key(key):
        return in_words(400, "Sec-WebSocket-Key must be 16 bytes in base64.")
    # A client compares what is agreed on with what it offered, letter by letter.
    offered = _listed(fields, b"sec-websocket-protocol")
    return Upgrade(key, SUBPROTOCOL if SUBPROTOCOL.encode() in offered else None)


def _tokens(fields: Fields, name: bytes) -> list[bytes]:
    return [token.lower() for token in _listed(fields, name)]


def _listed(fields: Fields, name: bytes) -> list[bytes]:
    return [item.strip() for item in fields.get(name, b"").split(b",")]


def _is_key(key: bytes) -> bool:
    try:
        return len(base64.b64decode(key, validate=True)) == 16
    except binascii.Error:
        return False
