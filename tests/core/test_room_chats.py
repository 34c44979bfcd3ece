"""Chats between two of whom at least one counts: numbers, receipts, room to wait."""

import pytest
from tests.support.phrases import CODE, chat, comes_back, resumed, said
from tests.support.stage import NEW_ID, TICKET, Person, Stage

from duologue.wire import refusals, v1
from duologue.wire.messages import (
    Chat,
    JoinRoom,
    LeaveRoom,
    PartnerLeft,
    PartnerStopTyping,
    PartnerTyping,
    Said,
    Typing,
)

BEHIND = refusals.PARTNER_BEHIND


def mixed() -> tuple[Stage, Person, Person]:
    """Let Alice, who counts, meet Rob, who does not."""
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    rob = stage.enter("Rob")
    rob.says(JoinRoom(CODE))
    stage.heard()
    return stage, alice, rob


def test_chats_are_numbered_dated_and_acknowledged() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    stage.clock_ms = 1_700_000_000_000
    alice.says(chat(1, "hi"))
    stage.clock_ms += 5
    bob.says(chat(1, "yo"))
    assert stage.heard() == [
        ("Bob", said("Alice", 1, "hi", at=1_700_000_000_000)),
        ("Alice", v1.Sent(1, 1)),
        ("Alice", said("Bob", 1, "yo", at=1_700_000_000_005)),
        ("Bob", v1.Sent(1, 1)),
    ]


def test_acknowledgements_are_merged_one_of_a_kind_a_batch() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2), chat(3))
    bob.says(*(v1.Received(1, number) for number in (1, 2, 3)), v1.Read(1, 1), v1.Read(1, 2))
    bob.says(chat(1), v1.Read(1, 3))
    assert stage.heard() == [
        *(("Bob", said("Alice", number)) for number in (1, 2, 3)),
        ("Alice", v1.Sent(1, 3)),
        ("Alice", v1.Delivered(1, 3)),
        ("Alice", v1.PartnerRead(1, 2)),
        ("Alice", said("Bob", 1)),
        ("Bob", v1.Sent(1, 1)),
        ("Alice", v1.PartnerRead(1, 3)),
    ]


def test_a_repeat_is_acknowledged_and_passed_on_to_nobody() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1, "one"), chat(2, "two"))
    stage.heard()
    alice.says(chat(1, "one"))
    alice.says(chat(2, "other words"), chat(3, "three"))
    assert stage.heard() == [
        ("Alice", v1.Sent(1, 2)),
        ("Bob", said("Alice", 3, "three")),
        ("Alice", v1.Sent(1, 3)),
    ]


def test_a_gap_is_one_error_and_then_silence_until_the_right_number_comes() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(3), chat(4), chat(9))
    alice.says(chat(5))
    alice.says(chat(2), chat(3), chat(9))
    assert stage.heard() == [
        ("Bob", said("Alice", 1)),
        ("Alice", refusals.out_of_order(1, 3, expected=2)),
        ("Alice", v1.Sent(1, 1)),
        ("Bob", said("Alice", 2)),
        ("Bob", said("Alice", 3)),
        ("Alice", refusals.out_of_order(1, 9, expected=4)),
        ("Alice", v1.Sent(1, 3)),
    ]


@pytest.mark.parametrize("receipt", [v1.Received, v1.Read])
def test_receipts_for_what_was_not_said_count_for_nothing(
    receipt: type[v1.Received] | type[v1.Read],
) -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.says(receipt(1, 7))
    alice.says(chat(1))
    bob.says(receipt(0, 1), receipt(2, 1), receipt(1, 0))
    assert stage.heard() == [("Bob", said("Alice", 1)), ("Alice", v1.Sent(1, 1))]


def test_receipts_beyond_what_was_said_are_cut_down_to_it() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1))
    bob.says(v1.Received(1, 7), v1.Read(1, 2**53 - 1))
    alice.says(chat(2))
    assert stage.heard() == [
        ("Bob", said("Alice", 1)),
        ("Alice", v1.Sent(1, 1)),
        ("Alice", v1.Delivered(1, 1)),
        ("Alice", v1.PartnerRead(1, 1)),
        ("Bob", said("Alice", 2)),
        ("Alice", v1.Sent(1, 2)),
    ]


def test_a_receipt_is_told_once() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2))
    bob.says(v1.Received(1, 2), v1.Read(1, 2))
    stage.heard()
    bob.says(v1.Received(1, 1), v1.Received(1, 2), v1.Read(1, 1), v1.Read(1, 2))
    assert stage.heard() == []


