import asyncio
from pathlib import Path

import pytest

from duologue.client import events
from duologue.client.conversation import Conversation
from duologue.client.driver import Driver
from duologue.client.outbox_file import OutboxFile
from duologue.errors import ConversationEnded, ConversationError, DuologueError
from duologue.wire import v1
from duologue.wire.messages import ErrorCode


def seated() -> Driver:
    driver = Driver(Conversation("Alice"))
    driver.start(driver.conversation, None)
    conversation = driver.conversation
    conversation.join_room("ABC123")
    conversation.opened()
    conversation.hear(v1.Connected("client-1", v1.SUBPROTOCOL, 16384, 25.0), driver.now)
    conversation.to_say()
    conversation.hear(v1.RoomJoined("ABC123", "Bob", 1, "ticket"), driver.now)
    driver.stir()
    assert conversation.seat is not None
    return driver


async def test_a_wait_ends_when_it_holds_and_returns_what_does() -> None:
    driver = seated()
    there: list[int] = []
    waits = [asyncio.create_task(driver.until(lambda: list(there))) for _ in range(3)]
    await asyncio.sleep(0)
    driver.stir()
    await asyncio.sleep(0)
    assert not any(wait.done() for wait in waits)
    there.append(7)
    driver.stir()
    assert await asyncio.gather(*waits) == [[7], [7], [7]]
    assert await driver.until(lambda: 8) == 8


async def test_a_wait_that_is_cancelled_leaves_nothing_behind() -> None:
    driver = seated()
    wait = asyncio.create_task(driver.until(lambda: False))
    await asyncio.sleep(0)
    wait.cancel()
    await asyncio.wait({wait})
    assert driver._waiters == {}


async def test_what_no_longer_can_hold_raises() -> None:
    driver = seated()
    wait = asyncio.create_task(driver.until(lambda: False))
    await asyncio.sleep(0)
    driver.end("closed")
    with pytest.raises(ConversationEnded):
        await wait
    driver.end("again", DuologueError("too late"))
    with pytest.raises(ConversationEnded):
        await driver.until(lambda: False)


async def test_the_reason_for_the_end_is_raised() -> None:
    driver = seated()
    driver.end("rejected", DuologueError("for a reason"))
    with pytest.raises(DuologueError, match="for a reason"):
        await driver.until(lambda: False)


async def test_nothing_can_be_waited_for_before_the_start() -> None:
    with pytest.raises(ConversationError, match="enter"):
        await Driver(Conversation("Alice")).until(lambda: True)


async def test_each_event_is_noticed_before_it_is_taken() -> None:
    noticed: list[events.Event] = []
    driver = seated()
    driver.notice = noticed.append
    driver.end("closed")
    assert noticed == [events.Ended("closed")]


async def test_what_is_not_delivered_is_no_longer_kept_as_if_it_might_be(
    tmp_path: Path,
) -> None:
    driver, file = seated(), OutboxFile(tmp_path / "outbox")
    conversation = driver.conversation
    driver.start(conversation, file)
    for text in ("too long", "two"):
        with file.adding(conversation, text):
            conversation.send(text)
    conversation.to_say()
    conversation.hear(v1.Error(ErrorCode.MESSAGE_TOO_LONG, "", pairing=1, id=1), driver.now)
    driver.stir()
    driver.let_go()
    driver.end("killed")
    file.close()
    file = OutboxFile(tmp_path / "outbox")
    assert file.saved is not None
    assert file.saved.outbox == {2: "two"}
    (event,) = file.unreported
    assert [message.content for message in event.messages] == ["too long"]
    file.close()


async def test_what_fails_in_the_end_is_kept_to_be_told(tmp_path: Path) -> None:
    driver, file = seated(), OutboxFile(tmp_path / "outbox")
    conversation = driver.conversation
    driver.start(conversation, file)
    with file.adding(conversation, "too late"):
        conversation.send("too late")
    conversation.leave()
    file.leave(conversation)
    driver.end("closed")
    driver.let_go()
    file.close()
    file = OutboxFile(tmp_path / "outbox")
    (event,) = file.unreported
    assert [(one.content, one.failure) for one in event.messages] == [("too late", "ended")]
    assert file.saved is None
    file.close()


async def test_the_partners_typing_expires(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("duologue.client.typing_state.EXPIRE_S", 0.01)
    driver = seated()
    noticed: list[events.Event] = []
    driver.notice = noticed.append
    driver.conversation.hear(v1.PartnerTyping(), driver.now)
    driver.stir()
    await driver.until(lambda: events.PartnerStoppedTyping() in noticed)
    assert noticed == [events.PartnerTyping(), events.PartnerStoppedTyping()]
    assert driver._alarm is None


async def test_an_alarm_that_comes_early_is_not_set_again() -> None:
    driver = seated()
    driver.conversation.hear(v1.PartnerTyping(), driver.now)
    driver.stir()
    assert driver._alarm is not None
    expires_at = driver.conversation.wakes_at
    assert expires_at is not None
    assert driver.now < expires_at
    driver._alarm.cancel()
    driver._ring(expires_at)
    assert driver.conversation.wakes_at is None


async def test_no_alarm_survives_the_end() -> None:
    driver = seated()
    driver.conversation.typing(driver.now)
    driver.stir()
    alarm = driver._alarm
    assert alarm is not None
    driver.stir()
    assert driver._alarm is alarm
    driver.end("closed")
    assert alarm.cancelled()
