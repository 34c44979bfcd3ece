"""A room's code reaches another person: read, said, copied, shared, scanned, followed."""

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.pictures import qr_text
from tests.e2e.place import Place
from tests.e2e.stand_ins import NO_CLIPBOARD, SHARE_SHEET
from tests.e2e.visitor import Visitor
from tests.e2e.words import say

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}
READ_CLIPBOARD = "() => navigator.clipboard.readText()"

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SPOKEN = (
    "Zero One Two Three Four Five Six Seven Eight Nine Alfa Bravo Charlie Delta Echo Foxtrot "
    "Golf Hotel Juliett Kilo Mike November Papa Quebec Romeo Sierra Tango Victor Whiskey X-ray "
    "Yankee Zulu"
)
ENGLISH = dict(zip(ALPHABET, SPOKEN.split(), strict=True))


def grouped(code: str) -> str:
    return f"{code[:3]} {code[3:]}"


async def copied(visitor: Visitor, what: str) -> str:
    """Press a button that copies, and see that the page says so."""
    invitation = visitor.page.locator("#waiting-invitation")
    await invitation.locator(f"[data-part={what}]").click()
    word = say(f"invitation.{what.removeprefix('copy-')}_copied")
    await expect(invitation.locator("[data-part=copied]")).to_have_text(word)
    text: str = await visitor.page.evaluate(READ_CLIPBOARD)
    return text


async def test_a_new_room_shows_its_code_in_big_letters_and_in_words(visit: Visit) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    shown = alice.page.locator("#waiting-invitation .code [aria-hidden]")
    height = await shown.evaluate("shown => parseFloat(getComputedStyle(shown).fontSize)")
    words = "\u00a0· ".join(ENGLISH[character] for character in code)
    await expect(shown).to_have_text(grouped(code))
    await expect(alice.page.locator("#waiting-invitation .spelled")).to_have_text(words)
    assert height >= 32


async def test_the_code_and_the_link_are_copied(visit: Visit, place: Place) -> None:
    alice = await visit(**CLIPBOARD)
    code = await alice.create_room("Alice")
    texts = [await copied(alice, "copy-code"), await copied(alice, "copy-link")]
    assert texts == [code, f"{place.url}#{code}"]


async def test_they_are_copied_where_the_page_has_no_clipboard(
    visit: Visit, place: Place
) -> None:
    alice = await visit(stand_in=NO_CLIPBOARD)
    code = await alice.create_room("Alice")
    button = alice.page.locator("#waiting-invitation [data-part=copy-link]")
    await button.click()
    await expect(button).to_be_focused()
    await expect(alice.page.locator("#waiting-invitation .copied")).to_have_text(
        say("invitation.link_copied")
    )
    await alice.press("waiting-leave")
    await alice.page.locator("#code").focus()
    await alice.page.keyboard.press("Control+V")
    await expect(alice.page.locator("#code")).to_have_value(f"{place.url}#{code}")


async def test_the_share_sheet_gets_a_title_a_text_and_the_link(
    visit: Visit, place: Place
) -> None:
    alice = await visit(stand_in=SHARE_SHEET)
    code = await alice.create_room("Alice")
    await alice.page.locator("#waiting-invitation [data-part=share]").click()
    shared = await alice.page.evaluate("() => shared")
    assert shared == [
        {
            "title": "Duologue",
            "text": say("invitation.share_text", code=grouped(code)),
            "url": f"{place.url}#{code}",
        }
    ]


async def test_the_qr_code_leads_to_the_room_also_in_the_dark(
    visit: Visit, place: Place
) -> None:
    alice = await visit(color_scheme="dark")
    code = await alice.create_room("Alice")
    png = await alice.page.locator("#waiting-invitation .qr").screenshot()
    assert qr_text(png) == f"{place.url}#{code}"


async def test_a_link_leads_into_the_room(visit: Visit) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    bob = await visit(f"#{code}")
    await expect(bob.page.locator("#home-title")).to_have_text(say("home.invited_title"))
    await expect(bob.page.locator("#invited-code")).to_have_text(grouped(code))
    await bob.accept_invitation("Bob")
    await alice.meets("Bob")
    await bob.meets("Alice")


async def test_a_link_is_one_tap_from_the_room_once_the_name_is_known(
    visit: Visit, place: Place
) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    await bob.create_room("Bob")
    await bob.press("waiting-leave")
    await bob.page.close()
    await bob.open_tab(f"{place.url}#{code}")
    await bob.press("invited-join")
    await bob.meets("Alice")
    await alice.meets("Bob")


async def test_a_link_that_is_followed_in_an_open_page_leads_into_the_room(
    visit: Visit, place: Place
) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    await bob.page.goto(f"{place.url}#{code.lower()}")
    await bob.accept_invitation("Bob")
    await bob.meets("Alice")


async def test_one_who_was_invited_may_do_something_else(visit: Visit) -> None:
    bob = await visit("#ABC123")
    await bob.press("invited-other")
    await expect(bob.page.locator("#create")).to_be_visible()
    await expect(bob.page.locator("#code")).to_be_visible()


async def test_the_code_can_be_seen_again_while_talking(
    couple: tuple[Visitor, Visitor],
) -> None:
    alice, _ = couple
    code = alice.page.url.partition("#")[2]
    await alice.press("chat-room")
    await expect(alice.page.locator("#room .code [aria-hidden]")).to_have_text(grouped(code))
    await alice.page.keyboard.press("Escape")
    await expect(alice.page.locator("#room")).to_be_hidden()
