"""Entries as rows of a given width: what stands in which row, and who heads it.

A row does not hold how far a message has come: that changes, and its rows do not.
"""

from dataclasses import dataclass

from rich.cells import cell_len
from textual.content import Content
from textual.style import Style

from duologue.tui import words
from duologue.tui.clock import time_of_day
from duologue.tui.links import links
from duologue.tui.story import Entry, Note, Said

INDENT = 2
MARK_CELLS = 9
"""What the right edge has for how far a message has come, with a gap before it."""

_TAB_CELLS = 4
_PAUSE_MS = 5 * 60 * 1000
"""After so long a pause the time is told again."""

_LEAST_CELLS = 16

DIM = Style(dim=True)
NOTE = Style(dim=True, italic=True)
NAME = Style(bold=True)


@dataclass(slots=True, eq=False)
class Row:
    """One row of the log.

    Attributes:
        glue: What stood between this row and the next in the same line of text, which the
            width has put on two rows; None at the end of a line.
        bears_mark: Whether it ends a message of ours.
    """

    content: Content
    entry: Entry
    glue: str | None = None
    bears_mark: bool = False


def rows_of(
    entry: Entry, before: Entry | None, width: int, colors: dict[bool, Style]
) -> list[Row]:
    """Lay out an entry.

    Args:
        entry: What to lay out.
        before: What stands above it.
        width: Cells there are.
        colors: That of our name, and of the partner's.
    """
    if isinstance(entry, Note):
        text = Content.styled(f"— {entry.text}", NOTE).append(_time(entry.at))
        rows = _wrapped(entry, text, width - INDENT)
        return [*([_blank(entry)] if isinstance(before, Said) else []), *rows]
    rows = _wrapped(entry, _linked(entry.text), width - INDENT - MARK_CELLS)
    rows[-1].bears_mark = entry.message is not None
    return [*_heading(entry, before, colors), *rows]


def _heading(entry: Said, before: Entry | None, colors: dict[bool, Style]) -> list[Row]:
    goes_on = (
        isinstance(before, Said)
        and (before.sender, before.message is None) == (entry.sender, entry.message is None)
        and entry.at - before.at < _PAUSE_MS
    )
    if goes_on:
        return []
    name = Content.styled(entry.sender, colors[entry.message is not None])
    gap = [] if before is None else [_blank(entry)]
    return [*gap, Row(name.append(_time(entry.at)), entry)]


def _time(at: int) -> Content:
    return Content.styled(f"  {time_of_day(at)}", DIM)


def _blank(entry: Entry) -> Row:
    return Row(Content(""), entry)


def _linked(text: str) -> Content:
    text = text.expandtabs(_TAB_CELLS)
    content = Content(text)
    for link in links(text):
        content = content.stylize(Style(underline=True, link=link.url), link.start, link.end)
    return content


def _wrapped(entry: Entry, content: Content, width: int) -> list[Row]:
    width = max(width, _LEAST_CELLS)
    rows: list[Row] = []
    for line in content.split(allow_blank=True):
        parts = [line] if cell_len(line.plain) <= width else line.wrap(width)
        glues = _glues(line.plain, [part.plain for part in parts])
        rows += [Row(part, entry, glue) for part, glue in zip(parts, glues, strict=True)]
    return rows


def _glues(line: str, parts: list[str]) -> list[str | None]:
    """Return what each part lost between itself and the next: a space, or nothing."""
    glues: list[str | None] = []
    end = len(parts[0])
    for part in parts[1:]:
        start = max(line.find(part, end), end)
        glues.append(line[end:start])
        end = start + len(part)
    return [*glues, None]


def mark_of(entry: Entry) -> str:
    """Return how far a message of ours has come; nothing for anything else."""
    if isinstance(entry, Note) or entry.message is None:
        return ""
    return words.FAILED if entry.message.failure else words.PROGRESS[entry.message.progress]
