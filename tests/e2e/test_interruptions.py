"""What was said arrives, once and in order, whatever ends in between: server, network, tab."""

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say

Couple = tuple[Visitor, Visitor]


async def test_a_server_that_is_killed_and_started_again_loses_nothing(
    couple: Couple, place: Place
) -> None:
    alice, bob = couple
    await alice.say("One")
    await bob.reads("One")
    place.kill()
    await alice.say("Two")
    await bob.reads("One")
    await bob.say("Three")
    await place.start_again()
    await alice.reads("One", "Two", "Three")
    await expect(bob.texts).to_have_count(3)
    await alice.say("Four")
    await expect(bob.texts.last).to_have_text("Four")
    await bob.say("Five")
    await alice.reads("One", "Two", "Three", "Four", "Five")
    await alice.progress("read", "read", "read")
    await bob.progress("read", "read")


async def test_a_reload_shows_all_that_was_there(couple: Couple) -> None:
    alice, bob = couple
    await alice.say("Hello")
    await bob.say("Hi")
    await alice.reads("Hello", "Hi")
    await alice.progress("read")
    await alice.draft.press_sequentially("Half a sent")
    await alice.page.reload()
    await alice.meets("Bob")
    await alice.reads("Hello", "Hi")
    await alice.progress("read")
    await expect(alice.draft).to_have_value("Half a sent")
    await alice.draft.press_sequentially("ence")
    await alice.draft.press("Enter")
    await bob.reads("Hello", "Hi", "Half a sentence")
    await bob.sees_partner("here")


async def test_what_was_not_sent_before_a_reload_is_sent_after_it(
    visit: Visit, place: Place
) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    place.kill()
    await alice.say("One")
    await alice.say("Two")
    await alice.progress("queued", "queued")
    # The page comes from the browser's own cache, if at all; else from the server.
    await place.start_again()
    await alice.page.reload()
    await alice.reads("One", "Two")
    await bob.reads("One", "Two")
    await alice.progress("read", "read")


async def test_who_closed_the_tab_by_mistake_has_the_same_seat_again(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await meet(alice, bob)
    await bob.say("Oh no")
    await alice.reads("Oh no")
    link = bob.page.url
    await bob.page.close()
    await alice.sees_partner("away_since")
    await alice.say("Where are you?")
    await alice.progress("sent")
    await bob.open_tab(link)
    await bob.meets("Alice")
    await alice.sees_partner("here")
    await expect(bob.notes).to_have_text([say("note.back")])
    await bob.reads("Where are you?")
    await alice.progress("read")
    await bob.say("Here")
    await alice.reads("Oh no", "Where are you?", "Here")
    assert bob.page.url.endswith(code)


async def test_the_first_screen_offers_the_room_of_a_closed_tab(
    couple: Couple, place: Place
) -> None:
    alice, bob = couple
    await bob.page.close()
    await alice.sees_partner("away_since")
    await bob.open_tab(place.url)
    offered = bob.page.locator("#returning-list .button")
    await expect(offered.locator("span")).to_have_text([say("home.return_with", name="Alice")])
    await offered.click()
    await bob.meets("Alice")
    await alice.sees_partner("here")


async def test_who_asks_for_a_room_is_offered_no_other_meanwhile(
    visit: Visit, place: Place
) -> None:
    alice = await visit()
    await alice.create_room("Alice")
    await alice.page.close()
    await alice.open_tab(place.url)
    await expect(alice.page.locator("#returning")).to_be_visible()
    place.network.refuse()
    await alice.press("create")
    await expect(alice.page.locator("#asking")).to_be_visible()
    await expect(alice.page.locator("#returning")).to_be_hidden()
    await alice.press("asking-cancel")
    await expect(alice.page.locator("#returning")).to_be_visible()


async def test_a_network_that_falls_silent_is_noticed(visit: Visit, place: Place) -> None:
    network = await place.lay_network()
    alice, bob = await visit(network=network, has_clock=True), await visit()
    await meet(alice, bob)
    network.stall()
    await alice.say("Into the void")
    await alice.page.clock.run_for(16_000)
    await bob.reads("Into the void")
    await alice.progress("read")
