"""Names and messages of someone who means harm: shown as text, and nothing more."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor
from tests.e2e.words import say
from tests.support.client import Client

Couple = tuple[Visitor, Visitor]

LIMIT = 16_384

MARKUP = (
    "<img src=x onerror=\"document.title='caught'\">",
    "<script>document.title='caught'</script>",
    "</span></div><style>*{display:none}</style>",
    "javascript:document.title='caught'",
    "&lt;b&gt; &amp; &#x3C;",
    "{{constructor.constructor('x')()}} ${document.title} {name}",
)

ODD = {
    "bidi overrides": "\u202egnp.exe\u202c \u2067right\u2069",
    "an override that is never ended": "\u202eevil",
    "combining marks": "Z" + "\u0353\u0350\u035c" * 400,
    "NUL and its kind": "a\u0000b\u0007c\u001bd",
    "a noncharacter": "a\ufffeb\uffff",
    "a tall tower": "\n".join("|" * 200),
    "line separators": "a\u2028b\u2029c",
    "the widest character": "\ufdfd" * 40,
    "a flag of joiners": "\U0001f468" + "\u200d\U0001f468" * 500,
}

LAYOUT = """() => {
  const box = (id) => document.getElementById(id).getBoundingClientRect();
  const [bar, foot] = [".chat-bar", ".chat-foot"].map((selector) =>
    document.querySelector(selector).getBoundingClientRect(),
  );
  return {
    fits: document.scrollingElement.scrollWidth <= innerWidth,
    barIsOnTop: bar.top >= 0 && bar.top < 60 && bar.height < 120,
    leaveIsInView: box("chat-leave").right <= innerWidth && box("chat-leave").left > 0,
    draftIsInView: box("draft").bottom <= innerHeight && foot.bottom <= innerHeight + 1,
    partnerIsLeftOfButtons: box("partner").right <= box("chat-room").left + 1,
  };
}"""
HOLDS = {
    "fits": True,
    "barIsOnTop": True,
    "leaveIsInView": True,
    "draftIsInView": True,
    "partnerIsLeftOfButtons": True,
}


@pytest.fixture
async def mallory(place: Place) -> AsyncIterator[Client]:
    """Someone without a page, who may say and be called anything."""
    mallory = await Client.connect(place.network.port)
    yield mallory
    await mallory.abort()


async def test_markup_is_text_and_runs_nowhere(couple: Couple) -> None:
    alice, bob = couple
    for text in MARKUP:
        await alice.say(text)
    await bob.reads(*MARKUP)
    await alice.reads(*MARKUP)
    await bob.page.reload()
    await bob.reads(*MARKUP)
    assert await bob.page.locator("#log").locator("img, script, style, a").count() == 0
    assert await bob.page.title() == "Alice · Duologue"


async def test_a_thousand_links_are_no_thousand_stops_for_the_keyboard(couple: Couple) -> None:
    alice, bob = couple
    text = "https://a.example " * 60
    await alice.say(text)
    await bob.reads(text)
    await expect(bob.page.locator("#log a")).to_have_count(50)


async def test_odd_characters_arrive_as_they_are_and_break_no_layout(couple: Couple) -> None:
    alice, bob = couple
    await bob.page.set_viewport_size({"width": 320, "height": 568})
    for number, text in enumerate(ODD.values(), start=1):
        await alice.say(text)
        await expect(bob.texts).to_have_count(number)
    shown = await bob.texts.evaluate_all("all => all.map((one) => one.textContent)")
    assert shown == list(ODD.values())
    assert await bob.page.evaluate(LAYOUT) == HOLDS


@pytest.mark.parametrize(
    "name",
    [
        "<img src=x onerror=alert(1)>",
        "\u202eecilA\u202c",
        "\u202e\u2066\u2067\u2068evil",
        "Z" + "\u0353\u0350\u035c" * 21,
        "W" * 64,
        "\ufdfd" * 64,
        "Carol came in",
    ],
    ids=["markup", "override", "open isolates", "marks", "wide", "widest", "a claim"],
)
async def test_a_hostile_name_stays_in_its_place(
    visit: Visit, mallory: Client, name: str
) -> None:
    alice = await visit(viewport={"width": 320, "height": 568})
    code = await alice.create_room("Alice")
    await mallory.introduce(name)
    await mallory.says({"type": "join_room", "room_code": code}, {"type": "typing"})
    await expect(alice.page.locator("#partner")).to_have_text(name)
    await expect(alice.notes).to_have_text([say("note.partner_joined", name=name)])
    await expect(alice.typing).to_have_text(say("chat.is_typing", name=name))
    assert await alice.page.evaluate(LAYOUT) == HOLDS
    await alice.press("chat-leave")
    await expect(alice.page.locator("#confirm-yes")).to_be_in_viewport()


async def test_a_name_that_reorders_leaves_the_words_around_it_alone(
    visit: Visit, mallory: Client
) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    await mallory.introduce("\u2069\u202egnissap")
    await mallory.says({"type": "join_room", "room_code": code})
    await expect(alice.notes).to_have_count(1)
    places = await alice.notes.evaluate("""(note) => {
      const text = note.firstChild;
      const range = document.createRange();
      return ["came", "in"].map((word) => {
        const start = text.data.lastIndexOf(word);
        range.setStart(text, start);
        range.setEnd(text, start + word.length);
        return range.getBoundingClientRect().left;
      });
    }""")
    assert places == sorted(places)


async def test_a_name_that_nobody_sees_is_shown_as_someone(
    visit: Visit, mallory: Client
) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    await mallory.introduce("\u200b\u2800\u3164")
    await mallory.says({"type": "join_room", "room_code": code})
    await alice.meets(say("chat.nameless"))


async def test_a_name_that_nobody_sees_cannot_be_chosen(visit: Visit) -> None:
    alice = await visit()
    for name in ("\u200b", "\u2800\u3164", "\u0301"):
        await alice.page.locator("#name").fill(name)
        await alice.press("create")
        await expect(alice.page.locator("#name-error")).to_have_text(
            say("problem.name_missing")
        )


async def test_the_longest_message_goes_and_one_byte_more_stays_in_the_draft(
    couple: Couple,
) -> None:
    alice, bob = couple
    longest = "ä" * (LIMIT // 2 - 1) + "zz"
    await alice.say(longest)
    await bob.reads(longest)
    await alice.say(f"{longest}!")
    await expect(alice.page.locator("#composer-error")).to_have_text(say("problem.too_long"))
    await expect(alice.draft).to_have_value(f"{longest}!")
    await alice.say("Shorter")
    await bob.reads(longest, "Shorter")


async def test_half_of_a_character_is_replaced_and_the_talk_goes_on(couple: Couple) -> None:
    alice, bob = couple
    await alice.draft.evaluate("draft => { draft.value = 'a' + String.fromCharCode(0xd83d); }")
    await alice.draft.press("Enter")
    await alice.say("Still here")
    await bob.reads("a\ufffd", "Still here")
    await alice.progress("read", "read")
