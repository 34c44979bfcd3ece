import math
from typing import Any

import pytest

from duologue.core.admission import RETRY_AFTER_S, Admission, Refusal
from duologue.core.limits import Limits
from duologue.core.line import Source

ALICE, MALLORY = Source("192.0.2.1"), Source("192.0.2.66")


def admission(**limits: Any) -> Admission:
    return Admission(Limits(**limits), lambda source: source != "unix")


def test_a_source_has_so_many_connections_and_others_have_theirs() -> None:
    door = admission(connections_per_source=2)
    came = [door.arrive(MALLORY, 0.0) for _ in range(3)]
    assert came == [None, None, Refusal.TOO_MANY_CONNECTIONS]
    assert door.arrive(ALICE, 0.0) is None
    door.depart(MALLORY)
    assert (door.arrive(MALLORY, 0.0), door.connections) == (None, 3)


def test_a_source_begins_so_many_a_second_and_ten_times_as_many_at_once() -> None:
    door = admission(handshakes_per_source_s=2)
    came = []
    for _ in range(21):
        came.append(door.arrive(MALLORY, 0.0))
        if came[-1] is None:
            door.depart(MALLORY)
    assert came == [None] * 20 + [Refusal.TOO_MANY_HANDSHAKES]
    assert (door.arrive(ALICE, 0.0), door.arrive(MALLORY, 0.5)) == (None, None)


def test_all_together_have_so_many_connections() -> None:
    door = admission(max_connections=2)
    came = [door.arrive(source, 0.0) for source in (ALICE, MALLORY, ALICE)]
    assert came == [None, None, Refusal.FULL]
    door.depart(MALLORY)
    assert door.arrive(ALICE, 0.0) is None


def test_some_are_counted_in_total_alone() -> None:
    door = admission(connections_per_source=1, rooms_per_source=1, max_connections=3)
    unix = Source("unix")
    assert [door.arrive(unix, 0.0) for _ in range(4)] == [None, None, None, Refusal.FULL]
    assert [door.open_room(unix, 0.0) for _ in range(2)] == [True, True]
    door.depart(unix)
    door.close_room(unix)
    assert (door.connections, door.rooms, len(door)) == (2, 1, 0)


def test_a_source_opens_so_many_rooms() -> None:
    door = admission(rooms_per_source=2)
    assert [door.open_room(MALLORY, 0.0) for _ in range(3)] == [True, True, False]
    assert door.open_room(ALICE, 0.0)
    door.close_room(MALLORY)
    assert (door.open_room(MALLORY, 0.0), door.rooms) == (True, 3)


def test_all_together_open_so_many_rooms() -> None:
    door = admission(max_rooms=1)
    before = door.has_room_for_rooms
    door.open_room(ALICE, 0.0)
    assert (before, door.has_room_for_rooms) == (True, False)
    assert not door.open_room(MALLORY, 0.0)


def test_who_comes_back_to_a_room_is_never_one_too_many() -> None:
    door = admission(max_rooms=1, rooms_per_source=1)
    for _ in range(3):
        door.reopen_room(ALICE, 0.0)
    assert (door.rooms, door.open_room(ALICE, 0.0)) == (3, False)


@pytest.mark.parametrize("keep", ["connection", "room", "handshakes", "nothing"])
def test_a_source_is_remembered_while_it_matters(keep: str) -> None:
    door = admission(handshakes_per_source_s=1)
    now = 0.0
    if keep == "connection":
        door.arrive(MALLORY, now)
        now = 9999.0
    if keep == "room":
        door.open_room(MALLORY, now)
    if keep in {"handshakes", "nothing"}:
        door.arrive(MALLORY, now)
        door.depart(MALLORY)
        now = 0.5 if keep == "handshakes" else 1.0
    door.sweep(now)
    assert len(door) == (keep != "nothing")


def test_a_few_are_looked_at_a_time_and_all_in_turn() -> None:
    door = admission()
    for number in range(450):
        source = Source(f"198.51.100.{number}")
        door.arrive(source, 0.0)
        if number >= 250:
            door.depart(source)
    counts = []
    for _ in range(4):
        door.sweep(9999.0)
        counts.append(len(door))
    assert counts[-1] == 250


def test_who_is_refused_is_told_when_to_come_again() -> None:
    door = admission(handshakes_per_source_s=0.05)
    assert door.arrive(MALLORY, 0.0) is None
    refusal = door.arrive(MALLORY, 0.0)
    assert refusal is Refusal.TOO_MANY_HANDSHAKES
    assert door.wait_s(refusal, MALLORY, 0.0) == 20
    assert door.wait_s(refusal, ALICE, 0.0) == RETRY_AFTER_S
    assert door.wait_s(Refusal.FULL, MALLORY, 0.0) == RETRY_AFTER_S


def test_it_may_be_off() -> None:
    door = admission(
        max_connections=math.inf,
        connections_per_source=math.inf,
        handshakes_per_source_s=math.inf,
        rooms_per_source=math.inf,
        max_rooms=math.inf,
    )
    assert {door.arrive(MALLORY, 0.0) for _ in range(5000)} == {None}
    assert {door.open_room(MALLORY, 0.0) for _ in range(5000)} == {True}
