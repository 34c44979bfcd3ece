"""Facts about the machine and the versions of everything that takes part."""

from __future__ import annotations

import importlib.metadata
import json
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.servers import HERE, PEERS_PYTHON

_PYTHON_PEERS = ("aiohttp", "python-socketio", "uvicorn", "uvloop", "websockets")
_NODE_PEERS = ("socket.io", "ws")


def about(program: Path) -> dict[str, object]:
    """Return date, machine and versions, as they go into the results."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cpu": _cpu(),
            "cores": os.cpu_count(),
            "memory_gib": round(_memory_kib() / (1 << 20), 1),
            "kernel": platform.release(),
        },
        "versions": {"python": platform.python_version(), **_programs(program), **_packages()},
    }


def _programs(program: Path) -> dict[str, str]:
    asked = {
        "duologue": (str(program), "--version"),
        "node": ("node", "--version"),
        "cc": ("cc", "-dumpfullversion"),
    }
    versions = {name: _first_line(command) for name, command in asked.items()}
    return {name: version for name, version in versions.items() if version}


def _packages() -> dict[str, str]:
    folders = [str(path) for path in PEERS_PYTHON.parents[1].glob("lib/python*/site-packages")]
    found = {each.name: each.version for each in importlib.metadata.distributions(path=folders)}
    versions = {name: found[name] for name in _PYTHON_PEERS if name in found}
    for name in _NODE_PEERS:
        manifest = HERE / "peers" / "node_modules" / name / "package.json"
        if manifest.exists():
            versions[name] = json.loads(manifest.read_text())["version"]
    return versions


def _first_line(command: tuple[str, ...]) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip().split("\n")[0]


def _cpu() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.machine()


def _memory_kib() -> int:
    for line in Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemTotal:"):
            return int(line.split()[1])
    return 0
