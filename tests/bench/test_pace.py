from array import array
from typing import Any

import pytest

from duologue.bench import pace
from duologue.bench.pace import Rate, Windows, starts


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


class Player:
    def __init__(self, fd: int) -> None:
        self.partner_fd = fd
        self.said: list[float] = []


class Traffic:
    """Notes what it is told to do, and lets the time pass."""

    def __init__(self, clock: Clock, players: int) -> None:
        self.players = [Player(each) for each in range(players)]
        self.turns = array("d")
        self.done: list[tuple[Any, ...]] = []
        self._clock = clock

    def fill(self, player: Player) -> None:
        self.done.append(("fill", player.partner_fd, self._clock.now))

    def exchange(self, until: float) -> None:
        self.done.append(("exchange", until))
        self._clock.now = max(self._clock.now, until)

    def line(self, _player: Player, number: int) -> bytes:
        return b"%d" % number

    def say(self, fd: int, data: bytes) -> None:
        self.done.append(("say", fd, data))

    def listen(self, timeout_s: float) -> None:
        self._clock.now += timeout_s + 0.001


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(pace, "perf_counter", clock)
    return clock


def test_pairs_begin_one_after_another() -> None:
    assert starts(6, 10.0, 3.0) == [10.0, 10.0, 11.0, 11.0, 12.0, 12.0]
    assert starts(2, 10.0, 0.0) == [10.0, 10.0]


def test_windows_are_filled_when_it_is_their_turn(clock: Clock) -> None:
    traffic: Any = Traffic(clock, 4)
    windows = Windows(traffic, starts(4, 0.0, 2.0))
    windows.keep(0.5)
    windows.keep(3.0)
    assert traffic.done == [
        ("fill", 0, 0.0),
        ("fill", 1, 0.0),
        ("exchange", 0.5),
        ("exchange", 1.0),
        ("fill", 2, 1.0),
        ("fill", 3, 1.0),
        ("exchange", 3.0),
    ]
    assert windows.jitter is traffic.turns


def test_at_a_rate_each_says_one_chat_each_interval_at_its_own_moment(clock: Clock) -> None:
    traffic: Any = Traffic(clock, 4)
    rate = Rate(traffic, 8.0, starts(4, 0.0, 0.0))
    rate.keep(2.0)
    said = [player.said for player in traffic.players]
    assert [len(each) for each in said] == [4] * 4
    for first, *later in said:
        assert later == pytest.approx([first + 0.5, first + 1.0, first + 1.5])
    assert [data for _, fd, data in traffic.done if fd == 0] == [b"0", b"1", b"2", b"3"]
    assert len(rate.jitter) == 16
    assert all(0 <= late < 0.1 for late in rate.jitter)


def test_at_a_rate_nobody_speaks_before_they_begin(clock: Clock) -> None:
    traffic: Any = Traffic(clock, 4)
    Rate(traffic, 8.0, starts(4, 0.0, 2.0)).keep(2.0)
    first, second = traffic.players[0].said, traffic.players[2].said
    assert len(first) == 4
    assert len(second) == 2
    assert min(second) >= 1.0


def test_a_late_generator_catches_up_and_its_messages_count_from_when_they_were_due(
    clock: Clock,
) -> None:
    traffic: Any = Traffic(clock, 2)
    rate = Rate(traffic, 4.0, starts(2, 0.0, 0.0))
    rate.keep(0.5)
    clock.now = 2.0
    rate.keep(2.5)
    assert [len(player.said) for player in traffic.players] == [5, 5]
    assert max(rate.jitter) > 1.0
