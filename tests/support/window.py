"""A terminal's window with a program in it: it can be closed while that runs."""

import asyncio
import os
import pty
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO

from tests.support.client import TIMEOUT_S


class Window:
    """The side of a terminal on which a person sits."""

    def __init__(self, process: subprocess.Popen[bytes], terminal: int) -> None:
        self.process = process
        self._terminal = terminal
        self._drawn = b""
        self._more = asyncio.Event()
        asyncio.get_running_loop().add_reader(terminal, self._read)

    def type(self, text: str) -> None:
        """Type a text; a carriage return is the key Enter."""
        os.write(self._terminal, text.encode())

    async def until_drawn(self, text: str) -> None:
        """Wait until that is written to the terminal in one piece; it counts once."""
        async with asyncio.timeout(TIMEOUT_S):
            while text.encode() not in self._drawn:
                self._more.clear()
                await self._more.wait()
        self._drawn = self._drawn.partition(text.encode())[2]

    def close(self) -> None:
        """Close it, as who has had enough of it does."""
        if self._terminal >= 0:
            asyncio.get_running_loop().remove_reader(self._terminal)
            os.close(self._terminal)
            self._terminal = -1

    async def ended(self) -> int:
        """Wait for the end of the program and return its exit code."""
        return await asyncio.to_thread(self.process.wait, TIMEOUT_S)

    async def stopped(self) -> None:
        """Wait until the program is stopped as by a signal."""
        async with asyncio.timeout(TIMEOUT_S):
            _, status = await asyncio.to_thread(os.waitpid, self.process.pid, os.WUNTRACED)
        assert os.WIFSTOPPED(status), status

    def _read(self) -> None:
        try:
            piece = os.read(self._terminal, 65536)
        except OSError:  # The program has ended.
            asyncio.get_running_loop().remove_reader(self._terminal)
            return
        self._drawn += piece
        self._more.set()


@contextmanager
def window(
    command: list[str],
    environment: Mapping[str, str],
    *,
    is_controlling: bool = True,
    stderr: IO[bytes] | None = None,
) -> Iterator[Window]:
    """Open one; with the block it is closed, and the program is killed at the latest.

    Args:
        command: What runs in it.
        environment: What is added to the environment.
        is_controlling: Whether the program hears from the system of its closing.
        stderr: Where that goes, if not to the terminal.
    """
    shown, terminal = pty.openpty()
    with os.fdopen(terminal, "r+b", buffering=0) as stream:
        process = subprocess.Popen(
            ["setsid", *(["--ctty"] if is_controlling else []), *command],
            stdin=stream,
            stdout=stream,
            stderr=stderr or stream,
            env={**os.environ, **environment},
        )
    window = Window(process, shown)
    try:
        yield window
    finally:
        process.kill()
        process.wait()
        window.close()
