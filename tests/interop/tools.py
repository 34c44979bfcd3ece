"""What the clients need on a machine, found there or installed."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tools.node import NODE, NPM

from tests.interop.processes import run_to_end

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "node_modules"
HEADLESS = "chromium-headless-shell"
"""Chromium without its windows: a page in it costs half as much."""
CHROMIUM = (HEADLESS, "chromium", "chromium-browser", "google-chrome")


def install_node_modules() -> None:
    """Install what package-lock.json says, unless that is done."""
    wanted, installed = ROOT / "package-lock.json", NODE_MODULES / ".package-lock.json"
    with _one_at_a_time():
        if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
            run_to_end(NODE, NPM, "ci", "--ignore-scripts", cwd=ROOT)
            installed.touch()


def find_chromium() -> Path:
    """Return the browser's program; on Debian, root has the quickest one installed."""
    with _one_at_a_time():
        if shutil.which(HEADLESS) is None and _may_install():
            _apt_get("update")
            _apt_get("install", "--yes", "--no-install-recommends", HEADLESS)
            if not any(map(shutil.which, CHROMIUM)):
                _apt_get("install", "--yes", "--no-install-recommends", "chromium")
    for path in filter(None, map(shutil.which, CHROMIUM)):
        return Path(path)
    pytest.fail(f"No browser on PATH: install one of {', '.join(CHROMIUM)}", pytrace=False)


def find(program: str, package: str = "") -> Path:
    """Return a program; on Debian, root has its package installed, if not named otherwise."""
    with _one_at_a_time():
        if _which(program) is None and _may_install():
            _apt_get("update")
            with _no_service_starts():
                _apt_get("install", "--yes", "--no-install-recommends", package or program)
    if found := _which(program):
        return Path(found)
    pytest.fail(f"{program} is not on PATH: install it", pytrace=False)


def _which(program: str) -> str | None:
    """Look for a program also where those of servers are, which not every PATH names."""
    return shutil.which(program, path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin")


@contextmanager
def _no_service_starts() -> Iterator[None]:
    """Keep packages of servers from starting them, as Debian lets an administrator do."""
    forbids = Path("/usr/sbin/policy-rc.d")
    if forbids.exists():
        yield
        return
    try:
        forbids.write_text("#!/bin/sh\nexit 101\n")
        forbids.chmod(0o755)
        yield
    finally:
        forbids.unlink(missing_ok=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let only one of the processes that run tests at the same time install something."""
    with Path(__file__).open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_get(*arguments: str) -> None:
    """Where it fails, another browser on PATH may still do."""
    waiting = "DPkg::Lock::Timeout=600"  # seconds, while another installation runs
    subprocess.run(
        ["apt-get", "-qq", "-o", waiting, *arguments],
        env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        check=False,
    )
