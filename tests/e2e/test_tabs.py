"""A seat goes from tab to tab; what stays in a browser, and what does not."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say
from tests.interop.chromium_page import FLAGS

FORBID_STORAGE = """for (const name of ["localStorage", "sessionStorage"]) {
  Object.defineProperty(window, name, {
    get() { throw new DOMException("forbidden", "SecurityError"); },
  });
}"""
REFUSE_WRITING = """Storage.prototype.setItem = () => {
  throw new DOMException("full", "QuotaExceededError");
};"""
NOTE_WAY_BACK = (
    "addEventListener('pageshow', event => { globalThis.wasKept = event.persisted; });"
)

KEPT_LONGER = "() => ({ ...localStorage })"
KEPT_IN_TAB = "() => ({ ...sessionStorage })"
FORGE = """() => {
  for (const [key, value] of Object.entries({ ...localStorage })) {
    if (!key.startsWith("duologue.ticket.")) continue;
    const { ticket, ...rest } = JSON.parse(value);
    // What was sealed, with another seal.
    const forged = [...ticket.slice(-8)].reverse().join("") + ticket.slice(8);
    localStorage.setItem(key, JSON.stringify({ ...rest, ticket: forged }));
  }
}"""


async def told(page: Page, word: str) -> None:
    """See that the conversation is over here, and why."""
    await expect(page.locator("#over p")).to_have_text(say(word))


async def press_over(page: Page) -> None:
    """Do what is offered then."""
    await page.locator("#over button").click()


async def test_a_seat_goes_to_the_newer_tab_and_back_and_forth(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await meet(alice, bob)
    await alice.say("from the first tab")
    await bob.reads("from the first tab")
    first = alice.page
    second = await alice.open_tab(f"{first.url.partition('#')[0]}#{code}")
    await alice.meets("Bob")
    await told(first, "over.replaced")
    for number, (here, there) in enumerate([(first, second), (second, first)] * 2):
        await press_over(here)
        await told(there, "over.replaced")
        alice.page = here
        await alice.say(f"turn {number}")
        await expect(bob.texts.last).to_have_text(f"turn {number}")
        await bob.say(f"answer {number}")
        await expect(alice.texts.last).to_have_text(f"answer {number}")
    await bob.reads(
        "from the first tab",
        *(f"{what} {number}" for number in range(4) for what in ("turn", "answer")),
    )


async def test_a_duplicated_tab_takes_over_with_all_that_was_said(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    await alice.say("one")
    await bob.say("two")
    await alice.reads("one", "two")
    original = alice.page
    async with original.expect_popup() as duplicate:
        await original.evaluate("() => { open(location.href); }")
    alice.page = await duplicate.value
    await alice.reads("one", "two")
    await told(original, "over.replaced")
    await alice.say("three")
    await bob.reads("one", "two", "three")


async def test_a_replaced_tab_says_so_after_a_reload_too(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await meet(alice, bob)
    first = alice.page
    await alice.open_tab(f"{first.url.partition('#')[0]}#{code}")
    await told(first, "over.replaced")
    await first.reload()
    await told(first, "over.replaced")
    await alice.say("still here")
    await bob.reads("still here")


async def test_of_a_closed_tab_only_the_ticket_is_kept(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await meet(alice, bob)
    await alice.say("a secret of mine")
    await bob.say("a secret of yours")
    await alice.reads("a secret of mine", "a secret of yours")
    await alice.draft.fill("a secret not told")
    address = alice.page.url
    kept = await alice.page.evaluate(KEPT_LONGER)
    await alice.page.close()
    await bob.sees_partner("away_since")
    await alice.open_tab(address)
    await alice.meets("Bob")
    await bob.sees_partner("here")
    await expect(alice.texts).to_have_count(0)
    assert set(kept) == {"duologue.preferences", f"duologue.ticket.{code}"}
    assert "secret" not in json.dumps(kept)
    assert json.loads(kept[f"duologue.ticket.{code}"])["outbox"] == {}


async def test_after_leaving_nothing_is_left(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await meet(alice, bob)
    await alice.say("a secret of mine")
    await bob.say("a secret of yours")
    await alice.reads("a secret of mine", "a secret of yours")
    await alice.leave()
    kept = await alice.kept()
    longer = await alice.page.evaluate(KEPT_LONGER)
    assert set(longer) == {"duologue.preferences"}
    assert "secret" not in kept
    assert "Bob" not in kept
    assert code not in kept
    assert code not in alice.page.url


async def test_a_ticket_that_is_refused_in_mid_conversation_is_told(
    visit: Visit, place: Place
) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    await alice.say("before")
    await bob.reads("before")
    place.kill()
    await place.start_again(DUOLOGUE_SECRET="another-secret-" * 4)
    await told(alice.page, "problem.ticket_refused")
    await alice.reads("before")
    await press_over(alice.page)
    await expect(alice.page.locator("#create")).to_be_visible()
    assert "before" not in await alice.kept()
    assert list(await alice.page.evaluate(KEPT_LONGER)) == ["duologue.preferences"]


async def test_a_forged_ticket_is_told_in_plain_words(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    address = alice.page.url
    await alice.page.evaluate(FORGE)
    # The tab would keep the true one again.
    await alice.page.close()
    elsewhere = await alice.open_tab(address.partition("#")[0])
    await elsewhere.evaluate(FORGE)
    # From elsewhere: a link that is followed in an open page would be dealt with there.
    await alice.page.goto("about:blank")
    await alice.page.goto(address)
    await expect(alice.page.locator("#home-notice, #over p").filter(visible=True)).to_have_text(
        say("problem.ticket_refused")
    )


WAKES = {
    "shown again": "() => { document.dispatchEvent(new Event('visibilitychange')); }",
    "a page of the past": "() => { dispatchEvent(new PageTransitionEvent('pageshow')); }",
    "in the network again": "() => { dispatchEvent(new Event('online')); }",
}


@pytest.mark.parametrize("wake", WAKES)
async def test_a_dead_connection_is_found_out_at_once_when_the_page_is(
    visit: Visit, place: Place, wake: str
) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    before = place.network.accepted
    place.network.stall()
    await alice.say("into the void")
    for visitor in (alice, bob):
        await visitor.page.evaluate(WAKES[wake])
    await place.network.until_accepted(before + 2)
    await bob.reads("into the void")
    await alice.progress("read")


async def test_a_page_that_was_frozen_goes_on(visit: Visit, place: Place) -> None:
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    devtools = await alice.context.new_cdp_session(alice.page)
    await devtools.send("Page.setWebLifecycleState", {"state": "frozen"})
    place.network.reset()
    await bob.say("are you there?")
    await devtools.send("Page.setWebLifecycleState", {"state": "active"})
    await alice.reads("are you there?")
    await alice.say("yes")
    await bob.reads("are you there?", "yes")


@asynccontextmanager
async def keeping_pages(executable: Path) -> AsyncIterator[Browser]:
    """Start a browser that keeps pages for the way back, as those of people do."""
    switched_off = ["--disable-back-forward-cache"]
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(
            executable_path=executable, args=FLAGS, ignore_default_args=switched_off
        ) as browser,
    ):
        yield browser


async def test_the_way_back_leads_to_a_live_conversation(
    chromium: Path, visit: Visit, place: Place
) -> None:
    bob = await visit()
    async with keeping_pages(chromium) as browser, await browser.new_context() as context:
        await context.add_init_script(NOTE_WAY_BACK)
        alice = await Visitor.arrive(context, place.url)
        await meet(alice, bob)
        await alice.say("one")
        await bob.reads("one")
        await alice.page.goto("about:blank")
        await bob.sees_partner("away_since")
        await bob.say("two")
        await alice.page.go_back(wait_until="commit")
        await alice.reads("one", "two")
        await alice.say("three")
        await bob.reads("one", "two", "three")
        print("\nkept for the way back:", await alice.page.evaluate("globalThis.wasKept"))


@pytest.mark.parametrize("script", [FORBID_STORAGE, REFUSE_WRITING])
async def test_who_forbids_storage_can_chat(visit: Visit, place: Place, script: str) -> None:
    alice, bob = await visit(), await visit()
    await alice.context.add_init_script(script)
    await alice.page.reload()
    await meet(alice, bob)
    await alice.say("one")
    place.network.reset()
    await bob.say("two")
    await alice.reads("one", "two")
    await bob.reads("one", "two")
    await alice.leave()
