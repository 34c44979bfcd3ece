"""Tells a person how far the measuring is: a bar in a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as RichProgress

# Redrawing takes time from the core that makes the load.
_REDRAWS_PER_S = 2


class Progress(Protocol):
    """What the campaign tells as it goes on."""

    def begin(self, what: str) -> None:
        """Say what is measured now."""

    def advance(self) -> None:
        """Say that it is done."""


class Lines:
    """A line for each step, for logs and pipes."""

    def __init__(self, total: int) -> None:
        """Expect `total` steps."""
        self._total = total
        self._done = 0

    def begin(self, what: str) -> None:
        """Say what is measured now."""
        print(f"[{self._done + 1}/{self._total}] {what}", file=sys.stderr, flush=True)

    def advance(self) -> None:
        """Say that it is done."""
        self._done += 1


class Bar:
    """A bar with the time left and the step in words, for a terminal."""

    def __init__(self, progress: RichProgress, task: TaskID) -> None:
        """Move `task` of a started `progress`."""
        self._progress = progress
        self._task = task

    def begin(self, what: str) -> None:
        """Say what is measured now."""
        self._progress.update(self._task, description=what)

    def advance(self) -> None:
        """Say that it is done."""
        self._progress.advance(self._task)


@contextmanager
def shown(total: int) -> Iterator[Progress]:
    """Show on stderr how far it is, out of `total` steps, until the block ends."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield Lines(total)
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        TextColumn("{task.description}"),
    )
    with RichProgress(*columns, console=console, refresh_per_second=_REDRAWS_PER_S) as progress:
        yield Bar(progress, progress.add_task("", total=total))
