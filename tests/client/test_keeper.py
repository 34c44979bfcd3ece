"""Connections that fail, and what the two people notice of it: nothing."""

import asyncio
import http
import signal
from collections.abc import Callable

import pytest
from tests.conftest import StartServer
from tests.support.client import TIMEOUT_S
from tests.support.people import QUICK, Join, doze, next_chats, next_event, rest, together
from tests.support.program import running
from tests.support.proxy import Proxy
from tests.support.puppet import CONNECTED, Play, Visit, portal, puppet, stays, vanishes

from duologue import errors
from duologue.client import (
    Client,
    Ended,
    Failure,
    Offline,
    Online,
    Progress,
    TicketRefused,
    Timing,
    connect,
)
from duologue.client.conversation import Conversation
from duologue.server import Server
from duologue.wire import v1

TEXTS = [str(number) for number in range(600)]


async def converse(alice: Client, bob: Client, meddle: Callable[[int], None]) -> None:
    """Let both say all texts at once, with something happening after each; both hear all."""

    async def talk(client: Client) -> None:
        for number, text in enumerate(TEXTS):
            await client.send(text)
            meddle(number)
            await asyncio.sleep(0)
        await client.flush()

    async with asyncio.timeout(3 * TIMEOUT_S), asyncio.TaskGroup() as tasks:
        heard = [tasks.create_task(next_chats(one, len(TEXTS))) for one in (alice, bob)]
        tasks.create_task(talk(alice))
        tasks.create_task(talk(bob))
    assert [task.result() for task in heard] == [TEXTS, TEXTS]


def every_fiftieth(meddle: Callable[[], None]) -> Callable[[int], None]:
    return lambda number: None if number % 50 else meddle()


def in_the_middle(meddle: Callable[[], None]) -> Callable[[int], None]:
    return lambda number: meddle() if number == 300 else None


# Two people on a bad network


async def test_resets_lose_nothing_and_repeat_nothing(join: Join, proxy: Proxy) -> None:
    alice, bob = await together(join, proxy.port)
    proxy.reset_after(*range(2000, 20_000, 1500))
    await converse(alice, bob, every_fiftieth(proxy.reset))
    assert proxy.accepted > 10


async def test_cuts_lose_nothing_and_repeat_nothing(join: Join, proxy: Proxy) -> None:
    alice, bob = await together(join, proxy.port)
    await converse(alice, bob, every_fiftieth(proxy.cut))
    assert proxy.accepted > 4


async def test_a_dead_connection_is_replaced(join: Join, proxy: Proxy) -> None:
    timing = Timing(
        ping_interval_s=0.05, ping_timeout_s=1.0, close_timeout_s=0.05, sleep=doze, proven_s=0
    )
    alice, bob = await together(join, proxy.port, timing=timing)
    await converse(alice, bob, in_the_middle(proxy.stall))
    assert proxy.accepted >= 4


async def test_a_server_that_is_killed_and_started_again_loses_nothing(join: Join) -> None:
    with running() as first:
        alice, bob = await together(join, first.port)
        reached = asyncio.Event()
        talking = asyncio.create_task(converse(alice, bob, in_the_middle(reached.set)))
        await reached.wait()
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(timeout=TIMEOUT_S)
        with running(port=first.port) as second:
            await talking
            await alice.close()
            await bob.close()
            assert second.stop()[0] == 0


async def test_what_is_typed_while_offline_is_sent_later(join: Join, proxy: Proxy) -> None:
    alice, bob = await together(join, proxy.port)
    proxy.refuse()
    proxy.reset()
    await next_event(alice, Offline)
    assert not alice.is_online
    messages = [await alice.send(text) for text in TEXTS]
    proxy.refuse(False)
    assert await next_chats(bob, len(TEXTS)) == TEXTS
    await alice.flush()
    assert all(message.is_settled for message in messages)
    await next_event(alice, Online)


# How a client tries again


class Recorder:
    """Does not wait, but notes how long it should have; hangs in the end."""

    def __init__(self, count: int) -> None:
        self.delays_s: list[float] = []
        self.done = asyncio.Event()
        self._count = count

    async def sleep(self, delay_s: float) -> None:
        self.delays_s.append(delay_s)
        if len(self.delays_s) == self._count:
            self.done.set()
            await asyncio.Event().wait()

    def timing(self, proven_s: float = 60.0) -> Timing:
        return Timing(random=lambda: 1.0, sleep=self.sleep, proven_s=proven_s)


async def closes(code: int, visit: Visit) -> None:
    await visit.says(CONNECTED)
    await visit.closes(code)


def closing(code: int) -> Play:
    return lambda visit: closes(code, visit)


async def greets_and_vanishes(visit: Visit) -> None:
    await visit.says(CONNECTED)
    await vanishes(visit)


