"""The server's log: what happened, never what was said, by whom or where.

The lines go to the standard logger `duologue`. A program that embeds the
server does with them what it likes; the command line shows them on stderr.
"""

import logging
import sys

log = logging.getLogger("duologue")


def configure(level: str) -> None:
    """Send the log to stderr, as lines for people.

    Args:
        level: The least important level to show: debug, info, warning or error.
    """
    logging.basicConfig(
        stream=sys.stderr,
        level=level.upper(),
        format="%(asctime)s %(levelname)-7s %(message)s",
        datefmt="%Y-%m-%d %H:%M:%S",
        force=True,
    )


class _Muffled:
    """A logger for libraries that report their peers' faults as errors.

    A peer's fault is no event for an operator. What remains is what only a
    bug can cause: an exception with its traceback.
    """

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802 - logging's name
        return False

    def exception(self, event: object, *args: object) -> None:
        log.exception(event, *args)  # noqa: LOG004 - called from a handler, elsewhere

    def _ignore(self, *_args: object, **_kwargs: object) -> None: ...

    debug = info = warning = error = log = _ignore


MUFFLED = _Muffled()
