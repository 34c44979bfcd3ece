"""Duologue as whoever installs it has it: out of its wheel, in an environment of its own."""

import fcntl
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.interop.processes import run_to_end, started
from tests.support.client import TIMEOUT_S

ROOT = Path(__file__).parents[2]
_ADDRESS = re.compile(r"listens on (http://127\.0\.0\.1:\d+)")


def build(folder: Path) -> tuple[Path, Path]:
    """Make the wheel and the source archive."""
    run_to_end(sys.executable, "-m", "tools.wheel", folder, cwd=ROOT)
    [wheel], [archive] = folder.glob("*.whl"), folder.glob("*.tar.gz")
    return wheel, archive


def install(wheel: Path, environment: Path) -> Path:
    """Install a wheel and what is locked beside it; return the folder of its programs."""
    run_to_end(sys.executable, "-m", "venv", environment)
    bin_ = environment / "bin"
    pip: list[str | Path] = [
        bin_ / "python",
        "-m",
        "pip",
        "--disable-pip-version-check",
        "--quiet",
    ]
    lock = wheel.with_name("requirements.lock")
    run_to_end(*pip, "install", "--require-hashes", "--requirement", lock)
    run_to_end(*pip, "install", "--no-deps", "--no-index", wheel)
    run_to_end(*pip, "check")
    return bin_


def installed_once(factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an installation's programs, the same for all who run tests."""
    shared = factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "installed.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        bin_ = shared / "installed" / "bin"
        if not (bin_ / "checked").exists():
            wheel, _ = build(shared / "dist")
            install(wheel, bin_.parent)
            (bin_ / "checked").touch()
    return bin_


def bare_environment(**more: str) -> dict[str, str]:
    """Return an environment in which nothing points to this project's own files."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return kept | more


@contextmanager
def serving(
    *command: str | Path, cwd: Path, environment: dict[str, str]
) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start a server and wait for its address; it ends with the block at the latest."""
    silent = subprocess.DEVNULL
    with started(*command, cwd=cwd, environment=environment, stdin=silent) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        address = _ADDRESS.search(line)
        if address is None:
            process.kill()
            raise AssertionError(line + process.communicate(timeout=TIMEOUT_S)[1])
        yield process, address[1]
