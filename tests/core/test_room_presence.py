"""Who is away, for how long the seat is kept, and what the one who waits can do."""

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import NEW_ID, TICKET, Person, Stage

from duologue.core.room import ALONE_AWAY_S, BESIDE_REFERENCE_S, BOTH_AWAY_S, KNOCK_S
from duologue.wire import refusals, v1
from duologue.wire.messages import (
    Chat,
    CreateRoom,
    JoinRoom,
    LeaveRoom,
    Message,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomJoined,
    SetUsername,
    StopTyping,
    Typing,
)

LIFE_S = 86_400.0
AWAY = v1.PartnerAway()
RENEWED = v1.Ticket(TICKET)
REFUSED = refusals.TICKET_REFUSED


def beside_reference(stage: Stage) -> tuple[Person, Person]:
    (alice,) = stage.seat_v1("Alice")
    rob = stage.enter("Rob")
    rob.says(JoinRoom(CODE))
    stage.heard()
    return alice, rob


def passes(stage: Stage, *moments: float) -> None:
    """Let time pass, with a look at these moments."""
    for moment in moments:
        stage.lobby.wake(moment)


def said_but_pings(stage: Stage) -> list[object]:
    return [entry for entry in stage.heard() if entry[1] != "ping"]


def test_who_drops_is_away_and_comes_back() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.says(chat(1), chat(2))
    alice.goes()
    bob.says(chat(3))
    comes_back(stage, alice, received=2)
    assert stage.heard()[2:] == [
        ("Bob", v1.Sent(1, 2)),
        ("Bob", AWAY),
        ("Bob", v1.Sent(1, 3)),
        ("Alice", resumed("1", "Bob")),
        ("Alice", said("Bob", 3)),
        ("Bob", v1.PartnerBack(3)),
        ("Bob", v1.Delivered(1, 2)),
    ]


def test_who_is_away_is_told_nothing_and_nobody_is_told_of_typing() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(Typing())
    alice.goes()
    bob.says(Typing(), StopTyping(), Typing(), SetUsername("Rob"))
    alice = comes_back(stage, alice)
    bob.says(Typing())
    alice.says(StopTyping())
    assert stage.heard() == [
        ("Bob", PartnerTyping()),
        ("Bob", AWAY),
        ("Bob", v1.UsernameSet("Rob")),
        ("Bob", RENEWED),
        ("Alice", resumed("1", "Rob")),
        ("Bob", v1.PartnerBack(0)),
        ("Alice", PartnerTyping()),
    ]


def test_a_seat_is_kept_as_long_as_its_ticket_is_good() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    passes(stage, 100.0)
    bob.goes()
    stage.heard()
    alice.says(chat(1))
    passes(stage, 102.0, 100.0 + LIFE_S - 0.1)
    assert said_but_pings(stage) == [("Alice", v1.Sent(1, 1))]
    passes(stage, 100.0 + LIFE_S + 2)
    alice.says(chat(2))
    comes_back(stage, bob)
    assert said_but_pings(stage) == [
        ("Alice", RENEWED),
        ("Alice", PartnerLeft()),
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, 1, 2)),
        ("Bob", REFUSED),
    ]


def test_how_long_a_seat_is_kept_is_a_setting() -> None:
    stage = Stage(ticket_life_s=60.0)
    _alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    passes(stage, 2.0, 59.9)
    assert said_but_pings(stage) == [("Alice", AWAY)]
    passes(stage, 62.0)
    assert said_but_pings(stage) == [("Alice", RENEWED), ("Alice", PartnerLeft())]


def test_a_seat_beside_a_reference_client_is_kept_for_half_a_minute() -> None:
    stage = Stage()
    alice, rob = beside_reference(stage)
    alice.says(Typing())
    passes(stage, 100.0)
    alice.goes()
    passes(stage, 100.0 + BESIDE_REFERENCE_S - 0.1)
    rob.says(Chat("still there?"))
    passes(stage, 100.0 + BESIDE_REFERENCE_S + 2)
    rob.says(Chat("anyone?"))
    comes_back(stage, alice)
    assert said_but_pings(stage) == [
        ("Rob", PartnerTyping()),
        ("Rob", PartnerStopTyping()),
        ("Rob", PartnerLeft()),
        ("Rob", refusals.NO_PARTNER),
        ("Alice", REFUSED),
    ]


def test_a_reference_client_hears_nothing_of_one_who_comes_back_in_time() -> None:
    stage = Stage()
    alice, _rob = beside_reference(stage)
    alice.goes()
    passes(stage, 2.0, 25.0)
    comes_back(stage, alice)
    passes(stage, 35.0, 100.0)
    assert said_but_pings(stage) == [("Alice", resumed("1", "Rob"))]


