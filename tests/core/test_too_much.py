"""What happens to those who ask for too much, and to those who wait too long."""

import pytest
from tests.support.stage import SOMEWHERE, Person, Stage

from duologue.core.guessing import ANYWAY, BURST, BURST_OF_ALL, DELAY_S
from duologue.core.line import Source
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.codes import ALPHABET
from duologue.wire.messages import CreateRoom, JoinRoom, LeaveRoom, RoomCreated

ELSEWHERE = Source("192.0.2.2")
WRONG = JoinRoom("ZZZZZZ")


def guessing_stage() -> Stage:
    return Stage(wrong_codes_per_source_min=1, wrong_codes_per_s=1)


def guess(person: Person, count: int = BURST) -> None:
    person.says(*[WRONG] * count)


def test_too_many_wrong_codes_are_answered_late_and_tell_when_to_try_again() -> None:
    stage = guessing_stage()
    mallory = stage.enter("Mallory")
    guess(mallory)
    told = stage.heard()
    mallory.says(WRONG)
    at_once = (stage.heard(), mallory.is_held)
    stage.lobby.wake(DELAY_S)
    late = (stage.heard(), mallory.is_held)
    assert told == [("Mallory", refusals.room_not_found("ZZZZZZ"))] * BURST
    assert at_once == ([], True)
    assert late == ([("Mallory", refusals.too_many_codes(60))], False)


def test_a_right_code_over_budget_is_no_better_than_a_wrong_one() -> None:
    stage = guessing_stage()
    stage.enter("Alice", ELSEWHERE).says(CreateRoom())
    mallory = stage.enter("Mallory")
    guess(mallory)
    stage.heard()
    mallory.says(JoinRoom("000000"))
    stage.lobby.wake(DELAY_S)
    assert stage.heard() == [("Mallory", refusals.too_many_codes(60))]
    stage.lobby.wake(60.0)
    mallory.says(JoinRoom("000000"))
    assert stage.heard()[0][1].partner == "Alice"


def test_who_comes_from_elsewhere_is_not_locked_out() -> None:
    stage = guessing_stage()
    stage.enter("Alice", ELSEWHERE).says(CreateRoom())
    guess(stage.enter("Mallory"))
    bob = stage.enter("Bob", ELSEWHERE)
    stage.heard()
    bob.says(JoinRoom("000000"))
    assert stage.heard()[0][1].partner == "Alice"


