"""Clients of the library, as tests want them: in a room, and quick to try again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from duologue.client import Chat, Client, Event, Timing
from tests.support.client import TIMEOUT_S

_LONGEST_DOZE_S = 0.02

Join = Callable[..., Awaitable[Client]]
"""Connects somebody: `await join(port, name, **options)`."""

Kind = TypeVar("Kind", bound=Event)


async def doze(delay_s: float) -> None:
    """Wait as a client does between attempts, but never for long."""
    await asyncio.sleep(min(delay_s, _LONGEST_DOZE_S))


QUICK = Timing(sleep=doze, proven_s=0.0)
"""How tests want a client to be."""


async def together(join: Join, port: int, **options: Any) -> tuple[Client, Client]:
    """Bring Alice and Bob together in a room."""
    alice = await join(port, "Alice", **options)
    bob = await join(port, "Bob", **options)
    await bob.join_room(await alice.create_room())
    return alice, bob


async def next_event(client: Client, kind: type[Kind]) -> Kind:
    """Take events up to the next of this kind."""
    async with asyncio.timeout(TIMEOUT_S):
        async for event in client.events():
            if isinstance(event, kind):
                return event
    raise AssertionError(f"it ended without {kind.__name__}")


async def next_chats(client: Client, count: int) -> list[str]:
    """Take events up to so many chats, and return what these say."""
    async with asyncio.timeout(3 * TIMEOUT_S):
        return [(await next_event(client, Chat)).content for _ in range(count)]


async def rest(client: Client) -> list[Event]:
    """Take all events to the end."""
    async with asyncio.timeout(TIMEOUT_S):
        return [event async for event in client.events()]
