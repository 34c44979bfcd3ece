import pytest

from duologue.server.assets import assets
from duologue.server.protection import PROTECTED
from duologue.server.site import Headers, Request, Response, Upgrade, answer, in_words

KEY = b"dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = {
    b"upgrade": b"websocket",
    b"connection": b"Upgrade",
    b"sec-websocket-version": b"13",
    b"sec-websocket-key": KEY,
}


PAGE = assets()[b"/"]


def ask(method: bytes, target: bytes, version: bytes, headers: Headers) -> Response | Upgrade:
    return answer(Request(method, target, version, headers))


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
    assert ask(b"GET", target, b"1.1", (HANDSHAKE | change).items()) == Upgrade(KEY, None)


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
    assert ask(b"GET", b"/ws", b"1.1", headers) == Upgrade(KEY, speaks)


def test_a_header_that_comes_twice_counts_as_one_list() -> None:
    headers = [*HANDSHAKE.items(), (b"connection", b"keep-alive")]
    assert ask(b"GET", b"/ws", b"1.1", headers) == Upgrade(KEY, None)


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
    assert status(ask(b"GET", b"/ws", b"1.1", (HANDSHAKE | change).items())) == expected


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        (b"GET", b"/healthz", 200),
        (b"HEAD", b"/healthz", 200),
        (b"GET", b"/healthz?verbose", 200),
        (b"GET", b"http://x/healthz", 200),
        (b"GET", b"/", 200),
        (b"HEAD", b"/", 200),
        (b"GET", b"/?x=1", 200),
        (b"GET", b"http://x", 200),
        (b"GET", b"/style.css?", 200),
        (b"GET", b"/shell.js", 200),
        (b"GET", b"/ws", 426),
        (b"HEAD", b"/ws", 426),
        (b"GET", b"/index.html", 404),
        (b"GET", b"/../config.py", 404),
        (b"GET", b"/page/../style.css", 404),
        (b"GET", b"//style.css", 404),
        (b"GET", b"/%73tyle.css", 404),
        (b"GET", b"/page/", 404),
        (b"GET", b"/vendor/README.md", 404),
        (b"GET", b"/favicon.ico", 404),
        (b"GET", b"/ws/", 404),
        (b"GET", b"*", 404),
        (b"POST", b"/ws", 405),
        (b"DELETE", b"/healthz", 405),
        (b"OPTIONS", b"/nowhere", 405),
    ],
)
def test_plain_requests(method: bytes, target: bytes, expected: int) -> None:
    assert status(ask(method, target, b"1.1", [(b"host", b"x")])) == expected


def test_a_handshake_on_another_path_finds_nothing() -> None:
    assert status(ask(b"GET", b"/chat", b"1.1", HANDSHAKE.items())) == 404


@pytest.mark.parametrize(("method", "version"), [(b"HEAD", b"1.1"), (b"GET", b"1.0")])
@pytest.mark.parametrize(("target", "expected"), [(b"/ws", 426), (b"/", 200)])
def test_a_handshake_is_a_get_in_http_1_1(
    method: bytes, version: bytes, target: bytes, expected: int
) -> None:
    assert status(ask(method, target, version, HANDSHAKE.items())) == expected


@pytest.mark.parametrize("target", [b"/", b"/ws"])
def test_half_a_handshake_is_told_what_is_missing(target: bytes) -> None:
    assert ask(b"GET", target, b"1.1", [(b"upgrade", b"websocket")]) == in_words(
        426,
        "This is Duologue, a chat server: connect with a WebSocket client.",
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
    )


def test_another_upgrade_is_not_heeded() -> None:
    headers = [(b"upgrade", b"h2c"), (b"connection", b"Upgrade, HTTP2-Settings")]
    assert status(ask(b"GET", b"/", b"1.1", headers)) == 200


@pytest.mark.parametrize(
    ("accepted", "is_zipped"),
    [
        ([], False),
        ([b""], False),
        ([b"gzip"], True),
        ([b"br, GZIP ;q=0.5, deflate"], True),
        ([b"br", b"gzip"], True),
        ([b"gzip;q=0"], False),
        ([b"gzip;q=0.00, *"], False),
        ([b"gzip; q=0.001"], True),
        ([b"*"], True),
        ([b"*;q=0"], False),
        ([b"br, identity"], False),
    ],
)
def test_gzip_is_for_those_that_accept_it(accepted: list[bytes], is_zipped: bool) -> None:
    packed = PAGE.zipped if is_zipped else PAGE.plain
    headers = [(b"accept-encoding", value) for value in accepted]
    expected = Response(200, packed.fields, packed.body)
    assert ask(b"GET", b"/", b"1.1", headers) == expected


@pytest.mark.parametrize(
    ("held", "has_it"),
    [
        (PAGE.tag, True),
        (PAGE.tag.removeprefix("W/"), True),
        (f'"x,y", {PAGE.tag}', True),
        ("*", True),
        ("", False),
        ('W/"x"', False),
        (f'"x", *, {PAGE.tag[:-2]}"', False),
    ],
)
def test_who_has_the_newest_is_not_sent_it_again(held: str, has_it: bool) -> None:
    outcome = ask(b"GET", b"/", b"1.1", [(b"if-none-match", held.encode())])
    as_it_is = Response(200, PAGE.plain.fields, PAGE.plain.body)
    assert outcome == (Response(304, PAGE.fields) if has_it else as_it_is)


def test_a_line_of_text_is_protected_like_the_page() -> None:
    text = (("Content-Type", "text/plain; charset=utf-8"), ("Content-Length", "11"))
    assert in_words(404) == Response(404, (*text, *PROTECTED), b"Not Found.\n")
    assert in_words(200, "0123456789", ("X", "y")).headers == (*text, *PROTECTED, ("X", "y"))


def test_a_head_gets_all_but_the_body() -> None:
    assert in_words(404).without_body() == Response(404, in_words(404).headers)
