"""How log lines get to stderr: through a thread, so that the server never waits.

Whoever reads stderr may be slow, or stuck for ever. Lines wait for a while, so
many and no more; what comes beyond is dropped, and counted.
"""

import contextlib
import logging
import os
import select
import sys
import threading
from collections.abc import Iterator
from queue import SimpleQueue
from typing import Any, Literal

from duologue.server.layout import JsonLayout, TextLayout

MOST_LINES = 10_000
"""So many wait at most."""

MOST_BYTES = 4 * 1024 * 1024
"""All of them together are at most so long."""

PARTING_S = 1.0
"""How long the end of the program waits for the last lines."""

_MOST_AT_ONCE_BYTES = 64 * 1024
_STDERR = 2


class Outlet(logging.Handler):
    """Passes lines on to a thread, which alone may have to wait.

    Args:
        layout: Makes a line of a record.
        descriptor: The open file to write to.

    Attributes:
        dropped: How many lines found no room.
    """

    def __init__(self, layout: logging.Formatter, descriptor: int = _STDERR) -> None:
        super().__init__()
        self.setFormatter(layout)
        self.dropped = 0
        self._descriptor = descriptor
        self._lines: SimpleQueue[bytes | None] = SimpleQueue()
        # Each of the two is changed by one thread alone.
        self._bytes_put = self._bytes_taken = 0
        self._thread = threading.Thread(target=self._run, name="log", daemon=True)
        self._thread.start()

    def emit(self, record: logging.LogRecord) -> None:
        """Let a line wait for the thread, if there is room."""
        try:
            line = self._line(record)
        except Exception:  # To print why, as logging does, might tell what was in it.
            self.dropped += 1
            return
        waiting_bytes = self._bytes_put - self._bytes_taken
        if self._lines.qsize() >= MOST_LINES or waiting_bytes + len(line) > MOST_BYTES:
            self.dropped += 1
            return
        self._bytes_put += len(line)
        self._lines.put(line)

    def close(self) -> None:
        """Give the last lines a moment to be read."""
        if self._thread.is_alive():
            self._lines.put(None)
            self._thread.join(PARTING_S)
        super().close()

    def _line(self, record: logging.LogRecord) -> bytes:
        return (self.format(record) + "\n").encode(errors="backslashreplace")

    def _run(self) -> None:
        told = 0
        while size := self._pass_on():
            self._bytes_taken += size
            if (dropped := self.dropped) > told:
                self._write(self._line(_notice(dropped - told)))
                told = dropped

    def _pass_on(self) -> int:
        """Wait for lines, write a few of them; return how many bytes, 0 at the end.

        Nothing keeps them afterwards: one line that stays may hold a MiB of memory.
        """
        if (line := self._lines.get()) is None:
            return 0
        batch = [line]
        size = len(line)
        while size < _MOST_AT_ONCE_BYTES and not self._lines.empty():
            if (line := self._lines.get()) is None:
                self._lines.put(None)  # The end comes after this batch.
                break
            batch.append(line)
            size += len(line)
        self._write(b"".join(batch))
        return size

    def _write(self, text: bytes) -> None:
        while text:
            try:
                text = text[os.write(self._descriptor, text) :]
            except BlockingIOError:  # Someone who shares the file has set it so.
                select.select((), (self._descriptor,), ())
            except OSError:
                return  # Nobody will ever read it.


def dropped() -> int:
    """Return how many lines of this program's log were dropped."""
    handlers = logging.getLogger().handlers
    return sum(handler.dropped for handler in handlers if isinstance(handler, Outlet))


@contextlib.contextmanager
def shown(level: str, form: Literal["text", "json"]) -> Iterator[None]:
    """Show the log on stderr for as long as the block lasts.

    Args:
        level: The least important level to show: debug, info, warning or error.
        form: How lines look.
    """
    outlet = Outlet(JsonLayout() if form == "json" else TextLayout())
    logging.basicConfig(handlers=[outlet], level=level.upper(), force=True)
    unraisable, sys.unraisablehook = sys.unraisablehook, _log_unraisable
    try:
        yield
    finally:
        sys.unraisablehook = unraisable
        logging.getLogger().removeHandler(outlet)
        outlet.close()


def _notice(count: int) -> logging.LogRecord:
    words = "%d lines of the log were dropped: nobody read them in time"
    return logging.LogRecord("duologue", logging.WARNING, "", 0, words, (count,), None)


def _log_unraisable(unraisable: Any) -> None:
    """Tell of an exception that nobody could catch; Python would tell its words too."""
    error = unraisable.exc_value
    logging.getLogger("duologue").error("an exception was ignored", exc_info=error)
