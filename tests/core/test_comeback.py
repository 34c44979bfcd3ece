"""Coming back to a server that still knows the room."""

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import NEW_ID, TICKET, Person, Stage

from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import LeaveRoom, PartnerLeft, PartnerTyping, SetUsername, Typing

AWAY = v1.PartnerAway()
REFUSED = refusals.TICKET_REFUSED


def rejoins(stage: Stage, name: str, client_id: str | None, code: str = CODE) -> Person:
    """Let someone say again that they join, who never heard the answer."""
    person = stage.connect_v1(name)
    person.says(SetUsername(name))
    del stage.transcript[-2:]
    person.says(v1.JoinRoom(code, client_id))
    return person


def test_the_one_who_comes_back_hears_what_was_missed_in_order() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1, "one"), chat(2, "two"))
    bob.goes()
    alice.says(chat(3, "three"))
    stage.heard()
    bob = comes_back(stage, bob, received=1, read=1)
    alice.says(chat(4, "four"))
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice")),
        ("Bob", said("Alice", 2, "two")),
        ("Bob", said("Alice", 3, "three")),
        ("Alice", v1.PartnerBack(3)),
        ("Alice", v1.Delivered(1, 1)),
        ("Alice", v1.PartnerRead(1, 1)),
        ("Bob", said("Alice", 4, "four")),
        ("Alice", v1.Sent(1, 4)),
    ]


def test_the_one_who_comes_back_hears_how_far_its_own_chats_have_come() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2), chat(3), chat(4))
    bob.says(v1.Received(1, 3), v1.Read(1, 2))
    alice.goes()
    stage.heard()
    alice = comes_back(stage, alice, delivered=1)
    alice.says(chat(5))
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", accepted=4, delivered=3, partner_read=2)),
        ("Bob", v1.PartnerBack(0)),
        ("Bob", said("Alice", 5)),
        ("Alice", v1.Sent(1, 5)),
    ]


def test_receipts_that_came_while_a_sender_was_away_are_told_at_its_return() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2))
    alice.goes()
    bob.says(v1.Received(1, 2), v1.Read(1, 2))
    stage.heard()
    comes_back(stage, alice)
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", accepted=2, delivered=2, partner_read=2)),
        ("Bob", v1.PartnerBack(0)),
    ]


@pytest.mark.parametrize("count", [0, 3, 7, 2**53 - 1])
def test_claims_are_cut_down_to_what_was_said(count: int) -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(*(chat(number) for number in range(1, 6)))
    bob.goes()
    stage.heard()
    bob = comes_back(stage, bob, received=count, read=count, delivered=count)
    bob.says(chat(1))
    known = min(count, 5)
    receipts = [("Alice", v1.Delivered(1, known)), ("Alice", v1.PartnerRead(1, known))]
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice")),
        *(("Bob", said("Alice", number)) for number in range(known + 1, 6)),
        ("Alice", v1.PartnerBack(5)),
        *(receipts if known else []),
        ("Alice", said("Bob", 1)),
        ("Bob", v1.Sent(1, 1)),
    ]


def test_a_gap_before_the_drop_is_forgotten_after_it() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(2))
    alice.goes()
    stage.heard()
    alice = comes_back(stage, alice)
    alice.says(chat(2))
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob")),
        ("Bob", v1.PartnerBack(0)),
        ("Alice", refusals.out_of_order(1, 2, expected=1)),
    ]


def test_any_of_the_tickets_that_one_was_given_opens_the_seat() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    tickets = [alice.ticket]
    bob = stage.enter_v1("Bob")
    bob.says(v1.JoinRoom(CODE))
    tickets.append(alice.ticket)
    alice.says(SetUsername("Alicia"))
    tickets.append(alice.ticket)
    stage.heard()
    for ticket in tickets:
        alice.ticket = ticket
        alice.goes()
        alice = comes_back(stage, alice)
    assert len(set(tickets)) == 3
    assert [message for name, message in stage.heard() if name == "Alice"] == [
        resumed("1", "Bob")
    ] * 3