def test_receipts_alone_in_a_room_count_for_nothing() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.says(v1.Received(0, 1), v1.Read(0, 1))
    assert stage.heard() == []


@pytest.mark.parametrize("pairing", [0, 1])
def test_a_chat_that_finds_the_other_seat_empty_is_not_passed_on(pairing: int) -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    alice.says(chat(1, pairing=pairing))
    assert stage.heard() == [
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, pairing, 1)),
    ]


@pytest.mark.parametrize("pairing", [0, 1, 3])
def test_a_chat_of_another_pairing_never_reaches_who_came_since(pairing: int) -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.says(LeaveRoom())
    carol = stage.enter_v1("Carol")
    carol.says(v1.JoinRoom(CODE))
    stage.heard()
    alice.says(chat(1, "for Bob", pairing=pairing), chat(1, "for Carol", pairing=2))
    assert stage.heard() == [
        ("Alice", refusals.of_chat(refusals.NO_PARTNER, pairing, 1)),
        ("Carol", said("Alice", 1, "for Carol", pairing=2)),
        ("Alice", v1.Sent(2, 1)),
    ]


def test_what_was_acknowledged_by_the_end_is_told_before_it() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2), chat(3))
    bob.says(chat(1), v1.Received(1, 2), v1.Read(1, 1), LeaveRoom())
    assert stage.heard()[4:] == [
        ("Alice", said("Bob", 1)),
        ("Alice", v1.Delivered(1, 2)),
        ("Alice", v1.PartnerRead(1, 1)),
        ("Bob", v1.Sent(1, 1)),
        ("Alice", v1.Ticket(TICKET)),
        ("Alice", PartnerLeft()),
        ("Bob", v1.RoomLeft(NEW_ID)),
    ]


def test_each_pairing_counts_from_one() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(chat(1), chat(2))
    bob.says(chat(1), v1.Received(1, 2), LeaveRoom(), v1.JoinRoom(CODE))
    stage.heard()
    alice.says(chat(1, pairing=2), chat(3, pairing=2))
    bob.says(v1.Received(2, 1))
    assert stage.heard() == [
        ("Bob", said("Alice", 1, pairing=2)),
        ("Alice", refusals.out_of_order(2, 3, expected=2)),
        ("Alice", v1.Sent(2, 1)),
        ("Alice", v1.Delivered(2, 1)),
    ]


def test_a_chat_that_is_too_long_leaves_its_number_open() -> None:
    stage = Stage(max_content_bytes=4)
    alice, _bob = stage.seat_v1("Alice", "Bob")
    too_long = refusals.of_chat(refusals.message_too_long(4), 1, 2)
    alice.says(chat(1, "한x"), chat(2, "한글"), chat(3, "next"), chat(4, "last"))
    alice.says(chat(2, ""), chat(3, "next"), chat(4, "last"))
    assert stage.heard() == [
        ("Bob", said("Alice", 1, "한x")),
        ("Alice", too_long),
        ("Alice", refusals.out_of_order(1, 3, expected=2)),
        ("Alice", v1.Sent(1, 1)),
        ("Bob", said("Alice", 2, "")),
        ("Bob", said("Alice", 3, "next")),
        ("Bob", said("Alice", 4, "last")),
        ("Alice", v1.Sent(1, 4)),
    ]


def test_a_chat_ends_the_typing() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(Typing(), chat(1), chat(2))
    assert stage.heard() == [
        ("Bob", PartnerTyping()),
        ("Bob", PartnerStopTyping()),
        ("Bob", said("Alice", 1)),
        ("Bob", said("Alice", 2)),
        ("Alice", v1.Sent(1, 2)),
    ]


@pytest.mark.parametrize(
    ("count", "content"),
    [pytest.param(1000, "x", id="chats"), pytest.param(64, "x" * 16_384, id="bytes")],
)
def test_what_waits_for_someone_is_bounded_and_the_sender_told_once(
    count: int, content: str
) -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.says(*(chat(number, content) for number in range(1, count + 4)))
    alice.says(chat(count + 1, content), chat(count + 9, content))
    assert stage.heard() == [
        ("Alice", v1.PartnerAway()),
        ("Alice", refusals.of_chat(BEHIND, 1, count + 1)),
        ("Alice", v1.Sent(1, count)),
    ]


