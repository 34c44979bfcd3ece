"""The page as people use it: a real server, real browsers, a network that fails."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.place import Place, Servers, opened, url_by
from tests.e2e.scenes import Scenery
from tests.e2e.visitor import TIMEOUT_S, Visitor, meet
from tests.interop.chromium_page import launched
from tests.interop.tools import find_chromium
from tests.support.proxy import Proxy

Visit = Callable[..., Awaitable[Visitor]]
MakeScenery = Callable[..., Scenery]

expect.set_options(timeout=TIMEOUT_S * 1000)


# What is shared ends with this folder's tests: a browser that went on would hold the event
# loop, and all other tests would run on that one instead of on their own.


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """The event loop here is the test's own."""
    return "asyncio"


@pytest.fixture(scope="package")
def chromium() -> Path:
    """The browser's program."""
    return find_chromium()


@pytest.fixture(scope="package")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    """One browser for all tests: each visitor has a profile of their own in it."""
    async with launched(chromium) as browser:
        yield browser


@pytest.fixture(scope="package")
def servers() -> Iterator[Servers]:
    """A server that runs until a test kills it, and then another."""
    with Servers() as servers:
        yield servers


@pytest.fixture
async def place(servers: Servers) -> AsyncIterator[Place]:
    """A server, and a network of the test's own before it."""
    async with opened(servers) as place:
        yield place


@pytest.fixture
async def visit(browser: Browser, place: Place) -> AsyncIterator[Visit]:
    """Let people come to the page; in the end nobody's console may have complained."""
    visitors: list[Visitor] = []
    async with AsyncExitStack() as contexts:

        async def visit(
            where: str = "",
            *,
            network: Proxy | None = None,
            stand_in: str = "",
            has_clock: bool = False,
            **device: Any,
        ) -> Visitor:
            device = {"locale": "en-GB", "timezone_id": "Europe/Berlin", **device}
            context = await contexts.enter_async_context(await browser.new_context(**device))
            if stand_in:
                await context.add_init_script(stand_in)
            if has_clock:
                await context.clock.install()
            url = place.url if network is None else url_by(network)
            visitor = await Visitor.arrive(context, url + where)
            visitors.append(visitor)
            return visitor

        yield visit
        assert [visitor.complaints for visitor in visitors] == [[] for _ in visitors]


@pytest.fixture
async def scenery(visit: Visit, place: Place) -> AsyncIterator[MakeScenery]:
    """Make what scenes need, in a language, on a device."""
    async with AsyncExitStack() as programs:

        def make(language: str = "en", **device: Any) -> Scenery:
            return Scenery(visit, place, programs, language, **device)

        yield make


@pytest.fixture
async def couple(visit: Visit) -> tuple[Visitor, Visitor]:
    """Alice and Bob, who sit in a room together."""
    alice, bob = await visit(), await visit()
    await meet(alice, bob)
    return alice, bob
