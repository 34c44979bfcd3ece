"""What the log tells, in order."""

from duologue.client import (
    Chat,
    Delivered,
    Event,
    Failure,
    NotDelivered,
    PartnerJoined,
    PartnerLeft,
    PartnerRenamed,
    RoomCreated,
    RoomExpired,
    RoomJoined,
    RoomLeft,
    TicketRefused,
)
from duologue.client.outgoing import Counts, Outgoing
from duologue.tui import story as module
from duologue.tui.story import Note, Said, Story


def chat(content: str, *, sender: str = "Bob", at: int = 5) -> Chat:
    return Chat("ABC123", 1, 1, sender, content, at)


def told(*events: Event) -> list[str]:
    story = Story()
    for event in events:
        story.hear(event, 1)
    return [
        entry.text if isinstance(entry, Note) else f"{entry.sender}: {entry.text}"
        for entry in story.entries
    ]


def test_an_evening() -> None:
    lost = Outgoing(1, 1, "hi", Counts())
    lost.fail(Failure.PARTNER_LEFT)
    assert told(
        RoomCreated("ABC123"),
        PartnerJoined("Bob", 1),
        chat("hello\x1b"),
        Delivered(1, 1),
        PartnerRenamed("Robert"),
        NotDelivered((lost,)),
        NotDelivered((lost, lost)),
        PartnerLeft(),
        RoomLeft(),
        RoomJoined("XYZ789", 1, None),
        RoomJoined("XYZ789", 1, "Eve\u202e"),
        TicketRefused(),
        RoomExpired(),
    ) == [
        "Bob came in",
        "Bob: hello␛",
        "Bob is now called Robert",
        "One message was not delivered: your partner had left",
        "2 messages were not delivered: your partner had left",
        "Robert left. The room stays open: ABC123",
        "You left the room",
        "You are talking with Eve",
        "Your seat is gone: it was given away, or too much time has passed",
        "Nobody came for a long time, so the room was closed. /new opens another",
    ]


def test_a_name_that_nobody_could_see_is_someone() -> None:
    assert told(chat("hi", sender="\u202e"), PartnerJoined(" ", 1)) == [
        "Someone: hi",
        "Someone came in",
    ]


def test_what_was_heard_last_can_be_had() -> None:
    story = Story()
    assert story.last_heard is None
    story.hear(chat("one"), 1)
    story.hear(chat("two"), 1)
    story.note("something", 1)
    assert story.last_heard == "two"


def test_the_oldest_go_when_there_are_too_many() -> None:
    story = Story()
    for number in range(module._MOST_ENTRIES + 1):
        story.hear(chat(str(number), at=number), number)
    assert len(story.entries) == module._MOST_ENTRIES + 1 - story.dropped
    assert story.dropped == module._DROPPED_AT_ONCE - 1
    first, second = story.entries[:2]
    assert (first.text, second.text) == (
        "What was said before is no longer kept here",
        str(module._DROPPED_AT_ONCE),
    )


def test_the_oldest_go_when_there_is_too_much_to_hold() -> None:
    story = Story()
    for _ in range(300):
        story.hear(chat("x" * 16_000), 1)
        assert sum(len(entry.text) for entry in story.entries) < module._MOST_CHARS + 16_001
    assert isinstance(story.entries[-1], Said)
    assert story.dropped > 0
