"""The `WebSocket` of a page in Chromium, through Playwright."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from playwright.async_api import Browser, Page, async_playwright

from tests.interop.person import TIMEOUT_S, Person

# A browser that also root can start in a container, and that talks to this machine alone.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

# A binding's promise is kept once the test has the message. Closing waits for the last.
CONNECT = """url => new Promise((resolve, reject) => {
  globalThis.socket = new WebSocket(url);
  socket.onmessage = event => { socket.heard = heard(event.data); };
  socket.onopen = () => resolve();
  socket.onerror = () => reject(new Error(`cannot connect to ${url}`));
})"""
SEND = "text => socket.send(text)"
CLOSE = """() => new Promise(resolve => {
  socket.onclose = event => Promise.resolve(socket.heard).then(() => resolve(event.code));
  socket.close(1000);
})"""


class AtPage(Person):
    """Someone whose page says and hears."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._heard: asyncio.Queue[str] = asyncio.Queue()

    async def connect(self, url: str) -> None:
        """Make the page connect."""
        await self._page.expose_function("heard", self._heard.put_nowait)
        await self._page.evaluate(CONNECT, url)

    async def _type(self, text: str) -> None:
        await self._page.evaluate(SEND, text)

    async def _read(self) -> str:
        return await self._heard.get()

    async def _close(self) -> tuple[list[str], int]:
        code: int = await self._page.evaluate(CLOSE)
        unread = [self._heard.get_nowait() for _ in range(self._heard.qsize())]
        return unread, code


@asynccontextmanager
async def launched(executable: Path) -> AsyncIterator[Browser]:
    """Start Chromium, without a window and with a new profile."""
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(
            executable_path=executable, args=FLAGS, timeout=TIMEOUT_S * 1000
        ) as browser,
    ):
        yield browser


@asynccontextmanager
async def connected(browser: Browser, page_url: str, url: str) -> AsyncIterator[Person]:
    """Open a page, as in a browser that has never seen it, and connect from there."""
    async with await browser.new_context() as context, asyncio.timeout(TIMEOUT_S) as opening:
        page = await context.new_page()
        await page.goto(page_url)
        person = AtPage(page)
        await person.connect(url)
        opening.reschedule(None)
        yield person
