"""A real terminal for a program: tmux runs it, types into it and reads its screen."""

import asyncio
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.support.client import TIMEOUT_S
from tests.support.procfs import stat_fields


class Terminal:
    """One program in a terminal of its own."""

    def __init__(self, tmux: Path, socket: Path, name: str) -> None:
        self._command = (str(tmux), "-S", str(socket))
        self._name = name

    def start(
        self, command: list[str], size: tuple[int, int], environment: dict[str, str]
    ) -> None:
        """Run a command; what its shell says after it stays on the screen."""
        variables = [word for pair in environment.items() for word in ("-e", "=".join(pair))]
        width, height = map(str, size)
        # Those that run tests may say how wide their own terminal is.
        line = f'env -u COLUMNS -u LINES {shlex.join(command)}; echo "ended with $?"; exec cat'
        self._tmux(
            "new-session", "-d", "-s", self._name, "-x", width, "-y", height, *variables, line
        )

    def type(self, text: str, *keys: str) -> None:
        """Type a text, and then keys by their names."""
        if text:
            self._tmux("send-keys", "-t", self._name, "-l", "--", text)
        if keys:
            self._tmux("send-keys", "-t", self._name, *keys)

    @property
    def screen(self) -> str:
        """What stands on the screen."""
        return self._tmux("capture-pane", "-p", "-t", self._name)

    async def until_seen(self, *texts: str) -> str:
        """Wait until all of these stand on the screen, and return it."""
        until = time.monotonic() + TIMEOUT_S
        while not all(text in (screen := self.screen) for text in texts):
            if time.monotonic() > until:
                raise AssertionError(f"no {texts} on:\n{screen}")
            await asyncio.sleep(0.05)
        return screen

    async def until_gone(self, text: str) -> None:
        """Wait until this stands on the screen no more."""
        until = time.monotonic() + TIMEOUT_S
        while text in self.screen:
            if time.monotonic() > until:
                raise AssertionError(f"still {text!r} on:\n{self.screen}")
            await asyncio.sleep(0.05)

    def resize(self, width: int, height: int) -> None:
        """Give the terminal another size."""
        self._tmux("resize-window", "-t", self._name, "-x", str(width), "-y", str(height))

    def pid(self) -> int:
        """Return the process of the program."""
        shell = int(self._tmux("display-message", "-p", "-t", self._name, "#{pane_pid}"))
        return int(Path(f"/proc/{shell}/task/{shell}/children").read_text().split()[0])

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            [*self._command, *arguments],
            capture_output=True,
            text=True,
            timeout=TIMEOUT_S,
            check=True,
        )
        return done.stdout


class Terminals:
    """All terminals of a test, on a tmux of its own."""

    def __init__(self, tmux: Path, socket: Path) -> None:
        self._tmux = tmux
        self._socket = socket
        self._count = 0

    def chat(
        self, port: int, name: str, *arguments: str, size: tuple[int, int] = (80, 24)
    ) -> Terminal:
        """Start `duologue chat` in a terminal."""
        self._count += 1
        terminal = Terminal(self._tmux, self._socket, f"t{self._count}")
        environment = {
            "DUOLOGUE_SERVER": f"127.0.0.1:{port}",
            "DUOLOGUE_NAME": name,
            "XDG_STATE_HOME": os.environ["XDG_STATE_HOME"],
        }
        command = [sys.executable, "-m", "duologue", "chat", *arguments]
        terminal.start(command, size, environment)
        return terminal


@contextmanager
def terminals(tmux: Path, folder: Path) -> Iterator[Terminals]:
    """Open terminals; with the block they are closed, and all that runs in them has to end."""
    # A name that is short: a socket's path has room for 107 bytes.
    command = [str(tmux), "-S", str(folder / "tmux")]
    try:
        yield Terminals(tmux, folder / "tmux")
    finally:
        panes = _said([*command, "list-panes", "-a", "-F", "#{pane_pid}"])
        _said([*command, "kill-server"])
        _see_the_end_of({int(pane) for pane in panes.split()})


def _said(command: list[str]) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return done.stdout


def _see_the_end_of(sessions: set[int]) -> None:
    """Wait until no process of these sessions is left.

    Raises:
        AssertionError: One outlived its terminal. It is killed.
    """
    until = time.monotonic() + TIMEOUT_S
    while left := {pid: line for pid, session, line in _processes() if session in sessions}:
        if time.monotonic() > until:
            for pid in left:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            raise AssertionError(f"still running without a terminal: {left}")
        time.sleep(0.02)


def _processes() -> Iterator[tuple[int, int, str]]:
    """Return the number, the session and the command of each process there is."""
    for folder in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):  # It ends while it is looked at.
            pid = int(folder.name)
            state, _, _, session, *_ = stat_fields(pid)
            command = (folder / "cmdline").read_text().replace("\0", " ")
            if state != "Z":
                yield pid, int(session), command
