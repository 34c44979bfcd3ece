"""How far one's messages have come: the mark beside each of them tells."""

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say


async def test_a_message_goes_from_queued_to_sent_to_delivered_to_read(
    visit: Visit, place: Place
) -> None:
    networks = await place.lay_network(), await place.lay_network()
    alice, bob = [await visit(network=network) for network in networks]
    await meet(alice, bob)
    for network in networks:
        network.refuse()
        network.reset()
    await alice.say("Are you there?")
    await alice.progress("queued")
    networks[0].refuse(False)
    await alice.progress("sent")
    await bob.look_away()
    networks[1].refuse(False)
    await alice.progress("delivered")
    await bob.look_back()
    await alice.progress("read")
    await bob.reads("Are you there?")


async def test_who_has_left_gets_nothing_more_and_it_can_be_written_again(
    couple: tuple[Visitor, Visitor], visit: Visit, place: Place
) -> None:
    alice, bob = couple
    network = await place.lay_network()
    carol = await visit(network=network)
    await bob.leave()
    await carol.enter("Carol", alice.page.url)
    await alice.meets("Carol")
    place.network.refuse()
    place.network.reset()
    await alice.say("For Carol alone")
    await carol.leave()
    place.network.refuse(False)
    await alice.progress("failed")
    failure = alice.page.locator("#log .failure")
    await expect(failure.locator("span")).to_have_text(say("failure.partner_left"))
    await failure.get_by_role("button", name=say("chat.write_again")).click()
    await expect(alice.draft).to_have_value("For Carol alone")
    await expect(alice.draft).to_be_focused()


async def test_a_message_to_nobody_stays_where_it_was_written(
    couple: tuple[Visitor, Visitor],
) -> None:
    alice, bob = couple
    await bob.leave()
    await expect(alice.notes.last).to_have_text(say("note.partner_left", name="Bob"))
    await alice.say("Too late")
    await expect(alice.page.locator("#composer-error")).to_have_text(say("problem.nobody"))
    await expect(alice.draft).to_have_value("Too late")
    await bob.enter("Bob", alice.page.url)
    await expect(alice.notes.last).to_have_text(say("note.partner_joined", name="Bob"))
    await alice.draft.press("Enter")
    await bob.reads("Too late")
