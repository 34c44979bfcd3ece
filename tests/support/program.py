"""Runs `duologue serve` as a process of its own, as its users do."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from tests.interop.processes import started
from tests.support.client import TIMEOUT_S
from tests.support.procfs import cpu_s

_ANNOUNCEMENT = "listens on http://127.0.0.1:"

WITHOUT_UVLOOP = "import sys; sys.modules['uvloop'] = None"
"""What makes the program run on asyncio's own event loop."""


class Program:
    """A running server."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port

    @property
    def resident_bytes(self) -> int:
        """How much memory the process has now."""
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    @property
    def descriptors(self) -> int:
        """How many files it has open."""
        return sum(1 for _ in Path(f"/proc/{self.process.pid}/fd").iterdir())

    @property
    def cpu_s(self) -> float:
        """How long it has run on a processor."""
        return cpu_s(self.process.pid)

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to stop; return its exit code and what it wrote to stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, errors


def running(
    *arguments: str, port: int = 0, **environment: str
) -> AbstractContextManager[Program]:
    """Start a server, on a free port by default; it ends with the block at the latest."""
    return _running("-m", "duologue", "serve", f"127.0.0.1:{port}", *arguments, **environment)


def running_after(code: str, *arguments: str) -> AbstractContextManager[Program]:
    """Start a server in a process that does this first."""
    start = f"{code}; from duologue.__main__ import main; main()"
    return _running("-c", start, "serve", "127.0.0.1:0", *arguments)


@contextmanager
def _running(*command: str, **environment: str) -> Iterator[Program]:
    with started(sys.executable, *command, environment=os.environ | environment) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        assert _ANNOUNCEMENT in line, (line, process.stderr and process.stderr.read())
        yield Program(process, int(line.partition(_ANNOUNCEMENT)[2].split()[0]))
