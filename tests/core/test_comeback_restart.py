"""Coming back to a server that has never heard of the room: the old one was killed."""

from itertools import product

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import TICKET, Person, Stage

from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import JoinRoom, RoomJoined, SetUsername

SAID = 3

COUNTS = [
    (delivered, received, read)
    for delivered, received, read in product(range(SAID + 1), repeat=3)
    if delivered <= received and read <= received
]
"""What Alice knows to be delivered of her three chats, and what Bob has and has seen."""


def chats(first: int, last: int = SAID) -> list[v1.Chat]:
    return [chat(number, f"number {number}") for number in range(first, last + 1)]


def heard_by(name: str, first: int, last: int = SAID) -> list[tuple[str, v1.Said]]:
    others = {"Alice": "Bob", "Bob": "Alice"}
    return [
        (name, said(others[name], number, f"number {number}"))
        for number in range(first, last + 1)
    ]


def killed(*, alice_said: int = 0, bob_said: int = 0) -> tuple[Stage, Person, Person]:
    """Let two talk until their server is killed."""
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(*chats(1, alice_said))
    bob.says(*chats(1, bob_said))
    stage.restart()
    stage.heard()
    return stage, alice, bob


@pytest.mark.parametrize(("delivered", "received", "read"), COUNTS)
def test_if_the_sender_is_first_what_it_says_again_waits_for_the_receiver(
    delivered: int, received: int, read: int
) -> None:
    stage, alice, bob = killed(alice_said=SAID)
    alice = comes_back(stage, alice, delivered=delivered)
    alice.says(*chats(delivered + 1))
    comes_back(stage, bob, received=received, read=read)
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", is_here=False, accepted=delivered, delivered=delivered)),
        *([("Alice", v1.Sent(1, SAID))] if delivered < SAID else []),
        ("Bob", resumed("2", "Alice")),
        *heard_by("Bob", received + 1),
        ("Alice", v1.PartnerBack(SAID)),
        *([("Alice", v1.Delivered(1, received))] if received > delivered else []),
        *([("Alice", v1.PartnerRead(1, read))] if read else []),
    ]


@pytest.mark.parametrize(("delivered", "received", "read"), COUNTS)
def test_if_the_receiver_is_first_the_sender_hears_where_to_go_on(
    delivered: int, received: int, read: int
) -> None:
    stage, alice, bob = killed(alice_said=SAID)
    comes_back(stage, bob, received=received, read=read)
    alice = comes_back(stage, alice, delivered=delivered)
    alice.says(*chats(received + 1))
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        (
            "Alice",
            resumed("1", "Bob", accepted=received, delivered=received, partner_read=read),
        ),
        ("Bob", v1.PartnerBack(0)),
        *heard_by("Bob", received + 1),
        *([("Alice", v1.Sent(1, SAID))] if received < SAID else []),
    ]


@pytest.mark.parametrize(("delivered", "received", "read"), COUNTS)
def test_if_the_receiver_is_first_the_sender_need_say_nothing_before_it(
    delivered: int, received: int, read: int
) -> None:
    stage, alice, bob = killed(alice_said=SAID)
    alice = comes_back(stage, alice, delivered=delivered)
    bob = comes_back(stage, bob, received=received, read=read)
    alice.says(*chats(received + 1))
    assert [entry for entry in stage.heard() if entry[0] == "Bob"] == [
        ("Bob", resumed("2", "Alice")),
        *heard_by("Bob", received + 1),
    ]


def test_a_receiver_that_has_more_than_was_said_again_is_not_told_it_twice() -> None:
    stage, alice, bob = killed(alice_said=SAID)
    alice = comes_back(stage, alice)
    alice.says(*chats(1, 1))
    bob = comes_back(stage, bob, received=2)
    alice.says(*chats(2))
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", is_here=False)),
        ("Alice", v1.Sent(1, 1)),
        ("Bob", resumed("2", "Alice")),
        ("Alice", v1.PartnerBack(2)),
        ("Alice", v1.Delivered(1, 2)),
        *heard_by("Bob", 3),
        ("Alice", v1.Sent(1, SAID)),
    ]


