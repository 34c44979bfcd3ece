"""The name that someone goes by: asked once, kept, and changed at will."""

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor
from tests.e2e.words import say


async def test_nobody_enters_without_a_name(visit: Visit) -> None:
    alice = await visit()
    name = alice.page.locator("#name")
    await name.fill("   ")
    await alice.press("create")
    await expect(alice.page.locator("#name-error")).to_have_text(say("problem.name_missing"))
    await expect(name).to_be_focused()
    await expect(alice.page.locator("#home")).to_be_visible()


async def test_a_name_is_kept_for_a_reload_and_for_other_tabs(
    visit: Visit, place: Place
) -> None:
    alice = await visit()
    await alice.create_room("  Alice ")
    await alice.press("waiting-leave")
    await expect(alice.page.locator("#home")).to_be_visible()
    await alice.page.reload()
    await expect(alice.page.locator("#name")).to_have_value("Alice")
    await alice.open_tab(place.url)
    await expect(alice.page.locator("#name")).to_have_value("Alice")


async def test_a_new_name_is_seen_by_both(couple: tuple[Visitor, Visitor]) -> None:
    alice, bob = couple
    await bob.press("chat-settings")
    await bob.page.locator("#rename").fill("Robert")
    await bob.page.locator("#rename").press("Enter")
    await expect(bob.page.locator("#settings")).to_be_hidden()
    await alice.meets("Robert")
    await expect(alice.notes.last).to_have_text(say("note.partner_renamed", name="Robert"))
    await bob.page.reload()
    await bob.meets("Alice")
    await bob.press("chat-settings")
    await expect(bob.page.locator("#rename")).to_have_value("Robert")


async def test_a_name_that_is_too_long_is_refused_and_the_old_one_stays(
    couple: tuple[Visitor, Visitor],
) -> None:
    alice, bob = couple
    await bob.press("chat-settings")
    await bob.page.locator("#rename").fill("B" * 65)
    await bob.page.locator("#rename").press("Enter")
    await expect(bob.page.locator("#rename-error")).to_have_text(say("problem.name_refused"))
    await bob.page.keyboard.press("Escape")
    await bob.say("It is still me")
    await alice.reads("It is still me")
    await alice.meets("Bob")


async def test_a_first_name_that_is_too_long_is_refused_at_the_field(visit: Visit) -> None:
    alice = await visit()
    await alice.page.locator("#name").fill("A" * 65)
    await alice.press("create")
    await expect(alice.page.locator("#name-error")).to_have_text(say("problem.name_refused"))
    await alice.create_room("Alice")
