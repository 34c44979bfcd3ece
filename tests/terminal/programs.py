"""`duologue chat` as a process of its own, at the ends of pipes."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from tests.support.client import TIMEOUT_S

_ROOM = re.compile(r"Room (\w{6,10}) is open: http://127\.0\.0\.1:\d+/#\1")


class Chatter:
    """A running `duologue chat` by lines."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.process = process
        self.errors = ""

    def error_line(self) -> str:
        """Wait for a line on stderr."""
        assert self.process.stderr is not None
        line = self.process.stderr.readline().decode()
        self.errors += line
        return line.rstrip("\n")

    def code(self) -> str:
        """Wait for the code of the room that it opens."""
        room = _ROOM.fullmatch(self.error_line())
        assert room is not None, self.errors + self._rest_of_errors()
        return room[1]

    def line(self) -> str:
        """Wait for a line on stdout."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().decode().rstrip("\n")

    def say(self, text: str) -> None:
        """Write to its stdin."""
        assert self.process.stdin is not None
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def end(self, text: bytes | None = None) -> tuple[int, str]:
        """Write that and close its stdin; return its exit code and what is left on stdout."""
        out, errors = self.process.communicate(text, timeout=3 * TIMEOUT_S)
        self.errors += errors.decode() if errors else ""
        return self.process.returncode, out.decode() if out else ""

    def _rest_of_errors(self) -> str:
        assert self.process.stderr is not None
        self.process.kill()
        return self.process.stderr.read().decode()


@contextmanager
def chatting(
    port: int,
    *arguments: str,
    stdin: int | IO[Any] | None = subprocess.PIPE,
    stdout: int | IO[Any] | None = subprocess.PIPE,
    name: str = "Alice",
    before: Sequence[str] = (),
) -> Iterator[Chatter]:
    """Start it; it ends with the block at the latest."""
    command = [*before, sys.executable, "-W", "error", "-m", "duologue", "chat", *arguments]
    with subprocess.Popen(
        command,
        stdin=stdin,
        stdout=stdout,
        stderr=subprocess.PIPE,
        env={**os.environ, "DUOLOGUE_SERVER": f"127.0.0.1:{port}", "DUOLOGUE_NAME": name},
    ) as process:
        try:
            yield Chatter(process)
        finally:
            process.kill()


def numbered(path: Path, count: int, word: str) -> bytes:
    """Write so many different lines to a file, and return them."""
    text = "".join(f"{number} {word} 안녕\n" for number in range(count)).encode()
    path.write_bytes(text)
    return text
