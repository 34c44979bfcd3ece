import pytest

from duologue.server.site import Response, Upgrade, answer

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = {
    b"upgrade": b"websocket",
    b"connection": b"Upgrade",
    b"sec-websocket-version": b"13",
    b"sec-websocket-key": KEY,
}


def status(outcome: Response | Upgrade) -> int:
    assert isinstance(outcome, Response)
    return outcome.status


@pytest.mark.parametrize(
    "target", [b"/", b"/ws", b"/?x=1", b"/ws?token=/", b"http://x/ws", b"HTTP://x:8080"]
)
@pytest.mark.parametrize(
    "change",
    [
        {},
        {b"upgrade": b"WebSocket"},
        {b"connection": b"keep-alive, Upgrade"},
        {b"connection": b"UPGRADE"},
        {b"sec-websocket-extensions": b"permessage-deflate"},
    ],
)
def test_an_opening_handshake_is_accepted(target: bytes, change: dict[bytes, bytes]) -> None:
    assert answer(b"GET", target, b"1.1", (HANDSHAKE | change).items()) == Upgrade(KEY, None)


@pytest.mark.parametrize(
    ("offers", "speaks"),
    [
        ([b"duologue.v1"], "duologue.v1"),
        ([b"chat,\t duologue.v1 ,x"], "duologue.v1"),
        ([b"chat", b"duologue.v1"], "duologue.v1"),
        ([b"DUOLOGUE.V1"], None),
        ([b"duologue.v2,duologue.v10"], None),
        ([b""], None),
    ],
)
def test_the_subprotocol_is_one_of_those_that_are_offered(
    offers: list[bytes], speaks: str | None
) -> None:
    headers = [*HANDSHAKE.items(), *((b"sec-websocket-protocol", offer) for offer in offers)]
    assert answer(b"GET", b"/ws", b"1.1", headers) == Upgrade(KEY, speaks)


def test_a_header_that_comes_twice_counts_as_one_list() -> None:
    headers = [*HANDSHAKE.items(), (b"connection", b"keep-alive")]
    assert answer(b"GET", b"/ws", b"1.1", headers) == Upgrade(KEY, None)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({b"upgrade": b"h2c"}, 426),
        ({b"connection": b"keep-alive"}, 426),
        ({b"sec-websocket-version": b"8"}, 426),
        ({b"content-length": b"4"}, 400),
        ({b"transfer-encoding": b"chunked"}, 400),
        ({b"sec-websocket-key": b""}, 400),
        ({b"sec-websocket-key": b"c2hvcnQ="}, 400),
        ({b"sec-websocket-key": b"d(hlIHNhbXBsZSBub25jZQ=="}, 400),
        ({b"sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQé=".encode()}, 400),
    ],
)
def test_a_handshake_that_is_not_in_order_is_refused(
    change: dict[bytes, bytes], expected: int
) -> None:
    assert status(answer(b"GET", b"/ws", b"1.1", (HANDSHAKE | change).items())) == expected


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        (b"GET", b"/healthz", 200),
        (b"HEAD", b"/healthz", 200),
        (b"GET", b"/healthz?verbose", 200),
        (b"GET", b"http://x/healthz", 200),
        (b"GET", b"/", 426),
        (b"HEAD", b"/ws", 426),
        (b"GET", b"/favicon.ico", 404),
        (b"GET", b"/ws/", 404),
        (b"GET", b"*", 404),
        (b"POST", b"/ws", 405),
        (b"DELETE", b"/healthz", 405),
        (b"OPTIONS", b"/nowhere", 405),
    ],
)
def test_plain_requests(method: bytes, target: bytes, expected: int) -> None:
    assert status(answer(method, target, b"1.1", [(b"host", b"x")])) == expected


def test_a_handshake_on_another_path_finds_nothing() -> None:
    assert status(answer(b"GET", b"/chat", b"1.1", HANDSHAKE.items())) == 404


def test_a_handshake_is_a_get() -> None:
    assert status(answer(b"HEAD", b"/ws", b"1.1", HANDSHAKE.items())) == 426


@pytest.mark.parametrize("version", [b"1.0", b"2.0"])
def test_a_handshake_is_made_in_http_1_1(version: bytes) -> None:
    assert status(answer(b"GET", b"/ws", version, HANDSHAKE.items())) == 426
