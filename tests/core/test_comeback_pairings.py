"""Coming back when others have come and gone since, on this server or another."""

from itertools import permutations

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import TICKET, Person, Stage

from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import (
    CreateRoom,
    JoinRoom,
    LeaveRoom,
    Message,
    PartnerJoined,
    PartnerLeft,
    RoomJoined,
    Said,
    SetUsername,
)

REFUSED = refusals.TICKET_REFUSED
AWAY = v1.PartnerAway()


def joins(stage: Stage, name: str, *, is_reference: bool = False) -> Person:
    """Let someone new take the free seat of the first room."""
    person = stage.connect(name) if is_reference else stage.connect_v1(name)
    person.says(SetUsername(name))
    del stage.transcript[-2:]
    person.says(JoinRoom(CODE) if is_reference else v1.JoinRoom(CODE))
    return person


def replaced() -> tuple[Stage, Person, Person, Person]:
    """Let Alice give up Bob, who is away, and meet Carol; then kill the server."""
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.says(v1.FreeSeat())
    carol = joins(stage, "Carol")
    stage.restart()
    stage.heard()
    return stage, alice, bob, carol


@pytest.mark.parametrize("order", [*permutations(["Alice", "Bob", "Carol"])], ids="-".join)
def test_the_higher_pairing_wins_in_whatever_order_people_come(order: tuple[str, ...]) -> None:
    stage, *old = replaced()
    people: dict[str, Person] = {}
    for name in order:
        person = next(person for person in old if person.name == name)
        people[name] = comes_back(stage, person)
        if name == "Bob":
            people[name].says(chat(1, "for Alice as I knew her"))
    if order[0] == "Bob":
        assert [message for name, message in stage.heard() if name == "Bob"] == [
            resumed("2", "Alice", is_here=False),
            v1.Sent(1, 1),
            REFUSED,
            CloseCode.REPLACED,
        ]
    else:
        told = [message for name, message in stage.heard() if name == "Bob"]
        assert told == [REFUSED, refusals.of_chat(refusals.NOT_IN_ROOM, 1, 1)]
    people["Bob"].goes()
    people["Carol"].says(chat(1, "hi", pairing=2))
    people["Alice"].says(chat(1, "yo", pairing=2))
    assert stage.heard() == [
        ("Alice", said("Carol", 1, "hi", pairing=2)),
        ("Carol", v1.Sent(2, 1)),
        ("Carol", said("Alice", 1, "yo", pairing=2)),
        ("Alice", v1.Sent(2, 1)),
    ]


def test_who_is_found_to_have_been_replaced_is_closed_and_so_is_nothing_else() -> None:
    stage, alice, bob, carol = replaced()
    bob = comes_back(stage, bob)
    carol = comes_back(stage, carol)
    alice = comes_back(stage, alice)
    bob.goes()
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Bob", REFUSED),
        ("Bob", CloseCode.REPLACED),
        ("Carol", resumed("3", "Alice", pairing=2, is_here=False)),
        ("Alice", resumed("1", "Carol", pairing=2)),
        ("Carol", v1.PartnerBack(0)),
    ]
    assert set(stage.lobby.sessions) == {carol.session, alice.session}


def missed() -> tuple[Stage, Person, Person]:
    """Let Carol come in Bob's place while Alice is away; then kill the server."""
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.goes()
    bob.says(LeaveRoom())
    carol = joins(stage, "Carol")
    carol.says(chat(1, "for Alice", pairing=2))
    stage.heard()
    return stage, alice, carol


def test_who_missed_that_the_partner_changed_finds_another_pairing() -> None:
    stage, alice, _carol = missed()
    alice = comes_back(stage, alice, received=9, read=9, delivered=9)
    alice.says(chat(1, "for Bob"), chat(1, "for Carol", pairing=2))
    assert stage.heard() == [
        ("Alice", resumed("1", "Carol", pairing=2)),
        ("Alice", said("Carol", 1, "for Alice", pairing=2)),
        ("Carol", v1.PartnerBack(1)),
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, 1, 1)),
        ("Carol", said("Alice", 1, "for Carol", pairing=2)),
        ("Alice", v1.Sent(2, 1)),
    ]


