"""Whether the other is there, and writes; and trouble, which is told only if it lasts."""

import re

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.stand_ins import BANNERS_SEEN, TYPING_SEEN
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say

TROUBLE = f"{say('trouble.title')} {say('trouble.waits')}"
AWAY = re.compile(re.escape(say("away.text", name="Bob", time="NOW")).replace("NOW", ".+"))
TROUBLE_OFFLINE = f"{say('trouble.offline')} {say('trouble.waits')}"


async def test_typing_is_seen_until_the_draft_is_empty_or_sent(
    couple: tuple[Visitor, Visitor],
) -> None:
    alice, bob = couple
    is_typing = say("chat.is_typing", name="Bob")
    await bob.draft.press_sequentially("He")
    await expect(alice.typing).to_have_text(is_typing)
    await bob.draft.fill("")
    await expect(alice.typing).to_have_text("")
    await bob.draft.press_sequentially("Hello")
    await expect(alice.typing).to_have_text(is_typing)
    await bob.draft.press("Enter")
    await alice.reads("Hello")
    await expect(alice.typing).to_have_text("")


async def test_a_flood_of_typing_is_told_now_and_then(couple: tuple[Visitor, Visitor]) -> None:
    alice, bob = couple
    await alice.page.clock.install()
    await alice.page.clock.pause_at(await alice.page.evaluate("() => Date.now() + 60_000"))
    await alice.page.evaluate(TYPING_SEEN)
    for _ in range(5):
        await bob.draft.fill("H")
        await bob.draft.fill("")
    await bob.say("Done")
    await alice.reads("Done")
    is_typing = say("chat.is_typing", name="Bob")
    assert await alice.page.evaluate("() => typingSeen") == [is_typing]
    await alice.page.clock.run_for(1_500)
    await expect(alice.typing).to_have_text("")
    assert await alice.page.evaluate("() => typingSeen") == [is_typing, ""]


async def test_nobody_knows_since_when_someone_is_away_who_was_so_before(
    visit: Visit,
) -> None:
    alice, bob = await visit(has_clock=True), await visit()
    await meet(alice, bob)
    await bob.context.close()
    await alice.sees_partner("away_since")
    await alice.page.reload()
    await expect(alice.presence).to_have_attribute("data-presence", "away")
    await alice.page.clock.fast_forward(20_000)
    await expect(alice.banners).to_have_text([say("away.text_unknown", name="Bob")])


async def test_away_is_told_and_back_as_well(visit: Visit, place: Place) -> None:
    network = await place.lay_network()
    alice, bob = await visit(has_clock=True), await visit(network=network)
    await meet(alice, bob)
    await alice.sees_partner("here")
    network.refuse()
    network.reset()
    await alice.sees_partner("away_since")
    await alice.page.clock.fast_forward(20_000)
    await expect(alice.banners).to_have_text([AWAY])
    network.refuse(False)
    await alice.sees_partner("here")
    await expect(alice.banners).to_have_count(0)


async def test_a_short_cut_shows_nothing(visit: Visit, place: Place) -> None:
    network = await place.lay_network()
    alice = await visit(network=network, has_clock=True, stand_in=BANNERS_SEEN)
    bob = await visit()
    await meet(alice, bob)
    network.reset()
    await alice.say("Did you notice?")
    await alice.progress("read")
    await alice.page.clock.fast_forward(4_000)
    await bob.say("No")
    await alice.reads("Did you notice?", "No")
    assert await alice.page.evaluate("() => bannersSeen") == []


async def test_trouble_that_lasts_is_told_and_what_was_written_arrives_once_in_order(
    visit: Visit, place: Place
) -> None:
    network = await place.lay_network()
    alice, bob = await visit(network=network, has_clock=True), await visit()
    await meet(alice, bob)
    network.refuse()
    network.reset()
    await alice.sees_no_connection(TROUBLE)
    for text in ("One", "Two", "Three"):
        await alice.say(text)
    await alice.progress("queued", "queued", "queued")
    await expect(alice.draft).to_be_editable()
    network.refuse(False)
    await alice.page.get_by_role("button", name=say("trouble.try")).click()
    await expect(alice.banners).to_have_count(0)
    await alice.progress("read", "read", "read")
    await bob.reads("One", "Two", "Three")


async def test_one_who_waits_without_a_network_is_promised_nothing_about_what_they_write(
    visit: Visit, place: Place
) -> None:
    network = await place.lay_network()
    alice = await visit(network=network)
    await alice.create_room("Alice")
    await alice.context.set_offline(True)
    network.reset()
    told = alice.page.locator("#waiting-banners .banner p")
    await expect(told).to_have_text([say("trouble.offline")])


async def test_a_browser_without_a_network_says_so(visit: Visit, place: Place) -> None:
    network = await place.lay_network()
    alice, bob = await visit(network=network, has_clock=True), await visit()
    await meet(alice, bob)
    await alice.context.set_offline(True)
    network.reset()
    await bob.sees_partner("away_since")
    await alice.sees_no_connection(TROUBLE_OFFLINE)
    await alice.say("Written in a tunnel")
    await bob.say("Said meanwhile")
    await bob.progress("sent")
    await alice.context.set_offline(False)
    await bob.reads("Said meanwhile", "Written in a tunnel")
    await alice.reads("Written in a tunnel", "Said meanwhile")
    await expect(alice.banners).to_have_count(0)
