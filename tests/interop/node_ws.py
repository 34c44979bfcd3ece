"""Node's `ws`, through a script that connects standard input and output to it."""

import asyncio
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from tests.interop.person import Person
from tests.interop.processes import running

SCRIPT = Path(__file__).with_name("ws_client.mjs")
HEARD = "< "
CLOSED = "closed "


class AtPipe(Person):
    """Someone who writes lines to the script and reads its lines."""

    def __init__(
        self, to_script: asyncio.StreamWriter, from_script: asyncio.StreamReader
    ) -> None:
        self._to_script = to_script
        self._from_script = from_script

    async def _line(self) -> str:
        line = (await self._from_script.readline()).decode()
        assert line, "the script ended; its errors are in the captured output"
        return line.rstrip("\n")

    async def _type(self, text: str) -> None:
        self._to_script.write(f"{text}\n".encode())
        await self._to_script.drain()

    async def _read(self) -> str:
        line = await self._line()
        assert line.startswith(HEARD), line
        return line.removeprefix(HEARD)

    async def _close(self) -> tuple[list[str], int]:
        self._to_script.close()
        unread = []
        while (line := await self._line()).startswith(HEARD):
            unread.append(line.removeprefix(HEARD))
        return unread, int(line.removeprefix(CLOSED))


@asynccontextmanager
async def connected(node: Path, url: str) -> AsyncIterator[Person]:
    """Start the script, which connects."""
    async with running(node, SCRIPT, url, stdin=PIPE, stdout=PIPE) as script:
        assert script.stdin is not None
        assert script.stdout is not None
        yield AtPipe(script.stdin, script.stdout)
