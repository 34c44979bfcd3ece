"""How a message makes itself noticed while nobody looks at the page, and only then."""

import re

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.stand_ins import (
    NO_NOTIFICATION_SHOWN,
    NOTIFICATIONS,
    SPEAKERS,
    SPEAKERS_ON,
)
from tests.e2e.visitor import Visitor, meet
from tests.e2e.words import say


async def leaves_in_peace(visitor: Visitor) -> None:
    """See that there was neither a notification nor a sound."""
    root = visitor.page.locator("html")
    await expect(root).not_to_have_attribute("data-notified", re.compile(""))
    await expect(root).not_to_have_attribute("data-rang", re.compile(""))


async def test_the_title_counts_what_was_not_seen(couple: tuple[Visitor, Visitor]) -> None:
    alice, bob = couple
    await expect(alice.page).to_have_title("Bob · Duologue")
    await bob.say("Seen at once")
    await alice.reads("Seen at once")
    await expect(alice.page).to_have_title("Bob · Duologue")
    await alice.look_away()
    await bob.say("One")
    await bob.say("Two")
    await expect(alice.page).to_have_title("(2) Bob · Duologue")
    await alice.look_back()
    await expect(alice.page).to_have_title("Bob · Duologue")
    await bob.progress("read", "read", "read")


async def test_a_notification_and_a_sound_come_only_to_who_does_not_look(visit: Visit) -> None:
    alice, bob = await visit(stand_in=NOTIFICATIONS + SPEAKERS), await visit()
    await alice.press("home-settings")
    await expect(alice.page.locator("#sound")).to_be_checked()
    await expect(alice.page.locator("#notifications")).not_to_be_checked()
    await alice.page.locator("#notifications").check()
    await alice.page.keyboard.press("Escape")
    await meet(alice, bob)
    await expect(alice.page).to_have_title("Bob · Duologue")
    await bob.say("While you look")
    await alice.reads("While you look")
    await leaves_in_peace(alice)
    await alice.look_away()
    await bob.say("A secret, while you are away")
    root, notice = alice.page.locator("html"), say("notification.message")
    await expect(root).to_have_attribute("data-notified", f"Bob: {notice}. ")
    await expect(root).to_have_attribute("data-rang", "yes")


async def test_who_switched_both_off_is_left_in_peace(visit: Visit) -> None:
    alice, bob = await visit(stand_in=NOTIFICATIONS + SPEAKERS), await visit()
    await meet(alice, bob)
    await alice.press("chat-settings")
    await alice.page.locator("#sound").uncheck()
    await alice.page.keyboard.press("Escape")
    await alice.look_away()
    await bob.say("Hello")
    await expect(alice.page).to_have_title("(1) Bob · Duologue")
    await leaves_in_peace(alice)


async def test_a_browser_that_refuses_notifications_is_told_of(visit: Visit) -> None:
    refusing = NOTIFICATIONS + "globalThis.answer = 'denied';"
    alice = await visit(stand_in=refusing)
    await alice.press("home-settings")
    await alice.page.locator("#notifications").click()
    note = alice.page.locator("#notifications-note")
    await expect(note).to_have_text(say("settings.notifications_denied"))
    await expect(alice.page.locator("#notifications")).not_to_be_checked()
    await alice.page.reload()
    await alice.press("home-settings")
    await expect(alice.page.locator("#notifications")).not_to_be_checked()


async def test_a_notification_that_the_browser_does_not_show_harms_nothing(
    visit: Visit,
) -> None:
    alice, bob = await visit(stand_in=NOTIFICATIONS + NO_NOTIFICATION_SHOWN), await visit()
    await alice.press("home-settings")
    await alice.page.locator("#notifications").check()
    await alice.page.keyboard.press("Escape")
    await meet(alice, bob)
    await alice.look_away()
    await bob.say("Hello")
    await expect(alice.page).to_have_title("(1) Bob · Duologue")
    await expect(alice.page.locator("html")).to_have_attribute("data-notified", "not")


async def test_a_click_and_not_a_finger_that_goes_down_makes_ready_for_sounds(
    visit: Visit,
) -> None:
    alice = await visit(stand_in=SPEAKERS_ON)
    root, title = alice.page.locator("html"), alice.page.locator("#home-title")
    await title.dispatch_event("pointerdown")
    await expect(root).not_to_have_attribute("data-on", "yes")
    await title.click()
    await expect(root).to_have_attribute("data-on", "yes")


async def test_the_switches_are_kept(visit: Visit) -> None:
    alice = await visit(stand_in=NOTIFICATIONS)
    await alice.press("home-settings")
    await alice.page.locator("#sound").uncheck()
    await alice.page.locator("#notifications").check()
    await alice.page.reload()
    await alice.press("home-settings")
    await expect(alice.page.locator("#sound")).not_to_be_checked()
    await expect(alice.page.locator("#notifications")).to_be_checked()