def test_a_reference_client_that_joins_someone_away_waits_half_a_minute_at_most() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.goes()
    passes(stage, 1000.0)
    stage.enter("Rob").says(JoinRoom(CODE))
    passes(stage, 1000.0 + BESIDE_REFERENCE_S - 0.1)
    assert said_but_pings(stage) == [("Rob", RoomJoined(CODE, "Alice"))]
    passes(stage, 1000.0 + BESIDE_REFERENCE_S + 2)
    assert said_but_pings(stage) == [("Rob", PartnerLeft())]


@pytest.mark.parametrize("ending", ["leaves", "vanishes"])
def test_who_was_away_beside_a_reference_client_that_left_is_alone(ending: str) -> None:
    stage = Stage()
    alice, rob = beside_reference(stage)
    alice.goes()
    passes(stage, 10.0)
    rob.goes() if ending == "vanishes" else rob.says(LeaveRoom())
    passes(stage, 12.0, 50.0, 200.0)
    assert list(stage.lobby.rooms) == [CODE]
    alice = comes_back(stage, alice)
    assert said_but_pings(stage) == [("Alice", resumed("1", None))]


def test_after_both_are_away_for_a_minute_the_room_is_forgotten() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1, "precious"))
    bob.goes()
    passes(stage, 50.0)
    alice.goes()
    passes(stage, 50.0 + BOTH_AWAY_S - 0.1)
    assert list(stage.lobby.rooms) == [CODE]
    passes(stage, 50.0 + BOTH_AWAY_S + 2)
    assert stage.lobby.rooms == {}


def test_a_forgotten_room_is_rebuilt_from_the_tickets() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1, "precious"))
    bob.goes()
    alice.goes()
    passes(stage, 2.0, 100.0)
    stage.heard()
    alice = comes_back(stage, alice)
    alice.says(chat(1, "precious"))
    comes_back(stage, bob)
    assert said_but_pings(stage) == [
        ("Alice", resumed("1", "Bob", is_here=False)),
        ("Alice", v1.Sent(1, 1)),
        ("Bob", resumed("2", "Alice")),
        ("Bob", said("Alice", 1, "precious")),
        ("Alice", v1.PartnerBack(1)),
    ]


def test_a_room_is_not_forgotten_when_one_comes_back_in_between() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.goes()
    passes(stage, 50.0)
    comes_back(stage, alice).goes()
    passes(stage, 50.0 + BOTH_AWAY_S - 0.1)
    assert list(stage.lobby.rooms) == [CODE]
    passes(stage, 50.0 + BOTH_AWAY_S + 2)
    assert stage.lobby.rooms == {}


def test_a_room_with_one_in_it_who_is_away_is_forgotten_after_an_hour() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.goes()
    passes(stage, 2.0, ALONE_AWAY_S - 0.1)
    assert list(stage.lobby.rooms) == [CODE]
    passes(stage, ALONE_AWAY_S + 2)
    assert stage.lobby.rooms == {}
    comes_back(stage, alice)
    assert said_but_pings(stage) == [("Alice", resumed("1", None, pairing=0))]
    assert list(stage.lobby.rooms) == [CODE]


def test_both_seats_may_be_given_up_at_one_look() -> None:
    stage = Stage(ticket_life_s=10.0)
    for person in stage.seat_v1("Alice", "Bob"):
        person.goes()
    passes(stage, 20.0)
    assert (stage.lobby.rooms, list(stage.lobby.house.absences)) == ({}, [])


def test_a_room_where_nobody_is_away_any_more_is_not_looked_after() -> None:
    stage = Stage()
    _alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    comes_back(stage, bob)
    assert len(stage.lobby.house.absences) == 1
    passes(stage, 2.0)
    assert len(stage.lobby.house.absences) == 0


def test_a_room_is_looked_after_once_however_often_people_drop() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    for _ in range(5):
        bob.goes()
        bob = comes_back(stage, bob)
        alice.goes()
        alice = comes_back(stage, alice)
    alice.goes()
    bob.goes()
    assert len(stage.lobby.house.absences) == 1
    passes(stage, 2.0)
    assert len(stage.lobby.house.absences) == 1


