import errno
import socket
import ssl

import pytest
from tests.support.program import Program, running

from duologue.bench.crowd import Crowd
from duologue.bench.dialects import DIALECTS
from duologue.bench.frames import Frame, masked
from duologue.bench.link import (
    Link,
    check_begin,
    check_upgrade,
    control_answer,
    upgrade_request,
    why,
)
from duologue.bench.target import Target
from duologue.errors import LoadError
from duologue.wire.frames import Opcode

V1, REFERENCE = DIALECTS["v1"], DIALECTS["reference"]


@pytest.mark.parametrize("dialect", [V1, REFERENCE])
def test_it_says_and_hears_one_message_at_a_time(program: Program, dialect: object) -> None:
    link = Link(Target.find(f"127.0.0.1:{program.port}"), dialect, 0)  # type: ignore[arg-type]
    try:
        link.upgraded()
        link.hear("connected")
        link.say("set_username", username="Alice")
        assert link.hear("username_set") == {"type": "username_set", "username": "Alice"}
        link.say("leave_room")
        with pytest.raises(LoadError, match=r"the server refuses: .*not_in_room"):
            link.hear("room_left")
    finally:
        link.close()


def test_who_is_not_there_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with pytest.raises(LoadError) as caught:
        Link(Target.find(f"127.0.0.1:{port}"), V1, 0)
    assert str(caught.value) == f"cannot connect to 127.0.0.1:{port}: Connection refused"


def test_v1_is_asked_for() -> None:
    target = Target.find("127.0.0.1:80/chat?a=b")
    request = upgrade_request(target, V1)
    assert request.startswith(b"GET /chat?a=b HTTP/1.1\r\nHost: 127.0.0.1:80\r\n")
    assert b"\r\nSec-WebSocket-Protocol: duologue.v1\r\n" in request
    assert b"Protocol" not in upgrade_request(target, REFERENCE)


@pytest.mark.parametrize("answer", [b"", b"H", b"HTTP/1.1 200"])
def test_http_may_begin_like_this(answer: bytes) -> None:
    check_begin(answer)


def test_a_switch_of_protocols_is_what_was_asked_for() -> None:
    check_upgrade(b"HTTP/1.1 101 Yes\r\nsec-websocket-protocol: duologue.v1", V1)
    check_upgrade(b"HTTP/1.1 101 Yes\r\nUpgrade: websocket", REFERENCE)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            "429 Too Many Requests",
            "--connections-per-source off --handshakes-per-source-s off$",
        ),
        ("503 Service Unavailable", "--max-connections off --max-rooms off$"),
        ("404 Not Found", "refused the WebSocket: HTTP/1.1 404 Not Found$"),
        ("", "refused the WebSocket: HTTP/1.1 $"),
    ],
)
def test_a_limit_is_told_with_how_to_lift_it(status: str, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        check_upgrade(f"HTTP/1.1 {status}\r\nRetry-After: 10".encode(), V1)


def test_a_server_with_enough_rooms_says_so() -> None:
    with running(
        DUOLOGUE_LOG="error", DUOLOGUE_UNCOUNTED="off", DUOLOGUE_ROOMS_PER_SOURCE="1"
    ) as (program):
        crowd = Crowd(Target.find(f"127.0.0.1:{program.port}"), V1)
        try:
            with pytest.raises(LoadError, match=r"slow_down.*start it with --rooms-per-source"):
                crowd.seat(2)
        finally:
            crowd.close()


def test_a_newer_ticket_may_come_at_any_time(monkeypatch: pytest.MonkeyPatch) -> None:
    said = [b'{"type":"ticket","ticket":"x"}', b'{"type":"room_left"}']
    frames = [Frame(Opcode.TEXT, payload, b"") for payload in said]
    monkeypatch.setattr(Link, "_next_frame", lambda _self: frames.pop(0))
    link = Link.__new__(Link)
    link.dialect = V1
    assert link.hear("room_left") == {"type": "room_left"}


def test_a_ping_is_answered_and_a_text_is_not() -> None:
    ping, text = (Frame(opcode, b"hi", b"") for opcode in (Opcode.PING, Opcode.TEXT))
    assert control_answer(ping, V1) == masked(b"hi", Opcode.PONG)
    assert control_answer(text, V1) is None


@pytest.mark.parametrize(
    ("payload", "words"),
    [
        (b"", "closed a connection"),
        (b"\x03\xe9", r"with code 1001 \(GOING_AWAY\)"),
        (b"\x0b\xb8", "with code 3000$"),
        (b"\x0f\xa8", r"4008 \(RATE_LIMITED\) - a limit .* with --errors-per-s off$"),
    ],
)
def test_a_close_ends_it_with_its_reason(payload: bytes, words: str) -> None:
    with pytest.raises(LoadError, match=words):
        control_answer(Frame(Opcode.CLOSE, payload, b""), V1)


def test_errors_have_words() -> None:
    assert why(TimeoutError()) == "no answer for 15 s"
    assert why(OSError(errno.ECONNREFUSED, "Connection refused")) == "Connection refused"
    assert why(ssl.SSLError("odd")).startswith("no TLS there: ")
