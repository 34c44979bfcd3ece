"""Two servers, the second of which takes over from the first."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter

from benchmarks.process import BenchmarkError, pinned
from benchmarks.upgrade.plan import Move, Way

# Not where the clients' own ports are; see the jitter run.
_HOST = "127.0.0.2"
_START_S = 60.0
_PATIENCE_S = 60.0

# What systemd does: put the socket at descriptor 3, and say whom it is for.
_HAND_OVER = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ.update(LISTEN_FDS="1", LISTEN_PID=str(os.getpid()))
os.execv(sys.argv[2], sys.argv[2:])
"""


class Servers:
    """A server, and at some time its successor.

    Attributes:
        address: Where either listens.
    """

    def __init__(self, program: Path, way: Way, drain_s: float, core: int | None) -> None:
        self._socket = _bound(shares_port=way == "port")
        if way == "socket":
            self._socket.listen(4096)
        self.address = f"{_HOST}:{self._socket.getsockname()[1]}"
        serve = [str(program), "serve", self.address, "--drain-s", str(drain_s)]
        if way == "port":
            self._command = [*serve, "--reuse-port"]
        else:
            self._command = [
                sys.executable,
                "-c",
                _HAND_OVER,
                str(self._socket.fileno()),
                *serve,
            ]
        self._core = core
        self._secret = secrets.token_urlsafe(48)
        self._running: list[subprocess.Popen[bytes]] = []

    async def start(self) -> None:
        """Start a server, and wait until it listens."""
        process = self._spawn()
        assert process.stdout is not None
        async with asyncio.timeout(_START_S):
            line = await asyncio.to_thread(process.stdout.readline)
        if b"listens on" not in line:
            raise BenchmarkError("a server did not start")

    def _spawn(self) -> subprocess.Popen[bytes]:
        with pinned(self._core):
            process = subprocess.Popen(
                self._command,
                env=os.environ | {"DUOLOGUE_SECRET": self._secret, "DUOLOGUE_LOG": "error"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                pass_fds=[self._socket.fileno()],
            )
        self._running.append(process)  # At once: whatever ends this, it ends too.
        return process

    async def take_over(self) -> Move:
        """Start the next server beside the one that runs, and end that one as `kill` does."""
        await self.start()
        old = self._running[0]
        begun = perf_counter()
        old.send_signal(signal.SIGTERM)
        async with asyncio.timeout(_PATIENCE_S):
            status = await asyncio.to_thread(old.wait)
        return Move(begun, perf_counter() - begun, status)

    def end(self) -> None:
        """End whatever runs."""
        self._socket.close()
        for process in self._running:
            with process:
                process.kill()


def _bound(*, shares_port: bool) -> socket.socket:
    bound = socket.socket()
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, shares_port)
    bound.bind((_HOST, 0))
    return bound


@contextmanager
def kept(program: Path, way: Way, drain_s: float, core: int | None) -> Iterator[Servers]:
    """Prepare a server; it ends with the block, and so does whatever takes over from it."""
    servers = Servers(program, way, drain_s, core)
    try:
        yield servers
    finally:
        servers.end()