@pytest.mark.parametrize("first", ["Alice", "Bob"])
def test_both_directions_go_on_where_each_of_them_stood(first: str) -> None:
    stage, alice, bob = killed(alice_said=3, bob_said=2)
    claims = {
        "Alice": (alice, {"received": 1, "read": 1, "delivered": 1}),
        "Bob": (bob, {"received": 2, "read": 0, "delivered": 0}),
    }
    order = ["Alice", "Bob"] if first == "Alice" else ["Bob", "Alice"]
    people = {}
    for name in order:
        person, claim = claims[name]
        people[name] = comes_back(stage, person, **claim)
    people["Alice"].says(*chats(3, 3))
    people["Bob"].says(*chats(2, 2))
    alice_first = [
        ("Alice", resumed("1", "Bob", is_here=False, accepted=1, delivered=1)),
        ("Bob", resumed("2", "Alice", accepted=1, delivered=1, partner_read=1)),
        ("Alice", v1.PartnerBack(2)),
        ("Alice", v1.Delivered(1, 2)),
    ]
    bob_first = [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Alice", resumed("1", "Bob", accepted=2, delivered=2)),
        ("Bob", v1.PartnerBack(1)),
        ("Bob", v1.Delivered(1, 1)),
        ("Bob", v1.PartnerRead(1, 1)),
    ]
    assert stage.heard() == [
        *(alice_first if first == "Alice" else bob_first),
        *heard_by("Bob", 3, 3),
        ("Alice", v1.Sent(1, 3)),
        *heard_by("Alice", 2, 2),
        ("Bob", v1.Sent(1, 2)),
    ]


def test_one_that_comes_and_goes_before_the_other_changes_nothing() -> None:
    stage, alice, bob = killed(alice_said=3, bob_said=3)
    for _ in range(3):
        alice = comes_back(stage, alice, received=2, delivered=1)
        alice.says(*chats(2, 2))
        alice.goes()
    stage.heard()
    bob = comes_back(stage, bob, received=1, delivered=2)
    alice = comes_back(stage, alice, received=2, delivered=1)
    alice.says(*chats(2))
    bob.says(*chats(3))
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False, accepted=2, delivered=2)),
        *heard_by("Bob", 2, 2),
        ("Alice", resumed("1", "Bob", accepted=2, delivered=1)),
        ("Bob", v1.PartnerBack(2)),
        *heard_by("Bob", 3, 3),
        ("Alice", v1.Sent(1, 3)),
        *heard_by("Alice", 3, 3),
        ("Bob", v1.Sent(1, 3)),
    ]


@pytest.mark.parametrize("first", ["Alice", "Bob"])
def test_a_server_may_be_killed_again_with_only_one_of_them_back(first: str) -> None:
    stage, alice, bob = killed(alice_said=3)
    if first == "Alice":
        alice = comes_back(stage, alice)
        alice.says(*chats(1))
    else:
        bob = comes_back(stage, bob, received=2)
    stage.restart()
    stage.heard()
    bob = comes_back(stage, bob, received=2)
    alice = comes_back(stage, alice)
    alice.says(*chats(3))
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice", is_here=False)),
        ("Alice", resumed("1", "Bob", accepted=2, delivered=2)),
        ("Bob", v1.PartnerBack(0)),
        *heard_by("Bob", 3),
        ("Alice", v1.Sent(1, 3)),
    ]


def test_a_seat_held_for_someone_who_has_not_come_yet_is_as_good_as_any() -> None:
    stage, alice, _bob = killed()
    alice = comes_back(stage, alice)
    carol = stage.connect_v1("Carol")
    carol.says(SetUsername("Carol"), v1.JoinRoom(CODE))
    alice.says(v1.FreeSeat())
    carol.says(v1.JoinRoom(CODE))
    assert [entry for entry in stage.heard() if not isinstance(entry[1], v1.Connected)] == [
        ("Alice", resumed("1", "Bob", is_here=False)),
        ("Carol", v1.UsernameSet("Carol")),
        ("Alice", v1.Knock("Carol")),
        ("Carol", refusals.ROOM_FULL),
        ("Alice", v1.Ticket(TICKET)),
        ("Alice", v1.PartnerLeft()),
        ("Carol", v1.RoomJoined(CODE, "Alice", 2, TICKET)),
        ("Alice", v1.PartnerJoined("Carol", 2, TICKET)),
    ]


