"""A code as people type it, and what the page says when it leads nowhere."""

from collections.abc import Callable

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor
from tests.e2e.words import say

WAYS_TO_TYPE: tuple[Callable[[str], str], ...] = (
    lambda code: code.lower(),
    lambda code: f"  {code[:3]} {code[3:]} ",
    lambda code: "-".join(code.lower()),
    lambda code: code.replace("0", "o").replace("1", "l"),
    lambda code: code.replace("0", "O").replace("1", "i"),
    lambda code: f"https://anywhere.example/#{code}",
)


async def test_a_code_may_be_typed_as_people_type(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    for typed in WAYS_TO_TYPE:
        await bob.enter("Bob", typed(code))
        await bob.meets("Alice")
        await bob.leave()
    arrivals = alice.notes.get_by_text(say("note.partner_joined", name="Bob"))
    await expect(arrivals).to_have_count(len(WAYS_TO_TYPE))


async def test_what_can_be_no_code_is_told_at_the_field(visit: Visit) -> None:
    bob = await visit()
    field, error = bob.page.locator("#code"), bob.page.locator("#code-error")
    for typed in ("", "ABC12", "ABC12345678", "ABC 12U", "ab\u00e912\u4e00"):
        await bob.enter("Bob", typed)
        await expect(error).to_have_text(say("problem.code_wrong"))
        await expect(field).to_be_focused()
        await expect(field).to_have_attribute("aria-invalid", "true")
        await field.press("A")
        await expect(error).to_be_hidden()


async def test_a_code_of_no_room_is_told_and_can_be_corrected(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    wrong = "A" * 6 if code != "A" * 6 else "B" * 6
    await bob.enter("Bob", wrong)
    await expect(bob.page.locator("#home-notice")).to_have_text(say("problem.room_not_found"))
    await bob.enter("Bob", code)
    await bob.meets("Alice")


async def test_a_full_room_says_so_and_disturbs_nobody(
    couple: tuple[Visitor, Visitor], visit: Visit
) -> None:
    alice, bob = couple
    carol = await visit(f"#{alice.page.url.partition('#')[2]}")
    await carol.accept_invitation("Carol")
    await expect(carol.page.locator("#home-notice")).to_have_text(say("problem.room_full"))
    await bob.say("Still us two")
    await alice.reads("Still us two")
    await expect(alice.banners).to_have_count(0)


async def test_asking_can_be_called_off_where_the_server_does_not_answer(
    visit: Visit,
) -> None:
    bob = await visit()
    bob_url = bob.page.url
    await bob.page.wait_for_load_state("networkidle")  # All that a room needs is there.
    await bob.context.set_offline(True)
    await bob.enter("Bob", "ABC123")
    await expect(bob.page.locator("#asking-status")).to_have_text(say("home.offline"))
    await bob.press("asking-cancel")
    await expect(bob.page.locator("#create")).to_be_visible()
    assert bob.page.url == bob_url
