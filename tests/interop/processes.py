"""Programs that a test runs, and that end with it whatever happens."""

import asyncio
import os
import signal
import subprocess
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from io import FileIO
from pathlib import Path

import pytest

Stream = int | FileIO | None


@asynccontextmanager
async def running(
    *command: str | Path, stdin: Stream = None, stdout: Stream = None, stderr: Stream = None
) -> AsyncIterator[asyncio.subprocess.Process]:
    """Run a program in a process group of its own, which is killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=stdin, stdout=stdout, stderr=stderr, start_new_session=True
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        if process.stdin is not None:
            process.stdin.close()
        if process.stdout is not None:
            await process.stdout.read()
        await process.wait()


@contextmanager
def started(
    *command: str | Path,
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
    stdin: int | None = None,
) -> Iterator[subprocess.Popen[str]]:
    """Start a program and read what it writes; it ends with the block at the latest."""
    with subprocess.Popen(
        command,
        cwd=cwd,
        env=environment,
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def run_to_end(*command: str | Path, cwd: Path | None = None, **environment: str) -> None:
    """Run a program that sets something up; only its failure is shown, with its output."""
    done = subprocess.run(
        command,
        cwd=cwd,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        line = " ".join(map(str, command))
        pytest.fail(f"{line}: exit code {done.returncode}\n{done.stdout}", pytrace=False)
