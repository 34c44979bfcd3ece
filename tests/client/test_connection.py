"""Two people and a real server: what a program sees of it."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from tests.support.client import TIMEOUT_S
from tests.support.people import Join, next_chats, next_event, rest
from tests.support.proxy import Proxy

from duologue import errors
from duologue.client import (
    Chat,
    Client,
    Delivered,
    Ended,
    Failure,
    Knock,
    NotDelivered,
    Offline,
    PartnerAway,
    PartnerJoined,
    PartnerLeft,
    PartnerRenamed,
    PartnerStoppedTyping,
    PartnerTyping,
    Progress,
    Refused,
    RoomJoined,
    RoomLeft,
    Sent,
    connect,
)
from duologue.server import Server

Pair = tuple[Client, Client]


# Two people


async def test_two_people_meet_and_talk_and_part(server: Server, join: Join) -> None:
    alice, bob = await join(server.port, "Alice"), await join(server.port, "Bob")
    code = await alice.create_room()
    assert await bob.join_room(code.lower()) == "Alice"
    assert await next_event(bob, RoomJoined) == RoomJoined(code, 1, "Alice")
    assert await next_event(alice, PartnerJoined) == PartnerJoined("Bob", 1)
    await (await bob.send("hi")).until(Progress.SENT)
    chat = await next_event(alice, Chat)
    assert (chat.sender, chat.content, chat.id) == ("Bob", "hi", 1)
    await bob.flush()
    await bob.leave()
    await bob.close()
    assert await rest(bob) == [
        Sent(1, 1),
        Delivered(1, 1),
        RoomLeft(),
        Offline(),
        Ended("closed"),
    ]
    await next_event(alice, PartnerLeft)
    assert (alice.partner, alice.room_code, bob.room_code) == (None, code, None)


async def test_a_thousand_messages_come_in_order_both_ways(pair: Pair) -> None:
    texts = [str(number) for number in range(1000)]

    async def talk(client: Client) -> None:
        for text in texts:
            await client.send(text)

    alice, bob = pair
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(talk(alice))
        tasks.create_task(talk(bob))
        heard = [tasks.create_task(next_chats(client, 1000)) for client in pair]
    assert [task.result() for task in heard] == [texts, texts]


async def test_names_and_typing_are_passed_on(pair: Pair) -> None:
    alice, bob = pair
    alice.typing()
    await next_event(bob, PartnerTyping)
    alice.stop_typing()
    await next_event(bob, PartnerStoppedTyping)
    alice.rename("Al")
    assert await next_event(bob, PartnerRenamed) == PartnerRenamed("Al")
    assert (bob.partner, alice.name) == ("Al", "Al")
    alice.rename("A" * 1000)
    assert (await next_event(alice, Refused)).code == "invalid_message"


async def test_who_is_away_may_be_given_up(server: Server, join: Join, proxy: Proxy) -> None:
    alice = await join(server.port, "Alice")
    bob = await join(proxy.port, "Bob")
    code = await alice.create_room()
    await bob.join_room(code)
    proxy.refuse()
    proxy.reset()
    await next_event(alice, PartnerAway)
    assert (alice.partner, alice.partner_is_here) == ("Bob", False)
    message = await alice.send("Are you there?")
    carol = await join(server.port, "Carol")
    with pytest.raises(errors.RoomFull):
        await carol.join_room(code)
    assert await next_event(alice, Knock) == Knock("Carol")
    alice.free_seat()
    with pytest.raises(errors.NotDelivered) as caught:
        await message.until(Progress.DELIVERED)
    assert caught.value.reason == message.failure == Failure.PARTNER_LEFT
    assert await carol.join_room(code) == "Alice"


async def test_a_room_may_be_left_and_another_taken(pair: Pair) -> None:
    alice, bob = pair
    code = alice.room_code
    await alice.leave()
    assert (alice.room_code, alice.partner, alice.is_online) == (None, None, True)
    assert await alice.create_room() != code
    await next_event(bob, PartnerLeft)
    with pytest.raises(errors.NoPartner):
        await bob.send("hello?")
    await bob.leave()
    assert alice.room_code is not None
    assert await bob.join_room(alice.room_code) == "Alice"


async def test_leaving_waits_for_what_is_on_its_way(pair: Pair) -> None:
    alice, bob = pair
    messages = [await alice.send(str(number)) for number in range(300)]
    leaving = asyncio.create_task(alice.leave(flush_s=TIMEOUT_S))
    assert len(await next_chats(bob, 300)) == 300
    await leaving
    assert {message.progress for message in messages} == {Progress.DELIVERED}


async def test_leaving_reports_what_was_not_delivered_in_time(pair: Pair) -> None:
    alice, _ = pair
    message = await alice.send("too late")
    await alice.leave(flush_s=0)
    assert message.failure is Failure.YOU_LEFT
    with pytest.raises(errors.NotDelivered):
        await alice.flush()
    await alice.flush()
    told = await next_event(alice, NotDelivered)
    assert [one.content for one in told.messages] == ["too late"]


# Refusals and misuse


async def test_misuse_raises_at_once(pair: Pair) -> None:
    alice, _ = pair
    with pytest.raises(errors.AlreadyInRoom):
        await alice.create_room()
    with pytest.raises(errors.EmptyMessage):
        await alice.send("")
    with pytest.raises(errors.MessageTooLong) as caught:
        await alice.send("é" * 10_000)
    assert (caught.value.size_bytes, caught.value.limit_bytes) == (20_000, 16_384)
    with pytest.raises(errors.InvalidUsername):
        alice.rename("  ")
    await alice.leave()
    for misuse in (alice.leave(), alice.send("hi")):
        with pytest.raises(errors.NotInRoom):
            await misuse
    with pytest.raises(errors.NotInRoom):
        alice.free_seat()
    with pytest.raises(errors.ConversationError, match="connect again"):
        await alice.__aenter__()


async def test_what_cannot_be_right_is_refused_before_anything_is_tried() -> None:
    with pytest.raises(errors.AddressError):
        connect("ftp://example.com", name="Alice")
    with pytest.raises(errors.AddressError):
        connect("ws://example.com", name="Alice", ssl=ssl.create_default_context())
    with pytest.raises(errors.InvalidUsername):
        connect("example.com:80", name=" ")
    client = connect("example.com:80", name="Alice")
    with pytest.raises(errors.ConversationError, match="enter"):
        await client.create_room()
    await client.close()


async def test_a_server_that_is_not_there_is_a_typed_error(free_port: int) -> None:
    with pytest.raises(errors.ConnectError) as caught:
        async with connect(f"127.0.0.1:{free_port}", name="Alice"):
            pass
    assert caught.value.url == f"ws://127.0.0.1:{free_port}/ws"


@pytest.mark.parametrize(
    "call",
    [
        lambda alice: alice.create_room(),
        lambda alice: alice.join_room("ABC123"),
    ],
    ids=["create_room", "join_room"],
)
async def test_a_wish_that_is_cancelled_is_taken_back(
    pair: Pair, call: Callable[[Client], Coroutine[Any, Any, object]]
) -> None:
    alice, bob = pair
    await alice.leave()
    await cancelled(call(alice))
    assert alice.room_code is None
    await bob.join_room(await new_room(alice, bob))


@pytest.mark.parametrize(
    "call",
    [
        lambda alice: alice.send("one too many"),
        lambda alice: alice.flush(),
        lambda alice: alice.leave(flush_s=TIMEOUT_S),
        lambda alice: alice.unsettled[0].until(),
        lambda alice: next_event(alice, PartnerLeft),
        lambda alice: last(alice.unsettled[0].watch()),
    ],
    ids=["send", "flush", "leave", "until", "events", "watch"],
)
async def test_a_wait_that_is_cancelled_changes_nothing(
    pair: Pair, call: Callable[[Client], Coroutine[Any, Any, object]]
) -> None:
    alice, bob = pair
    for number in range(1000):
        await alice.send(str(number))
    await cancelled(call(alice))
    assert len(alice.unsettled) == 1000
    assert await next_chats(bob, 1000) == [str(number) for number in range(1000)]
    await alice.send("the last")
    assert await next_chats(bob, 1) == ["the last"]
    await alice.flush()


async def test_leaving_goes_on_when_it_is_cancelled_late(pair: Pair) -> None:
    alice, bob = pair
    await cancelled(alice.leave(flush_s=0))
    await next_event(bob, PartnerLeft)
    assert await alice.create_room()


async def test_closing_goes_on_when_it_is_cancelled(pair: Pair) -> None:
    alice, bob = pair
    await cancelled(alice.close())
    assert (await rest(alice))[-1] == Ended("closed")
    await alice.close()
    await bob.leave()


async def test_connecting_may_be_cancelled(silent_port: int) -> None:
    client = connect(f"127.0.0.1:{silent_port}", name="Alice")
    await cancelled(client.__aenter__())
    await client.close()


async def cancelled(call: Coroutine[Any, Any, object]) -> None:
    """Let a coroutine run until it waits, and cancel it."""
    waiting = asyncio.create_task(call)
    await asyncio.sleep(0)
    assert not waiting.done()
    waiting.cancel()
    await asyncio.wait({waiting})
    assert waiting.cancelled()


async def last(progress: AsyncIterator[Progress]) -> None:
    async for _ in progress:
        pass


async def new_room(alice: Client, bob: Client) -> str:
    await bob.leave()
    return await alice.create_room()


async def test_after_the_end_nothing_waits(pair: Pair) -> None:
    alice, bob = pair
    message = await alice.send("hi")
    waiting = asyncio.create_task(alice.flush())
    await asyncio.gather(alice.close(), alice.close())
    with pytest.raises(errors.NotDelivered):
        await waiting
    with pytest.raises(errors.NotDelivered):
        await message.until()
    for late in (alice.send("hi"), alice.create_room(), alice.join_room("ABC"), alice.leave()):
        with pytest.raises(errors.ConversationEnded):
            await late
    assert (await rest(alice))[-1] == Ended("closed")
    assert await rest(alice) == []
    await next_event(bob, PartnerLeft)


async def test_what_is_for_one_partner_never_goes_to_the_next(
    server: Server, join: Join, pair: Pair
) -> None:
    alice, bob = pair
    assert (await alice.send("hi", pairing=1)).pairing == 1
    await bob.leave()
    await next_event(alice, PartnerLeft)
    with pytest.raises(errors.NoPartner):
        await alice.send("hi", pairing=1)
    carol = await join(server.port, "Carol")
    assert alice.room_code is not None
    await carol.join_room(alice.room_code)
    await next_event(alice, PartnerJoined)
    with pytest.raises(errors.NoPartner):
        await alice.send("hi", pairing=1)
    assert (await alice.send("hi", pairing=2)).pairing == 2
