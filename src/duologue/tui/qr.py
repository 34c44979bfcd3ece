"""QR codes for a terminal: two rows of modules in one row of half blocks.

The only file that knows the library.
"""

import segno

_QUIET = 2
"""Modules around it. ISO/IEC 18004 asks for four; scanners make do with two."""

_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_rows(text: str) -> list[str]:
    """Return the rows to draw, all of one length: dark is what a block covers."""
    matrix = segno.make(text, error="l", micro=False, boost_error=False).matrix
    width = len(matrix) + 2 * _QUIET
    blank = [False] * width
    rows = [
        *([blank] * _QUIET),
        *([*blank[:_QUIET], *map(bool, row), *blank[:_QUIET]] for row in matrix),
        *([blank] * _QUIET),
    ]
    if len(rows) % 2:
        rows.append(blank)
    return [
        "".join(_HALVES[upper, lower] for upper, lower in zip(*two, strict=True))
        for two in zip(rows[::2], rows[1::2], strict=True)
    ]
