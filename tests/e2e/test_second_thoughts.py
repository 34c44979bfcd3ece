"""Tabs that were left, come late, or turn to something else: nothing is mixed up or lost."""

import asyncio
import json

import pytest
from playwright.async_api import Page, Route, WebSocketRoute, expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor
from tests.e2e.words import say

TICKETS = (
    """() => Object.keys(localStorage).filter((key) => key.startsWith("duologue.ticket."))"""
)
KEPT_BY_TAB = "() => JSON.stringify({...sessionStorage})"
TAB_OF = """(kept) => {
  if (sessionStorage.length === 0) Object.assign(sessionStorage, kept);
}"""


async def test_a_tab_that_was_replaced_keeps_its_next_conversation(
    couple: tuple[Visitor, Visitor], visit: Visit
) -> None:
    alice, _ = couple
    older = alice.page
    await alice.open_tab(older.url)
    await alice.meets("Bob")
    alice.page = older
    await expect(older.locator("#over")).to_contain_text(say("over.replaced"))
    await alice.press("chat-leave")
    code = await alice.create_room("Alice")
    carol = await visit()
    await carol.enter("Carol", code)
    await alice.meets("Carol")
    await carol.say("Hello")
    await alice.reads("Hello")
    await older.reload()
    await alice.meets("Carol")
    await alice.reads("Hello")


async def test_who_cancels_while_entering_leaves_nobody_in_the_seat(
    visit: Visit, place: Place
) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")

    def withhold_the_answer(route: WebSocketRoute) -> None:
        server = route.connect_to_server()

        def pass_on(text: str | bytes) -> None:
            if "room_joined" not in str(text):
                route.send(text)

        server.on_message(pass_on)

    await bob.page.route_web_socket("**/ws", withhold_the_answer)
    await bob.page.goto(f"{place.url}#{code}")
    await bob.page.reload()
    await bob.accept_invitation("Bob")
    await alice.meets("Bob")
    await bob.press("asking-cancel")
    await expect(alice.notes.last).to_have_text(say("note.partner_left", name="Bob"))


async def test_who_cancels_before_the_page_is_complete_gets_no_room(visit: Visit) -> None:
    alice = await visit(service_workers="block")  # It would give out what it keeps.
    asked_for, may_come = asyncio.Event(), asyncio.Event()

    async def come_late(route: Route) -> None:
        asked_for.set()
        await may_come.wait()
        await route.continue_()

    await alice.page.route("**/page/room.js", come_late)
    await alice.page.reload(wait_until="commit")
    await asked_for.wait()
    await alice.page.locator("#name").fill("Alice")
    await alice.press("create")
    await expect(alice.page.locator("#asking-status")).to_have_text(say("home.connecting"))
    await alice.press("asking-cancel")
    may_come.set()
    await alice.page.wait_for_load_state("networkidle")
    await expect(alice.page.locator("#choices")).to_be_visible()
    assert alice.page.url.endswith("/")
    await alice.create_room("Alice")


@pytest.mark.parametrize("part", ["**/page/room.js", "**/client/driver.js"])
async def test_who_did_not_get_the_whole_page_is_told_and_may_try_again(
    visit: Visit, part: str
) -> None:
    alice = await visit(service_workers="block")  # It would give out what it keeps.
    await alice.page.route(part, lambda route: route.abort())
    await alice.page.reload()
    await alice.page.locator("#name").fill("Alice")
    await alice.press("create")
    await expect(alice.page.locator("#home-notice")).to_have_text(say("problem.incomplete"))
    await alice.page.unroute(part)
    await alice.create_room("Alice")


async def test_a_tab_that_comes_back_late_leaves_the_seat_to_the_newer_one(
    couple: tuple[Visitor, Visitor],
) -> None:
    alice, bob = couple
    url = alice.page.url
    kept = json.loads(await alice.page.evaluate(KEPT_BY_TAB))
    await alice.page.close()
    newer = await alice.open_tab(url)
    await alice.meets("Bob")
    await bob.say("Only the newer tab hears this")
    await alice.reads("Only the newer tab hears this")
    await bob.progress("read")
    late = await alice.context.new_page()
    await late.add_init_script(f"({TAB_OF})({json.dumps(kept)})")
    await late.goto(url)
    await expect(late.locator("#over")).to_contain_text(say("over.replaced"))
    assert await newer.evaluate(TICKETS) == [f"duologue.ticket.{url[-6:]}"]
    await bob.say("And this")
    await alice.reads("Only the newer tab hears this", "And this")


async def test_a_replaced_tab_that_goes_to_another_room_shows_that_room_alone(
    visit: Visit, couple: tuple[Visitor, Visitor], place: Place
) -> None:
    alice, bob = couple
    await bob.say("In the first room")
    await alice.reads("In the first room")
    first = alice.page
    await alice.open_tab(first.url)
    await alice.meets("Bob")
    carol = await visit()
    await alice.open_tab(place.url)
    await carol.enter("Carol", await alice.create_room("Alice"))
    await alice.meets("Carol")
    second_url = alice.page.url
    await alice.page.close()
    await carol.say("In the second room")
    alice.page = first
    await _follow(first, second_url)
    await alice.meets("Carol")
    await alice.reads("In the second room")


async def test_a_link_that_is_opened_in_a_tab_with_a_seat_is_not_forgotten(
    couple: tuple[Visitor, Visitor], visit: Visit, place: Place
) -> None:
    alice, bob = couple
    carol = await visit()
    code = await carol.create_room("Carol")
    await alice.page.goto("about:blank")
    await alice.page.goto(f"{place.url}#{code}")
    await alice.meets("Bob")
    await expect(alice.banners).to_have_text(
        [say("other_room.text", code=f"{code[:3]} {code[3:]}")]
    )
    await alice.page.get_by_role("button", name=say("other_room.go")).click()
    await expect(bob.notes.last).to_have_text(say("note.partner_left", name="Alice"))
    await alice.press("invited-join")
    await carol.meets("Alice")


async def _follow(page: Page, url: str) -> None:
    await page.evaluate("(hash) => { location.hash = hash; }", url.partition("#")[2])
