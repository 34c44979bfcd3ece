"""Keeps a server running on one port, and kills it when told to."""

from __future__ import annotations

import os
import secrets
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.process import BenchmarkError, end, free_port, pinned, wait_until_accepting
from benchmarks.servers import ROOT
from duologue.bench.meter import Meter, Reading

# Not where the clients' own ports are: while the server is down, one of thousands of attempts
# would be given the server's port as its own, connect to itself, and keep the port from it.
_HOST = "127.0.0.2"


class Keeper:
    """A server, through all its lives.

    Attributes:
        lives: How often it was started.
    """

    def __init__(self, program: Path, core: int | None) -> None:
        """Prepare; nothing runs yet. All lives share one secret, so that tickets stay good."""
        self.address = (_HOST, free_port())
        self.lives = 0
        self._core = core
        self._command = [str(program), "serve", f"{_HOST}:{self.address[1]}"]
        self._environment = {**os.environ, "DUOLOGUE_SECRET": secrets.token_urlsafe(48)}
        self._environment.pop("DUOLOGUE_SECRET_FILE", None)
        self._words = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it lives as long as this
        self._process: subprocess.Popen[bytes] | None = None
        self._past_cpu_s = 0.0

    def start(self) -> None:
        """Start the server and return at once; clients have to find out when it listens."""
        with pinned(self._core):
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=self._words,
                stderr=self._words,
            )
        self.lives += 1

    def wait(self) -> None:
        """Wait until the server accepts connections."""
        wait_until_accepting(self._running(), self.address, self._words)

    def kill(self) -> None:
        """End the server as a power cut would (SIGKILL)."""
        self._past_cpu_s = self.cpu_s()
        process = self._running()
        process.kill()
        process.wait()
        self._process = None

    def cpu_s(self) -> float:
        """Return the CPU time of all lives so far."""
        if self._process is None:
            return self._past_cpu_s
        return self._past_cpu_s + (Meter(self._running().pid).read().server or 0.0)

    def read(self) -> Reading:
        """Read all clocks."""
        return Meter(None).read()._replace(server=self.cpu_s())

    def close(self) -> None:
        """End the server, if it runs."""
        if self._process is not None:
            end(self._process)
            self._process = None
        self._words.close()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            raise BenchmarkError("the server ended by itself")
        return self._process


@contextmanager
def kept(program: Path, core: int | None) -> Iterator[Keeper]:
    """Run a server that accepts connections until the block ends."""
    keeper = Keeper(program, core)
    try:
        keeper.start()
        keeper.wait()
        yield keeper
    finally:
        keeper.close()
