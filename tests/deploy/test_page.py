"""The page, loaded over TLS through each proxy by a real browser: two people chat at it."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, expect

from tests.deploy.conftest import Site
from tests.e2e.visitor import Visitor, meet
from tests.interop.chromium_page import launched
from tests.interop.tools import find_chromium
from tests.support.client import TIMEOUT_S

pytestmark = pytest.mark.timeout(900)  # The first may have a browser installed before it.


@pytest.fixture(scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with launched(find_chromium()) as browser:
        yield browser


async def test_two_people_chat_at_the_page(site: Site, browser: Browser) -> None:
    # Nobody signed the certificate, so the browser would not keep anything of the page.
    options = {"ignore_https_errors": True, "service_workers": "block"}
    async with (
        await browser.new_context(**options) as one,  # type: ignore[arg-type]
        await browser.new_context(**options) as other,  # type: ignore[arg-type]
    ):
        alice = await Visitor.arrive(one, site.origin)
        bob = await Visitor.arrive(other, site.origin)
        await meet(alice, bob)
        await alice.say("Hello, Bob!")
        await expect(bob.texts).to_have_text(["Hello, Bob!"], timeout=TIMEOUT_S * 1000)
        await alice.progress("read")
        assert (alice.complaints, bob.complaints) == ([], [])
