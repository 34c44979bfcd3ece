import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

import pytest
from msgspec import UNSET, UnsetType
from tests.conftest import StartServer
from tests.support.people import Join, next_event
from tests.support.puppet import CONNECTED, Visit, puppet, stays

from duologue import errors
from duologue.client import Client, Refused, RoomExpired
from duologue.server import Server
from duologue.wire import v1
from duologue.wire.messages import ErrorCode

Pair = tuple[Client, Client]


async def test_a_room_that_cannot_be_joined_is_a_typed_error(
    pair: Pair, join: Join, server: Server
) -> None:
    carol = await join(server.port, "Carol")
    with pytest.raises(errors.RoomNotFound, match="ZZZ"):
        await carol.join_room("zzz")
    with pytest.raises(errors.RoomFull):
        await carol.join_room(str(pair[0].room_code))
    assert len(await carol.create_room()) == 6


async def test_a_name_that_the_server_does_not_take_is_a_typed_error(
    server: Server, join: Join
) -> None:
    client = await join(server.port, "A" * 1000)
    with pytest.raises(errors.RequestRefused) as caught:
        await client.create_room()
    assert caught.value.code == "invalid_message"
    client.rename("Alice")
    assert await client.create_room()


async def test_a_new_name_that_is_refused_does_not_end_a_wish(join: Join) -> None:
    async def play(visit: Visit) -> None:
        await visit.says(CONNECTED, v1.UsernameSet("Alice"))
        await visit.hears_a(v1.JoinRoom)
        await visit.says(v1.Error(ErrorCode.INVALID_MESSAGE, "no such name"))
        await told.wait()
        await visit.says(v1.RoomJoined("ABC123", "Bob", 1, "ticket"))
        await visit.until_closed()

    told = asyncio.Event()
    async with puppet(play) as port:
        client = await join(port, "Alice")
        client.rename("A" * 1000)
        joining = asyncio.create_task(client.join_room("ABC123"))
        await next_event(client, Refused)
        told.set()
        assert await joining == "Bob"
        assert client.name == "Alice"


async def seats(visit: Visit) -> None:
    """Give whoever asks a seat, and take it back."""
    await visit.says(CONNECTED)
    await visit.hears_a(v1.CreateRoom)
    await visit.says(v1.RoomCreated("ABC123", 0, "ticket"))
    await visit.hears_a(v1.LeaveRoom)
    await visit.says(v1.RoomLeft("client-2"))
    await visit.until_closed()


@pytest.mark.parametrize(
    ("wish", "asks", "answer"),
    [
        (lambda client: client.create_room(), v1.CreateRoom, v1.RoomCreated("0LD123", 0, "t")),
        (
            lambda client: client.join_room("0LD123"),
            v1.JoinRoom,
            v1.RoomJoined("0LD123", "Bob", 1, "t"),
        ),
    ],
    ids=["room", "seat"],
)
async def test_a_wish_may_be_taken_back_and_its_late_answer_is_not_that_of_the_next(
    join: Join,
    wish: Callable[[Client], Coroutine[Any, Any, object]],
    asks: type[v1.ClientMessage],
    answer: v1.ServerMessage,
) -> None:
    asked = asyncio.Event()

    async def play(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.hears_a(asks)
        asked.set()
        await visit.hears_a(v1.LeaveRoom)
        await visit.says(answer, v1.RoomLeft("client-2"))
        await seats(visit)

    async with puppet(play) as port:
        client = await join(port, "Alice")
        wishing = asyncio.create_task(wish(client))
        await asked.wait()
        wishing.cancel()
        await asyncio.wait({wishing})
        assert await client.create_room() == "ABC123"
        await client.leave(flush_s=0)


async def test_leaving_takes_back_a_pending_wish(join: Join) -> None:
    async def play(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.hears_a(v1.JoinRoom)
        await visit.hears_a(v1.LeaveRoom)
        error = v1.Error("not_in_room", "You are not in a room")  # type: ignore[arg-type]
        await visit.says(error)
        await visit.until_closed()

    async with puppet(play) as port:
        client = await join(port, "Alice")
        joining = asyncio.create_task(client.join_room("ABC123"))
        await asyncio.sleep(0)
        await client.leave()
        with pytest.raises(errors.NotInRoom, match="taken back"):
            await joining


async def test_a_wish_outlives_a_lost_connection(join: Join) -> None:
    async def vanishes_when_asked(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.hears_a(v1.CreateRoom)
        visit.websocket.transport.abort()

    async with puppet(vanishes_when_asked, seats) as port:
        client = await join(port, "Alice")
        assert await client.create_room() == "ABC123"
        await client.leave()


async def test_the_end_ends_the_waiting_for_an_answer(join: Join) -> None:
    async with puppet(stays) as port:
        client = await join(port, "Alice")
        creating = asyncio.create_task(client.create_room())
        await asyncio.sleep(0)
        await client.close()
        with pytest.raises(errors.ConversationEnded):
            await creating


@pytest.mark.parametrize(("said_s", "retry_after_s"), [(7, 7), (UNSET, 60)])
async def test_who_asks_too_often_is_told_when_to_ask_again(
    join: Join, said_s: int | UnsetType, retry_after_s: int
) -> None:
    async def play(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.hears_a(v1.JoinRoom)
        await visit.says(v1.Error(ErrorCode.SLOW_DOWN, "Too many", said_s))
        await visit.hears_a(v1.JoinRoom)
        await visit.says(v1.RoomJoined("ABC123", "Bob", 1, "ticket"))
        await visit.until_closed()

    async with puppet(play) as port:
        client = await join(port, "Alice")
        with pytest.raises(errors.SlowDown, match="Too many") as caught:
            await client.join_room("ABC123")
        assert (caught.value.code, caught.value.retry_after_s) == ("slow_down", retry_after_s)
        assert await client.join_room("ABC123") == "Bob"


async def test_who_was_alone_for_too_long_may_open_another_room(
    start_server: StartServer, join: Join
) -> None:
    server = await start_server(lone_room_s=0.1)
    client = await join(server.port, "Alice")
    first = await client.create_room()
    await next_event(client, RoomExpired)
    assert client.room_code is None
    with pytest.raises(errors.RoomNotFound):
        await client.join_room(first)
    assert await client.create_room() != first
