"""What the event loop complains of, told in few lines.

When descriptors run out, asyncio's own loop complains thousands of times a
second, and with addresses. Here each kind of complaint gets a line in ten seconds.
"""

import asyncio
from typing import Any

from duologue.server.layout import number_of
from duologue.server.log import facts, log

SILENCE_S = 10.0
"""For so long a complaint is not repeated."""

_MOST_KINDS = 100


class Complaints:
    """Takes what a loop complains of; to be set as its exception handler."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[float, int]] = {}

    def __call__(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Log a complaint, unless the same was logged a moment ago."""
        error = context.get("exception")
        what = _what(context)
        told_at, unsaid = self._told.get(what, (-SILENCE_S, 0))
        if loop.time() < told_at + SILENCE_S:
            self._told[what] = (told_at, unsaid + 1)
            return
        if len(self._told) >= _MOST_KINDS:
            self._told.clear()
        self._told[what] = (loop.time(), 0)
        is_ours = error is not None and not isinstance(error, OSError)
        log.error(
            "%s%s",
            what,
            f", and {unsaid} times more before" if unsaid else "",
            exc_info=error if is_ours else None,
            extra=facts(unsaid=unsaid),
        )


def _what(context: dict[str, Any]) -> str:
    """Name a complaint without what it is about: that may be addresses, or what was said."""
    words = str(context.get("message", "")).partition("(")[0].partition("<")[0].strip()
    error = context.get("exception")
    kind = "" if error is None else f": {type(error).__qualname__}{number_of(error)}"
    return f"the event loop: {words or 'an exception'}{kind}"
