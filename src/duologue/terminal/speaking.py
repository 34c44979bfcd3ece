"""Sends what stdin brings, a message a line, to one partner and to nobody else.

What cannot be sent is told with the number of its line, and the rest goes on.
Nothing is read before there is a partner, nor while too much is on its way.
"""

from collections.abc import Awaitable, Callable
from contextlib import aclosing, suppress

from duologue.client import Client
from duologue.errors import EmptyMessage, MessageTooLong
from duologue.terminal import ready
from duologue.terminal.splitting import Line, Splitter


class Speaking:
    """Reads a descriptor to its end.

    Attributes:
        has_had_nothing: Whether it has brought nothing at all, and is at its end.
        has_failed: Whether something could not be read, or sent.
    """

    def __init__(
        self, client: Client, descriptor: int, tell: Callable[[str], Awaitable[None]]
    ) -> None:
        self.has_had_nothing = self.has_failed = False
        self._client = client
        self._descriptor = descriptor
        self._tell = tell
        self._splitter = Splitter()
        self._has_ended = False
        self._in_hand: int | None = None
        self._empty_lines = self._lines = 0

    async def speak(self, pairing: int) -> None:
        """Send all of it. `tell_the_rest` follows, whether or not that is cancelled.

        Args:
            pairing: The meeting that it is for.

        Raises:
            ConversationError: That meeting is over.
        """
        had_something = False
        try:
            async with aclosing(ready.chunks(self._descriptor)) as chunks:
                async for chunk in chunks:
                    had_something = True
                    await self._say(self._splitter.feed(chunk), pairing)
        except OSError as error:
            await self._fail(f"stdin cannot be read: {error.strerror}.")
        await self._say(self._splitter.end(), pairing)
        self._has_ended = True
        self.has_had_nothing = not had_something and not self.has_failed

    async def tell_the_rest(self) -> None:
        """Tell what was left unsaid, for the partner may have left before the end."""
        if self._in_hand is not None:
            await self._fail(f"Line {self._in_hand} and what follows it is not sent.")
        elif not self._has_ended and self._has_more():
            beginning = (
                f"What follows line {self._lines}" if self._lines else "What is on stdin"
            )
            await self._fail(f"{beginning} is not sent.")
        if self._empty_lines:
            await self._tell(f"Empty lines are not sent; there were {self._empty_lines}.")

    async def _say(self, lines: list[Line], pairing: int) -> None:
        for line in lines:
            self._lines = self._in_hand = line.number
            await self._say_one(line, pairing)
        self._in_hand = None

    async def _say_one(self, line: Line, pairing: int) -> None:
        if line.text is None:
            await self._fail(f"Line {line.number} is not sent: it is {line.why}.")
            return
        try:
            await self._client.send(line.text, pairing=pairing)
        except EmptyMessage:
            self._empty_lines += 1
        except MessageTooLong as error:
            await self._fail(f"Line {line.number} is not sent: {error}.")

    def _has_more(self) -> bool:
        with suppress(OSError):
            return self._splitter.has_rest or ready.has_more(self._descriptor)
        return False

    async def _fail(self, line: str) -> None:
        self.has_failed = True
        await self._tell(line)