def test_the_same_after_a_restart_if_who_missed_it_comes_first() -> None:
    stage, alice, carol = missed()
    stage.restart()
    alice = comes_back(stage, alice)
    alice.says(chat(1, "for Bob"))
    carol = comes_back(stage, carol)
    carol.says(chat(1, "for Alice", pairing=2))
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", is_here=False)),
        ("Alice", v1.Sent(1, 1)),
        ("Carol", resumed("4", "Alice", pairing=2)),
        ("Alice", PartnerLeft()),
        ("Alice", v1.PartnerJoined("Carol", 2, TICKET)),
        ("Alice", said("Carol", 1, "for Alice", pairing=2)),
        ("Carol", v1.Sent(2, 1)),
    ]


def test_the_same_after_a_restart_if_who_missed_it_comes_last() -> None:
    stage, alice, carol = missed()
    stage.restart()
    carol = comes_back(stage, carol)
    carol.says(chat(1, "for Alice", pairing=2))
    alice = comes_back(stage, alice, received=9, read=9, delivered=9)
    alice.says(chat(1, "for Bob"), chat(1, "for Carol", pairing=2))
    assert stage.heard() == [
        ("Carol", resumed("4", "Alice", pairing=2, is_here=False)),
        ("Carol", v1.Sent(2, 1)),
        ("Alice", resumed("1", "Carol", pairing=2)),
        ("Alice", said("Carol", 1, "for Alice", pairing=2)),
        ("Carol", v1.PartnerBack(1)),
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, 1, 1)),
        ("Carol", said("Alice", 1, "for Carol", pairing=2)),
        ("Alice", v1.Sent(2, 1)),
    ]


def unheard() -> tuple[Stage, Person, Person]:
    """Let Bob join Alice, who does not hear of it before the server is killed."""
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    first_ticket = alice.ticket
    bob = joins(stage, "Bob")
    stage.restart()
    stage.heard()
    alice.ticket = first_ticket
    return stage, alice, bob


def test_an_opener_that_never_heard_of_its_partner_hears_of_it_after_a_restart() -> None:
    stage, alice, bob = unheard()
    comes_back(stage, alice)
    bob = comes_back(stage, bob)
    bob.says(chat(1))
    assert stage.heard() == [
        ("Alice", resumed("1", None, pairing=0)),
        ("Bob", resumed("2", "Alice")),
        ("Alice", v1.PartnerJoined("Bob", 1, TICKET)),
        ("Alice", said("Bob", 1)),
        ("Bob", v1.Sent(1, 1)),
    ]


def test_an_opener_that_never_heard_of_its_partner_finds_it_after_a_restart() -> None:
    stage, alice, bob = unheard()
    comes_back(stage, bob)
    comes_back(stage, alice)
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Alice", resumed("1", "Bob")),
        ("Bob", v1.PartnerBack(0)),
    ]


def test_who_was_left_is_alone_after_a_restart_and_can_be_joined() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.says(LeaveRoom())
    stage.restart()
    stage.heard()
    comes_back(stage, alice)
    comes_back(stage, bob)
    joins(stage, "Carol")
    assert stage.heard() == [
        ("Alice", resumed("1", None)),
        ("Bob", REFUSED),
        ("Carol", v1.RoomJoined(CODE, "Alice", 2, TICKET)),
        ("Alice", v1.PartnerJoined("Carol", 2, TICKET)),
    ]


def given_up(*, is_forgotten: bool) -> tuple[Stage, Person, Person]:
    """Let Alice give Bob up, who is away, and the server lose the room."""
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.says(v1.FreeSeat())
    if is_forgotten:
        alice.goes()
        stage.lobby.wake(2.0)
        stage.lobby.wake(4000.0)
        assert stage.lobby.rooms == {}
    else:
        stage.restart()
    stage.heard()
    return stage, alice, bob


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_who_was_given_up_is_refused_though_the_room_was_forgotten(is_forgotten: bool) -> None:
    stage, alice, bob = given_up(is_forgotten=is_forgotten)
    alice = comes_back(stage, alice)
    comes_back(stage, bob)
    comes_back(stage, alice)
    assert stage.heard() == [
        ("Alice", resumed("1", None)),
        ("Bob", REFUSED),
        ("Alice", CloseCode.REPLACED),
        ("Alice", resumed("1", None)),
    ]


