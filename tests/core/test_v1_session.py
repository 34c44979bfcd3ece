"""What one client of `duologue.v1` can say in each state, and what it is told."""

from itertools import pairwise

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import NEW_ID, TICKET, Person, Stage

from duologue.core.heartbeat import SLOTS
from duologue.core.lobby import LONGEST_RECONNECT_MS
from duologue.core.v1_session import V1Session
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import (
    CreateRoom,
    Error,
    JoinRoom,
    LeaveRoom,
    PartnerJoined,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomCreated,
    RoomJoined,
    SetUsername,
    StopTyping,
    Typing,
    UsernameSet,
)

RENEWED = v1.Ticket(TICKET)


def test_a_session_begins_with_a_greeting_that_names_the_limits() -> None:
    stage = Stage(max_content_bytes=99, heartbeat_s=7.5)
    stage.connect_v1("Alice")
    assert stage.heard() == [("Alice", v1.Connected("1", "duologue.v1", 99, 7.5))]


@pytest.mark.parametrize(
    "message", [CreateRoom(), v1.JoinRoom("000000"), v1.JoinRoom("000000", "1")]
)
def test_a_seat_needs_a_name(message: v1.ClientMessage) -> None:
    stage = Stage()
    stage.connect_v1("Alice").says(message)
    assert stage.heard()[1:] == [("Alice", refusals.USERNAME_REQUIRED)]


@pytest.mark.parametrize("message", [CreateRoom(), v1.JoinRoom(CODE), v1.JoinRoom(CODE, "1")])
def test_one_seat_is_enough(message: v1.ClientMessage) -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.says(message)
    assert stage.heard() == [("Alice", refusals.ALREADY_IN_ROOM)]


@pytest.mark.parametrize(
    ("message", "refusal"),
    [
        (chat(7, pairing=3), refusals.of_chat(refusals.NOT_IN_ROOM, 3, 7)),
        (chat(7, "x" * 99), refusals.of_chat(refusals.NOT_IN_ROOM, 1, 7)),
        (v1.Received(1, 1), refusals.NOT_IN_ROOM),
        (v1.Read(1, 1), refusals.NOT_IN_ROOM),
        (Typing(), refusals.NOT_IN_ROOM),
        (LeaveRoom(), refusals.NOT_IN_ROOM),
        (v1.FreeSeat(), refusals.NOT_IN_ROOM),
    ],
)
def test_outside_a_room_there_is_nobody_to_talk_to(
    message: v1.ClientMessage, refusal: Error
) -> None:
    stage = Stage(max_content_bytes=4)
    stage.enter_v1("Alice").says(message)
    assert stage.heard() == [("Alice", refusal)]


def test_outside_a_room_there_is_no_typing_to_stop() -> None:
    stage = Stage()
    stage.enter_v1("Alice").says(StopTyping())
    assert stage.heard() == []


def test_a_ping_is_answered_in_a_room_or_not() -> None:
    stage = Stage()
    stage.connect_v1("Alice").says(v1.Ping())
    stage.seat_v1("Bob")[0].says(v1.Ping(), v1.Ping())
    assert stage.heard() == [("Bob", v1.Pong()), ("Bob", v1.Pong())]


def test_who_meets_is_told_pairing_and_ticket() -> None:
    stage = Stage()
    bob = stage.enter_v1("Bob")
    alice = stage.enter_v1("Alice")
    alice.says(CreateRoom())
    bob.says(v1.JoinRoom(" 000-ooo "))
    assert stage.heard() == [
        ("Alice", v1.RoomCreated(CODE, 0, TICKET)),
        ("Bob", v1.RoomJoined(CODE, "Alice", 1, TICKET)),
        ("Alice", v1.PartnerJoined("Bob", 1, TICKET)),
    ]


def test_each_time_a_free_seat_is_taken_again_a_new_pairing_begins() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.says(LeaveRoom(), v1.JoinRoom(CODE))
    alice.says(LeaveRoom(), v1.JoinRoom(CODE))
    assert stage.heard() == [
        ("Alice", RENEWED),
        ("Alice", PartnerLeft()),
        ("Bob", v1.RoomLeft(NEW_ID)),
        ("Bob", v1.RoomJoined(CODE, "Alice", 2, TICKET)),
        ("Alice", v1.PartnerJoined("Bob", 2, TICKET)),
        ("Bob", RENEWED),
        ("Bob", PartnerLeft()),
        ("Alice", v1.RoomLeft(NEW_ID)),
        ("Alice", v1.RoomJoined(CODE, "Bob", 3, TICKET)),
        ("Bob", v1.PartnerJoined("Alice", 3, TICKET)),
    ]


