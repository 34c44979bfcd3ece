"""The door: whatever comes as HTTP gets one answer a request, or becomes a WebSocket.

In however many pieces the bytes come, what is answered is the same.
"""

import base64
import re
from collections.abc import Iterable, Iterator

import h11

from duologue.server.site import CHAT_PATHS
from fuzzing.frames import KEY, accepted, handshake, heard, masked
from fuzzing.stage import SOURCE, Stage
from fuzzing.words import HTTP

MOST_BYTES = 4096  # Far below what the door takes for a head: where it ends depends on pieces.

_HEAD = re.compile(rb"HTTP/1\.1 (\d{3}) [^\r\n]*\r\n((?:[^\r\n:]+:[^\r\n]*\r\n)*)\r\n")
_LENGTH = re.compile(rb"^content-length: *(\d+)\r$", re.IGNORECASE | re.MULTILINE)
_CLOSE = re.compile(rb"^connection: *close\r$", re.IGNORECASE | re.MULTILINE)
_ACCEPT = re.compile(rb"^sec-websocket-accept: *(\S+)\r$", re.IGNORECASE | re.MULTILINE)

_REFUSED = 501, 503
"""A transfer coding that is not known (RFC 9112 section 6.1); too many connections."""


def seeds() -> Iterable[bytes]:
    """Begin with requests of every kind, the first byte being the size of the pieces."""
    get = "GET {} HTTP/1.1\r\nHost: 127.0.0.1\r\n{}\r\n"
    for path in ("/", "/ws", "/healthz", "/shell.js", "/nothing", "http://a.example/?x"):
        yield b"\xff" + get.format(path, "").encode()
    for line in HTTP[5:-1]:
        yield b"\x40" + get.format("/", line).encode()
    for size in (1, 7, 255):
        for subprotocol in (b"", b"duologue.v1", b"x,duologue.v1"):
            said = masked(0x81, b'{"type":"typing"}')
            yield bytes((size,)) + handshake(subprotocol) + said
    yield b"\xff" + handshake().replace(KEY, b"c2hvcnQ=")
    yield b"\x20" + 3 * get.format("/healthz", "").encode() + handshake()
    yield b"\x20" + get.format("/", "Content-Length: 3\r\n").encode() + b"abc" + handshake()
    yield b"\x40" + get.format("/", "Transfer-Encoding: x\r\n").encode()
    yield b"\x20HEAD / HTTP/1.0\r\n\r\nGET / HTTP/1.0\r\n\r\n"


def try_one(data: bytes) -> None:
    """Say it all at once, and in pieces."""
    size, said = data[0] if data else 1, data[1:]
    at_once = answered([said])
    pieces = [said[at : at + size] for at in range(0, len(said), size)] if size else [said]
    assert answered(pieces) == at_once, "what is answered depends on the pieces"
    check(said, at_once)


def answered(pieces: list[bytes]) -> bytes:
    """Return what the server says to these pieces of one connection."""
    with Stage(trust_proxy=(SOURCE,)) as stage:
        wire = stage.arrive()
        for piece in pieces:
            wire.say(piece)
            stage.loop.rest()
        return bytes(wire.output)


def check(said: bytes, output: bytes) -> None:
    """Hold what was answered to RFC 9112 and RFC 6455, request by request."""
    asked = requests(said)
    at = 0
    while at < len(output):
        head = _HEAD.match(output, at)
        assert head is not None, "not an answer"
        status, fields, at = int(head[1]), head[2], head.end()
        request = next(asked)
        if status == 101:
            check_upgrade(request, fields)
            heard(output[at:])
            return
        length = _LENGTH.search(fields)
        has_body = status >= 200 and status not in (204, 304) and request.method != b"HEAD"
        at += int(length[1]) if length and has_body else 0
        assert status < 500 or status in _REFUSED, "it is our fault"
        if _CLOSE.search(fields):
            assert at == len(output), "something is said after the last answer"
    assert at == len(output), "less is said than was promised"


def check_upgrade(request: h11.Request, fields: bytes) -> None:
    """Hold an upgrade to what has to be true of its request."""
    sent = dict(request.headers)
    key, accept = sent[b"sec-websocket-key"], _ACCEPT.search(fields)
    assert len(base64.b64decode(key)) == 16, "a key that is none"
    assert accept is not None
    assert accept[1] == accepted(key), "not the answer to this key"
    assert (request.method, request.http_version) == (b"GET", b"1.1")
    assert any(path in request.target for path in CHAT_PATHS)
    agreed = b"sec-websocket-protocol: duologue.v1" in fields.lower()
    assert not agreed or b"duologue.v1" in b",".join(
        value for name, value in request.headers if name == b"sec-websocket-protocol"
    )


_BROKEN = h11.Request(method=b"BROKEN", target=b"/", headers=[("Host", "none")])


def requests(said: bytes) -> Iterator[h11.Request]:
    """Yield what was asked, the way another server would read it."""
    reading = h11.Connection(h11.SERVER)
    reading.receive_data(said)
    try:
        while isinstance(event := reading.next_event(), h11.Request):
            yield event
            if not isinstance(reading.next_event(), h11.EndOfMessage):
                return
            reading.send(h11.Response(status_code=200, headers=[("Content-Length", "0")]))
            reading.send(h11.EndOfMessage())
            if reading.our_state is h11.MUST_CLOSE:
                return
            reading.start_next_cycle()
    except h11.RemoteProtocolError:
        yield _BROKEN
