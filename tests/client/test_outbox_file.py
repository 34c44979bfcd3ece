"""A conversation that outlives its program, by way of a file."""

import fcntl
import stat
from pathlib import Path

import pytest

from duologue import errors
from duologue.client import Chat, Failure, NotDelivered
from duologue.client.conversation import Conversation
from duologue.client.outbox_file import OutboxFile
from duologue.wire import v1

CONNECTED = v1.Connected("client-1", v1.SUBPROTOCOL, 16384, 25.0)
ROOT = Path(__file__).parents[2]
ROBOT = "tests.support.robot"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def seated() -> Conversation:
    conversation = Conversation("Alice")
    conversation.opened()
    conversation.hear(CONNECTED, 0)
    conversation.join_room("ABC123")
    conversation.to_say()
    conversation.hear(v1.RoomJoined("ABC123", "Bob", 1, "ticket-1"), 0)
    conversation.happened()
    return conversation


def say(file: OutboxFile, conversation: Conversation, *texts: str) -> None:
    for text in texts:
        with file.adding(conversation, text):
            conversation.send(text)
        conversation.to_say()
        file.record(conversation)


def reopened(file: OutboxFile, path: Path) -> OutboxFile:
    file.close()
    return OutboxFile(path)


# The file by itself


def test_what_is_kept_comes_back(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    assert file.saved is None
    file.record(conversation)
    say(file, conversation, "one", "two", "three")
    conversation.hear(v1.Delivered(1, 1), 0)
    for number in (1, 2):
        conversation.hear(v1.Said("Bob", 1, number, "hi", 0), 0)
    conversation.hear(v1.Ticket("ticket-2"), 0)
    conversation.hear(v1.PartnerRenamed("Bo"), 0)
    file.record(conversation)
    chat = conversation.happened()[-3]
    assert isinstance(chat, Chat)
    for _ in range(2):
        file.taken(conversation, chat)
    conversation.take(chat)
    before = path.read_bytes()
    file.record(conversation)
    assert path.read_bytes() == before
    expected = conversation.saved()
    file = reopened(file, path)
    assert expected is not None
    expected.sent = 1
    assert file.saved == expected
    assert expected.outbox == {2: "two", 3: "three"}
    file.close()


def test_only_its_owner_may_read_it(path: Path) -> None:
    path.touch(0o644)
    file = OutboxFile(path)
    file.record(seated())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    file.close()


def test_two_programs_cannot_have_it_at_once(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    for _ in range(2):
        with pytest.raises(errors.OutboxError, match="another program"):
            OutboxFile(path)
        file.record(conversation)
    file.close()
    OutboxFile(path).close()


def test_a_file_that_is_removed_while_it_is_opened_is_made_again(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever had it has let go of it, and removed it, in just that moment."""
    flock = fcntl.flock

    def remove_first(descriptor: int, operation: int) -> None:
        monkeypatch.setattr(fcntl, "flock", flock)
        path.unlink()

    monkeypatch.setattr(fcntl, "flock", remove_first)
    file = OutboxFile(path)
    assert path.exists()
    file.close()


def test_a_last_line_that_is_torn_is_left_out_and_written_over(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    say(file, conversation, "one", "two")
    file.close()
    path.write_bytes(path.read_bytes()[:-9])
    file = OutboxFile(path)
    assert file.saved is not None
    assert file.saved.outbox == {1: "one"}
    assert path.read_bytes().endswith(b"}\n")
    file.close()


@pytest.mark.parametrize(
    "text",
    ["dear diary\n", '{"line":"queued","id":1,"content":""}\n', '{"line":"all"}\n', "7\n"],
)
def test_a_file_of_something_else_is_left_alone(path: Path, text: str) -> None:
    path.write_text(text)
    with pytest.raises(errors.OutboxError, match="line 1"):
        OutboxFile(path)
    assert path.read_text() == text


def test_a_place_where_no_file_can_be_is_told(tmp_path: Path) -> None:
    with pytest.raises(errors.OutboxError, match="directory"):
        OutboxFile(tmp_path)
    with pytest.raises(errors.OutboxError, match="No such file"):
        OutboxFile(tmp_path / "nowhere" / "outbox")


def test_it_does_not_grow_for_ever(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    for number in range(1, 2001):
        say(file, conversation, "x" * 100)
        conversation.hear(v1.Delivered(1, number), 0)
        file.record(conversation)
    assert path.stat().st_size < 100_000
    file = reopened(file, path)
    assert file.saved is not None
    assert (file.saved.last, file.saved.outbox) == (2000, {})
    file.close()


def test_what_is_refused_is_not_kept(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    for text in ("", "x" * 20_000):
        with pytest.raises(errors.ConversationError), file.adding(conversation, text):
            conversation.send(text)
    say(file, conversation, "one")
    partner_leaves(file, conversation)
    with pytest.raises(errors.NoPartner), file.adding(conversation, "two"):
        conversation.send("two")
    file = reopened(file, path)
    assert file.saved is not None
    assert (file.saved.outbox, file.saved.partner) == ({}, None)
    file.close()


def test_nothing_is_left_of_a_room_that_was_left(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    say(file, conversation, "secret")
    chat = v1.Said("Bob", 1, 1, "hi", 0)
    conversation.hear(chat, 0)
    (said,) = [event for event in conversation.happened() if isinstance(event, Chat)]
    conversation.leave()
    file.leave(conversation)
    file.record(conversation)
    file.taken(conversation, said)
    with pytest.raises(errors.NotInRoom), file.adding(conversation, "more"):
        conversation.send("more")
    assert path.read_bytes() == b""
    conversation.hear(v1.RoomLeft("client-2"), 0)
    file.record(conversation)
    conversation.join_room("ABC123")
    conversation.to_say()
    conversation.hear(v1.RoomJoined("ABC123", "Bob", 2, "ticket-2"), 0)
    file.record(conversation)
    assert b"ticket-2" in path.read_bytes()
    conversation.hear(v1.Error("ticket_refused", ""), 0)  # type: ignore[arg-type]
    file.record(conversation)
    file.close()
    assert not path.exists()


def test_a_chat_of_another_room_or_meeting_counts_for_nothing_here(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    before = path.read_bytes()
    for code, pairing in (("XYZ789", 1), ("ABC123", 2)):
        file.taken(conversation, Chat(code, pairing, 3, "Bob", "hi", 0))
        assert path.read_bytes() == before
    file.close()


def partner_leaves(file: OutboxFile, conversation: Conversation) -> NotDelivered:
    conversation.hear(v1.PartnerLeft(), 0)
    event, _ = conversation.happened()
    assert isinstance(event, NotDelivered)
    file.failed(event)
    file.record(conversation)
    return event


def unreported(file: OutboxFile) -> list[tuple[str, Failure | None]]:
    return [
        (message.content, message.failure)
        for event in file.unreported
        for message in event.messages
    ]


def test_what_failed_is_kept_until_the_program_is_told(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    say(file, conversation, "one", "two")
    partner_leaves(file, conversation)
    failed = [("one", Failure.PARTNER_LEFT), ("two", Failure.PARTNER_LEFT)]
    for _ in range(2):
        file = reopened(file, path)
        assert unreported(file) == failed
        assert file.saved is not None
        assert (file.saved.outbox, file.saved.partner) == ({}, None)
        file.record(conversation)
    (event,) = file.unreported
    file.reported(event)
    file.record(conversation)
    file = reopened(file, path)
    assert (unreported(file), file.saved) == ([], conversation.saved())
    file.close()


def test_what_failed_is_kept_without_a_seat_too(path: Path) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    say(file, conversation, "one")
    event = partner_leaves(file, conversation)
    conversation.leave()
    file.leave(conversation)
    file = reopened(file, path)
    assert (unreported(file), file.saved) == ([("one", Failure.PARTNER_LEFT)], None)
    conversation.hear(v1.RoomLeft("client-2"), 0)
    file.record(conversation)
    assert b"one" in path.read_bytes()
    assert b"ticket" not in path.read_bytes()
    file.reported(file.unreported[0])
    file.record(conversation)
    assert event.messages[0].failure is Failure.PARTNER_LEFT
    assert path.read_bytes() == b""
    file.close()
    assert not path.exists()


# A disk that takes no more


def test_what_cannot_be_kept_is_not_sent(path: Path, full: list[bool]) -> None:
    conversation, file = seated(), OutboxFile(path)
    file.record(conversation)
    say(file, conversation, "one")
    full.append(True)
    with pytest.raises(errors.OutboxError, match="No space"), file.adding(conversation, "two"):
        raise AssertionError("not reached")
    full.clear()
    say(file, conversation, "three")
    file = reopened(file, path)
    assert file.saved is not None
    assert file.saved.outbox == {1: "one", 2: "three"}
    file.close()


def test_what_could_not_be_kept_unasked_is_told_when_it_matters(
    path: Path, full: list[bool]
) -> None:
    conversation, file = seated(), OutboxFile(path)
    full.append(True)
    file.record(conversation)
    conversation.hear(v1.Said("Bob", 1, 1, "hi", 0), 0)
    (chat,) = conversation.happened()
    assert isinstance(chat, Chat)
    with pytest.raises(errors.OutboxError, match="No space"):
        file.taken(conversation, chat)
    with pytest.raises(errors.OutboxError, match="No space"), file.adding(conversation, "one"):
        raise AssertionError("not reached")
    assert [entry.name for entry in path.parent.iterdir()] == ["outbox"]
    full.clear()
    file.taken(conversation, chat)
    file = reopened(file, path)
    assert file.saved is not None
    assert file.saved.received == 1
    file.close()
