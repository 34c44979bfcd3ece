"""What the page says of a server's limits, and how it goes on from there."""

import pytest
from playwright.async_api import Page, expect

from duologue.client import Online, RoomCreated, connect
from duologue.errors import RoomNotFound
from tests.e2e.conftest import Visit
from tests.e2e.dresses import SMALL_PHONE
from tests.e2e.looking import misfits
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say
from tests.support.people import next_event

LANGUAGES = [("en-GB", "en", "10 minutes"), ("ko-KR", "ko", "10분")]

CUT_OFF = """() => [...document.querySelectorAll(".code > span, .invited-code, #returning b")]
  .filter((part) => part.checkVisibility() && !part.matches(".unseen"))
  .map((part) => part.getBoundingClientRect())
  .filter(({ left, right, width }) => left < 0 || right > innerWidth || width === 0).length"""


async def guess(place: Place, count: int) -> None:
    """Let somebody with a program, from the same address, try wrong codes."""
    async with connect(place.websocket_url, name="Eve") as eve:
        for _ in range(count):
            with pytest.raises(RoomNotFound):
                await eve.join_room("ZZZZZZ")


@pytest.mark.parametrize(("locale", "language", "wait"), LANGUAGES)
async def test_too_many_wrong_codes_are_told_and_later_one_gets_in(
    visit: Visit, place: Place, locale: str, language: str, wait: str
) -> None:
    place.kill()
    await place.start_again(DUOLOGUE_WRONG_CODES_PER_SOURCE_MIN="0.1")
    async with connect(place.websocket_url, name="Alice") as alice:
        bob = await visit(f"#{await alice.create_room()}", locale=locale)
        await next_event(alice, RoomCreated)
        await guess(place, 10)
        await bob.accept_invitation("Bob")
        notice = bob.page.locator("#home-notice")
        await expect(notice).to_have_text(say("problem.too_many_codes", language, wait=wait))
        place.kill()
        await place.start_again()  # It has forgotten who guessed.
        await next_event(alice, Online)
        await bob.press("invited-join")
        await bob.meets("Alice")


async def test_too_many_rooms_are_told(visit: Visit, place: Place) -> None:
    place.kill()
    await place.start_again(DUOLOGUE_ROOMS_PER_SOURCE="1", DUOLOGUE_UNCOUNTED="off")
    alice, bob = await visit(), await visit()
    await alice.create_room("Alice")
    await bob.page.locator("#name").fill("Bob")
    await bob.press("create")
    told = say("problem.too_many_rooms", wait="10 seconds")
    await expect(bob.page.locator("#home-notice")).to_have_text(told)
    await expect(bob.page.locator("#create")).to_be_visible()


@pytest.mark.parametrize(("locale", "language"), [case[:2] for case in LANGUAGES])
async def test_a_room_to_which_nobody_comes_is_closed_and_another_can_be_opened(
    visit: Visit, place: Place, locale: str, language: str
) -> None:
    place.kill()
    await place.start_again(DUOLOGUE_LONE_ROOM_S="1")
    alice = await visit(locale=locale)
    await alice.page.locator("#name").fill("Alice")
    await alice.press("create")
    told = say("problem.room_expired", language)
    await expect(alice.page.locator("#home-notice")).to_have_text(told)
    await expect(alice.page.locator("#returning")).to_be_hidden()
    assert "ticket" not in await alice.kept()
    place.kill()
    await place.start_again()
    await alice.create_room("Alice")


async def test_who_stays_alone_after_a_conversation_still_sees_it_when_the_room_is_closed(
    couple: tuple[Visitor, Visitor], place: Place
) -> None:
    alice, bob = couple
    await bob.say("Goodbye")
    await alice.reads("Goodbye")
    await bob.leave()
    await expect(alice.banners).to_have_text([say("left.text", name="Bob")])
    place.kill()
    await place.start_again(DUOLOGUE_LONE_ROOM_S="1")
    await expect(alice.page.locator("#over p")).to_have_text(say("problem.room_expired"))
    await expect(alice.banners).to_have_count(0)
    await alice.reads("Goodbye")
    assert "ticket" not in await alice.kept()
    await alice.page.locator("#over button").click()
    await expect(alice.page.locator("#create")).to_be_visible()


async def test_a_code_of_ten_characters_fits_on_a_small_phone(
    visit: Visit, place: Place
) -> None:
    place.kill()
    await place.start_again(DUOLOGUE_CODE_LENGTH="10")
    alice, bob = await visit(**SMALL_PHONE), await visit(**SMALL_PHONE)
    code = await alice.create_room("Alice")
    assert len(code) == 10
    seen = [await cramped(alice.page)]
    await bob.page.goto(alice.page.url)
    await expect(bob.page.locator("#invited-code")).to_have_text(
        f"{code[:4]} {code[4:7]} {code[7:]}"
    )
    seen.append(await cramped(bob.page))
    await bob.accept_invitation("Bob")
    await bob.meets("Alice")
    await bob.press("chat-room")
    await expect(bob.page.locator("#room-invitation .code")).to_be_visible()
    seen.append(await cramped(bob.page))
    url = bob.page.url.partition("#")[0]
    await bob.page.close()
    await bob.open_tab(url)
    await expect(bob.page.locator("#returning b")).to_be_visible()
    seen.append(await cramped(bob.page))
    assert seen == [([], 0)] * 4
    await bob.page.locator("#returning-list button").first.click()
    await bob.meets("Alice")


async def test_a_code_of_ten_characters_may_be_typed(visit: Visit, place: Place) -> None:
    place.kill()
    await place.start_again(DUOLOGUE_CODE_LENGTH="10")
    await meet(await visit(), await visit())


async def cramped(page: Page) -> tuple[list[str], int]:
    """Return what is too wide or too small, and how many codes are not to be seen whole."""
    cut_off: int = await page.evaluate(CUT_OFF)
    return await misfits(page), cut_off
