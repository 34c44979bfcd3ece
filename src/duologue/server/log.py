"""The server's log: what happened, never what was said, by whom or where.

A program that embeds the server finds the lines under the standard logger
`duologue`; the command line gives them a handler.
"""

import logging
import sys

import structlog

_SHARED: list[structlog.typing.Processor] = [
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S"),
]

log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger("duologue"),
    wrapper_class=structlog.stdlib.BoundLogger,
    processors=[
        structlog.stdlib.filter_by_level,
        *_SHARED,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
)


def configure(level: str) -> None:
    """Send the log to stderr, as lines for people.

    Args:
        level: The least important level to show: debug, info, warning or error.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.dev.ConsoleRenderer(
                    colors=sys.stderr.isatty(),
                    exception_formatter=structlog.dev.plain_traceback,
                ),
            ],
            foreign_pre_chain=_SHARED,
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)


class _Muffled:
    """A logger for libraries that report their peers' faults as errors.

    A peer's fault is no event for an operator. What remains is what only a
    bug can cause: an exception with its traceback.
    """

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802 - logging's name
        return False

    def exception(self, event: object, *args: object) -> None:
        log.exception(str(event), details=args)  # noqa: LOG004 - called from one, elsewhere

    def _ignore(self, *_args: object, **_kwargs: object) -> None: ...

    debug = info = warning = error = log = _ignore


MUFFLED = _Muffled()
