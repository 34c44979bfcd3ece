"""The page for those who hear it or have only keys: things are announced, the focus is led."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say

READY_LIVE_REGIONS = """() => [...document.querySelectorAll("#chat [role]")]
  .filter((region) => ["log", "status"].includes(region.getAttribute("role")))
  .map((region) => [region.id, region.getAttribute("role")])"""


async def test_live_regions_are_there_before_anything_is_in_them(
    visit: Visit,
) -> None:
    alice = await visit()
    ready = await alice.page.evaluate(READY_LIVE_REGIONS)
    bob = await visit()
    await meet(alice, bob)
    await bob.say("Hello")
    log = alice.page.get_by_role("log", name=say("chat.log"))
    await expect(log).to_contain_text("Bob: Hello")
    assert ready == [
        ["presence", "status"],
        ["banners", "status"],
        ["log", "log"],
        ["typing", "status"],
    ]


async def test_a_banner_that_stays_keeps_its_place_and_the_focus_when_others_come_and_go(
    visit: Visit, place: Place
) -> None:
    network = await place.lay_network()
    alice, bob = await visit(network=network, has_clock=True), await visit()
    await meet(alice, bob)
    await alice.page.evaluate("() => { location.hash = '8RZ0MQ'; }")
    banner = alice.page.locator("#banners .banner")
    await expect(banner).to_have_count(1)
    stays = await banner.element_handle()
    await banner.get_by_role("button").focus()
    network.refuse()
    network.reset()
    await expect(alice.page.locator("#log")).to_be_visible()
    await alice.page.clock.fast_forward(4_000)
    await expect(banner).to_have_count(2)
    assert await stays.evaluate(
        "(one) => one.isConnected && one.contains(document.activeElement)"
    )
    await alice.page.evaluate("() => { location.hash = ''; }")
    await expect(banner).to_have_count(1)
    await expect(alice.draft).to_be_focused()


async def test_the_focus_goes_to_what_comes_next(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    await expect(alice.page.locator("#name")).to_be_focused()
    code = await alice.create_room("Alice")
    await expect(alice.page.locator("#waiting-title")).to_be_focused()
    await bob.enter("Bob", code)
    for visitor in (alice, bob):
        await expect(visitor.draft).to_be_focused()
    await alice.leave()
    await expect(alice.page.locator("#name")).to_be_focused()


@pytest.mark.parametrize(
    ("opener", "dialog"), [("chat-room", "room"), ("chat-settings", "settings")]
)
async def test_the_focus_comes_back_after_a_dialog(
    couple: tuple[Visitor, Visitor], opener: str, dialog: str
) -> None:
    alice, _ = couple
    shown, opened_by = alice.page.locator(f"#{dialog}"), alice.page.locator(f"#{opener}")
    await opened_by.focus()
    await opened_by.press("Enter")
    await expect(shown).to_be_visible()
    assert await shown.evaluate("dialog => dialog.contains(document.activeElement)")
    await shown.locator("[data-close]").click()
    await expect(shown).to_be_hidden()
    await expect(opened_by).to_be_focused()
