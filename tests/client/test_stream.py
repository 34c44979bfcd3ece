import asyncio

import pytest

from duologue.client import events
from duologue.client.stream import Stream
from duologue.errors import EventsInUse
from duologue.wire.messages import ErrorCode


def chat(number: int, content: str = "hi") -> events.Chat:
    return events.Chat("ABC123", 1, number, "Bob", content, 0)


def drain(stream: Stream) -> list[events.Event]:
    taken = []
    while stream._waiting:
        taken.append(stream.first)
        stream.drop_first()
    return taken


async def has_room(stream: Stream) -> bool:
    waiting = asyncio.ensure_future(stream.until_room())
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    return not waiting.cancelled()


async def test_events_come_out_as_they_went_in() -> None:
    stream = Stream()
    put: list[events.Event] = [
        events.Online(),
        chat(1),
        events.PartnerLeft(),
        chat(2),
        events.PartnerLeft(),
    ]
    for event in put:
        stream.put(event)
    assert drain(stream) == put


async def test_what_is_superseded_is_left_out() -> None:
    stream = Stream()
    for event in (
        events.Online(), events.Sent(1, 1), events.PartnerAway(), events.Sent(1, 2), chat(1),
        events.Offline(), events.PartnerBack(), events.Sent(1, 3), events.PartnerTyping(),
        events.PartnerStoppedTyping(), events.Online(),
    ):  # fmt: skip
        stream.put(event)
    assert drain(stream) == [
        chat(1), events.PartnerBack(), events.Sent(1, 3), events.PartnerStoppedTyping(),
        events.Online(),
    ]  # fmt: skip


async def test_what_was_taken_is_not_superseded() -> None:
    stream = Stream()
    stream.put(events.PartnerAway())
    stream.drop_first()
    stream.put(chat(1))
    stream.put(events.PartnerBack())
    assert drain(stream) == [chat(1), events.PartnerBack()]


async def test_it_is_over_once_the_end_is_taken() -> None:
    stream = Stream()
    stream.put(chat(1))
    stream.put(events.Ended("closed"))
    stream.drop_chats()
    assert not stream.is_over
    assert drain(stream) == [events.Ended("closed")]
    assert stream.is_over


async def test_there_is_no_room_for_more_than_a_server_would_say() -> None:
    many, long = Stream(), Stream()
    for number in range(4096):
        many.put(events.Refused(ErrorCode.NOT_AWAY, str(number)))
    for number in range(8):
        long.put(chat(number, "x" * 1024 * 1024))
    for stream in (many, long):
        assert not await has_room(stream)
        stream.drop_first()
        assert await has_room(stream)
    long.drop_chats()
    assert long._bytes == 0


async def test_names_weigh_too_until_they_are_taken_or_superseded() -> None:
    name = "x" * 1024 * 1024
    stream = Stream()
    for number in range(8):
        stream.put(events.PartnerJoined(name, number))
        stream.put(events.Knock(name[number:]))
        assert await has_room(stream) == (number < 7)
    drain(stream)
    assert stream._bytes == 0
    assert await has_room(stream)


async def test_one_at_a_time_may_wait() -> None:
    stream = Stream()
    waiting = asyncio.create_task(stream.until_some())
    await asyncio.sleep(0)
    with pytest.raises(EventsInUse):
        await stream.until_some()
    stream.put(events.Online())
    await waiting
    await stream.until_some()
