"""What a test of the screen does and sees."""

import asyncio
from collections.abc import Callable

from textual.pilot import Pilot

from duologue.client import Chat, Client
from duologue.tui.app import ChatApp

_NAMES = {" ": "space", "/": "slash", "\n": "enter", "-": "minus", "'": "apostrophe"}


class Stage:
    """Alice's screen, and Bob, who is a program.

    Attributes:
        heard: What Bob was told, and has read.
    """

    def __init__(self, app: ChatApp, pilot: Pilot[None], alice: Client, bob: Client) -> None:
        self.app = app
        self.pilot = pilot
        self.alice = alice
        self.bob = bob
        self.heard: list[str] = []
        self._listening: asyncio.Task[None] | None = None

    @property
    def screen(self) -> str:
        """All that stands on the screen."""
        rows = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in row).rstrip() for row in rows)

    def bob_listens(self) -> None:
        """Let Bob take what he is told, and read it."""
        self._listening = asyncio.create_task(self._listen())

    async def type(self, text: str) -> None:
        """Press the keys for a text; a line break is Enter."""
        for character in text:
            await self.pilot.press(_NAMES.get(character, character))

    async def until(self, holds: Callable[[], object]) -> None:
        """Wait until something holds."""
        async with asyncio.timeout(8):
            while not holds():
                await self.pilot.pause(0.01)

    async def until_seen(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        try:
            await self.until(lambda: all(text in self.screen for text in texts))
        except TimeoutError:
            raise AssertionError(f"no {texts} on:\n{self.screen}") from None

    async def until_gone(self, text: str) -> None:
        """Wait until this stands on the screen no more."""
        await self.until(lambda: text not in self.screen)

    def end(self) -> None:
        """Let Bob listen no more."""
        if self._listening is not None:
            self._listening.cancel()

    async def _listen(self) -> None:
        async for event in self.bob.events():
            if isinstance(event, Chat):
                self.heard.append(event.content)
                self.bob.mark_read(event)
