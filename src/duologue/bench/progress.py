"""Tells a person how far a run is: one line with a bar, on a terminal alone.

Each picture of the bar is drawn before the phase begins that it belongs to. While the
load runs, showing one is a single small write, and not the milliseconds of a redraw.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, TextIO

_PARTS = 40
_BACK = "\r\x1b[2K"
_WIDTH = 78


class Progress(Protocol):
    """What a run tells as it goes on."""

    parts: int
    """In how many parts a phase is told."""

    def prepare(self, *phases: str) -> None:
        """Get ready for phases in which there will be no time for it."""

    def at(self, phase: str, share: float) -> None:
        """Say how much of a phase is done."""


class Silent:
    """For logs and pipes: nothing."""

    parts = 1

    def prepare(self, *phases: str) -> None:
        """Do nothing."""

    def at(self, phase: str, share: float) -> None:
        """Say nothing."""


class Bar:
    """One line that changes."""

    parts = _PARTS

    def __init__(self, stream: TextIO) -> None:
        """Draw on a terminal."""
        self._descriptor = stream.fileno()
        self._pictures: dict[str, list[bytes]] = {}
        self._shown: bytes | None = None

    def prepare(self, *phases: str) -> None:
        """Draw all pictures of some phases."""
        for phase in phases:
            if phase not in self._pictures:
                self._pictures[phase] = list(_pictures(phase))

    def at(self, phase: str, share: float) -> None:
        """Show the picture for that share, if another one is there."""
        self.prepare(phase)
        picture = self._pictures[phase][min(_PARTS, int(share * _PARTS))]
        if picture is not self._shown:
            self._shown = picture
            os.write(self._descriptor, picture)

    def clear(self) -> None:
        """Leave an empty line."""
        os.write(self._descriptor, _BACK.encode())


def _pictures(phase: str) -> Iterator[bytes]:
    from rich.console import Console  # noqa: PLC0415 - who pipes does not pay for it
    from rich.progress_bar import ProgressBar  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415

    console = Console(stderr=True, width=_WIDTH)
    for part in range(_PARTS + 1):
        line = Table.grid(padding=(0, 1))
        line.add_row(
            f"{phase:<10}", ProgressBar(_PARTS, part, width=50), f"{part / _PARTS:4.0%}"
        )
        with console.capture() as capture:
            console.print(line, end="")
        yield (_BACK + capture.get().strip("\n")).encode(console.encoding, "replace")


@contextmanager
def shown() -> Iterator[Progress]:
    """Show on stderr how far a run is, until the block ends."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield Silent()
        return
    progress = Bar(sys.stderr)
    try:
        yield progress
    finally:
        progress.clear()
