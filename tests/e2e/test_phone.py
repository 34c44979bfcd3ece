"""The page in a hand: small screens, fingers, and what the keyboard of a phone must not do."""

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import MakeScenery, Visit
from tests.e2e.dresses import PHONE, SMALL_PHONE
from tests.e2e.looking import TOO_WIDE
from tests.e2e.scenes import SCENES
from tests.e2e.visitor import meet
from tests.e2e.words import say

LOG_PX = """() => document.getElementById("log").clientHeight"""
# To the fraction of a pixel: so little more, and there are dots in the place of letters.
TEXT_FITS = """place => {
  const text = document.createRange();
  text.selectNodeContents(place);
  return text.getBoundingClientRect().width <= place.getBoundingClientRect().width;
}"""


@pytest.mark.parametrize("scene", ["chat_with_a_knock", "chat_in_trouble", "over"])
async def test_at_four_times_the_size_there_is_room_to_read_and_to_write(
    scenery: MakeScenery, scene: str
) -> None:
    visitor = await SCENES[scene](scenery("ko", viewport={"width": 320, "height": 256}))
    last = visitor.page.locator("#over button, #send").filter(visible=True)
    await expect(last).to_be_in_viewport(ratio=1)
    assert await visitor.page.evaluate(LOG_PX) >= 60


async def test_since_when_the_partner_is_away_fits_beside_the_name(
    scenery: MakeScenery,
) -> None:
    fits = []
    for language in ("en", "ko"):
        maker = scenery(language, viewport={"width": 360, "height": 640})
        visitor, _ = await maker.talk()
        await maker.lose_partner(visitor)
        fits.append(await visitor.presence.evaluate("(p) => p.scrollWidth <= p.clientWidth"))
    assert fits == [True, True]


async def test_that_nobody_is_there_fits_beside_the_buttons(scenery: MakeScenery) -> None:
    fits = []
    for language in ("en", "ko"):
        maker = scenery(language, viewport={"width": 360, "height": 640})
        visitor, partner = await maker.talk()
        await partner.leave()
        name = visitor.page.locator("#partner")
        await expect(name).to_have_text(say("chat.alone", language))
        fits.append(await name.evaluate(TEXT_FITS))
    assert fits == [True, True]


async def test_long_words_break_rather_than_widen_the_page(visit: Visit) -> None:
    alice, bob = await visit(**SMALL_PHONE), await visit()
    await meet(alice, bob)
    await bob.say("W" * 300)
    await bob.say("https://example.org/" + "path/" * 60)
    await expect(alice.texts).to_have_count(2)
    assert await alice.page.evaluate(TOO_WIDE) == []


async def test_two_phones_talk_by_taps(visit: Visit) -> None:
    alice, bob = await visit(**PHONE), await visit(**SMALL_PHONE)
    await alice.page.locator("#name").fill("Alice")
    await alice.page.locator("#create").tap()
    await expect(alice.page.locator("#waiting")).to_be_visible()
    await bob.page.goto(alice.page.url)
    await bob.page.locator("#name").fill("Bob")
    await bob.page.locator("#invited-join").tap()
    await bob.meets("Alice")
    await expect(bob.draft).not_to_be_focused()
    await bob.draft.tap()
    await bob.draft.fill("From my pocket")
    await bob.page.locator("#send").tap()
    await expect(bob.draft).to_be_focused()
    await alice.reads("From my pocket")


async def test_the_newest_stays_in_view_when_a_phone_is_turned(visit: Visit) -> None:
    alice, bob = await visit(**PHONE), await visit()
    await meet(alice, bob)
    for number in range(20):
        await bob.say(f"Line {number}: " + "so much to say, and so little room for it. " * 3)
    await expect(alice.texts).to_have_count(20)
    for width, height in ((844, 390), (390, 664), (390, 320), (390, 664)):
        await alice.page.set_viewport_size({"width": width, "height": height})
        await expect(alice.texts.last).to_be_in_viewport(ratio=1)
        await expect(alice.page.locator("#to-bottom")).to_be_hidden()
