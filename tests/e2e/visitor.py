"""Someone at the page, who sees and does what a person would: by roles, labels and words."""

import re
from typing import Any, Self

from playwright.async_api import BrowserContext, Locator, Page, expect

from tests.e2e.stand_ins import LOOK_AWAY, LOOK_BACK
from tests.e2e.words import say

TIMEOUT_S = 60.0
"""So long a page may take for anything; a machine under load is slow."""

BROKEN_CONNECTION = re.compile(
    r"WebSocket connection to 'ws://127\.0\.0\.1:\d+/ws' failed: "
    r"|Failed to load resource: net::ERR_(CONNECTION|INTERNET|EMPTY|FAILED)"
    # The service worker is fetched late: a test may have gone offline by then.
    r"|An unknown error occurred when fetching the script\.$"
    # Some tests want none, and the driver says so each time.
    r"|Service Worker registration blocked by Playwright$"
)


class Visitor:
    """A person with a browser of their own.

    Attributes:
        page: The tab that they look at.
        complaints: What the browser's console had to complain about.
    """

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.context = context
        self.page = page
        self.complaints: list[str] = []
        self._listen(page)

    @classmethod
    async def arrive(cls, context: BrowserContext, url: str) -> Self:
        """Open the page in a browser that has never seen it."""
        context.set_default_timeout(TIMEOUT_S * 1000)
        visitor = cls(context, await context.new_page())
        await visitor.page.goto(url)
        return visitor

    async def open_tab(self, url: str) -> Page:
        """Open another tab of the same browser, and look at that one from now on."""
        self.page = await self.context.new_page()
        self._listen(self.page)
        await self.page.goto(url)
        return self.page

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._hear)

    def _hear(self, message: Any) -> None:
        if message.type in {"error", "warning"} and not _is_expected(message.text):
            self.complaints.append(f"{message.type}: {message.text}")

    # What they do

    async def create_room(self, name: str) -> str:
        """Open a room, and read its code."""
        await self.page.locator("#name").fill(name)
        await self.page.locator("#create").click()
        await expect(self.page.locator("#waiting")).to_be_visible()
        return self.page.url.partition("#")[2]

    async def enter(self, name: str, code: str) -> None:
        """Type a code and enter."""
        await self.page.locator("#name").fill(name)
        await self.page.locator("#code").fill(code)
        await self.page.locator("#join").click()

    async def accept_invitation(self, name: str) -> None:
        """Having opened a link, say who one is and enter."""
        await self.page.locator("#name").fill(name)
        await self.page.locator("#invited-join").click()

    async def say(self, text: str) -> None:
        """Write a message and send it."""
        await self.draft.fill(text)
        await self.draft.press("Enter")

    async def look_away(self) -> None:
        """Turn to another tab: this one is hidden."""
        await self.page.evaluate(LOOK_AWAY)

    async def look_back(self) -> None:
        """Turn to this tab again."""
        await self.page.evaluate(LOOK_BACK)

    async def press(self, id: str) -> None:
        """Press a button."""
        await self.page.locator(f"#{id}").click()

    async def leave(self) -> None:
        """Leave, and mean it."""
        await self.press("chat-leave")
        await self.press("confirm-yes")
        await expect(self.page.locator("#home")).to_be_visible()

    # What they see

    @property
    def draft(self) -> Locator:
        """Where a message is written."""
        return self.page.locator("#draft")

    @property
    def texts(self) -> Locator:
        """What was said by both, in order."""
        return self.page.locator("#log .bubble .text")

    @property
    def notes(self) -> Locator:
        """What has happened, in the log, but for the days."""
        return self.page.locator("#log .note:not(.day)")

    @property
    def marks(self) -> Locator:
        """How far their own messages have come: the label of each mark says so."""
        return self.page.locator("#log .mark")

    @property
    def banners(self) -> Locator:
        """What is told above the conversation."""
        return self.page.locator("#banners .banner p")

    @property
    def presence(self) -> Locator:
        """Whether the partner is there."""
        return self.page.locator("#presence")

    @property
    def typing(self) -> Locator:
        """Whether the partner is writing."""
        return self.page.locator("#typing")

    async def meets(self, partner: str) -> None:
        """See the conversation, and who sits opposite."""
        await expect(self.page.locator("#chat")).to_be_visible()
        await expect(self.page.locator("#partner")).to_have_text(partner)

    async def reads(self, *texts: str) -> None:
        """See just these messages, in this order."""
        await expect(self.texts).to_have_text(list(texts))

    async def progress(self, *marks: str) -> None:
        """See how far their own messages have come: queued, sent, delivered, read or failed."""
        await expect(self.marks).to_have_count(len(marks))
        for number, mark in enumerate(marks):
            label = say(f"progress.{mark}")
            await expect(self.marks.nth(number)).to_have_accessible_name(label)

    async def sees_partner(self, presence: str, language: str = "en") -> None:
        """See that the partner is here, or away since some time."""
        text = re.escape(say(f"chat.{presence}", language, time="TIME")).replace("TIME", ".+")
        await expect(self.presence).to_have_text(re.compile(f"^{text}$"))

    async def sees_no_connection(self, trouble: str) -> None:
        """Wait, by a clock of their own, until the trouble has lasted, and be told of it."""
        await expect(self.page.locator("#log")).to_be_visible()
        await self.page.clock.fast_forward(4_000)
        await expect(self.banners).to_have_text([trouble])

    async def kept(self) -> str:
        """All that the browser keeps of the page, in one text."""
        kept: str = await self.page.evaluate(
            "() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }])"
        )
        return kept


async def meet(alice: Visitor, bob: Visitor) -> str:
    """Bring two who have arrived together in a room, and return its code."""
    code = await alice.create_room("Alice")
    await bob.enter("Bob", code)
    await alice.meets("Bob")
    await bob.meets("Alice")
    return code


def _is_expected(complaint: str) -> bool:
    """Whether it is the browser's own line about a connection that a test has broken."""
    return BROKEN_CONNECTION.match(complaint) is not None
