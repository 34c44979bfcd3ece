"""The loop at work is in test_run.py; here is what happens to one client."""

import select
import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from duologue.bench.dialects import DIALECTS
from duologue.bench.frames import masked, plain
from duologue.bench.script import Script
from duologue.bench.sockets import Sockets
from duologue.bench.traffic import Player, Traffic
from duologue.errors import LoadError

HEARD = [plain(b"zero"), plain(b"one")]
SAID = [masked(b"zero"), masked(b"one")]


class Wire:
    """A socket that takes what it has room for."""

    def __init__(self) -> None:
        self.room = 1 << 20
        self.written = b""

    def write(self, _fd: int, data: bytes) -> int:
        if not self.room:
            raise BlockingIOError
        taken = data[: self.room]
        self.room -= len(taken)
        self.written += taken
        return len(taken)


class Stage:
    def __init__(self) -> None:
        self.wire = Wire()
        self.near, self.far = socket.socketpair()
        self.traffic = Traffic(512, Sockets(lambda _fd, _size: b"", self.wire.write))
        link: Any = SimpleNamespace(
            socket=self.near, fd=self.near.fileno(), dialect=DIALECTS["reference"]
        )
        self.player = Player(link, link, Script(HEARD, SAID, 1))
        self.traffic._watch(self.player)


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    with stage.near, stage.far:
        yield stage


def test_what_is_read_whole_is_learnt(stage: Stage) -> None:
    player, traffic = stage.player, stage.traffic
    both = HEARD[0] + HEARD[1]
    step = traffic.work_out(player, both)
    assert (step.chats, step.answer, step.then) == (2, SAID[1] + SAID[0], player.place)
    assert player.place[both] == step


def test_what_comes_in_parts_is_put_together_and_not_learnt(stage: Stage) -> None:
    player, traffic = stage.player, stage.traffic
    assert traffic.work_out(player, HEARD[0][:3]).chats == 0
    assert traffic.work_out(player, HEARD[0][3:]).chats == 1
    assert player.place == {}


def test_a_ping_is_answered_and_no_message(stage: Stage) -> None:
    assert stage.traffic.work_out(stage.player, b"\x89\x02hi").chats == 0
    assert stage.wire.written[:2] == b"\x8a\x82"


def test_nothing_yet_is_no_end(stage: Stage) -> None:
    assert stage.traffic.work_out(stage.player, None).chats == 0
    with pytest.raises(LoadError, match="closed a connection"):
        stage.traffic.work_out(stage.player, b"")


@pytest.mark.parametrize("data", [HEARD[1], HEARD[0] * 2, plain(b"two"), b"\x01\x00"])
def test_any_other_frame_is_an_error(stage: Stage, data: bytes) -> None:
    with pytest.raises(LoadError):
        stage.traffic.work_out(stage.player, data)


def test_what_a_full_socket_does_not_take_is_written_later_and_in_order(stage: Stage) -> None:
    traffic, wire, fd = stage.traffic, stage.wire, stage.player.fd
    wire.room = 3
    traffic.say(fd, b"abcde")
    traffic.say(fd, b"fgh")
    wire.room = 1
    traffic.on_other_event(fd, select.EPOLLOUT)
    wire.room = 100
    traffic.on_other_event(fd, select.EPOLLOUT | select.EPOLLIN)
    traffic.say(fd, b"i")
    assert wire.written == b"abcdefghi"
    assert traffic._unsent == {}


def test_a_connection_that_broke_ends_the_run(stage: Stage) -> None:
    with pytest.raises(LoadError, match="closed a connection"):
        stage.traffic.on_other_event(stage.player.fd, select.EPOLLIN | select.EPOLLHUP)
