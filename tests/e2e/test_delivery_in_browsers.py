"""Two pages talk fast over a network that fails all the time: all arrives, once, in order."""

import asyncio
import random
from typing import Any

import pytest
from playwright.async_api import expect

from tests.e2e.bursts import say_all
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor

BURSTS = 20
BURST = 25
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


class Talker:
    """Someone who says one burst after the other, and should hear all of the other's."""

    def __init__(self, visitor: Visitor, name: str) -> None:
        self.page = visitor.page
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

    async def shown(self) -> tuple[list[Any], list[Any]]:
        """Return what is mine and what is not, each in the order of the page."""
        lines = await self.page.evaluate(SHOWN)
        mine = [(line["text"], line["progress"]) for line in lines if line["mine"]]
        return mine, [line["text"] for line in lines if not line["mine"]]


@pytest.fixture
def talkers(couple: tuple[Visitor, Visitor]) -> tuple[Talker, Talker]:
    alice, bob = couple
    return Talker(alice, "Alice"), Talker(bob, "Bob")


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


async def test_a_thousand_messages_arrive_though_the_network_fails_twenty_times(
    place: Place, talkers: tuple[Talker, Talker]
) -> None:
    chance = random.Random(1)
    network = place.network
    for _ in range(BURSTS):
        await asyncio.gather(*(talker.say_burst() for talker in talkers))
        if chance.random() < 0.3:
            network.reset_after(*(chance.randrange(500, 8_000) for _ in talkers))
        chance.choice((network.reset, network.cut, network.stall))()
        if chance.random() < 0.7:
            before = network.accepted
            network.reset()
            await asyncio.gather(*(talker.nudge() for talker in talkers))
            await network.until_accepted(before + len(talkers))
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
