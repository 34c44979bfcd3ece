from typing import Any

import pytest

from duologue.bench.drops.wire import Wire
from duologue.bench.frames import masked, plain
from duologue.bench.target import Target
from duologue.errors import LoadError
from duologue.wire.frames import Opcode

AGREED = b"HTTP/1.1 101 Yes\r\nSec-WebSocket-Protocol: duologue.v1\r\n\r\n"


class Transport:
    def __init__(self) -> None:
        self.written = b""
        self.options: list[tuple[int, ...]] = []
        self.is_aborted = False

    def write(self, data: bytes) -> None:
        self.written += data

    def abort(self) -> None:
        self.is_aborted = True

    def get_extra_info(self, _name: str) -> Any:
        return self

    def setsockopt(self, *option: Any) -> None:
        self.options.append(option)


class Owner:
    def __init__(self) -> None:
        self.told: list[Any] = []

    def on_connected(self, _wire: Wire) -> None:
        self.told.append("connected")

    def on_open(self) -> None:
        self.told.append("open")

    def on_texts(self, texts: list[str]) -> None:
        self.told.append(texts)

    def on_lost(self, _wire: Wire, code: int) -> None:
        self.told.append(code)


class Stage:
    def __init__(self) -> None:
        self.owner = Owner()
        self.transport = Transport()
        self.wire = Wire(self.owner, Target.find("127.0.0.1:1"))
        self.wire.connection_made(self.transport)  # type: ignore[arg-type]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_it_asks_for_v1_and_passes_on_what_is_whole(stage: Stage) -> None:
    assert b"Sec-WebSocket-Protocol: duologue.v1" in stage.transport.written
    stream = AGREED + plain(b"one") + plain(b"two") + plain(b"three")
    stage.wire.data_received(stream[:20])
    stage.wire.data_received(stream[20:-3])
    stage.wire.data_received(stream[-3:])
    assert stage.owner.told == ["connected", "open", ["one", "two"], ["three"]]


def test_pings_are_answered_and_a_close_tells_why(stage: Stage) -> None:
    stage.wire.data_received(AGREED + b"\x89\x02hi" + b"\x88\x02\x0f\xa3")
    stage.wire.connection_lost(None)
    assert stage.transport.written.endswith(
        masked(b"hi", Opcode.PONG) + masked(b"\x0f\xa3", Opcode.CLOSE)
    )
    assert stage.owner.told == ["connected", "open", 4003]


def test_without_a_close_it_was_just_lost(stage: Stage) -> None:
    stage.wire.connection_lost(OSError())
    assert stage.owner.told == ["connected", 1006]


@pytest.mark.parametrize(
    "answer",
    [b"SSH-2.0\r\n", b"HTTP/1.1 503 No\r\n\r\n", AGREED + b"\x01\x00"],
)
def test_what_is_no_server_of_this_protocol_ends_the_run(stage: Stage, answer: bytes) -> None:
    with pytest.raises(LoadError):
        stage.wire.data_received(answer)


def test_all_texts_leave_in_one_write_and_a_reset_is_no_goodbye(stage: Stage) -> None:
    stage.transport.written = b""
    stage.wire.say([b"one", b"two"])
    assert stage.transport.written == masked(b"one") + masked(b"two")
    stage.wire.reset()
    assert stage.transport.is_aborted
    assert len(stage.transport.options) == 1