def test_nor_is_anyone_while_guessers_are_everywhere() -> None:
    stage = guessing_stage()
    stage.enter("Alice", ELSEWHERE).says(CreateRoom())
    for number in range(BURST_OF_ALL // BURST):
        guess(stage.enter("Mallory", Source(f"198.51.100.{number}")))
    bob = stage.enter("Bob", ELSEWHERE)
    guess(bob, ANYWAY - 1)
    stage.heard()
    bob.says(JoinRoom("000000"))
    assert stage.heard()[0][1].partner == "Alice"


def test_a_new_connection_is_no_new_budget() -> None:
    stage = guessing_stage()
    guess(stage.enter("Mallory"))
    again = stage.enter("Mallory")
    again.says(WRONG)
    stage.lobby.wake(DELAY_S)
    assert stage.heard()[-1] == ("Mallory", refusals.too_many_codes(60))


def test_a_full_room_costs_as_much_as_none() -> None:
    stage = guessing_stage()
    stage.seat("Alice", "Bob")
    mallory = stage.enter("Mallory")
    mallory.says(*[JoinRoom("000000")] * BURST, JoinRoom("000000"))
    stage.lobby.wake(DELAY_S)
    assert stage.heard() == [
        *[("Mallory", refusals.ROOM_FULL)] * BURST,
        ("Mallory", refusals.too_many_codes(60)),
    ]


def test_who_stops_reading_meanwhile_is_held_as_long_as_that_lasts() -> None:
    stage = guessing_stage()
    mallory = stage.enter("Mallory")
    guess(mallory)
    mallory.says(WRONG)
    mallory.stalls()
    mallory.drains()
    before = mallory.is_held
    stage.lobby.wake(DELAY_S)
    assert (before, mallory.is_held) == (True, False)


def test_who_is_gone_by_then_is_told_nothing() -> None:
    stage = guessing_stage()
    mallory = stage.enter("Mallory")
    guess(mallory)
    mallory.says(WRONG)
    mallory.goes()
    stage.heard()
    stage.lobby.wake(DELAY_S)
    assert stage.heard() == []


@pytest.mark.parametrize(
    "message", [v1.JoinRoom("ZZZZZZ"), CreateRoom(), v1.Resume("forged", 0, 0, 0)]
)
def test_who_goes_on_with_what_is_no_use_is_closed(message: v1.ClientMessage) -> None:
    stage = Stage(errors_per_s=1)
    mallory = stage.connect_v1("Mallory")  # Without a name: no room for it.
    mallory.says(*[message] * 10)
    assert not mallory.is_closed
    mallory.says(message)
    assert stage.heard()[-1] == ("Mallory", CloseCode.RATE_LIMITED)


def test_what_is_no_message_counts_too_and_time_makes_up_for_it() -> None:
    stage = Stage(errors_per_s=1)
    alice = stage.enter("Alice")
    for second in range(1, 100):
        alice.session.reject("no JSON")
        stage.lobby.wake(float(second))
    assert not alice.is_closed


def test_a_source_has_so_many_rooms_at_a_time() -> None:
    stage = Stage(rooms_per_source=1)
    stage.enter("Alice").says(CreateRoom())
    bob, carol = stage.enter("Bob"), stage.enter("Carol", ELSEWHERE)
    stage.heard()
    bob.says(CreateRoom())
    carol.says(CreateRoom())
    assert stage.heard() == [
        ("Bob", refusals.too_many_rooms(10)),
        ("Carol", RoomCreated("000001")),
    ]


@pytest.mark.parametrize("end", ["leave", "go", "fail", "expire"])
def test_a_room_that_has_ended_makes_room_for_another(end: str) -> None:
    stage = Stage(rooms_per_source=1, lone_room_s=100.0)
    alice = stage.enter("Alice")
    alice.says(CreateRoom())
    match end:
        case "leave":
            alice.says(LeaveRoom())
        case "go":
            alice.goes()
        case "fail":
            alice.session.fail()
        case _:
            stage.lobby.wake(100.0)
    stage.heard()
    stage.enter("Bob").says(CreateRoom())
    assert (stage.heard(), stage.lobby.admission.rooms) == (
        [("Bob", RoomCreated("000001"))],
        1,
    )


def test_rooms_that_people_come_back_to_count_but_are_never_refused() -> None:
    stage = Stage(rooms_per_source=1)
    (ann,) = stage.seat_v1("Ann")
    stage.restart()
    stage.enter("Bob").says(CreateRoom())
    again = stage.connect_v1("Ann")
    again.says(v1.Resume(ann.ticket, 0, 0, 0))
    assert isinstance(stage.heard()[-1][1], v1.Resumed)
    assert stage.lobby.admission.rooms == 2


def test_a_room_to_which_nobody_comes_is_closed_and_both_are_told() -> None:
    stage = Stage(lone_room_s=3600.0)
    alice = stage.enter("Alice")
    alice.says(CreateRoom())
    stage.heard()
    stage.lobby.wake(3599.0)
    before = stage.heard()
    stage.lobby.wake(3600.0)
    assert (before, stage.heard()) == ([], [("Alice", refusals.ROOM_EXPIRED)])
    stage.enter("Bob").says(JoinRoom("000000"))
    assert stage.heard() == [("Bob", refusals.room_not_found("000000"))]
    alice.says(CreateRoom())
    assert stage.heard() == [("Alice", RoomCreated("000001"))]


def test_no_ticket_opens_it_again() -> None:
    stage = Stage(lone_room_s=3600.0)
    (ann,) = stage.seat_v1("Ann")
    stage.lobby.wake(3600.0)
    told = stage.heard()
    ann.goes()
    again = stage.connect_v1("Ann")
    again.says(v1.Resume(ann.ticket, 0, 0, 0))
    assert told == [("Ann", refusals.ROOM_EXPIRED)]
    assert stage.heard()[-1] == ("Ann", refusals.TICKET_REFUSED)


def test_two_people_may_stay_and_the_hour_begins_when_one_has_left() -> None:
    stage = Stage(lone_room_s=3600.0)
    _alice, bob = stage.seat("Alice", "Bob")
    stage.lobby.wake(10_000.0)
    bob.says(LeaveRoom())
    stage.heard()
    stage.lobby.wake(13_599.0)
    before = stage.heard()
    stage.lobby.wake(13_600.0)
    assert (before, stage.heard()) == ([], [("Alice", refusals.ROOM_EXPIRED)])


def test_who_is_away_alone_has_an_hour_again_after_coming_back() -> None:
    stage = Stage(lone_room_s=100.0)
    (ann,) = stage.seat_v1("Ann")
    ann.goes()
    stage.lobby.wake(100.0)
    again = stage.connect_v1("Ann")
    again.says(v1.Resume(ann.ticket, 0, 0, 0))
    stage.heard()
    stage.lobby.wake(199.0)
    before = stage.heard()
    stage.lobby.wake(200.0)
    assert (before, stage.heard()) == ([], [("Ann", refusals.ROOM_EXPIRED)])


def test_so_many_rooms_are_closed_at_a_time_that_nobody_has_to_wait() -> None:
    stage = Stage(lone_room_s=10.0)
    for number in range(700):
        stage.seat(f"person {number}")
    counts = []
    for moment in (9.0, 10.0, 11.0):
        stage.lobby.wake(moment)
        counts.append(len(stage.lobby.rooms))
    assert counts == [700, 200, 0]


def test_codes_may_be_longer() -> None:
    stage = Stage(code_length=8)
    stage.enter("Alice", SOMEWHERE).says(CreateRoom())
    (_, created) = stage.heard()[-1]
    assert len(created.room_code) == 8
    assert set(created.room_code) <= set(ALPHABET)