@pytest.mark.parametrize("is_forgotten", [True, False])
def test_who_was_given_up_and_comes_first_is_refused_when_the_other_comes(
    is_forgotten: bool,
) -> None:
    stage, alice, bob = given_up(is_forgotten=is_forgotten)
    bob = comes_back(stage, bob)
    bob.says(chat(1, "are you there?"))
    alice = comes_back(stage, alice)
    comes_back(stage, bob)
    joins(stage, "Carol")
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Bob", v1.Sent(1, 1)),
        ("Bob", REFUSED),
        ("Bob", CloseCode.REPLACED),
        ("Alice", resumed("1", None)),
        ("Bob", REFUSED),
        ("Carol", v1.RoomJoined(CODE, "Alice", 2, TICKET)),
        ("Alice", v1.PartnerJoined("Carol", 2, TICKET)),
    ]


def rejoined(*, is_reference: bool, with_carol: bool) -> tuple[Stage, Person, Person, Person]:
    """Let Dave meet the absent Alice as pairing 2, where she has another pairing 2.

    Bob, whom she gave up, has rebuilt the room from his old ticket, and left it to Dave.
    """
    stage, alice, bob, carol = replaced()
    if not with_carol:
        stage.restart()
        alice = comes_back(stage, alice)
        alice.says(v1.FreeSeat())
        stage.restart()
    comes_back(stage, bob).says(LeaveRoom())
    stage.heard()
    dave = joins(stage, "Dave", is_reference=is_reference)
    if not is_reference:
        dave.says(chat(1, "for Alice as she is known here", pairing=2))
    return stage, alice, carol, dave


@pytest.mark.parametrize("with_carol", [True, False])
def test_two_pairings_of_one_number_are_not_taken_for_the_same(with_carol: bool) -> None:
    stage, alice, carol, dave = rejoined(is_reference=False, with_carol=with_carol)
    alice = comes_back(stage, alice, received=3, read=2, delivered=1)
    alice.says(chat(2, "for Carol", pairing=2), chat(1, "for Dave", pairing=3))
    comes_back(stage, carol)
    assert stage.heard() == [
        ("Dave", v1.RoomJoined(CODE, "Alice", 2, TICKET)),
        ("Dave", AWAY),
        ("Dave", v1.Sent(2, 1)),
        ("Alice", resumed("1", "Dave", pairing=3)),
        ("Dave", PartnerLeft()),
        ("Dave", v1.PartnerJoined("Alice", 3, TICKET)),
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, 2, 2)),
        ("Dave", said("Alice", 1, "for Dave", pairing=3)),
        ("Alice", v1.Sent(3, 1)),
        ("Carol", REFUSED),
    ]
    assert set(stage.lobby.rooms) == {CODE}
    assert dave.session.seat is not None


def test_nor_if_the_other_partner_is_a_reference_client() -> None:
    stage, alice, _carol, _dave = rejoined(is_reference=True, with_carol=True)
    alice = comes_back(stage, alice, received=3, read=2, delivered=1)
    alice.says(chat(1, pairing=3))
    assert stage.heard() == [
        ("Dave", RoomJoined(CODE, "Alice")),
        ("Alice", resumed("1", "Dave", pairing=3)),
        ("Dave", PartnerLeft()),
        ("Dave", PartnerJoined("Alice")),
        ("Dave", Said("Alice", "hi")),
        ("Alice", v1.Sent(3, 1)),
        ("Alice", v1.Delivered(3, 1)),
    ]


def test_a_ticket_of_the_same_person_for_the_other_seat_leaves_the_first() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    old_bob = bob.ticket
    alice.says(LeaveRoom())
    carol = joins(stage, "Carol")
    bob.says(LeaveRoom())
    alice.says(v1.JoinRoom(CODE))
    stage.restart()
    stage.heard()
    bob.ticket = old_bob
    bob = comes_back(stage, bob)
    alice = comes_back(stage, alice)
    carol = comes_back(stage, carol)
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Bob", REFUSED),
        ("Bob", CloseCode.REPLACED),
        ("Alice", resumed("3", "Carol", pairing=3, is_here=False)),
        ("Carol", resumed("4", "Alice", pairing=3)),
        ("Alice", v1.PartnerBack(0)),
    ]


@pytest.mark.parametrize("message", [LeaveRoom(), CreateRoom()])
def test_who_is_refused_unasked_can_do_nothing_there_any_more(message: Message) -> None:
    stage, alice, bob, _carol = replaced()
    bob = comes_back(stage, bob)
    comes_back(stage, alice)
    stage.heard()
    bob.says(message)
    bob.goes()
    assert (stage.heard(), list(stage.lobby.rooms)) == ([], [CODE])