def test_who_meets_a_reference_client_is_told_its_own_kind_of_words() -> None:
    stage = Stage()
    alice, rob = stage.enter_v1("Alice"), stage.enter("Rob")
    alice.says(CreateRoom())
    rob.says(JoinRoom(CODE), LeaveRoom(), CreateRoom())
    alice.says(LeaveRoom(), v1.JoinRoom("000001"), LeaveRoom())
    assert stage.heard()[1:] == [
        ("Rob", RoomJoined(CODE, "Alice")),
        ("Alice", v1.PartnerJoined("Rob", 1, TICKET)),
        ("Alice", RENEWED),
        ("Alice", PartnerLeft()),
        ("Rob", RoomCreated("000001")),
        ("Alice", v1.RoomLeft(NEW_ID)),
        ("Alice", v1.RoomJoined("000001", "Rob", 1, TICKET)),
        ("Rob", PartnerJoined("Alice")),
        ("Rob", PartnerLeft()),
        ("Alice", v1.RoomLeft(NEW_ID)),
    ]


def test_a_chat_that_is_too_long_is_refused_with_its_number() -> None:
    stage = Stage(max_content_bytes=4)
    (alice,) = stage.seat_v1("Alice")
    alice.says(chat(9, "한글", pairing=5))
    too_long = refusals.of_chat(refusals.message_too_long(4), 5, 9)
    assert stage.heard() == [("Alice", too_long)]


def test_typing_is_renewed_for_a_partner_that_forgets_it() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(Typing(), Typing(), StopTyping(), StopTyping(), Typing())
    assert stage.heard() == [
        ("Bob", PartnerTyping()),
        ("Bob", PartnerTyping()),
        ("Bob", PartnerStopTyping()),
        ("Bob", PartnerTyping()),
    ]


@pytest.mark.parametrize("typist", ["Alice", "Rob"])
def test_typing_is_renewed_for_whom_it_means_something(typist: str) -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    rob = stage.enter("Rob")
    rob.says(JoinRoom(CODE))
    stage.heard()
    person, other, times = (alice, "Rob", 1) if typist == "Alice" else (rob, "Alice", 3)
    person.says(Typing(), Typing(), Typing(), StopTyping())
    assert stage.heard() == [
        *[(other, PartnerTyping())] * times,
        (other, PartnerStopTyping()),
    ]


def test_a_new_name_is_told_and_both_get_newer_tickets() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    before = alice.ticket, bob.ticket
    alice.says(SetUsername(" Alicia "), chat(1))
    assert stage.heard() == [
        ("Alice", UsernameSet("Alicia")),
        ("Alice", RENEWED),
        ("Bob", v1.PartnerRenamed("Alicia")),
        ("Bob", RENEWED),
        ("Bob", said("Alicia", 1)),
        ("Alice", v1.Sent(1, 1)),
    ]
    assert alice.ticket not in before
    assert bob.ticket not in before


def test_a_new_name_alone_or_beside_a_reference_client_is_told_to_nobody() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.says(SetUsername("Alicia"))
    rob = stage.connect("Rob")
    rob.says(SetUsername("Rob"), JoinRoom(CODE))
    stage.heard()
    alice.says(SetUsername("Ali"))
    rob.says(SetUsername("Robin"))
    assert stage.heard() == [
        ("Alice", UsernameSet("Ali")),
        ("Alice", RENEWED),
        ("Rob", UsernameSet("Robin")),
        ("Alice", v1.PartnerRenamed("Robin")),
        ("Alice", RENEWED),
    ]


def test_a_name_that_cannot_be_leaves_everything_as_it_is() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(SetUsername(" "))
    fault = refusals.invalid_message("Expected 1 to 64 characters - at `$.username`")
    assert stage.heard() == [("Alice", fault)]


def test_who_drops_before_taking_a_seat_is_gone() -> None:
    stage = Stage()
    stage.enter_v1("Alice").goes()
    assert (stage.heard(), len(stage.lobby.sessions)) == ([], 0)


def goes_round(stage: Stage, *people: Person, start: float, turn_s: float) -> None:
    """Let the wheel turn once, with everyone answering its pings."""
    for turn in range(SLOTS):
        for person in people:
            person.session.pong()
        stage.lobby.wake(start + turn * turn_s)


