import asyncio

import pytest
from tests.support.people import next_chats, next_event

from duologue import errors
from duologue.client import Chat, Client, Progress

Pair = tuple[Client, Client]


async def test_a_message_tells_how_far_it_has_come(pair: Pair) -> None:
    alice, bob = pair
    message = await alice.send("hi")

    async def watch() -> list[Progress]:
        return [progress async for progress in message.watch()]

    async with asyncio.TaskGroup() as tasks:
        steps = tasks.create_task(watch())
        await message.until(Progress.SENT)
        chat = await next_event(bob, Chat)
        await message.until(Progress.DELIVERED)
        bob.mark_read(chat)
    assert steps.result() == [
        Progress.QUEUED,
        Progress.SENT,
        Progress.DELIVERED,
        Progress.READ,
    ]
    assert message.is_settled
    assert (message.content, message.pairing, message.id, message.failure) == ("hi", 1, 1, None)
    await message.until(Progress.READ)


async def test_what_the_partner_has_but_never_saw_is_not_read(pair: Pair) -> None:
    alice, bob = pair
    message = await alice.send("hi")
    await next_event(bob, Chat)
    await message.until(Progress.DELIVERED)
    await bob.leave()
    with pytest.raises(errors.NotRead):
        await message.until(Progress.READ)
    assert [progress async for progress in message.watch()] == [Progress.DELIVERED]


async def test_sending_waits_while_a_thousand_messages_are_on_their_way(pair: Pair) -> None:
    alice, bob = pair
    for number in range(1000):
        await alice.send(str(number))
    waiting = asyncio.create_task(alice.send("1000"))
    assert len(alice.unsettled) == 1000
    heard = await next_chats(bob, 1000)
    await waiting
    assert heard + await next_chats(bob, 1) == [str(number) for number in range(1001)]
