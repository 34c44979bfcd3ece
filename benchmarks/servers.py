"""Which servers are measured, and how each is started. Starting them is process.py's work."""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
_FLOOR = HERE / ".build" / "floor"
PEERS_PYTHON = HERE / ".venv" / "bin" / "python"
PROGRAM = ROOT / ".venv" / "bin" / "duologue"


@dataclass(frozen=True)
class Server:
    """A program that relays chats; `{port}` in its command stands for the port."""

    name: str
    label: str
    role: Literal["floor", "product", "peer"]
    command: tuple[str, ...]
    dialect: str = "reference"


def _python_peer(name: str, label: str, module: str, dialect: str = "reference") -> Server:
    command = (str(PEERS_PYTHON), "-m", f"benchmarks.peers.{module}", "{port}")
    return Server(name, label, "peer", command, dialect)


def _node_peer(name: str, label: str, file: str, dialect: str = "reference") -> Server:
    command = ("node", str(HERE / "peers" / file), "{port}")
    return Server(name, label, "peer", command, dialect)


FLOOR = Server("floor", "floor (bare C epoll loop)", "floor", (str(_FLOOR), "{port}"))

_OUT_OF_REACH = ("--messages-per-s", "10000000", "--bytes-per-s", "10000000000")
"""Limits that are kept and cost what they cost, but that no generator comes up to.

By default a client that says thousands of messages a second is held to 1,000,
and what would be measured is the limit.
"""

DUOLOGUE = Server(
    "duologue",
    "**Duologue**",
    "product",
    (str(PROGRAM), "serve", "127.0.0.1:{port}", *_OUT_OF_REACH),
)
SERVERS = (
    FLOOR,
    DUOLOGUE,
    _node_peer("ws", "Node `ws`", "ws_relay.js"),
    _python_peer("aiohttp", "`aiohttp` + uvloop", "aiohttp_relay"),
    _python_peer("websockets", "`websockets` + uvloop", "websockets_relay"),
    _node_peer("socketio-node", "Socket.IO (Node)", "socketio_relay.js", "socketio"),
    _python_peer(
        "socketio-python", "Socket.IO (python-socketio)", "socketio_relay", "socketio"
    ),
)


def missing(server: Server) -> str | None:
    """Return why `server` can't be started here, or None; compiles the floor when needed."""
    if server.role == "floor":
        return _missing_floor()
    if server.role == "product":
        installed = Path(server.command[0]).exists()
        return None if installed else "it is not installed; `make install` does that"
    if server.command[0] == "node":
        return _missing_node()
    return (
        None if PEERS_PYTHON.exists() else "benchmarks/.venv is missing; `make bench` makes it"
    )


def _missing_node() -> str | None:
    if not shutil.which("node"):
        return "there is no `node` here"
    if not (HERE / "peers" / "node_modules").exists():
        return "its packages are missing; `npm ci` in benchmarks/peers installs them"
    return None


def _missing_floor() -> str | None:
    compiler = shutil.which("cc") or shutil.which("gcc")
    if compiler is None:
        return "there is no C compiler here"
    _FLOOR.parent.mkdir(exist_ok=True)
    command = [compiler, "-O2", "-o", str(_FLOOR), str(HERE / "floor.c")]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    return None if built.returncode == 0 else f"it did not compile: {built.stderr[:200]}"
