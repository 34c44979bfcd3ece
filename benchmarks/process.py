"""Starts servers and load generators, each on its own core; ends them whatever happens."""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import IO, NamedTuple

from benchmarks.load import command, url
from benchmarks.servers import ROOT, Server
from duologue.bench.load import Load
from duologue.bench.report import Report

_START_S = 10.0
_POLL_S = 0.02
_GRACE_S = 3.0
_SETUP_S = 120.0


class BenchmarkError(Exception):
    """A server or a load generator did not do its part; the text is one line for a person."""


class Cores(NamedTuple):
    """Which core serves and which makes the load; None on a machine with only one."""

    server: int | None
    load: int | None

    @classmethod
    def available(cls) -> Cores:
        """Pick two of the cores this process may use."""
        cores = sorted(os.sched_getaffinity(0))
        return cls(cores[0], cores[1]) if len(cores) > 1 else cls(None, None)


class Running(NamedTuple):
    """A server that accepts connections."""

    server: Server
    port: int
    pid: int


def raise_file_limit() -> None:
    """Allow this process, and all it starts, as many open files as the system permits."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


@contextmanager
def serving(server: Server, core: int | None) -> Iterator[Running]:
    """Run `server` on a free port until the block ends."""
    port = free_port()
    started = [part.format(port=port) for part in server.command]
    with tempfile.TemporaryFile("w+") as words, _child(started, core, words) as process:
        wait_until_accepting(process, ("127.0.0.1", port), words)
        yield Running(server, port, process.pid)


def measure(running: Running, load: Load, dialect: str, core: int | None) -> Report:
    """Put `load` on a running server from a process of its own and return what it reports."""
    load = replace(load, url=url(running.port, dialect), pid=running.pid)
    with (
        tempfile.TemporaryFile("w+") as words,
        _child(command(load, dialect), core, words) as process,
    ):
        try:
            status = process.wait(load.seconds + _SETUP_S)
        except subprocess.TimeoutExpired:
            raise BenchmarkError("the load generator did not come to an end") from None
        said = _said(words)
        if status:
            raise BenchmarkError(_last_line(said))
        return Report.from_dict(json.loads(_last_line(said)))


@contextmanager
def _child(
    arguments: Sequence[str], core: int | None, words: IO[str]
) -> Iterator[subprocess.Popen[bytes]]:
    with pinned(core):
        process = subprocess.Popen(
            arguments, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=words, stderr=words
        )
    try:
        yield process
    finally:
        end(process)


def pin(core: int | None) -> None:
    """Keep this process on one core from now on."""
    if core is not None:
        os.sched_setaffinity(0, {core})


@contextmanager
def pinned(core: int | None) -> Iterator[None]:
    """Start processes on one core, while the block lasts."""
    # A child inherits its parent's cores, so no thread of it can start anywhere else.
    before = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def end(process: subprocess.Popen[bytes]) -> None:
    """Stop a process: politely, then not."""
    process.terminate()
    try:
        process.wait(_GRACE_S)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def wait_until_accepting(
    process: subprocess.Popen[bytes], address: tuple[str, int], words: IO[str]
) -> None:
    """Wait until a server that was just started listens.

    Raises:
        BenchmarkError: it ended, or takes too long; its last words are in `words`.
    """
    deadline = time.monotonic() + _START_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise BenchmarkError(f"it ended at once: {_last_line(_said(words))}")
        if _is_accepting(address):
            return
        time.sleep(_POLL_S)
    raise BenchmarkError(f"it did not listen within {_START_S:.0f} s")


def _is_accepting(address: tuple[str, int]) -> bool:
    with socket.socket() as client:
        return client.connect_ex(address) == 0


def free_port() -> int:
    """Return a port that nobody listens on at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _said(words: IO[str]) -> str:
    words.seek(0)
    return words.read()


def _last_line(text: str) -> str:
    return (text.strip() or "it said nothing").splitlines()[-1]
