"""When Python looks for cycles of objects, and when memory goes back to the system.

Left to itself Python looks through everything while a crowd is coming, though
what comes is in use, and keeps everyone waiting for 100 ms. And much of what
9,000 connections took would stay: glibc keeps what was freed below anything
that is still in use.
"""

import asyncio
import ctypes
import gc
from collections.abc import Callable

LOOK_S = 2.0

_NEVER = 1_000_000_000

_MANY_GONE = 1_000
"""When so many have gone, and as many as are here, what they left is looked for."""

_CROWD = 300
"""Whom fewer have left was none."""

_EBB = 8
"""A crowd has left when no more than the eighth part is still here."""

_TIMES = 3
"""So often memory is given back, once a look: the last of a crowd take a moment."""


class Ebb:
    """Notices that a crowd has left."""

    def __init__(self) -> None:
        self._most = 0
        self._due = 0

    def look(self, here: int) -> bool:
        """Take note of how many are here; say whether to give back what others took."""
        self._most = max(self._most, here)
        if self._most - here >= _CROWD and here * _EBB <= self._most:
            self._most = here
            self._due = _TIMES
        if not self._due:
            return False
        self._due -= 1
        return True


def settle() -> None:
    """Take all that there is by now for what stays, and look for old cycles no more.

    Those of what is young are still found. Connections leave none, or soon; for
    the rest, of TLS above all, see `watch`.
    """
    gc.collect()
    gc.freeze()
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)


async def watch(count: Callable[[], tuple[int, int]]) -> None:
    """Look every other second how much is here, of connections and rooms, and has been.

    It never returns. When as many have gone as are here, old cycles are looked
    for; when a crowd has left, memory is given back, too.
    """
    trim, ebb, looked_at = _trim(), Ebb(), 0
    while True:
        await asyncio.sleep(LOOK_S)
        here, ever = count()
        gone, has_ebbed = ever - here, ebb.look(here)
        if has_ebbed or gone - looked_at >= max(_MANY_GONE, here):
            looked_at = gone
            gc.collect()
        if has_ebbed:
            trim()


def _trim() -> Callable[[], object]:
    """Return what makes the C library give back what is free; nothing if it is not glibc."""
    try:
        malloc_trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return lambda: None
    return lambda: malloc_trim(0)