@pytest.mark.parametrize(
    ("play", "delays_s"),
    [
        (closing(1001), [0, 0.5, 1, 2]),
        (closing(1011), [0, 0.5, 1, 2]),
        (closing(4002), [0, 0.5, 1, 2]),
        (closing(4003), [0, 0.5, 1, 2]),
        (greets_and_vanishes, [0, 0.5, 1, 2]),
        (closing(1012), [0.25, 0.5, 1, 2]),
        (closing(4008), [0.25, 0.5, 1, 2]),
    ],
    ids=["1001", "1011", "4002", "4003", "vanished", "1012", "4008"],
)
async def test_attempts_are_spread(join: Join, play: Play, delays_s: list[float]) -> None:
    recorder = Recorder(4)
    async with puppet(play) as port:
        await join(port, "Alice", timing=recorder.timing())
        await recorder.done.wait()
    assert recorder.delays_s == delays_s


async def test_a_connection_that_was_good_is_replaced_at_once(join: Join) -> None:
    recorder = Recorder(4)
    async with puppet(greets_and_vanishes) as port:
        await join(port, "Alice", timing=recorder.timing(proven_s=0.0))
        await recorder.done.wait()
    assert recorder.delays_s == [0, 0, 0, 0]


async def test_a_server_that_restarts_says_when_to_come_back(join: Join) -> None:
    async def restarts(visit: Visit) -> None:
        await visit.says(CONNECTED, v1.Reconnect(1500))
        await visit.closes(1012)

    recorder = Recorder(2)
    async with puppet(restarts) as port:
        await join(port, "Alice", timing=recorder.timing())
        await recorder.done.wait()
    assert recorder.delays_s == [1.5, 1.5]


async def test_a_full_server_is_asked_again_when_it_wants_to_be(
    join: Join, start_server: StartServer
) -> None:
    server = await start_server(max_connections=1)
    recorder = Recorder(3)
    async with puppet(greets_and_vanishes) as port, Proxy(port) as network:

        async def sleep(delay_s: float) -> None:
            network.target_port = server.port
            await recorder.sleep(delay_s)

        await join(server.port, "Bob")
        timing = Timing(random=lambda: 1.0, sleep=sleep, proven_s=60.0)
        await join(network.port, "Alice", timing=timing)
        await recorder.done.wait()
        with pytest.raises(errors.ConnectError, match=r"is full: try again in 10 s$"):
            await join(server.port, "Carol")
    assert recorder.delays_s == [0, 15, 15]


async def test_a_server_that_talks_nonsense_is_left_and_tried_later(join: Join) -> None:
    codes: list[int | None] = []

    async def babbles(visit: Visit) -> None:
        await visit.says(CONNECTED, '{"type":"sent"}')
        codes.append(await visit.until_closed())

    recorder = Recorder(2)
    async with puppet(babbles) as port:
        await join(port, "Alice", timing=recorder.timing())
        await recorder.done.wait()
    assert (recorder.delays_s, codes) == ([0.25, 0.5], [1002, 1002])


