"""File descriptors: each connection takes one, and there is a limit.

Here the limit is raised, and an operator told when all are taken. New
connections then wait or are cut by the event loop; nobody else notices.
"""

import asyncio
import errno
import os
from collections.abc import Callable
from typing import Any

from duologue.server.log import log

_FEW = 4096
"""With fewer, it is worth a word at the start."""

_REMIND_S = 10.0

_NONE_LEFT = (errno.EMFILE, errno.ENFILE)
"""This process may have no more, or the whole system has no more."""


def raise_limit() -> int:
    """Allow this process as many as the system permits; return how many those are."""
    import resource  # There is none on Windows.

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        soft = hard
    except (OSError, ValueError):  # Some systems call a limit endless and don't mean it.
        pass
    if soft != resource.RLIM_INFINITY and soft < _FEW:
        log.warning(
            "only %d files may be open, connections among them: raise that limit "
            "(ulimit -Hn, LimitNOFILE=)",
            soft,
        )
    return soft


Handler = Callable[[asyncio.AbstractEventLoop, dict[str, Any]], object]


class Watch:
    """Notices when all are taken, and says so now and then."""

    def __init__(self) -> None:
        self._silent_until = 0.0

    def look(self, now: float) -> None:
        """Say that none is left, if that is so and has not been said just now."""
        if now >= self._silent_until and _are_gone():
            self._silent_until = now + _REMIND_S
            log.warning("no file descriptor is left: nobody can connect until someone leaves")


def muffle(loop: asyncio.AbstractEventLoop, otherwise: Handler) -> None:
    """Keep an event loop from telling of each connection that it cannot accept.

    asyncio's own logs a traceback at each try; uvloop's is silent.

    Args:
        loop: The event loop.
        otherwise: Deals with whatever else it complains of.
    """

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not (
            isinstance(error, OSError) and error.errno in _NONE_LEFT and "socket" in context
        ):
            otherwise(loop, context)

    loop.set_exception_handler(handle)


def _are_gone() -> bool:
    try:
        os.close(os.open(os.devnull, os.O_RDONLY))
    except OSError as error:
        return error.errno in _NONE_LEFT
    return False
