"""Everything that happens is counted, once, and every key is there from the start."""

import pytest
from tests.support.census import counted_rooms, standing_rooms
from tests.support.stage import Person, Stage

from duologue.core.tally import OTHER_CODE, VANISHED, Tally
from duologue.wire import v1
from duologue.wire.messages import (
    Chat,
    CreateRoom,
    ErrorCode,
    JoinRoom,
    LeaveRoom,
    SetUsername,
    Typing,
)


def rooms(stage: Stage) -> dict[str, int]:
    """Return how many rooms stand how, and see that it is true."""
    counted = counted_rooms(stage.lobby)
    assert counted == standing_rooms(stage.lobby)
    return {standing: count for standing, count in counted.items() if count}


def refusals(stage: Stage) -> dict[str, int]:
    return {code: count for code, count in stage.lobby.tally.refusals.items() if count}


def test_every_key_is_there_from_the_start() -> None:
    tally = Tally()
    assert tally.refusals == dict.fromkeys(ErrorCode, 0)
    for counts in (tally.opened, tally.ended, tally.rooms, tally.turned_away):
        assert counts
        assert set(counts.values()) == {0}
    assert set(tally.closed) >= {1000, 1001, 1005, 1006, 1011, 4002, OTHER_CODE}
    assert set(tally.answers) >= {101, 200, 403, 429, 503}


def test_connections_are_counted_by_protocol() -> None:
    stage = Stage()
    people = [stage.connect("Alice"), stage.connect_v1("Bob"), stage.connect_v1("Carol")]
    people[1].goes()
    tally = stage.lobby.tally
    assert tally.opened == {"reference": 1, "v1": 2}
    assert tally.ended == {"reference": 0, "v1": 1}
    assert tally.connections == 3


def test_a_room_is_counted_as_what_it_is() -> None:
    stage = Stage()
    alice = stage.enter("Alice")
    seen = [rooms(stage)]
    alice.says(CreateRoom())
    seen.append(rooms(stage))
    bob = stage.enter("Bob")
    bob.says(JoinRoom(next(iter(stage.lobby.rooms))))
    seen.append(rooms(stage))
    alice.goes()
    seen.append(rooms(stage))
    bob.says(LeaveRoom())
    seen.append(rooms(stage))
    assert seen == [{}, {"waiting": 1}, {"pair": 1}, {"waiting": 1}, {}]
    assert stage.lobby.tally.rooms_created == 1


def test_who_is_away_makes_a_difference_until_they_are_back_or_gone() -> None:
    stage = Stage(ticket_life_s=10.0)
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    seen = [rooms(stage)]
    again = stage.connect_v1("Bob")
    again.says(v1.Resume(bob.ticket, received=0, read=0, delivered=0))
    seen.append(rooms(stage))
    again.goes()
    stage.lobby.wake(20.0)
    seen.append(rooms(stage))
    alice.goes()
    seen.append(rooms(stage))
    stage.lobby.wake(4000.0)
    seen.append(rooms(stage))
    assert seen == [{"away": 1}, {"pair": 1}, {"waiting": 1}, {"away": 1}, {}]


def test_a_pair_that_is_away_for_long_is_counted_no_more() -> None:
    stage = Stage()
    for person in stage.seat_v1("Alice", "Bob"):
        person.goes()
    assert rooms(stage) == {"away": 1}
    stage.lobby.wake(100.0)
    assert rooms(stage) == {}


def test_a_room_that_fails_is_counted_no_more() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    alice.session.fail()
    assert rooms(stage) == {}
    for person in (alice, bob):
        person.stalls()
        person.goes()
    assert rooms(stage) == {}


def returns(stage: Stage, person: Person) -> Person:
    again = stage.connect_v1(person.name)
    again.says(v1.Resume(person.ticket, received=0, read=0, delivered=0))
    return again


def test_those_who_come_back_are_counted_and_so_are_rooms_made_again() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    stage.restart()
    returns(stage, alice)
    assert rooms(stage) == {"away": 1}
    returns(stage, bob)
    stage.connect_v1("Carol").says(v1.Resume("forged", received=0, read=0, delivered=0))
    tally = stage.lobby.tally
    assert (tally.rooms_rebuilt, tally.rooms_created) == (1, 0)
    assert (tally.resumed, tally.not_resumed) == (2, 1)
    assert refusals(stage) == {"ticket_refused": 1}
    assert rooms(stage) == {"pair": 1}


def test_who_takes_a_seat_back_without_a_ticket_came_back_too() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    client_id = bob.session.client_id
    bob.goes()
    again = stage.enter_v1("Bob")
    again.says(v1.JoinRoom(next(iter(stage.lobby.rooms)), client_id))
    assert stage.lobby.tally.resumed == 1
    assert alice.session.seat is not None


def test_every_refusal_is_counted_by_its_code() -> None:
    stage = Stage(max_content_bytes=100)
    alice = stage.connect("Alice")
    alice.says(Chat("hi"), Typing(), LeaveRoom(), CreateRoom(), SetUsername("\n"))
    alice.says(SetUsername("Alice"), JoinRoom("ZZZZZZ"), CreateRoom(), CreateRoom(), Chat("hi"))
    alice.says(Chat("x" * 101))
    alice.session.reject("here")
    assert refusals(stage) == {
        "not_in_room": 3,
        "username_required": 1,
        "invalid_message": 2,
        "room_not_found": 1,
        "already_in_room": 1,
        "no_partner": 1,
        "message_too_long": 1,
    }


def test_the_refusals_of_v1_are_counted_likewise() -> None:
    stage = Stage(max_content_bytes=100)
    alice, _ = stage.seat_v1("Alice", "Bob")
    alice.says(v1.Chat(7, 1, "hi"), v1.Chat(1, 5, "hi"), v1.Chat(1, 1, "x" * 101))
    alice.says(v1.FreeSeat(), v1.Resume(alice.ticket, received=0, read=0, delivered=0))
    assert refusals(stage) == {
        "no_partner": 1,
        "out_of_order": 1,
        "message_too_long": 1,
        "not_away": 1,
        "already_in_room": 1,
    }


def test_stalls_are_counted() -> None:
    stage = Stage()
    alice, _ = stage.seat("Alice", "Bob")
    for _ in range(3):
        alice.stalls()
        alice.drains()
    assert stage.lobby.tally.stalls == 3


@pytest.mark.parametrize(
    ("code", "counted"),
    [(1000, 1000), (4002, 4002), (VANISHED, 1006), (3000, OTHER_CODE), (4999, OTHER_CODE)],
)
def test_a_close_code_that_means_nothing_here_is_one_of_the_others(
    code: int, counted: int
) -> None:
    tally = Tally()
    tally.count_close(code)
    assert {code: count for code, count in tally.closed.items() if count} == {counted: 1}


@pytest.mark.parametrize("status", [200, 101, 599])
def test_an_answer_is_counted_whatever_it_is(status: int) -> None:
    tally = Tally()
    for _ in range(2):
        tally.count_answer(status)
    assert {status: count for status, count in tally.answers.items() if count} == {status: 2}
