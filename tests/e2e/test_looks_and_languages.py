"""The page follows the browser's language and the device's looks, unless one chooses."""

import re

from playwright.async_api import Page, expect

from tests.e2e.conftest import MakeScenery, Visit
from tests.e2e.scenes import SCENES
from tests.e2e.visitor import meet
from tests.e2e.words import say

PAPER = "() => getComputedStyle(document.documentElement).backgroundColor"
BARS = """() => [...document.querySelectorAll("meta[name=theme-color]")]
  .filter(({ media }) => matchMedia(media).matches)
  .map(({ content }) => content)"""
PAPERS = {False: ["#f7f4ee"], True: ["#15141b"]}
INK = "() => getComputedStyle(document.body).color"


def brightness(colour: str) -> float:
    return sum(float(part) for part in re.findall(r"[\d.]+", colour)[:3])


async def is_dark(page: Page) -> bool:
    """Whether the page is dark, and the browser's bars above it as well."""
    dark = brightness(await page.evaluate(PAPER)) < brightness(await page.evaluate(INK))
    assert await page.evaluate(BARS) == PAPERS[dark]
    return dark


async def test_the_language_is_chosen_in_mid_conversation_and_kept(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    await bob.say("Hello")
    await alice.press("chat-settings")
    await alice.page.locator("#language [value=ko]").check()
    await expect(alice.page.locator("#settings-title")).to_have_text(
        say("settings.title", "ko")
    )
    await alice.page.keyboard.press("Escape")
    await expect(alice.notes).to_have_text([say("note.partner_joined", "ko", name="Bob")])
    await alice.reads("Hello")
    await alice.page.reload()
    await expect(alice.presence).to_have_text(say("chat.here", "ko"))
    await alice.press("chat-settings")
    await alice.page.locator("#language [value=auto]").check()
    await expect(alice.page.locator("#settings-title")).to_have_text(say("settings.title"))


async def test_the_looks_follow_the_device_unless_chosen(visit: Visit) -> None:
    alice = await visit(color_scheme="dark")
    looks = [await is_dark(alice.page)]
    await alice.page.emulate_media(color_scheme="light")
    looks.append(await is_dark(alice.page))
    await alice.press("home-settings")
    await alice.page.locator("#theme [value=dark]").check()
    looks.append(await is_dark(alice.page))
    await alice.page.reload()
    looks.append(await is_dark(alice.page))
    await alice.page.emulate_media(color_scheme="dark")
    await alice.press("home-settings")
    await alice.page.locator("#theme [value=light]").check()
    looks.append(await is_dark(alice.page))
    assert looks == [True, False, True, True, False]


async def test_nothing_moves_for_those_who_want_it_so(scenery: MakeScenery) -> None:
    animations = """() => document.getAnimations()
      .filter((one) => one.effect.getComputedTiming().activeDuration > 100)
      .map((one) => one.animationName ?? one.transitionProperty)"""
    moving = []
    for scene in ("waiting", "chat", "leave_dialog"):
        visitor = await SCENES[scene](scenery(reduced_motion="reduce"))
        moving.append(await visitor.page.evaluate(animations))
    assert moving == [[], [], []]
