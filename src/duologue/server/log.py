"""The server's log: what happened, never what was said, by whom or where.

The lines go to the standard logger `duologue`. A program that embeds the
server does with them what it likes; the command line shows them on stderr.
How they get there is told in `outlet`, how they look in `layout`.
"""

import logging
from typing import Any

from duologue.server.layout import fault

log = logging.getLogger("duologue")


def facts(**known: object) -> dict[str, Any]:
    """Make what a line tells to programs, beside its words: `log.info(…, extra=facts(…))`."""
    return {"facts": known}


def _hide_words(record: logging.LogRecord) -> bool:
    """Let no handler print the words of an exception: they may quote a client."""
    if record.exc_info and not record.exc_text:
        record.exc_text = fault(record.exc_info)
    return True


log.addFilter(_hide_words)


class _Muffled:
    """A logger for libraries that report their peers' faults as errors.

    A peer's fault is no event for an operator. What remains is what only a
    bug can cause: an exception with its traceback.
    """

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802 - logging's name
        return False

    def exception(self, _event: object, *_args: object) -> None:
        log.exception("the WebSocket library failed")  # noqa: LOG004 - in its handler

    def _ignore(self, *_args: object, **_kwargs: object) -> None: ...

    debug = info = warning = error = log = _ignore


MUFFLED = _Muffled()
