"""Runs `duologue serve` as a process of its own, as its users do."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support.client import TIMEOUT_S

_ANNOUNCEMENT = "listens on http://127.0.0.1:"


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

    def stop(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Ask it to stop; return its exit code and what it wrote to stderr."""
        self.process.send_signal(number)
        _, errors = self.process.communicate(timeout=TIMEOUT_S)
        return self.process.returncode, errors


@contextmanager
def running(*arguments: str, port: int = 0, **environment: str) -> Iterator[Program]:
    """Start a server, on a free port by default; it ends with the block at the latest."""
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "serve", f"127.0.0.1:{port}", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **environment},
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert _ANNOUNCEMENT in line, (line, process.stderr and process.stderr.read())
            yield Program(process, int(line.partition(_ANNOUNCEMENT)[2].split()[0]))
        finally:
            process.kill()
