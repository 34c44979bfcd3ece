"""Where one writes: Enter sends, arrows bring back what was sent, Tab completes."""

from textual.events import Key
from textual.message import Message as Notice
from textual.widgets import TextArea

from duologue.tui.commands import completed
from duologue.tui.typed import Typed

_LINE_BREAKS = frozenset({"alt+enter", "shift+enter", "ctrl+enter", "ctrl+j"})


class Composer(TextArea):
    """A few lines of text that grow as they are written."""

    DEFAULT_CSS = """
    Composer, Composer:focus {
        height: auto; min-height: 1; max-height: 8;
        border: none; padding: 0 1;
    }
    """

    class Submitted(Notice):
        """Somebody pressed Enter on this text."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    def __init__(self) -> None:
        super().__init__(soft_wrap=True, show_line_numbers=False, highlight_cursor_line=False)
        self._typed = Typed()
        self.cursor_blink = False  # To wake up twice a second is all that an idle program does.

    def action_send(self) -> None:
        """Hand the text over, if there is any. What is typed next is another text."""
        text = self.text.strip("\n")
        if text.strip():
            self._typed.add(text)
            self.clear()
            self.post_message(self.Submitted(text))

    def give_back(self, text: str) -> None:
        """Put a text back that could not be dealt with, before what was typed since."""
        since = self.text
        self._show(f"{text}\n{since}" if since else text)

    def action_break_line(self) -> None:
        """Begin a new line."""
        self.insert("\n")

    def action_complete(self) -> None:
        """Write as much of a command as is certain."""
        self._show(completed(self.text))

    def action_cursor_up(self, select: bool = False) -> None:
        """Go up a line; from the first, to what was sent before."""
        if select or not self.cursor_at_first_line:
            super().action_cursor_up(select)
        elif (text := self._typed.older(self.text)) is not None:
            self._show(text)

    def action_cursor_down(self, select: bool = False) -> None:
        """Go down a line; from the last, to what was sent after."""
        if select or not self.cursor_at_last_line:
            super().action_cursor_down(select)
        elif (text := self._typed.newer()) is not None:
            self._show(text)

    async def _on_key(self, event: Key) -> None:
        """Deal with the keys that mean something of their own here.

        Not by bindings: one with priority would overtake what was typed before it.
        """
        if event.key == "enter":
            self.action_send()
        elif event.key in _LINE_BREAKS:
            self.action_break_line()
        elif event.key == "tab":
            self.action_complete()
        else:
            await super()._on_key(event)
            return
        event.stop()
        event.prevent_default()

    def _show(self, text: str) -> None:
        self.text = text
        self.move_cursor(self.document.end)