def test_who_joins_someone_away_hears_so_and_that_one_finds_a_new_pairing() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.goes()
    bob = stage.enter_v1("Bob")
    bob.says(v1.JoinRoom(CODE), chat(1))
    comes_back(stage, alice)
    assert stage.heard() == [
        ("Bob", v1.RoomJoined(CODE, "Alice", 1, TICKET)),
        ("Bob", AWAY),
        ("Bob", v1.Sent(1, 1)),
        ("Alice", resumed("1", "Bob")),
        ("Alice", said("Bob", 1)),
        ("Bob", v1.PartnerBack(1)),
    ]


def test_an_absent_partners_seat_can_be_freed_and_its_ticket_is_refused() -> None:
    stage = Stage()
    carol = stage.enter_v1("Carol")
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2))
    bob.says(v1.Received(1, 1))
    bob.goes()
    stage.heard()
    alice.says(v1.FreeSeat(), chat(3))
    bob = comes_back(stage, bob)
    carol.says(v1.JoinRoom(CODE))
    comes_back(stage, bob)
    assert stage.heard() == [
        ("Alice", RENEWED),
        ("Alice", PartnerLeft()),
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, 1, 3)),
        ("Bob", REFUSED),
        ("Carol", v1.RoomJoined(CODE, "Alice", 2, TICKET)),
        ("Alice", v1.PartnerJoined("Carol", 2, TICKET)),
        ("Bob", REFUSED),
    ]


@pytest.mark.parametrize("names", [("Alice",), ("Alice", "Bob")])
def test_only_a_seat_whose_owner_is_away_can_be_freed(names: tuple[str, ...]) -> None:
    stage = Stage()
    alice = stage.seat_v1(*names)[0]
    alice.says(v1.FreeSeat())
    assert stage.heard() == [("Alice", refusals.NOT_AWAY)]


@pytest.mark.parametrize("reference", [True, False])
def test_who_tries_the_code_meanwhile_knocks_once_in_ten_seconds(reference: bool) -> None:
    stage = Stage()
    _alice, bob = stage.seat_v1("Alice", "Bob")
    carol = stage.enter("Carol") if reference else stage.enter_v1("Carol")
    join: Message = JoinRoom(CODE) if reference else v1.JoinRoom(CODE)
    passes(stage, 100.0)
    carol.says(join)
    bob.goes()
    carol.says(join, join)
    passes(stage, 100.0 + KNOCK_S - 0.1)
    carol.says(join)
    passes(stage, 100.0 + KNOCK_S)
    carol.says(join)
    full = ("Carol", refusals.ROOM_FULL)
    knock = ("Alice", v1.Knock("Carol"))
    assert said_but_pings(stage) == [
        full,
        ("Alice", AWAY),
        knock,
        full,
        full,
        full,
        knock,
        full,
    ]


def test_nobody_hears_a_knock_when_both_are_away() -> None:
    stage = Stage()
    for person in stage.seat_v1("Alice", "Bob"):
        person.goes()
    stage.heard()
    stage.enter_v1("Carol").says(v1.JoinRoom(CODE))
    assert stage.heard() == [("Carol", refusals.ROOM_FULL)]


def test_a_reference_client_has_no_word_for_a_knock() -> None:
    stage = Stage()
    alice, _rob = beside_reference(stage)
    alice.goes()
    stage.enter_v1("Carol").says(v1.JoinRoom(CODE))
    assert stage.heard() == [("Carol", refusals.ROOM_FULL)]


def test_who_leaves_someone_away_is_gone_when_that_one_comes_back() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.says(chat(1), chat(2))
    alice.says(v1.Received(1, 1))
    bob.goes()
    stage.heard()
    alice.says(LeaveRoom(), CreateRoom())
    bob = comes_back(stage, bob)
    bob.says(chat(3))
    assert stage.heard() == [
        ("Alice", v1.RoomLeft(NEW_ID)),
        ("Alice", v1.RoomCreated("000001", 0, TICKET)),
        ("Bob", resumed("2", None, delivered=1)),
        ("Bob", refusals.of_chat(refusals.NO_PARTNER, 1, 3)),
    ]


def test_someone_else_may_come_and_go_while_one_is_away() -> None:
    stage = Stage()
    carol, rob = stage.enter_v1("Carol"), stage.enter("Rob")
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.says(LeaveRoom())
    carol.says(v1.JoinRoom(CODE), chat(1, "for Bob", pairing=2))
    stage.heard()
    carol.says(LeaveRoom())
    comes_back(stage, bob, received=7)
    rob.says(JoinRoom(CODE))
    assert stage.heard() == [
        ("Carol", v1.RoomLeft(NEW_ID)),
        ("Bob", resumed("4", None, pairing=2)),
        ("Rob", RoomJoined(CODE, "Bob")),
        ("Bob", v1.PartnerJoined("Rob", 3, TICKET)),
    ]
