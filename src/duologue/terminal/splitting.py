"""Bytes as the lines that they are: numbered, whole, in UTF-8 or refused. Pure."""

from typing import NamedTuple

MOST_BYTES = 1024 * 1024
"""No server takes more in one message. What is longer is not gathered."""


class Line(NamedTuple):
    """One line. `text` is None if it cannot be said, and `why` tells why."""

    number: int
    text: str | None
    why: str = ""


class Splitter:
    """Takes bytes as they come; lines end with LF or CR LF, the last may lack it."""

    def __init__(self) -> None:
        self._number = 0
        self._rest = bytearray()
        self._is_too_long = False

    @property
    def has_rest(self) -> bool:
        """Whether a line has begun that has no end yet."""
        return bool(self._rest) or self._is_too_long

    def feed(self, chunk: bytes) -> list[Line]:
        """Return the lines that are complete now."""
        *ended, rest = chunk.split(b"\n")
        lines = []
        for end in ended:
            self._gather(end)
            lines.append(self._line())
        self._gather(rest)
        return lines

    def end(self) -> list[Line]:
        """Return the last line, if it has no end of its own."""
        return [self._line()] if self.has_rest else []

    def _gather(self, part: bytes) -> None:
        if len(self._rest) + len(part) > MOST_BYTES:
            self._is_too_long = True
            self._rest.clear()
        elif not self._is_too_long:
            self._rest += part

    def _line(self) -> Line:
        self._number += 1
        line, is_too_long = bytes(self._rest).removesuffix(b"\r"), self._is_too_long
        self._rest.clear()
        self._is_too_long = False
        if is_too_long:
            return Line(self._number, None, f"longer than {MOST_BYTES} bytes")
        try:
            return Line(self._number, line.decode())
        except UnicodeDecodeError:
            return Line(self._number, None, "not UTF-8")
