"""Everything works without a mouse: from arriving to leaving by keys alone."""

from playwright.async_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import Visitor


async def reach(visitor: Visitor, id: str, key: str = "Tab") -> None:
    """Press a key until something has the focus; it never takes many."""
    focused = "() => document.activeElement.id"
    for _ in range(25):
        if await visitor.page.evaluate(focused) == id:
            return
        await visitor.page.keyboard.press(key)
    raise AssertionError(f"{id} is not reached by {key}")


async def test_from_arriving_to_leaving_by_keys_alone(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    code = await alice.create_room("Alice")
    keys = bob.page.keyboard
    await expect(bob.page.locator("#name")).to_be_focused()
    await keys.type("Bob")
    await keys.press("Enter")
    await expect(bob.page.locator("#code")).to_be_focused()
    await keys.type(code.lower())
    await keys.press("Enter")
    await bob.meets("Alice")
    await expect(bob.draft).to_be_focused()
    await keys.type("By keys alone")
    await keys.press("Enter")
    await alice.reads("By keys alone")

    await reach(bob, "chat-settings", "Shift+Tab")
    await keys.press("Enter")
    await reach(bob, "rename")
    await keys.press("Control+A")
    await keys.type("Robert")
    await keys.press("Enter")
    await alice.meets("Robert")
    await expect(bob.page.locator("#chat-settings")).to_be_focused()

    await reach(bob, "chat-room", "Shift+Tab")
    await keys.press("Enter")
    await expect(bob.page.locator("#room")).to_be_visible()
    await keys.press("Escape")
    await expect(bob.page.locator("#chat-room")).to_be_focused()

    await reach(bob, "log")
    await reach(bob, "chat-leave", "Shift+Tab")
    await keys.press("Enter")
    await reach(bob, "confirm-no")
    await reach(bob, "confirm-yes")
    await keys.press("Enter")
    await expect(bob.page.locator("#home")).to_be_visible()
    await expect(bob.page.locator("#name")).to_be_focused()


async def test_a_room_is_opened_by_keys_alone(visit: Visit) -> None:
    alice = await visit()
    await alice.page.keyboard.type("Alice")
    await reach(alice, "create")
    await alice.page.keyboard.press("Enter")
    await expect(alice.page.locator("#waiting-title")).to_be_focused()
    await reach(alice, "waiting-leave")
    await alice.page.keyboard.press("Enter")
    await expect(alice.page.locator("#name")).to_be_focused()
