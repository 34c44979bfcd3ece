"""A partner who cannot come back: someone knocks, the seat is freed, the third enters."""

import re

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say

Couple = tuple[Visitor, Visitor]


async def test_the_seat_of_who_cannot_come_back_is_freed_for_who_knocks(
    couple: Couple, visit: Visit
) -> None:
    alice, bob = couple
    await bob.say("I have to run")
    await alice.reads("I have to run")
    await bob.context.close()
    await alice.sees_partner("away_since")
    await alice.say("For Bob alone")
    carol = await visit(f"#{alice.page.url.partition('#')[2]}")
    await carol.accept_invitation("Carol")
    await expect(carol.page.locator("#home-notice")).to_have_text(say("problem.room_full"))
    await expect(alice.banners).to_have_text([say("knock.text", name="Bob", knocker="Carol")])

    free = alice.page.locator("#banners").get_by_role("button")
    await free.click()
    await expect(alice.page.locator("#confirm-title")).to_have_text(
        say("free.title", name="Bob")
    )
    await alice.press("confirm-no")
    await expect(alice.banners).to_have_count(1)
    await free.click()
    await alice.press("confirm-yes")
    await expect(alice.notes.last).to_have_text(say("note.partner_left", name="Bob"))
    await expect(alice.page.locator("#log .failure span")).to_have_text(
        say("failure.partner_left")
    )

    await carol.accept_invitation("Carol")
    await carol.meets("Alice")
    await alice.meets("Carol")
    await expect(alice.banners).to_have_count(0)
    await alice.say("Welcome")
    await carol.reads("Welcome")


async def test_who_waits_long_may_give_up_without_a_knock(visit: Visit) -> None:
    alice, bob = await visit(has_clock=True), await visit()
    await meet(alice, bob)
    await bob.context.close()
    await alice.sees_partner("away_since")
    await alice.page.clock.fast_forward(20_000)
    await alice.page.get_by_role("button", name=say("away.free")).click()
    await alice.press("confirm-yes")
    await expect(alice.banners).to_have_text([say("left.text", name="Bob")])
    await alice.page.get_by_role("button", name=say("left.invite")).click()
    await expect(alice.page.locator("#room")).to_be_visible()


async def test_who_comes_back_in_time_keeps_the_seat(visit: Visit, place: Place) -> None:
    network = await place.lay_network()
    alice, bob, carol = await visit(), await visit(network=network), await visit()
    code = await meet(alice, bob)
    network.refuse()
    network.reset()
    await alice.sees_partner("away_since")
    await carol.enter("Carol", code)
    await expect(alice.banners).to_have_text([re.compile("Carol")])
    network.refuse(False)
    await alice.sees_partner("here")
    await expect(alice.banners).to_have_count(0)
    await bob.say("Here I am")
    await alice.reads("Here I am")


async def test_who_comes_back_too_late_is_told_in_plain_words(
    visit: Visit, place: Place
) -> None:
    network = await place.lay_network()
    alice, bob = await visit(has_clock=True), await visit(network=network)
    await meet(alice, bob)
    await bob.context.grant_permissions(["clipboard-read", "clipboard-write"])
    await bob.say("Brb")
    network.refuse()
    network.reset()
    await alice.sees_partner("away_since")
    await bob.say("In vain")
    await alice.page.clock.fast_forward(20_000)
    await alice.page.get_by_role("button", name=say("away.free")).click()
    await alice.press("confirm-yes")
    await expect(alice.notes.last).to_have_text(say("note.partner_left", name="Bob"))
    network.refuse(False)
    over = bob.page.locator("#over")
    await expect(over.locator("p")).to_have_text(say("problem.ticket_refused"))
    await expect(bob.draft).to_be_hidden()
    again = bob.page.locator("#log .failure button").last
    await again.click()
    await expect(again).to_have_text(say("chat.copied"))
    assert await bob.page.evaluate("() => navigator.clipboard.readText()") == "In vain"
    await expect(again).to_have_text(say("chat.write_again"))
    await over.get_by_role("button", name=say("over.start_anew")).click()
    await expect(bob.page.locator("#choices")).to_be_visible()