def test_a_half_open_connection_is_closed_and_its_seat_taken_over() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1))
    bob.says(chat(1))
    stage.heard()
    newer = comes_back(stage, alice)
    alice.says(chat(2), LeaveRoom())
    alice.goes()
    bob.says(v1.Received(1, 1))
    newer.says(chat(2))
    assert stage.heard() == [
        ("Alice", CloseCode.REPLACED),
        ("Alice", resumed("1", "Bob", accepted=1)),
        ("Alice", said("Bob", 1)),
        ("Alice", v1.Delivered(1, 1)),
        ("Bob", said("Alice", 2)),
        ("Alice", v1.Sent(1, 2)),
    ]
    assert set(stage.lobby.sessions) == {bob.session, newer.session}


def test_the_end_of_a_replaced_connection_makes_nobody_away() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    newer = comes_back(stage, alice)
    newest = comes_back(stage, newer)
    alice.session.lost()
    newer.session.lost()
    stage.heard()
    bob.says(Typing())
    newest.goes()
    assert stage.heard() == [("Alice", PartnerTyping()), ("Bob", AWAY)]


def test_a_half_open_connection_that_was_stalled_holds_nobody_any_more() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.stalls()
    newer = comes_back(stage, alice)
    assert (bob.is_held, newer.is_held) == (False, False)
    alice.goes()
    assert (bob.is_held, newer.is_held, stage.lobby.stalled) == (False, False, set())


def test_who_comes_back_to_a_stalled_partner_is_not_held_with_it() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.stalls()
    assert alice.is_held
    assert not comes_back(stage, bob).is_held


def test_who_is_away_lets_its_partner_go_on() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.stalls()
    bob.goes()
    assert not alice.is_held


def test_who_has_a_seat_cannot_take_another() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(v1.Resume(alice.ticket, 0, 0, 0), v1.Resume(bob.ticket, 0, 0, 0))
    assert stage.heard() == [("Alice", refusals.ALREADY_IN_ROOM)] * 2


def test_who_has_come_back_has_the_name_and_the_rights_of_before() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.goes()
    alice = comes_back(stage, alice)
    stage.heard()
    alice.says(LeaveRoom(), v1.JoinRoom(CODE))
    bob.says(chat(1, pairing=2))
    assert stage.heard() == [
        ("Bob", v1.Ticket(TICKET)),
        ("Bob", PartnerLeft()),
        ("Alice", v1.RoomLeft(NEW_ID)),
        ("Alice", v1.RoomJoined(CODE, "Bob", 2, TICKET)),
        ("Bob", v1.PartnerJoined("Alice", 2, TICKET)),
        ("Alice", said("Bob", 1, pairing=2)),
        ("Bob", v1.Sent(2, 1)),
    ]
    assert alice.session.client_id == "4"  # A new seat, so a new id.


def test_a_new_name_outlives_the_connection() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(SetUsername("Alicia"))
    alice.goes()
    stage.heard()
    comes_back(stage, alice).says(chat(1))
    comes_back(stage, bob)
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob")),
        ("Bob", v1.PartnerBack(0)),
        ("Bob", said("Alicia", 1)),
        ("Alice", v1.Sent(1, 1)),
        ("Bob", CloseCode.REPLACED),
        ("Bob", resumed("2", "Alicia")),
        ("Bob", said("Alicia", 1)),
    ]


@pytest.mark.parametrize("who", ["opener", "joiner"])
def test_the_ticket_of_a_seat_that_was_given_up_is_refused(who: str) -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    leaver, stayer = (alice, bob) if who == "opener" else (bob, alice)
    leaver.says(LeaveRoom())
    stage.heard()
    again = comes_back(stage, leaver)
    carol = stage.connect_v1("Carol")
    carol.says(SetUsername("Carol"), v1.JoinRoom(CODE))
    comes_back(stage, again)
    assert stage.heard() == [
        (leaver.name, REFUSED),
        ("Carol", v1.Connected("5", "duologue.v1", 16_384, 25.0)),
        ("Carol", v1.UsernameSet("Carol")),
        ("Carol", v1.RoomJoined(CODE, stayer.name, 2, TICKET)),
        (stayer.name, v1.PartnerJoined("Carol", 2, TICKET)),
        (leaver.name, REFUSED),
    ]


def test_a_room_that_was_left_by_all_cannot_be_rebuilt() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(LeaveRoom())
    bob.says(LeaveRoom())
    stage.heard()
    comes_back(stage, alice)
    comes_back(stage, bob)
    assert stage.heard() == [("Alice", REFUSED), ("Bob", REFUSED)]
    assert stage.lobby.rooms == {}


