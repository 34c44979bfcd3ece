"""Foreign text, fit to be shown in a terminal: nothing in it drives the terminal.

Control characters become pictures of themselves, and what turns the direction
of the text around it is left out. Pure.
"""

_KEPT = "\n\t"

_PICTURES = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in _KEPT},
    0x7F: "\u2421",
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),  # C1: 8-bit escape sequences
    **dict.fromkeys((0x2028, 0x2029), "\n"),
    **dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), ""),  # bidi controls
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def visible(text: str) -> str:
    """Return what may be written to a terminal, line breaks and tabs included."""
    return text.translate(_PICTURES)


def visible_line(text: str) -> str:
    """Return the same on one line, for names and the like."""
    return " ".join(visible(text).split())
