"""What is the same for all clients: names, codes, signs of life, ends."""

import pytest
from tests.support.stage import Stage

from duologue.wire import refusals
from duologue.wire.close import CloseCode
from duologue.wire.messages import (
    Chat,
    JoinRoom,
    LeaveRoom,
    Said,
    SetUsername,
    UsernameSet,
)


@pytest.mark.parametrize("typed", ["xyz", "", "0000000", "00000É"])
def test_a_code_that_names_no_room_is_quoted_in_upper_case(typed: str) -> None:
    stage = Stage()
    stage.enter("Alice").says(JoinRoom(typed))
    assert stage.heard() == [("Alice", refusals.room_not_found(typed.upper()))]


@pytest.mark.parametrize(
    ("username", "fault"),
    [
        ("", "Expected 1 to 8 characters"),
        (" \t\n", "Expected 1 to 8 characters"),
        ("123456789", "Expected 1 to 8 characters"),
        ("a\x00b", "Control characters are not allowed"),
        ("a\nb", "Control characters are not allowed"),
        ("a\u2028b", "Control characters are not allowed"),
        ("a\x9fb", "Control characters are not allowed"),
    ],
)
def test_a_name_that_cannot_be_is_refused_and_the_old_one_stays(
    username: str, fault: str
) -> None:
    stage = Stage(max_name_chars=8)
    alice, _bob = stage.seat("Alice", "Bob")
    alice.says(SetUsername(username), Chat("hi"))
    assert stage.heard() == [
        ("Alice", refusals.invalid_message(f"{fault} - at `$.username`")),
        ("Bob", Said("Alice", "hi")),
    ]


@pytest.mark.parametrize("username", ["12345678", "  12345678  ", "한글", "👩‍💻", "a b"])
def test_a_name_may_be_in_any_language_and_up_to_the_limit(username: str) -> None:
    stage = Stage(max_name_chars=8)
    stage.enter("Alice").says(SetUsername(username))
    assert stage.heard() == [("Alice", UsernameSet(username.strip()))]


def test_what_is_no_message_is_answered_and_the_partner_hears_nothing() -> None:
    stage = Stage()
    alice, _bob = stage.seat("Alice", "Bob")
    alice.session.reject("JSON is malformed")
    alice.session.receive_binary(b"\x00")
    assert stage.heard() == [
        ("Alice", refusals.invalid_message("JSON is malformed")),
        ("Alice", refusals.invalid_message("Expected text, got a binary message")),
    ]


def test_a_client_that_answers_no_ping_is_given_up_at_the_next_turn() -> None:
    stage = Stage()
    alice = stage.enter("Alice")
    alice.session.beat()
    alice.session.pong()
    alice.session.beat()
    alice.session.beat()
    assert stage.heard() == [
        ("Alice", "ping"),
        ("Alice", "ping"),
        ("Alice", CloseCode.HEARTBEAT_LOST),
    ]


def test_a_client_that_we_do_not_read_owes_no_pong() -> None:
    stage = Stage()
    alice = stage.enter("Alice")
    alice.session.beat()
    alice.is_held = True
    alice.session.beat()
    alice.is_held = False
    alice.session.beat()
    assert stage.heard() == [("Alice", "ping"), ("Alice", "ping")]


def test_a_peer_that_does_not_read_is_not_read_itself() -> None:
    stage = Stage()
    alice = stage.enter("Alice")
    alice.stalls(now=5.0)
    assert (alice.is_held, alice.session.stall_deadline) == (True, 35.0)
    alice.drains()
    assert (alice.is_held, alice.session.stall_deadline) == (False, None)


def test_who_leaves_a_partner_that_does_not_read_is_read_again() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    bob.stalls()
    assert (alice.is_held, bob.is_held) == (True, True)
    alice.says(LeaveRoom())
    assert (alice.is_held, bob.is_held) == (False, True)


def test_a_broken_rule_ends_its_own_room_alone() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    carol, dave = stage.seat("Carol", "Dave")
    alice.session.fail()
    alice.goes()
    bob.goes()
    carol.says(Chat("hi"))
    assert stage.heard() == [
        ("Alice", CloseCode.SERVER_FAULT),
        ("Bob", CloseCode.SERVER_FAULT),
        ("Dave", Said("Carol", "hi")),
    ]
    assert list(stage.lobby.rooms) == ["000001"]
    assert dave.session.seat is not None


def test_a_failure_outside_a_room_ends_its_own_connection_alone() -> None:
    stage = Stage()
    alice = stage.enter("Alice")
    alice.session.fail()
    assert stage.heard() == [("Alice", CloseCode.SERVER_FAULT)]