def test_a_seat_held_for_someone_who_never_comes_is_given_up_in_time() -> None:
    stage = Stage(ticket_life_s=100.0)
    alice, _bob = stage.seat_v1("Alice", "Bob")
    stage.lobby.wake(50.0)
    stage.restart()
    alice = comes_back(stage, alice)
    stage.lobby.wake(149.0)
    stage.heard()
    stage.lobby.wake(152.0)
    assert stage.heard() == [("Alice", v1.Ticket(TICKET)), ("Alice", v1.PartnerLeft())]


def test_who_was_alone_is_alone_again_and_the_code_is_good() -> None:
    stage = Stage()
    rob = stage.enter("Rob")
    (alice,) = stage.seat_v1("Alice")
    stage.restart()
    rob = stage.enter("Rob")
    alice = comes_back(stage, alice)
    alice.says(chat(1, pairing=0))
    rob.says(JoinRoom(CODE))
    assert stage.heard() == [
        ("Alice", resumed("2", None, pairing=0)),
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, 0, 1)),
        ("Rob", RoomJoined(CODE, "Alice")),
        ("Alice", v1.PartnerJoined("Rob", 1, TICKET)),
    ]


def test_a_reference_client_is_gone_with_its_server() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    stage.enter("Rob").says(JoinRoom(CODE))
    stage.restart()
    stage.heard()
    alice = comes_back(stage, alice, received=5, delivered=3)
    assert stage.heard() == [("Alice", resumed("1", None))]


def test_two_servers_of_one_secret_are_as_good_as_one_that_restarts() -> None:
    here, there = Stage(), Stage()
    alice, bob = here.seat_v1("Alice", "Bob")
    alice.says(*chats(1, 2))
    bob.says(v1.Received(1, 1))
    alice = comes_back(there, alice, delivered=1)
    bob = comes_back(there, bob, received=1)
    alice.says(*chats(2, 2))
    assert there.heard() == [
        ("Alice", resumed("1", "Bob", is_here=False, accepted=1, delivered=1)),
        ("Bob", resumed("2", "Alice")),
        ("Alice", v1.PartnerBack(1)),
        *heard_by("Bob", 2, 2),
        ("Alice", v1.Sent(1, 2)),
    ]


def test_who_lost_the_answer_to_joining_finds_the_seat_in_the_rebuilt_room() -> None:
    stage, alice, _bob = killed(alice_said=1)
    alice = comes_back(stage, alice)
    alice.says(*chats(1, 1))
    stage.heard()
    bob = stage.connect_v1("Bob")
    bob.says(SetUsername("Bob"), v1.JoinRoom(CODE, "2"))
    assert stage.heard()[2:] == [
        ("Bob", resumed("2", "Alice")),
        *heard_by("Bob", 1, 1),
        ("Alice", v1.PartnerBack(1)),
    ]


def test_a_code_that_now_names_another_room_is_not_the_tickets() -> None:
    stage = Stage(random=bytes(12))
    alice, bob = stage.seat_v1("Alice", "Bob")
    stage.restart()
    carol, dave = stage.seat_v1("Carol", "Dave")
    assert list(stage.lobby.rooms) == [CODE]
    comes_back(stage, alice)
    carol.goes()
    comes_back(stage, bob)
    dave.says(chat(1))
    assert stage.heard() == [
        ("Alice", refusals.TICKET_REFUSED),
        ("Dave", v1.PartnerAway()),
        ("Bob", refusals.TICKET_REFUSED),
        ("Dave", v1.Sent(1, 1)),
    ]


def test_an_expired_ticket_rebuilds_nothing() -> None:
    stage, alice, _bob = killed()
    stage.clock_ms += 86_400_000
    comes_back(stage, alice)
    assert stage.heard() == [("Alice", refusals.TICKET_REFUSED)]
    assert stage.lobby.rooms == {}


def test_a_half_open_connection_to_the_new_server_is_closed_too() -> None:
    stage, alice, bob = killed()
    alice = comes_back(stage, alice)
    comes_back(stage, bob)
    comes_back(stage, alice)
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", is_here=False)),
        ("Bob", resumed("2", "Alice")),
        ("Alice", v1.PartnerBack(0)),
        ("Alice", CloseCode.REPLACED),
        ("Alice", resumed("1", "Bob")),
    ]
