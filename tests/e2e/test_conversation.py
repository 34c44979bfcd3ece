"""Two people at two browsers talk: what they write is what the other reads."""

import re

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.e2e.words import say

Couple = tuple[Visitor, Visitor]

TIME = re.compile(r"^\d?\d:\d\d$")


async def test_two_people_meet_and_talk(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    await bob.enter("Bob", f"{code[:3]}-{code[3:].lower()}")
    await alice.meets("Bob")
    await bob.meets("Alice")
    await expect(alice.notes).to_have_text([say("note.partner_joined", name="Bob")])
    await expect(bob.notes).to_have_text([say("note.room_joined", name="Alice")])
    await alice.say("Hello, Bob!")
    await bob.reads("Hello, Bob!")
    await bob.say("Hi")
    await alice.reads("Hello, Bob!", "Hi")
    await expect(alice.page.locator("#log .bubble time")).to_have_text([TIME, TIME])
    await expect(bob.page.locator("#log .bubble time")).to_have_text([TIME, TIME])


async def test_shift_and_enter_begin_another_line(couple: Couple) -> None:
    alice, bob = couple
    await alice.draft.press_sequentially("Milk")
    await alice.draft.press("Shift+Enter")
    await alice.draft.press_sequentially("  and bread")
    await alice.draft.press("Enter")
    await bob.reads("Milk and bread")
    shown = await bob.texts.evaluate("shown => shown.innerText")
    assert (shown, await alice.draft.input_value()) == ("Milk\n  and bread", "")


async def test_what_says_nothing_is_not_sent(couple: Couple) -> None:
    alice, bob = couple
    for nothing in ("", "   ", "\n\n", "\u200b\u200d"):
        await alice.say(nothing)
    await alice.draft.fill("Something")
    await alice.press("send")
    await bob.reads("Something")
    await alice.reads("Something")


async def test_addresses_are_links_that_tell_their_target_nothing(couple: Couple) -> None:
    alice, bob = couple
    await alice.say(
        "See https://example.org/a?b=c, and www.example.com. No javascript:alert(1)"
    )
    link = bob.texts.locator("a")
    await expect(link).to_have_text(["https://example.org/a?b=c", "www.example.com"])
    facts = await link.evaluate_all("all => all.map(one => [one.href, one.target, one.rel])")
    rel = "noopener noreferrer nofollow"
    assert facts == [
        ["https://example.org/a?b=c", "_blank", rel],
        ["https://www.example.com/", "_blank", rel],
    ]


async def test_emoji_alone_are_large(couple: Couple) -> None:
    alice, bob = couple
    await alice.say("👍🏽")
    await alice.say("Good 👍🏽")
    await bob.reads("👍🏽", "Good 👍🏽")
    large, usual = await bob.texts.evaluate_all(
        "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert large >= 1.5 * usual


async def test_emoji_alone_have_the_ink_of_the_paper_they_are_on(
    couple: Couple,
) -> None:
    alice, bob = couple
    await alice.say("👍")
    await bob.reads("👍")
    inks = [
        await one.texts.evaluate_all(
            "([text]) => [text, document.body].map(one => getComputedStyle(one).color)"
        )
        for one in couple
    ]
    assert [len(set(ink)) for ink in inks] == [1, 1]


async def test_one_who_reads_further_up_is_offered_the_newest(couple: Couple) -> None:
    alice, bob = couple
    for number in range(40):
        await alice.say(f"Line {number}")
    await expect(bob.texts).to_have_count(40)
    await expect(bob.texts.last).to_be_in_viewport()
    await bob.texts.first.scroll_into_view_if_needed()
    await expect(bob.page.locator("#to-bottom")).to_have_text(say("chat.to_bottom"))
    await alice.say("Look")
    await expect(bob.page.locator("#to-bottom")).to_have_text(say("chat.new_below"))
    await expect(alice.marks.last).to_have_accessible_name(say("progress.delivered"))
    await bob.press("to-bottom")
    await expect(bob.texts.last).to_be_in_viewport()
    await expect(bob.page.locator("#to-bottom")).to_be_hidden()
    await expect(alice.marks.last).to_have_accessible_name(say("progress.read"))