async def test_a_gap_breaks_the_connection_and_the_ticket_mends_it(join: Join) -> None:
    async def leaves_a_gap(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.hears_a(v1.JoinRoom)
        await visit.says(v1.RoomJoined("ABC123", "Bob", 1, "ticket-1"))
        await visit.says(v1.Said("Bob", 1, 1, "one", 0), v1.Said("Bob", 1, 3, "three", 0))
        assert await visit.until_closed() == 1002

    async def mends_it(visit: Visit) -> None:
        resume = await visit.hears_a(v1.Resume)
        assert (resume.ticket, resume.received) == ("ticket-1", 1)
        await visit.says(CONNECTED)
        await visit.says(v1.Resumed("client-1", "ABC123", "ticket-2", 1, "Bob", True, 0, 0, 0))
        for number, text in enumerate(("two", "three"), 2):
            await visit.says(v1.Said("Bob", 1, number, text, 0))
        await visit.until_closed()

    async with puppet(leaves_a_gap, mends_it) as port:
        client = await join(port, "Alice")
        assert await client.join_room("ABC123") == "Bob"
        assert await next_chats(client, 3) == ["one", "two", "three"]


async def test_a_server_that_never_greets_is_tried_again(join: Join) -> None:
    async def is_silent(visit: Visit) -> None:
        await visit.until_closed()

    timing = Timing(connect_timeout_s=0.05, close_timeout_s=0.05, sleep=doze)
    async with puppet(greets_and_vanishes, is_silent, stays) as port:
        client = await join(port, "Alice", timing=timing)
        await next_event(client, Online)
        await next_event(client, Online)


async def test_what_answers_while_a_server_restarts_does_not_end_it(join: Join) -> None:
    refusals: list[http.HTTPStatus] = [
        http.HTTPStatus.NOT_FOUND,
        http.HTTPStatus.OK,
        http.HTTPStatus.FORBIDDEN,
    ]
    recorder = Recorder(6)
    async with (
        puppet(greets_and_vanishes) as chat_port,
        puppet(stays, agrees=False) as reference_port,
        portal(refusals) as portal_port,
        Proxy(chat_port) as network,
    ):
        ports = [reference_port, *[portal_port] * 3, chat_port]

        async def sleep(delay_s: float) -> None:
            if ports:
                network.target_port = ports.pop(0)
            await recorder.sleep(delay_s)

        timing = Timing(random=lambda: 1.0, sleep=sleep, proven_s=60.0)
        client = await join(network.port, "Alice", timing=timing)
        await recorder.done.wait()
        await client.close()
    assert refusals == []
    assert recorder.delays_s == [0, 0.5, 1, 2, 4, 8]
    assert (await rest(client))[-1] == Ended("closed")


# When it does not


@pytest.mark.parametrize("code", [1002, 1003, 1007, 1008, 1009, 1010])
async def test_a_client_that_is_told_to_be_broken_stops(join: Join, code: int) -> None:
    async with puppet(closing(code)) as port:
        client = await join(port, "Alice")
        assert await next_event(client, Ended) == Ended("rejected")
        with pytest.raises(errors.Rejected, match=str(code)):
            await next_event(client, Online)
        with pytest.raises(errors.Rejected):
            await client.create_room()
        with pytest.raises(errors.Rejected):
            await anext(client.events())


@pytest.mark.parametrize(("code", "reason"), [(1000, "closed"), (4001, "replaced")])
async def test_a_conversation_that_goes_on_elsewhere_ends(
    join: Join, code: int, reason: str
) -> None:
    async with puppet(closing(code)) as port:
        client = await join(port, "Alice")
        assert (await rest(client))[-1] == Ended(reason)
        with pytest.raises(errors.ConversationEnded):
            await client.create_room()


@pytest.mark.parametrize("play", [vanishes, closing(4008)], ids=["vanished", "4008"])
async def test_who_begins_is_told_what_is_wrong(join: Join, play: Play) -> None:
    async def plays(visit: Visit) -> None:
        await visit.closes(4008) if play is not vanishes else await vanishes(visit)

    async with puppet(plays) as port:
        with pytest.raises(errors.ConnectError):
            await join(port, "Alice")


async def test_who_begins_with_what_is_no_chat_server_is_told_so(join: Join) -> None:
    async with portal([http.HTTPStatus.NOT_FOUND]) as port:
        client = connect(f"127.0.0.1:{port}", name="Alice", timing=QUICK)
        with pytest.raises(errors.Rejected, match="404"):
            await client.__aenter__()
    assert await next_event(client, Ended) == Ended("rejected")


async def test_closing_ends_the_wait_for_the_next_attempt(join: Join) -> None:
    recorder = Recorder(1)
    async with puppet(greets_and_vanishes) as port:
        client = await join(port, "Alice", timing=recorder.timing())
        await recorder.done.wait()
        await client.close()
    assert (await rest(client))[-1] == Ended("closed")


async def test_closing_while_the_server_is_dead_takes_no_longer_than_it_may(
    join: Join, proxy: Proxy
) -> None:
    timing = Timing(close_timeout_s=0.05)
    alice, _ = await together(join, proxy.port, timing=timing)
    proxy.stall()
    for number in range(500):
        await alice.send("x" * 8000 + str(number))
    await alice.close()


async def test_nothing_is_left_running(server: Server, join: Join) -> None:
    before = asyncio.all_tasks()
    alice, bob = await together(join, server.port)
    await alice.send("hi")
    await alice.close()
    await bob.close()
    assert asyncio.all_tasks() == before


async def test_a_fault_of_our_own_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    async def talks(visit: Visit) -> None:
        await visit.says(CONNECTED)
        await visit.hears_a(v1.CreateRoom)
        monkeypatch.setattr(Conversation, "hear", fail)
        await visit.says(v1.RoomCreated("ABC123", 0, "ticket"))
        await visit.until_closed()

    async with puppet(talks) as port:
        client = connect(f"127.0.0.1:{port}", name="Alice", timing=QUICK)
        await client.__aenter__()
        with pytest.raises(errors.DuologueError, match="failed"):
            await client.create_room()
        with pytest.raises(ExceptionGroup) as caught:
            await client.close()
        assert caught.group_contains(ZeroDivisionError)


async def test_a_seat_that_is_lost_is_reported_with_what_was_not_delivered(join: Join) -> None:
    with running() as first:
        alice, bob = await together(join, first.port)
        message = await alice.send("too late")
        await message.until(Progress.SENT)
        first.process.send_signal(signal.SIGKILL)
        first.process.wait(timeout=TIMEOUT_S)
        with running(port=first.port, DUOLOGUE_SECRET="another" * 6):
            await next_event(alice, TicketRefused)
            await next_event(bob, TicketRefused)
            assert (message.failure, alice.room_code) == (Failure.TICKET_REFUSED, None)
            await bob.join_room(await alice.create_room())
            await alice.close()
            await bob.close()
