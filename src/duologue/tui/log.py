"""The log: all rows of the story, of which only those in view are drawn."""

from rich.cells import cell_len
from textual.color import Color
from textual.content import Content
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message as Notice
from textual.scroll_view import ScrollView
from textual.selection import Selection
from textual.strip import Strip
from textual.style import Style

from duologue.client import Progress
from duologue.tui import words
from duologue.tui.layout import DIM, INDENT, Row, mark_of, rows_of
from duologue.tui.story import Entry, Said, Story

_READ = Style(foreground=Color.parse("ansi_cyan"))
_FAILED = Style(foreground=Color.parse("ansi_red"))
_NAMES = {
    True: Style(foreground=Color.parse("ansi_green"), bold=True),
    False: Style(foreground=Color.parse("ansi_cyan"), bold=True),
}


class Log(ScrollView, can_focus=False):
    """Shows a story. Call `catch_up` when it has grown, `refresh` when marks have changed."""

    DEFAULT_CSS = """
    Log { height: 1fr; scrollbar-size-vertical: 1; overflow-x: hidden; }
    """

    class EndSeen(Notice):
        """The newest row came into view."""

    def __init__(self, story: Story) -> None:
        super().__init__()
        self._story = story
        self._rows: list[Row] = []
        self._laid_out = 0
        self._dropped = 0
        self._width = 0
        self._follows = True
        self._is_following = False

    @property
    def allow_select(self) -> bool:
        """Text can be marked with the mouse, and copied."""
        return True

    @property
    def shows_end(self) -> bool:
        """Whether the newest row is in view."""
        return self.scroll_offset.y >= self.max_scroll_y

    def catch_up(self, *, to_end: bool = False) -> None:
        """Lay out what the story has now and had not before.

        Args:
            to_end: Whether to show the newest, even if one has scrolled away from it.
        """
        self._follows = self._follows or to_end
        if self._dropped != self._story.dropped or not self._width:
            self._lay_out_anew()
        self._lay_out()
        self._follow()
        self.refresh()

    def on_resize(self, event: Resize) -> None:
        """Lay all of it out for another width; the end stays in view if it was."""
        if event.size.width != self._width:
            self._lay_out_anew()
        self._follow()

    def watch_scroll_y(self, old: float, new: float) -> None:
        """Say so when the end comes into view."""
        super().watch_scroll_y(old, new)
        if self.shows_end:
            self._follows = True
            self.post_message(self.EndSeen())
        elif new < old and not self._is_following:
            self._follows = False  # Somebody scrolls back.

    def _follow(self) -> None:
        """Go to the end, now and once more when the new sizes are known."""
        self._go_to_end()
        self.call_after_refresh(self._go_to_end)

    def _go_to_end(self) -> None:
        if self._follows:
            self._is_following = True
            # By itself it does not while the scroll bar is still to be drawn.
            self.scroll_end(animate=False, immediate=True, force=True)
            self._is_following = False

    # Laying out

    def _lay_out_anew(self) -> None:
        self._width = self.scrollable_content_region.width
        self._dropped = self._story.dropped
        self._rows.clear()
        self._laid_out = 0
        self._lay_out()

    def _lay_out(self) -> None:
        entries = self._story.entries
        for place in range(self._laid_out, len(entries)):
            before = entries[place - 1] if place else None
            self._rows += rows_of(entries[place], before, self._width, _NAMES)
        self._laid_out = len(entries)
        self.virtual_size = Size(self._width, len(self._rows))

    # Drawing

    def render_line(self, y: int) -> Strip:
        """Draw one row of those in view."""
        place = self.scroll_offset.y + y
        width = self.size.width
        if place >= len(self._rows):
            return Strip.blank(width, self.rich_style)
        line = self._line(self._rows[place])
        selection = self.text_selection
        if selection is not None and (span := selection.get_span(place)) is not None:
            start, end = span
            marked = self.screen.get_visual_style("screen--selection")
            line = line.stylize(marked, start, len(line) if end == -1 else end)
        strip = Strip(line.render_segments(self.visual_style), line.cell_length)
        return strip.crop_extend(0, width, self.rich_style).apply_offsets(0, place)

    def _line(self, row: Row) -> Content:
        line = Content(" " * INDENT).append(row.content)
        if not row.bears_mark:
            return line
        mark = mark_of(row.entry)
        if mark == words.PROGRESS[Progress.READ] and row.entry is not self._last_read():
            mark = words.PROGRESS[Progress.DELIVERED]
            style = _READ
        else:
            style = _style_of(row.entry)
        gap = self._width - 1 - line.cell_length - cell_len(mark)
        return line.pad_right(max(gap, 1)).append(Content.styled(mark, style))

    def _last_read(self) -> Entry | None:
        """Return the newest message of ours that was read: it alone says so in a word."""
        for entry in reversed(self._story.entries):
            if mark_of(entry) == words.PROGRESS[Progress.READ]:
                return entry
        return None

    # Copying

    def get_selection(self, selection: Selection) -> tuple[str, str] | None:
        """Return what is marked: text as it was said, whatever the width has made of it."""
        marked: list[str] = []
        for place, row in enumerate(self._rows):
            if (span := selection.get_span(place)) is None:
                continue
            start, end = (max(column - INDENT, 0) if column >= 0 else None for column in span)
            marked += [row.content.plain[start:end], "\n" if row.glue is None else row.glue]
        return "".join(marked[:-1]), "\n"

    def selection_updated(self, selection: Selection | None) -> None:  # noqa: ARG002 - the library's
        """Draw what is marked."""
        self.refresh()


def _style_of(entry: Entry) -> Style:
    if isinstance(entry, Said) and entry.message is not None:
        if entry.message.failure is not None:
            return _FAILED
        if entry.message.progress is Progress.READ:
            return _READ
    return DIM