def test_who_is_refused_is_in_no_room_and_may_start_afresh() -> None:
    stage = Stage()
    alice = stage.connect_v1("Alice")
    alice.says(v1.Resume("no ticket at all", 0, 0, 0), SetUsername("Alice"), v1.JoinRoom("X"))
    assert stage.heard()[1:] == [
        ("Alice", REFUSED),
        ("Alice", v1.UsernameSet("Alice")),
        ("Alice", refusals.room_not_found("X")),
    ]


def test_a_condemned_room_is_rebuilt_from_its_tickets() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1, "precious"))
    bob.session.fail()
    alice.goes()
    bob.goes()
    assert stage.heard()[2:] == [
        ("Alice", CloseCode.SERVER_FAULT),
        ("Bob", CloseCode.SERVER_FAULT),
    ]
    bob = comes_back(stage, bob)
    alice = comes_back(stage, alice)
    alice.says(chat(1, "precious"))
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Alice", resumed("1", "Bob")),
        ("Bob", v1.PartnerBack(0)),
        ("Bob", said("Alice", 1, "precious")),
        ("Alice", v1.Sent(1, 1)),
    ]


@pytest.mark.parametrize("has_gone", [True, False])
def test_who_lost_the_answer_to_joining_finds_its_own_seat(has_gone: bool) -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1))
    if has_gone:
        bob.goes()
    stage.heard()
    again = rejoins(stage, "Bob", client_id="2")
    if not has_gone:
        bob.goes()
    again.says(chat(1))
    old_line = [] if has_gone else [("Bob", CloseCode.REPLACED)]
    told_back = [("Alice", v1.PartnerBack(1))] if has_gone else []
    assert stage.heard() == [
        *old_line,
        ("Bob", resumed("2", "Alice")),
        ("Bob", said("Alice", 1)),
        *told_back,
        ("Alice", said("Bob", 1)),
        ("Bob", v1.Sent(1, 1)),
    ]
    assert again.session.client_id == "2"


@pytest.mark.parametrize("client_id", [None, "", "99"])
def test_who_joins_again_as_nobody_known_gets_the_normal_answer(client_id: str | None) -> None:
    stage = Stage()
    stage.seat_v1("Alice", "Bob")
    stage.seat_v1("Carol")
    rejoins(stage, "Dave", client_id)
    rejoins(stage, "Eve", client_id, code="NOSUCH")
    rejoins(stage, "Fay", client_id, code="000001")
    assert stage.heard() == [
        ("Dave", refusals.ROOM_FULL),
        ("Eve", refusals.room_not_found("NOSUCH")),
        ("Fay", v1.RoomJoined("000001", "Carol", 1, TICKET)),
        ("Carol", v1.PartnerJoined("Fay", 1, TICKET)),
    ]


def test_who_lost_the_answer_and_has_another_name_by_now_is_called_by_it() -> None:
    stage = Stage()
    stage.seat_v1("Alice", "Bob")
    rejoins(stage, "Rob", client_id="2").says(chat(1))
    assert stage.heard() == [
        ("Bob", CloseCode.REPLACED),
        ("Rob", resumed("2", "Alice")),
        ("Rob", v1.Ticket(TICKET)),
        ("Alice", v1.PartnerRenamed("Rob")),
        ("Alice", v1.Ticket(TICKET)),
        ("Alice", said("Rob", 1)),
        ("Rob", v1.Sent(1, 1)),
    ]


def test_a_program_that_lacks_what_another_with_its_ticket_has_received_is_refused() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2))
    bob.says(v1.Received(1, 2))
    bob.goes()
    stage.heard()
    comes_back(stage, bob, received=1)
    assert stage.heard() == [("Bob", REFUSED)]
    comes_back(stage, bob, received=2)
    assert stage.heard() == [("Bob", resumed("2", "Alice")), ("Alice", v1.PartnerBack(2))]


def test_nor_is_its_seat_given_to_who_says_never_to_have_heard_of_it() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1))
    bob.says(v1.Received(1, 1))
    bob.goes()
    again = stage.enter_v1("Bob")
    again.says(v1.JoinRoom(CODE, client_id=bob.session.client_id))
    assert stage.heard()[-1] == ("Bob", refusals.ROOM_FULL)
