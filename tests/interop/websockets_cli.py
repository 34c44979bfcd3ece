"""The interactive client of `websockets`, used at a terminal as a person uses it."""

import asyncio
import pty
import re
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager
from io import FileIO

import anyio

from tests.interop.person import TIMEOUT_S, Person
from tests.interop.processes import running

ENTER = b"\r"
END_OF_FILE = b"\x04"  # Ctrl+D

CONNECTED = re.compile(rb"Connected to \S+\.\r\n")
# The client inserts a line above the one being typed, and puts the cursor back after it.
HEARD = re.compile(rb"\x1b\[L< (.*?)\r\n\x1b8")
CLOSED = re.compile(rb"Connection closed: (\d+)")


class AtTerminal(Person):
    """Someone who types at the client's prompt and reads its screen."""

    def __init__(self, terminal: FileIO) -> None:
        self._terminal = terminal
        self._screen = b""

    async def sees(self, pattern: re.Pattern[bytes]) -> re.Match[bytes]:
        """Read on until the screen shows the pattern; everything up to it is then read."""
        while (found := pattern.search(self._screen)) is None:
            await anyio.wait_readable(self._terminal)
            try:
                self._screen += self._terminal.read(65536)
            except OSError:  # Linux's way to say that nobody is at the other end any more.
                raise AssertionError(f"the client ended, showing {self._screen!r}") from None
        self._screen = self._screen[found.end() :]
        return found

    async def _type(self, text: str) -> None:
        self._terminal.write(text.encode() + ENTER)

    async def _read(self) -> str:
        return (await self.sees(HEARD))[1].decode()

    async def _close(self) -> tuple[list[str], int]:
        self._terminal.write(END_OF_FILE)
        closed = await self.sees(CLOSED)
        unread = HEARD.findall(closed.string, 0, closed.start())
        return [text.decode() for text in unread], int(closed[1])


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[Person]:
    """Start the client at a new terminal and wait until it has connected."""
    with _terminal() as (ours, its):
        client = running(
            sys.executable, "-m", "websockets", url, stdin=its, stdout=its, stderr=its
        )
        async with client:
            its.close()  # The client alone has it now, so that its end shows at ours.
            person = AtTerminal(ours)
            async with asyncio.timeout(TIMEOUT_S):
                await person.sees(CONNECTED)
            yield person


@contextmanager
def _terminal() -> Iterator[tuple[FileIO, FileIO]]:
    """Open a pseudo-terminal: the end where a person sits, and the program's."""
    with ExitStack() as ends:
        ours, its = (ends.enter_context(FileIO(end, "r+")) for end in pty.openpty())
        yield ours, its