def test_a_sender_that_is_told_of_no_room_is_told_of_room_again() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.says(*(chat(number) for number in range(1, 1003)))
    bob.says(v1.Received(1, 400))
    stage.heard()
    bob.says(v1.Received(1, 499))
    bob.says(v1.Received(1, 500))
    bob.says(v1.Received(1, 600))
    alice.says(chat(1001), chat(1002))
    assert stage.heard() == [
        ("Alice", v1.Delivered(1, 499)),
        ("Alice", refusals.out_of_order(1, 1001, expected=1001)),
        ("Alice", v1.Delivered(1, 500)),
        ("Alice", v1.Delivered(1, 600)),
        ("Bob", said("Alice", 1001)),
        ("Bob", said("Alice", 1002)),
        ("Alice", v1.Sent(1, 1002)),
    ]


def test_there_is_room_again_when_who_comes_back_has_enough() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.says(*(chat(number) for number in range(1, 1002)))
    stage.heard()
    bob = comes_back(stage, bob, received=998)
    alice.says(chat(1001))
    assert stage.heard() == [
        ("Alice", refusals.out_of_order(1, 1001, expected=1001)),
        ("Bob", resumed("2", "Alice")),
        ("Bob", said("Alice", 999)),
        ("Bob", said("Alice", 1000)),
        ("Alice", v1.PartnerBack(1000)),
        ("Alice", v1.Delivered(1, 998)),
        ("Bob", said("Alice", 1001)),
        ("Alice", v1.Sent(1, 1001)),
    ]


def test_who_comes_back_with_too_little_first_takes_what_waits() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    bob.goes()
    alice.says(*(chat(number) for number in range(1, 1002)))
    bob = comes_back(stage, bob)
    stage.heard()
    alice.says(chat(1001), chat(1002))
    bob.says(v1.Received(1, 1000))
    alice.says(chat(1001), chat(1002))
    assert stage.heard() == [
        ("Alice", refusals.out_of_order(1, 1001, expected=1001)),
        ("Alice", v1.Delivered(1, 1000)),
        ("Bob", said("Alice", 1001)),
        ("Bob", said("Alice", 1002)),
        ("Alice", v1.Sent(1, 1002)),
    ]


def test_who_was_told_of_no_room_and_comes_back_is_told_so_again() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    alice.says(*(chat(number) for number in range(1, 1002)))
    alice.goes()
    stage.heard()
    alice = comes_back(stage, alice)
    alice.says(chat(1001))
    assert stage.heard() == [
        ("Alice", resumed("1", "Bob", accepted=1000)),
        ("Bob", v1.PartnerBack(0)),
        ("Alice", refusals.of_chat(BEHIND, 1, 1001)),
    ]


def test_what_a_reference_client_says_is_numbered_for_one_who_counts() -> None:
    stage, alice, rob = mixed()
    rob.says(Chat("one"), Chat("two"))
    alice.says(v1.Received(1, 2), v1.Read(1, 2))
    assert stage.heard() == [
        ("Alice", said("Rob", 1, "one")),
        ("Alice", said("Rob", 2, "two")),
    ]


def test_what_is_written_to_a_reference_client_counts_as_received() -> None:
    stage, alice, _rob = mixed()
    alice.says(chat(1, "one"), chat(2, "two"), chat(2, "two"), chat(9))
    assert stage.heard() == [
        ("Rob", Said("Alice", "one")),
        ("Rob", Said("Alice", "two")),
        ("Alice", refusals.out_of_order(1, 9, expected=3)),
        ("Alice", v1.Sent(1, 2)),
        ("Alice", v1.Delivered(1, 2)),
    ]


def test_what_a_reference_client_says_to_one_who_is_away_waits() -> None:
    stage, alice, rob = mixed()
    rob.says(Chat("one"))
    alice.goes()
    rob.says(Typing(), Chat("two"))
    alice = comes_back(stage, alice, received=1)
    rob.says(Chat("three"))
    alice.says(v1.Received(1, 3))
    assert stage.heard() == [
        ("Alice", said("Rob", 1, "one")),
        ("Alice", resumed("1", "Rob")),
        ("Alice", said("Rob", 2, "two")),
        ("Alice", said("Rob", 3, "three")),
    ]


def test_a_reference_client_hears_of_each_chat_for_which_there_is_no_room() -> None:
    stage, alice, rob = mixed()
    rob.says(*(Chat("x") for _ in range(1000)))
    stage.heard()
    rob.says(Chat("lost"), Typing(), Chat("lost"))
    alice.says(v1.Received(1, 1))
    rob.says(Chat("in time"))
    assert stage.heard() == [
        ("Rob", BEHIND),
        ("Alice", PartnerTyping()),
        ("Alice", PartnerStopTyping()),
        ("Rob", BEHIND),
        ("Alice", said("Rob", 1001, "in time")),
    ]