def test_tickets_are_renewed_while_connected_but_not_at_every_ping() -> None:
    stage = Stage(ticket_life_s=1000.0)
    alice, bob = stage.seat_v1("Alice", "Bob")
    goes_round(stage, alice, bob, start=0.0, turn_s=0.5)
    assert sorted(stage.heard()) == [("Alice", "ping"), ("Bob", "ping")]
    goes_round(stage, alice, bob, start=100.0, turn_s=0.1)
    assert stage.heard() == [
        ("Bob", "ping"),
        ("Bob", RENEWED),
        ("Alice", "ping"),
        ("Alice", RENEWED),
    ]


def test_a_renewed_ticket_outlives_the_one_before() -> None:
    stage = Stage(ticket_life_s=1000.0)
    (alice,) = stage.seat_v1("Alice")
    first = alice.ticket
    stage.clock_ms = 999_999
    goes_round(stage, alice, start=999.9, turn_s=0.0)
    alice.goes()
    stage.restart()
    stage.clock_ms = 1_000_000
    stage.heard()
    newer, alice.ticket = alice.ticket, first
    comes_back(stage, alice)
    alice.ticket = newer
    comes_back(stage, alice)
    assert stage.heard() == [
        ("Alice", refusals.TICKET_REFUSED),
        ("Alice", resumed("1", None, pairing=0)),
    ]


def test_outside_a_room_there_is_no_ticket_to_renew() -> None:
    stage = Stage()
    alice = stage.enter_v1("Alice")
    goes_round(stage, alice, start=10**6, turn_s=0.0)
    assert stage.heard() == [("Alice", "ping")]


def test_who_answers_no_ping_is_given_up_and_only_away() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.session.beat()
    alice.session.beat()
    alice.goes()
    bob.session.beat()
    assert stage.heard() == [
        ("Alice", "ping"),
        ("Alice", CloseCode.HEARTBEAT_LOST),
        ("Bob", v1.PartnerAway()),
        ("Bob", "ping"),
    ]


def test_before_a_planned_stop_each_is_told_when_to_come_back() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    stage.seat("Rob")
    assert isinstance(alice.session, V1Session)
    alice.session.receive(chat(1))
    stage.heard()
    stage.lobby.dismiss()
    heard = stage.heard()
    waits = [message.after_ms for _, message in heard if isinstance(message, v1.Reconnect)]
    assert heard[0] == ("Alice", v1.Sent(1, 1))
    assert waits == [0, 0]
    assert [entry for entry in heard if entry[0] == "Rob"] == [("Rob", CloseCode.GOING_AWAY)]
    assert [message for name, message in heard if name == "Bob"][1:] == [CloseCode.RESTARTING]
    assert [message for name, message in heard if name == "Alice"][2:] == [CloseCode.RESTARTING]


def test_a_crowd_comes_back_in_turn_and_the_last_after_ten_seconds() -> None:
    stage = Stage()
    for number in range(20_000):
        stage.connect_v1(str(number))
    stage.heard()
    stage.lobby.dismiss()
    waits = sorted(m.after_ms for _, m in stage.heard() if isinstance(m, v1.Reconnect))
    assert waits[0] == 0
    assert LONGEST_RECONNECT_MS - 1 <= waits[-1] <= LONGEST_RECONNECT_MS
    assert {later - earlier for earlier, later in pairwise(waits)} == {0, 1}


def test_who_was_dismissed_makes_nobody_away() -> None:
    stage = Stage()
    people = stage.seat_v1("Alice", "Bob")
    stage.lobby.dismiss()
    stage.heard()
    for person in people:
        person.session.lost()
    assert stage.heard() == []


def test_a_seat_asked_for_again_and_lost_again_is_there_at_the_third_time() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    first, second, third = (stage.enter_v1("Bob") for _ in range(3))
    second.says(v1.JoinRoom("000000", client_id=first.session.client_id))
    second.goes()
    stage.heard()
    third.says(v1.JoinRoom("000000", client_id=first.session.client_id))
    assert [type(message).__name__ for name, message in stage.heard() if name == "Bob"] == [
        "Resumed"
    ]
    assert alice.session.seat is not None
    assert alice.session.seat.partner.client_id == first.session.client_id


def test_who_leaves_and_joins_again_is_someone_new() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    before = alice.session.client_id
    old_ticket = alice.ticket
    alice.says(LeaveRoom(), v1.JoinRoom("000000"))
    stage.heard()
    assert alice.session.seat is not None
    assert alice.session.seat.client_id != before
    again = stage.connect_v1("Alice")
    again.says(v1.Resume(old_ticket, received=0, read=0, delivered=0))
    assert stage.heard()[-1] == ("Alice", refusals.TICKET_REFUSED)
