"""What people and programs are told of what happens."""

import json
import re
from pathlib import Path
from typing import get_args

import pytest

from duologue.client import (
    Chat,
    Delivered,
    Ended,
    Event,
    Failure,
    Knock,
    NotDelivered,
    Offline,
    Online,
    PartnerAway,
    PartnerBack,
    PartnerJoined,
    PartnerLeft,
    PartnerRenamed,
    Refused,
    RoomExpired,
    RoomJoined,
    RoomLeft,
    TicketRefused,
)
from duologue.client.outgoing import Counts, Outgoing
from duologue.terminal.telling import FAILURES, Teller, as_json
from duologue.wire.messages import ErrorCode

DOCUMENT = Path(__file__).parents[2] / "docs" / "terminal.md"


def lost(content: str, reason: Failure) -> Outgoing:
    outgoing = Outgoing(1, 7, content, Counts())
    outgoing.fail(reason)
    return outgoing


def test_an_evening_as_it_is_told() -> None:
    teller = Teller()
    evening: list[Event] = [
        Online(),
        RoomJoined("ABC123", 1, "Bob"),
        PartnerAway(),
        Knock("Eve\x1b[2J"),
        PartnerBack(),
        PartnerRenamed("Robert"),
        Offline(),
        Online(),
        Delivered(1, 7),
        Refused(ErrorCode.NOT_AWAY, "No\x1b"),
        NotDelivered((lost("hi\nthere", Failure.PARTNER_LEFT),)),
        PartnerLeft(),
        PartnerJoined("", 2),
        PartnerLeft(),
        RoomLeft(),
        TicketRefused(),
        RoomExpired(),
        Ended("replaced"),
        Ended("closed"),
    ]
    assert [line for event in evening for line in teller.tell(event)] == [
        "You are talking with Bob.",
        "Bob is away. What you say waits.",
        "Eve␛[2J is at the door while Bob is away.",
        "Bob is back.",
        "Bob is now called Robert.",
        "No connection. Trying again.",
        "Connected again.",
        "The server refused: No␛",
        "Not delivered, your partner had left: hi there",
        "Robert left.",
        "Someone came in.",
        "Someone left.",
        "You left.",
        "Your seat is gone: it was given away, or too much time has passed.",
        "Nobody came for a long time, so the room was closed.",
        "It goes on somewhere else, with the same seat.",
    ]


def test_nobody_to_meet_is_nothing_to_tell() -> None:
    assert Teller().tell(RoomJoined("ABC123", 1, None)) == []


def test_a_long_text_is_told_by_its_beginning() -> None:
    (line,) = Teller().tell(NotDelivered((lost("x" * 100, Failure.ENDED),)))
    assert line == f"Not delivered, the conversation had ended: {'x' * 59}…"


@pytest.mark.parametrize("failure", Failure)
def test_there_are_words_for_every_reason(failure: Failure) -> None:
    assert FAILURES[failure]


def test_a_program_gets_each_event_as_a_line_that_names_it_first() -> None:
    chat = Chat("ABC123", 1, 7, "Bob", "a\nb", 5)
    line = as_json(chat)
    assert line.startswith(b'{"event":"chat",')
    assert line.count(b"\n") == 1
    assert json.loads(line) == {
        "event": "chat",
        "room_code": "ABC123",
        "pairing": 1,
        "id": 7,
        "sender": "Bob",
        "content": "a\nb",
        "at": 5,
    }


def test_when_to_ask_again_is_told_where_the_server_says_so() -> None:
    refusals = [Refused(ErrorCode.SLOW_DOWN, "m", 60), Refused(ErrorCode.ROOM_FULL, "m")]
    assert [json.loads(as_json(event)) for event in refusals] == [
        {"event": "refused", "code": "slow_down", "message": "m", "retry_after_s": 60},
        {"event": "refused", "code": "room_full", "message": "m"},
    ]


def test_json_drives_no_terminal_and_says_the_same() -> None:
    content = "\x1b[2J\x7f\x9b31m\u202e\u2028안녕"
    line = as_json(Chat("ABC123", 1, 7, "Bob", content, 5)).decode()
    assert json.loads(line)["content"] == content
    assert r'"content":"\u001b[2J\u007f\u009b31m\u202e\u2028안녕"' in line


def test_a_program_is_told_what_is_not_delivered_and_why() -> None:
    line = as_json(NotDelivered((lost("hi", Failure.YOU_LEFT),)))
    message = {"pairing": 1, "id": 7, "content": "hi", "reason": "you_left"}
    assert json.loads(line) == {"event": "not_delivered", "messages": [message]}


def test_every_event_has_a_word_of_its_own() -> None:
    tags = [event.__struct_config__.tag for event in get_args(Event)]
    assert len(set(tags)) == len(tags)


def test_the_readme_has_every_event_with_its_fields() -> None:
    section = DOCUMENT.read_text().split("| `event` |")[1].split("\n\n")[0]
    told: dict[str, set[str]] = {}
    for row in section.splitlines()[2:]:
        _, names, fields, _ = row.split("|", 3)
        for name in re.findall(r"`(\w+)`", names):
            told[name] = set(re.findall(r"`(\w+)`", fields))
    failed = {"pairing", "id", "content", "reason"}
    assert told == {
        str(event.__struct_config__.tag): {
            *event.__struct_fields__,
            *(failed if event is NotDelivered else ()),
        }
        for event in get_args(Event)
    }


def test_the_readme_has_every_reason() -> None:
    (reasons,) = re.findall(r"`reason` is (.+?)\.\n", DOCUMENT.read_text(), re.DOTALL)
    assert re.findall(r"`(\w+)`", reasons) == list(Failure)
