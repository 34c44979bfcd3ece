"""Two pages talk fast over a network that fails all the time: all arrives, once, in order."""

import asyncio
import random
from collections.abc import Callable
from typing import Any

import pytest
from playwright.async_api import Page, WebSocket, expect

from tests.e2e.bursts import say_all
from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import TIMEOUT_S, Visitor, meet
from tests.support.proxy import Proxy

BURSTS = 20
BURST = 25
LEAST_BURST_BYTES = 1_000
"""What a burst takes on the wire, at the very least."""

FAULTS = ("reset", "cut", "stall", "amid")
ALL_READ_TIMEOUT_S = 150.0

# A page that is told of a network does not wait for the end of its pause.
NUDGE = "() => { dispatchEvent(new Event('online')); }"
ALL_READ = """([mine, all]) =>
  document.querySelectorAll('#log .mark[data-progress="read"]').length === mine
  && document.querySelectorAll("#log .bubble").length === all"""
SHOWN = """() => Array.from(document.querySelectorAll("#log .line:has(.bubble)"), line => ({
  mine: line.classList.contains("mine"),
  text: line.querySelector(".text").textContent,
  progress: line.querySelector(".mark")?.dataset.progress ?? null,
}))"""


class Connections:
    """A page's connections that live: something has come by them, and they are still open."""

    def __init__(self, page: Page) -> None:
        self.live: set[WebSocket] = set()
        self._changed = asyncio.Event()
        page.on("websocket", self._follow)

    def _follow(self, connection: WebSocket) -> None:
        connection.on("framereceived", lambda _: self._change(self.live.add, connection))
        connection.on("close", lambda _: self._change(self.live.discard, connection))

    def _change(self, change: Callable[[WebSocket], None], connection: WebSocket) -> None:
        change(connection)
        self._changed.set()

    async def until(self, claim: Callable[[set[WebSocket]], bool]) -> None:
        """Wait until something is true of those that live."""
        async with asyncio.timeout(TIMEOUT_S):
            while not claim(self.live):
                self._changed.clear()
                await self._changed.wait()


class Talker:
    """Someone who says one burst after the other, and should hear all of the other's."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.page = visitor.page
        self.connections = Connections(visitor.page)
        self.name = name
        self.said: list[str] = []

    async def say_burst(self) -> None:
        """Say more than a person could."""
        texts = [f"{self.name} {len(self.said) + number}" for number in range(BURST)]
        self.said += texts
        await say_all(self.page, texts)

    async def reload(self) -> None:
        """Load the page anew, and come back to the conversation."""
        await self.page.reload()
        await expect(self.page.locator("#draft")).to_be_visible()

    async def nudge(self) -> None:
        """Let the page know that it is worth trying again."""
        await self.page.evaluate(NUDGE)

    async def connected(self) -> set[WebSocket]:
        """Wait for a connection, and return it."""
        if not self.connections.live:
            await self.nudge()
        await self.connections.until(bool)
        return set(self.connections.live)

    async def shown(self) -> tuple[list[Any], list[Any]]:
        """Return what is mine and what is not, each in the order of the page."""
        lines = await self.page.evaluate(SHOWN)
        mine = [(line["text"], line["progress"]) for line in lines if line["mine"]]
        return mine, [line["text"] for line in lines if not line["mine"]]


@pytest.fixture
async def talkers(visit: Visit) -> tuple[Talker, Talker]:
    alice, bob = await visit(), await visit()
    talkers = Talker(alice, "Alice"), Talker(bob, "Bob")
    await meet(alice, bob)
    return talkers


async def everyone_has_everything(place: Place, *talkers: Talker) -> None:
    """All that each has said is read by the other, once and in order."""
    place.network.flow()
    for talker in talkers:
        await talker.nudge()
    all_said = sum(len(talker.said) for talker in talkers)
    for talker in talkers:
        await talker.page.wait_for_function(
            ALL_READ,
            arg=[len(talker.said), all_said],
            polling=100,
            timeout=ALL_READ_TIMEOUT_S * 1000,
        )
    one, other = talkers
    read = {talker: [(text, "read") for text in talker.said] for talker in talkers}
    assert [await one.shown(), await other.shown()] == [
        (read[one], other.said),
        (read[other], one.said),
    ]


async def talk_until_struck(
    network: Proxy, fault: str, amount_bytes: int, *talkers: Talker
) -> int:
    """Let a fault end the connections of all amid what they say; return how many it ended."""
    struck = [(talker, await talker.connected()) for talker in talkers]
    match fault:
        case "amid":
            network.reset_within(amount_bytes)
        case "stall":
            network.stall()
    await asyncio.gather(*(talker.say_burst() for talker in talkers))
    match fault:
        case "reset" | "stall":
            network.reset()
        case "cut":
            network.cut()
    for talker, connections in struck:
        await talker.connections.until(connections.isdisjoint)
    return sum(len(connections) for _, connections in struck)


async def test_a_thousand_messages_arrive_though_the_network_fails_twenty_times(
    place: Place, talkers: tuple[Talker, Talker]
) -> None:
    chance = random.Random(1)
    faults = [*FAULTS] * (BURSTS // len(FAULTS))
    chance.shuffle(faults)
    struck = []
    for fault in faults:
        if chance.random() < 0.3:  # While they come back, too.
            place.network.reset_after(*(chance.randrange(500, 8_000) for _ in talkers))
        amount_bytes = chance.randrange(1, LEAST_BURST_BYTES)
        struck.append(await talk_until_struck(place.network, fault, amount_bytes, *talkers))
    said = sum(len(talker.said) for talker in talkers)
    print(f"\n{len(faults)} faults ended {sum(struck)} connections amid {said} messages")
    assert len(struck) == BURSTS
    assert min(struck) >= len(talkers)
    await everyone_has_everything(place, *talkers)


async def test_a_thousand_messages_arrive_though_the_server_is_killed_twice(
    place: Place, talkers: tuple[Talker, Talker]
) -> None:
    for burst in range(BURSTS):
        await asyncio.gather(*(talker.say_burst() for talker in talkers))
        if burst in {6, 13}:
            place.kill()
        if burst in {8, 15}:
            await place.start_again()
            await asyncio.gather(*(talker.nudge() for talker in talkers))
    await everyone_has_everything(place, *talkers)


async def test_a_thousand_messages_arrive_though_both_pages_are_reloaded_three_times(
    place: Place, talkers: tuple[Talker, Talker]
) -> None:
    one, other = talkers
    for burst in range(BURSTS):
        await asyncio.gather(*(talker.say_burst() for talker in talkers))
        if burst in {3, 9, 15}:
            await one.reload()
        if burst in {5, 9, 17}:
            await other.reload()
    await everyone_has_everything(place, *talkers)
