"""The numbers of one direction, without anyone to hear of them."""

import pytest

from duologue.core import channel as module
from duologue.core.channel import Channel, Verdict
from duologue.wire.v1 import Said

REPEAT, GAP, BEHIND, IGNORED = Verdict
NEXT = "next"


def judged(channel: Channel, *numbers: int) -> list[object]:
    """Let chats arrive under these numbers, as a room does, but accept none of them."""
    verdicts: list[object] = []
    for number in numbers:
        if number == channel.accepted + 1 and channel.has_room:
            channel.start_over()
            verdicts.append(NEXT)
        else:
            verdicts.append(channel.judge(number))
    return verdicts


def kept(*contents: str) -> Channel:
    """Make a channel in which these wait."""
    channel = Channel()
    for number, content in enumerate(contents, 1):
        channel.keep(Said("Alice", 1, number, content, 0))
    return channel


def state(channel: Channel) -> tuple[int, int, list[str]]:
    return channel.accepted, channel.delivered, [said.content for said in channel.waiting]


def test_a_new_channel_waits_for_number_one() -> None:
    channel = Channel()
    assert (state(channel), channel.read, channel.has_room) == ((0, 0, []), 0, True)
    assert judged(channel, 1) == [NEXT]


def test_what_is_kept_waits_until_it_is_confirmed() -> None:
    channel = kept("one", "two", "three")
    assert state(channel) == (3, 0, ["one", "two", "three"])
    assert [channel.confirm(number) for number in (2, 2, 1, 3)] == [True, False, False, True]
    assert state(channel) == (3, 3, [])


def test_a_claim_beyond_what_was_said_is_cut_down_to_it() -> None:
    channel = kept("one", "two")
    assert (channel.confirm(99), channel.see(99)) == (True, True)
    assert (state(channel), channel.read) == ((2, 2, []), 2)


def test_what_passes_by_is_accepted_and_delivered_at_once() -> None:
    channel = Channel()
    channel.pass_by()
    channel.pass_by()
    assert state(channel) == (2, 2, [])


def test_what_was_seen_only_grows() -> None:
    channel = kept("one", "two")
    assert [channel.see(number) for number in (1, 1, 0, 2)] == [True, False, False, True]
    assert channel.read == 2


def test_repeats_are_repeats_whatever_else_is_wrong() -> None:
    channel = kept("one", "two")
    assert judged(channel, 1, 2, 4, 1, 2) == [
        REPEAT,
        REPEAT,
        GAP,
        REPEAT,
        REPEAT,
    ]


def test_a_gap_is_complained_of_once_until_the_right_number_comes() -> None:
    channel = kept("one")
    assert judged(channel, 3, 4, 3, 2, 3) == [
        GAP,
        IGNORED,
        IGNORED,
        NEXT,
        GAP,
    ]


@pytest.mark.parametrize(
    ("count", "content"), [(module.MAX_WAITING_CHATS, ""), (64, "x" * 16384), (64, "é" * 8192)]
)
def test_a_full_channel_says_so_once_and_then_nothing(count: int, content: str) -> None:
    channel = kept(*[content] * count)
    next_id = count + 1
    assert channel.has_room is False
    assert judged(channel, *(next_id + more for more in (0, 0, 1, 2, 0))) == [
        BEHIND,
        IGNORED,
        IGNORED,
        IGNORED,
        IGNORED,
    ]


@pytest.mark.parametrize(
    ("count", "content"), [(module.MAX_WAITING_CHATS - 1, ""), (63, "x" * 16384)]
)
def test_a_channel_takes_chats_up_to_its_bound(count: int, content: str) -> None:
    assert judged(kept(*[content] * count), count + 1) == [NEXT]


@pytest.mark.parametrize(("count", "content"), [(1000, ""), (64, "x" * 16384)])
def test_there_is_room_again_when_half_of_it_is_free(count: int, content: str) -> None:
    channel = kept(*[content] * count)
    channel.judge(count + 1)
    channel.confirm(count // 2 - 1)
    assert channel.catch_up() is False
    channel.confirm(count // 2)
    assert [channel.catch_up(), channel.catch_up()] == [True, False]
    assert judged(channel, count + 2, count + 1, count + 2) == [IGNORED, NEXT, GAP]


def test_who_was_never_told_that_there_is_no_room_need_not_hear_that_there_is() -> None:
    channel = kept(*["x"] * 1000)
    channel.confirm(1000)
    assert channel.catch_up() is False


def test_who_tries_again_in_time_is_taken_before_half_of_the_room_is_free() -> None:
    channel = kept(*["x"] * 1000)
    channel.judge(1001)
    channel.confirm(1)
    assert judged(channel, 1001) == [NEXT]
    assert channel.is_behind is False


def test_starting_over_forgets_complaints() -> None:
    channel = kept("one")
    channel.judge(9)
    channel.start_over()
    assert [channel.judge(9), channel.judge(9)] == [GAP, IGNORED]


def test_what_is_learnt_beyond_what_is_here_takes_its_place() -> None:
    channel = kept("one", "two")
    channel.learn(5)
    assert state(channel) == (5, 5, [])
    channel.keep(Said("Alice", 1, 6, "six", 0))
    assert state(channel) == (6, 5, ["six"])


def test_what_is_learnt_within_what_is_here_confirms_it() -> None:
    channel = kept("one", "two")
    channel.learn(1)
    assert state(channel) == (2, 1, ["two"])


def test_what_was_learnt_frees_the_room_that_it_took() -> None:
    channel = kept(*["x" * 16384] * 64)
    channel.learn(65)
    assert channel.has_room


def test_what_is_confirmed_frees_as_many_bytes_as_it_took() -> None:
    channel = kept(*["é" * 8192] * 64)
    for _ in range(200):
        channel.confirm(channel.delivered + 1)
        assert channel.has_room
        channel.keep(Said("Alice", 1, channel.accepted + 1, "é" * 8192, 0))
        assert not channel.has_room


def test_a_channel_stays_full_while_what_is_left_is_too_much() -> None:
    channel = kept("x", "y" * module.MAX_WAITING_BYTES)
    channel.confirm(1)
    assert not channel.has_room
    channel.confirm(2)
    assert channel.has_room
