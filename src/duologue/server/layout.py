"""How a line of the log looks: text for people, or JSON for programs.

An exception is told by its kind and by where it was, never in its own words:
they may quote what a client said.
"""

import errno
import logging
import time
import traceback
from collections.abc import Iterator
from types import TracebackType

import msgspec

ExcInfo = (
    tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
)


class TextLayout(logging.Formatter):
    """One line of text; a traceback takes several."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s", "%Y-%m-%d %H:%M:%S")

    def formatException(self, ei: ExcInfo) -> str:  # noqa: N802 - logging's name
        """Tell of an exception without its words."""
        return fault(ei)


class JsonLayout(logging.Formatter):
    """One JSON object a line, whatever happens."""

    def format(self, record: logging.LogRecord) -> str:
        """Make a line of a record: when, how important, the words, and all facts."""
        line: dict[str, object] = {
            "time": rfc3339(record.created),
            "level": record.levelname.lower(),
            "message": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info:
            line["traceback"] = fault(record.exc_info)
        return msgspec.json.encode(line).decode()


def rfc3339(seconds: float) -> str:
    """Write a moment in UTC (RFC 3339 section 5.6)."""
    whole = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds))
    return f"{whole}.{int(seconds % 1 * 1000):03d}Z"


def fault(exc_info: ExcInfo) -> str:
    """Tell of an exception and those that led to it: kinds and places, no words."""
    return "".join(_told(exc_info[1])).rstrip()


def _told(error: BaseException | None) -> Iterator[str]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield "Traceback (most recent call last):\n"
        yield from traceback.format_tb(error.__traceback__)
        yield f"{type(error).__qualname__}{number_of(error)}\n"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is not None:
            yield "after\n"


def number_of(error: BaseException) -> str:
    """Say which error of the system it is, if it is one."""
    if isinstance(error, OSError) and error.errno is not None:
        return f" [{errno.errorcode.get(error.errno, error.errno)}]"
    return ""
