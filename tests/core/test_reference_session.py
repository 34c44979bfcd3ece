"""What one reference client can say in each state, and what it is told."""

import pytest
from tests.support.stage import Stage

from duologue.wire import refusals
from duologue.wire.messages import (
    Chat,
    ClientMessage,
    Connected,
    CreateRoom,
    JoinRoom,
    LeaveRoom,
    PartnerJoined,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    RoomCreated,
    RoomJoined,
    Said,
    SetUsername,
    StopTyping,
    Typing,
    UsernameSet,
)


def test_a_session_begins_with_a_greeting() -> None:
    stage = Stage()
    stage.connect("Alice")
    assert stage.heard() == [("Alice", Connected("1"))]


@pytest.mark.parametrize("message", [CreateRoom(), JoinRoom("000000")])
def test_a_seat_needs_a_name(message: ClientMessage) -> None:
    stage = Stage()
    stage.connect("Alice").says(message)
    assert stage.heard()[1:] == [("Alice", refusals.USERNAME_REQUIRED)]


@pytest.mark.parametrize("message", [Chat("hi"), Typing(), LeaveRoom()])
def test_outside_a_room_there_is_nobody_to_talk_to(message: ClientMessage) -> None:
    stage = Stage()
    stage.enter("Alice").says(message)
    assert stage.heard() == [("Alice", refusals.NOT_IN_ROOM)]


def test_outside_a_room_there_is_no_typing_to_stop() -> None:
    stage = Stage()
    stage.enter("Alice").says(StopTyping())
    assert stage.heard() == []


def test_a_room_is_opened_and_joined_by_its_code() -> None:
    stage = Stage(random=bytes([10, 11, 12, 1, 2, 3]))
    alice, bob = stage.enter("Alice"), stage.enter("Bob")
    alice.says(CreateRoom())
    bob.says(JoinRoom(" ab-c i23"))
    assert stage.heard() == [
        ("Alice", RoomCreated("ABC123")),
        ("Bob", RoomJoined("ABC123", "Alice")),
        ("Alice", PartnerJoined("Bob")),
    ]


def test_a_third_person_finds_the_room_full() -> None:
    stage = Stage()
    stage.seat("Alice", "Bob")
    stage.enter("Carol").says(JoinRoom("000000"))
    assert stage.heard() == [("Carol", refusals.ROOM_FULL)]


@pytest.mark.parametrize("message", [CreateRoom(), JoinRoom("000000"), JoinRoom("NOSUCH")])
def test_one_seat_is_enough(message: ClientMessage) -> None:
    stage = Stage()
    (alice,) = stage.seat("Alice")
    alice.says(message)
    assert stage.heard() == [("Alice", refusals.ALREADY_IN_ROOM)]


def test_chats_go_both_ways_and_not_back() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    alice.says(Chat("hi"), Chat(""))
    bob.says(Chat("yo"))
    assert stage.heard() == [
        ("Bob", Said("Alice", "hi")),
        ("Bob", Said("Alice", "")),
        ("Alice", Said("Bob", "yo")),
    ]


def test_a_new_name_goes_with_later_chats() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    alice.says(SetUsername("  Alicia\t"), Chat("hi"))
    bob.says(LeaveRoom(), JoinRoom("000000"))
    assert stage.heard() == [
        ("Alice", UsernameSet("Alicia")),
        ("Bob", Said("Alicia", "hi")),
        ("Alice", PartnerLeft()),
        ("Bob", RoomJoined("000000", "Alicia")),
        ("Alice", PartnerJoined("Bob")),
    ]


def test_a_chat_may_be_as_long_as_the_limit_and_no_longer() -> None:
    stage = Stage(max_content_bytes=12)
    alice, _bob = stage.seat("Alice", "Bob")
    alice.says(Chat("x" * 12), Chat("한" * 4), Chat("x" * 13), Chat("한" * 5))
    assert stage.heard() == [
        ("Bob", Said("Alice", "x" * 12)),
        ("Bob", Said("Alice", "한" * 4)),
        ("Alice", refusals.message_too_long(12)),
        ("Alice", refusals.message_too_long(12)),
    ]


def test_where_someone_sits_is_checked_before_what_they_say() -> None:
    stage = Stage(max_content_bytes=1)
    stage.enter("Alice").says(Chat("too long"))
    (bob,) = stage.seat("Bob")
    bob.says(Chat("too long"))
    assert stage.heard() == [("Bob", refusals.message_too_long(1))]


def test_typing_is_told_once_until_it_stops() -> None:
    stage = Stage()
    alice, _bob = stage.seat("Alice", "Bob")
    alice.says(
        Typing(), Typing(), StopTyping(), StopTyping(), Typing(), Chat("hi"), StopTyping()
    )
    assert stage.heard() == [
        ("Bob", PartnerTyping()),
        ("Bob", PartnerStopTyping()),
        ("Bob", PartnerTyping()),
        ("Bob", PartnerStopTyping()),
        ("Bob", Said("Alice", "hi")),
    ]


def test_typing_alone_is_remembered_and_a_chat_to_nobody_ends_it() -> None:
    stage = Stage()
    (alice,) = stage.seat("Alice")
    bob = stage.enter("Bob")
    alice.says(Typing())
    bob.says(JoinRoom("000000"))
    alice.says(StopTyping())
    bob.says(LeaveRoom())
    alice.says(Typing(), Chat("hi"))
    bob.says(JoinRoom("000000"))
    alice.says(StopTyping())
    assert stage.heard() == [
        ("Bob", RoomJoined("000000", "Alice")),
        ("Alice", PartnerJoined("Bob")),
        ("Bob", PartnerStopTyping()),
        ("Alice", PartnerLeft()),
        ("Alice", refusals.NO_PARTNER),
        ("Bob", RoomJoined("000000", "Alice")),
        ("Alice", PartnerJoined("Bob")),
    ]


def test_who_leaves_does_not_go_on_typing_in_the_next_room() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    alice.says(Typing(), LeaveRoom(), CreateRoom())
    bob.says(LeaveRoom(), JoinRoom("000001"))
    alice.says(StopTyping(), Typing())
    assert stage.heard() == [
        ("Bob", PartnerTyping()),
        ("Bob", PartnerLeft()),
        ("Alice", RoomCreated("000001")),
        ("Bob", RoomJoined("000001", "Alice")),
        ("Alice", PartnerJoined("Bob")),
        ("Bob", PartnerTyping()),
    ]


def test_who_vanishes_has_left() -> None:
    stage = Stage()
    alice, _bob = stage.seat("Alice", "Bob")
    alice.goes()
    alice.goes()
    assert stage.heard() == [("Bob", PartnerLeft())]
