"""What the clients need on a machine, found there or installed."""

import os
import shutil
from pathlib import Path

import pytest
from tools.node import NODE, NPM

from tests.interop.processes import run_to_end

ROOT = Path(__file__).parents[2]
NODE_MODULES = ROOT / "node_modules"
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")


def install_node_modules() -> None:
    """Install what package-lock.json says, unless that is done."""
    wanted, installed = ROOT / "package-lock.json", NODE_MODULES / ".package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        run_to_end(NODE, NPM, "ci", "--ignore-scripts", cwd=ROOT)
        installed.touch()


def find_chromium() -> Path:
    """Return the browser's program; on Debian, root has it installed."""
    if (found := _on_path()) is None and _may_install():
        _apt_get("update")
        _apt_get("install", "--yes", "--no-install-recommends", "chromium")
        found = _on_path()
    if found is None:
        pytest.fail(f"No browser on PATH: install one of {', '.join(CHROMIUM)}", pytrace=False)
    return found


def _on_path() -> Path | None:
    paths = filter(None, map(shutil.which, CHROMIUM))
    return next(map(Path, paths), None)


def _may_install() -> bool:
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def _apt_get(*arguments: str) -> None:
    waiting = "DPkg::Lock::Timeout=600"  # seconds, while another installation runs
    run_to_end("apt-get", "-o", waiting, *arguments, DEBIAN_FRONTEND="noninteractive")
