"""Two people of whom one does not read, where at least one speaks duologue.v1."""

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import TICKET, Person, Stage

from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import (
    Chat,
    JoinRoom,
    PartnerLeft,
    PartnerTyping,
    Said,
    SetUsername,
    StopTyping,
    Typing,
    UsernameSet,
)


def stalled() -> tuple[Stage, Person, Person]:
    """Let Alice talk to Bob, who has stopped reading after her first chat."""
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1))
    bob.stalls()
    stage.heard()
    return stage, alice, bob


def test_only_who_does_not_read_is_not_read() -> None:
    _stage, alice, bob = stalled()
    assert (alice.is_held, bob.is_held) == (False, True)
    bob.drains()
    assert (alice.is_held, bob.is_held) == (False, False)


def test_a_reference_client_is_held_for_a_v1_partner_and_the_other_way_round() -> None:
    for is_v1_stalled in (True, False):
        stage = Stage()
        (alice,) = stage.seat_v1("Alice")
        bob = stage.enter("Bob")
        bob.says(JoinRoom(CODE))
        (alice if is_v1_stalled else bob).stalls()
        assert (alice.is_held, bob.is_held) == (True, True)


def test_what_is_said_meanwhile_comes_in_order_when_the_peer_reads_again() -> None:
    stage, alice, bob = stalled()
    alice.says(chat(2), chat(3))
    assert stage.heard() == [("Alice", v1.Sent(1, 3))]
    bob.drains()
    alice.says(chat(4))
    assert stage.heard() == [
        ("Bob", said("Alice", 2)),
        ("Bob", said("Alice", 3)),
        ("Bob", said("Alice", 4)),
        ("Alice", v1.Sent(1, 4)),
    ]


def test_what_was_received_before_is_not_said_again() -> None:
    stage, alice, bob = stalled()
    alice.says(chat(2))
    bob.says(v1.Received(1, 1))
    bob.drains()
    bob.says(v1.Received(1, 2))
    bob.stalls()
    bob.drains()
    assert stage.heard() == [
        ("Alice", v1.Sent(1, 2)),
        ("Alice", v1.Delivered(1, 1)),
        ("Bob", said("Alice", 2)),
        ("Alice", v1.Delivered(1, 2)),
    ]


def test_what_is_due_to_the_peer_is_said_once_when_it_reads_again() -> None:
    stage, alice, bob = stalled()
    bob.says(chat(1))
    alice.says(v1.Received(1, 1))
    alice.says(v1.Read(1, 1), SetUsername("Al"))
    alice.says(SetUsername("Alicia"))
    stage.heard()
    bob.drains()
    bob.says()
    alice.says(v1.Ping())
    assert stage.heard() == [
        ("Bob", v1.Sent(1, 1)),
        ("Bob", v1.Delivered(1, 1)),
        ("Bob", v1.PartnerRead(1, 1)),
        ("Bob", v1.PartnerRenamed("Alicia")),
        ("Bob", v1.Ticket(TICKET)),
        ("Alice", v1.Pong()),
    ]


def test_typing_is_not_told_to_who_does_not_read() -> None:
    stage, alice, bob = stalled()
    alice.says(Typing(), Typing(), StopTyping(), Typing())
    assert stage.heard() == []
    bob.drains()
    alice.says(Typing())
    assert stage.heard() == [("Bob", PartnerTyping())]


def test_too_much_for_who_does_not_read_is_told_to_the_sender() -> None:
    stage, alice, bob = stalled()
    alice.says(*(chat(number) for number in range(2, 1002)))
    assert stage.heard() == [
        ("Alice", refusals.of_chat(refusals.PARTNER_BEHIND, 1, 1001)),
        ("Alice", v1.Sent(1, 1000)),
    ]
    bob.drains()
    assert stage.heard() == [("Bob", said("Alice", number)) for number in range(2, 1001)]


def test_who_never_reads_again_is_closed_and_finds_it_all_on_coming_back() -> None:
    stage, alice, bob = stalled()
    alice.says(chat(2))
    stage.lobby.wake(30.0)
    bob.goes()
    stage.heard()
    comes_back(stage, bob)
    assert stage.heard() == [
        ("Bob", resumed("2", "Alice")),
        ("Bob", said("Alice", 1)),
        ("Bob", said("Alice", 2)),
        ("Alice", v1.PartnerBack(2)),
    ]


def test_a_newer_connection_is_not_told_what_the_older_did_not_read() -> None:
    stage, alice, bob = stalled()
    newer = comes_back(stage, bob, received=1)
    alice.says(chat(2))
    bob.is_stalled = False
    bob.session.drain()
    bob.session.stall(1.0)
    assert newer.session.seat is not None
    assert stage.heard() == [
        ("Bob", CloseCode.REPLACED),
        ("Bob", resumed("2", "Alice")),
        ("Alice", v1.Delivered(1, 1)),
        ("Bob", said("Alice", 2)),
        ("Alice", v1.Sent(1, 2)),
    ]


def test_who_joins_someone_who_does_not_read_is_heard_later() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.stalls()
    bob = stage.enter_v1("Bob")
    bob.says(v1.JoinRoom(CODE), chat(1))
    assert stage.heard() == [
        ("Bob", v1.RoomJoined(CODE, "Alice", 1, TICKET)),
        ("Alice", v1.PartnerJoined("Bob", 1, TICKET)),
        ("Bob", v1.Sent(1, 1)),
    ]
    alice.drains()
    assert stage.heard() == [("Alice", said("Bob", 1))]


@pytest.mark.parametrize("content", ["hi", ""])
def test_what_a_held_reference_client_had_said_already_is_kept_too(content: str) -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    bob = stage.enter("Bob")
    bob.says(JoinRoom(CODE))
    alice.stalls()
    stage.heard()
    bob.says(Chat(content), SetUsername("Rob"))
    alice.drains()
    alice.says()
    assert stage.heard() == [
        ("Bob", UsernameSet("Rob")),
        ("Alice", said("Bob", 1, content)),
        ("Alice", v1.PartnerRenamed("Rob")),
        ("Alice", v1.Ticket(TICKET)),
    ]


def test_a_v1_client_that_leaves_someone_who_does_not_read_is_told_of() -> None:
    stage, alice, _bob = stalled()
    alice.goes()
    stage.heard()
    alice = comes_back(stage, alice)
    alice.says(v1.LeaveRoom())
    assert [message for name, message in stage.heard() if name == "Bob"] == [
        v1.PartnerBack(0),
        v1.Ticket(TICKET),
        PartnerLeft(),
    ]


def test_reference_clients_hear_of_a_chat_what_they_always_heard() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    bob.stalls()
    alice.says(Typing(), Chat("hi"))
    assert [message for _, message in stage.heard()][0::2] == [
        PartnerTyping(),
        Said("Alice", "hi"),
    ]
