"""Textual's driver of a terminal, made to outlive the terminal, and to be suspended.

A window is closed, an ssh connection breaks: from then on every read and write
fails, and the system sends SIGHUP, and SIGCONT with it. The program has a
partner to say goodbye to and words to deliver, so it must not hang on that.
"""

import io
import os
import select
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
        # Textual would suspend in the middle of whatever it does, and resume what runs.
        signal.signal(signal.SIGCONT, signal.SIG_DFL)
        self._loop.add_signal_handler(signal.SIGTSTP, self._suspend)

    def _suspend(self) -> None:
        """Leave the terminal to the shell until the program is continued."""
        is_shown = self._app.is_running
        if is_shown:
            self.suspend_application_mode()
        os.kill(os.getpid(), signal.SIGSTOP)
        if is_shown:
            self.resume_application_mode()
            self._app.refresh(layout=True)


def open_screen(descriptor: int) -> io.TextIOWrapper:
    """Return what writes to a terminal, whether that is still there or not."""
    screen = io.BufferedWriter(_Screen(descriptor, "w", closefd=False))
    return io.TextIOWrapper(screen, errors="backslashreplace")  # in the locale's encoding


class _Screen(io.FileIO):
    """What is drawn when nobody can see it any more is no error.

    Textual's thread would end with one, and whoever gives it something to draw
    would wait for it forever.
    """

    def write(self, data: Any) -> int:
        """Write, or take it as written."""
        with suppress(OSError):
            while (written := super().write(data)) is None:
                # Another program has left the terminal non-blocking.
                select.select([], [self], [])
            return written
        return len(data)
