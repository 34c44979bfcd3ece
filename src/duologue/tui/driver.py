"""Textual's driver of a terminal, made to outlive the terminal.

A window is closed, an ssh connection breaks: from then on every read and write
fails, and the system sends SIGHUP, and SIGCONT with it. The program has a
partner to say goodbye to and words to deliver, so it must not hang on that.
"""

import io
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from textual.app import App

_STDOUT = 1


class TerminalDriver(LinuxDriver):
    """Draws on stdout, which is known to be a terminal; stderr may be a file."""

    def __init__(self, app: "App[Any]", **options: Any) -> None:
        super().__init__(app, **options)
        self._file = open_screen(_STDOUT)
        self._resume = signal.getsignal(signal.SIGCONT)
        signal.signal(signal.SIGCONT, self._on_continue)

    def _on_continue(self, number: int, frame: Any) -> None:
        """Resume what was suspended, and nothing else: there would be two of each thread."""
        if self._must_signal_resume and callable(self._resume):
            self._resume(number, frame)


def open_screen(descriptor: int) -> io.TextIOWrapper:
    """Return what writes to a terminal, whether that is still there or not."""
    screen = io.BufferedWriter(_Screen(descriptor, "w", closefd=False))
    return io.TextIOWrapper(screen, encoding="utf-8", errors="backslashreplace")


class _Screen(io.FileIO):
    """What is drawn when nobody can see it any more is no error.

    Textual's thread would end with one, and whoever gives it something to draw
    would wait for it forever.
    """

    def write(self, data: Any) -> int:
        """Write, or take it as written."""
        with suppress(OSError):
            return super().write(data)
        return len(data)
