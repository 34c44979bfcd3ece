"""Someone at the page talks with someone at a program: both directions, marks and typing."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import expect

from duologue import client as library
from duologue.client import Chat, PartnerStoppedTyping, PartnerTyping, Progress, connect
from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.words import say
from tests.support.client import TIMEOUT_S
from tests.support.client import Client as ReferenceClient
from tests.support.people import next_event


@pytest.fixture
async def program(place: Place) -> AsyncIterator[library.Client]:
    """Paula, who talks through the Python library."""
    async with connect(place.websocket_url, name="Paula") as program:
        yield program


@pytest.fixture
async def veteran(place: Place) -> AsyncIterator[ReferenceClient]:
    """Vera, whose client speaks the reference protocol."""
    veteran = await ReferenceClient.connect(place.network.port)
    await veteran.introduce("Vera")
    yield veteran
    await veteran.abort()


async def test_the_page_enters_a_room_of_the_library(
    visit: Visit, program: library.Client
) -> None:
    code = await program.create_room()
    alice = await visit(f"#{code}")
    await alice.accept_invitation("Alice")
    await alice.meets("Paula")
    sent = await program.send("Hello, page!")
    await alice.reads("Hello, page!")
    async with asyncio.timeout(TIMEOUT_S):
        await sent.until(Progress.READ)
    await alice.say("Hello, program!")
    await alice.progress("sent")
    chat = await next_event(program, Chat)
    await alice.progress("delivered")
    program.mark_read(chat)
    await alice.progress("read")
    assert (program.partner, chat.content) == ("Alice", "Hello, program!")


async def test_the_library_enters_a_room_of_the_page_and_both_see_typing(
    visit: Visit, program: library.Client
) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    assert await program.join_room(code) == "Alice"
    await alice.meets("Paula")
    program.typing()
    await expect(alice.typing).to_have_text(say("chat.is_typing", name="Paula"))
    program.stop_typing()
    await expect(alice.typing).to_have_text("")
    await alice.draft.press_sequentially("Hm")
    await next_event(program, PartnerTyping)
    await alice.draft.fill("")
    await next_event(program, PartnerStoppedTyping)
    program.rename("Pauline")
    await alice.meets("Pauline")
    await program.leave()
    await expect(alice.notes.last).to_have_text(say("note.partner_left", name="Pauline"))


async def test_the_page_talks_with_a_client_of_the_reference_protocol(
    visit: Visit, veteran: ReferenceClient
) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    await veteran.says({"type": "join_room", "room_code": code})
    await alice.meets("Vera")
    await veteran.says({"type": "typing"})
    await expect(alice.typing).to_have_text(say("chat.is_typing", name="Vera"))
    await veteran.says({"type": "chat", "content": "Good day"})
    await alice.reads("Good day")
    await expect(alice.typing).to_have_text("")
    await alice.draft.press_sequentially("Hi")
    await alice.draft.press("Enter")
    await alice.progress("delivered")
    heard = [await veteran.hears() for _ in range(4)]
    assert [message["type"] for message in heard] == [
        "room_joined",
        "partner_typing",
        "partner_stop_typing",
        "chat",
    ]
    assert heard[-1]["content"] == "Hi"
    await veteran.abort()
    await expect(alice.notes.last).to_have_text(say("note.partner_left", name="Vera"))


async def test_the_page_enters_a_room_of_the_reference_protocol(
    visit: Visit, veteran: ReferenceClient
) -> None:
    await veteran.says({"type": "create_room"})
    code = (await veteran.hears())["room_code"]
    alice = await visit(f"#{code}")
    await alice.accept_invitation("Alice")
    await alice.meets("Vera")
    assert (await veteran.hears())["username"] == "Alice"
    await alice.leave()
    assert await veteran.hears() == {"type": "partner_left"}
