"""Leaving for good: asked once, told to the partner, and nothing is left behind."""

import json

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.e2e.words import say

Couple = tuple[Visitor, Visitor]


async def test_escape_stays(couple: Couple) -> None:
    alice, bob = couple
    await alice.press("chat-leave")
    await expect(alice.page.locator("#confirm-title")).to_have_text(say("leave.title"))
    await expect(alice.page.locator("#confirm-text")).to_have_text(
        say("leave.text", name="Bob")
    )
    await alice.page.keyboard.press("Escape")
    await expect(alice.page.locator("#confirm")).to_be_hidden()
    await expect(alice.page.locator("#chat-leave")).to_be_focused()
    await alice.press("chat-leave")
    await alice.press("confirm-no")
    await alice.say("I stay")
    await bob.reads("I stay")


async def test_who_leaves_is_back_at_the_start_and_the_partner_is_told(couple: Couple) -> None:
    alice, bob = couple
    address = alice.page.url.partition("#")[0]
    await alice.leave()
    await expect(bob.notes.last).to_have_text(say("note.partner_left", name="Alice"))
    await expect(bob.banners).to_have_text([say("left.text", name="Alice")])
    await expect(bob.page.locator("#partner")).to_have_text(say("chat.alone"))
    await expect(alice.page.locator("#choices")).to_be_visible()
    await expect(alice.page.locator("#returning")).to_be_hidden()
    assert (alice.page.url, await alice.page.title()) == (address, "Duologue")


async def test_nothing_of_the_conversation_is_left_in_the_browser(couple: Couple) -> None:
    alice, bob = couple
    code = alice.page.url.partition("#")[2]
    await alice.say("A secret")
    await bob.say("Another secret")
    await alice.reads("A secret", "Another secret")
    await alice.draft.fill("A secret half written")
    before = await alice.kept()
    await alice.leave()
    after = await alice.kept()
    told = ("secret", code, "Bob", "ticket")
    assert [word in before for word in told] == [True] * 4
    assert [word in after for word in told] == [False] * 4
    local, _ = json.loads(after)
    assert list(local) == ["duologue.preferences"]
    await expect(alice.texts).to_have_count(0)
    await alice.create_room("Alice")
    await expect(alice.draft).to_have_value("")


async def test_one_who_left_may_come_again_with_the_code(couple: Couple) -> None:
    alice, bob = couple
    link = bob.page.url
    await bob.say("Before")
    await bob.leave()
    await bob.page.goto(link)
    await bob.press("invited-join")
    await bob.meets("Alice")
    await bob.reads()
    await bob.say("After")
    await alice.reads("Before", "After")


async def test_a_room_without_a_partner_is_closed_without_a_question(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    await alice.press("waiting-leave")
    await expect(alice.page.locator("#home")).to_be_visible()
    await bob.enter("Bob", code)
    await expect(bob.page.locator("#home-notice")).to_have_text(say("problem.room_not_found"))


async def test_a_link_to_another_room_asks_before_it_leads_there(
    couple: Couple, visit: Visit
) -> None:
    alice, bob = couple
    carol = await visit()
    code = await carol.create_room("Carol")
    await alice.page.goto(f"{alice.page.url.partition('#')[0]}#{code}")
    text = say("other_room.text", code=f"{code[:3]} {code[3:]}")
    await expect(alice.banners).to_have_text([text])
    await alice.say("I am still here")
    await bob.reads("I am still here")
    await alice.page.get_by_role("button", name=say("other_room.go")).click()
    await alice.press("invited-join")
    await alice.meets("Carol")
    await expect(bob.notes.last).to_have_text(say("note.partner_left", name="Alice"))
