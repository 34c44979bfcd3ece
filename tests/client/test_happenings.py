import asyncio

import pytest
from tests.support.client import until
from tests.support.people import next_chats, next_event

from duologue import errors
from duologue.client import Chat, Client, Events, PartnerLeft, Progress

Pair = tuple[Client, Client]


async def take_chats(events: Events, count: int) -> list[Chat]:
    chats: list[Chat] = []
    while len(chats) < count:
        event = await anext(events)
        if isinstance(event, Chat):
            chats.append(event)
    return chats


async def test_nothing_is_delivered_before_the_program_takes_it(pair: Pair) -> None:
    alice, bob = pair
    first, second = await alice.send("1"), await alice.send("2")
    await second.until(Progress.SENT)
    chats = await take_chats(bob.events(acknowledge=False), 2)
    bob.acknowledge(chats[0])
    await first.until(Progress.DELIVERED)
    assert second.progress is Progress.SENT
    bob.acknowledge(chats[1])
    await alice.flush()


async def test_a_program_that_takes_nothing_is_sent_no_more(pair: Pair) -> None:
    alice, bob = pair

    async def talk() -> None:
        for number in range(2500):
            await alice.send(str(number))

    talking = asyncio.create_task(talk())
    heard = await next_chats(bob, 2500)
    await talking
    assert heard == [str(number) for number in range(2500)]


async def test_events_have_one_taker(pair: Pair) -> None:
    alice, _ = pair
    waiting = asyncio.create_task(next_event(alice, PartnerLeft))
    await until(lambda: not alice._driver.stream._waiting)
    await asyncio.sleep(0)
    with pytest.raises(errors.EventsInUse):
        await anext(alice.events())
    waiting.cancel()
    await asyncio.wait({waiting})
