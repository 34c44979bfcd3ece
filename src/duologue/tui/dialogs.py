"""What asks or tells something over the conversation: ending, help, the code again."""

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Button, Static

from duologue.tui import words
from duologue.tui.commands import COMMANDS
from duologue.tui.invitation import Invitation

_SHOWN = 3
_SHOWN_CHARS = 60
_KEY_CELLS = 20


class QuitDialog(ModalScreen[bool]):
    """Asks whether to end although something is not delivered; True means yes."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "dismiss(False)"),
        Binding("left,right,up,down", "app.focus_next"),
    ]

    def __init__(self, texts: list[str], partner: str) -> None:
        super().__init__()
        self._texts = texts
        self._partner = partner

    def compose(self) -> ComposeResult:
        """Say what would be lost, and ask."""
        texts = [_shortened(text) for text in self._texts[:_SHOWN]]
        if len(self._texts) > _SHOWN:
            texts.append("…")
        with VerticalScroll(classes="box", can_focus=False):
            title = words.counted(words.QUIT_TITLE, len(self._texts))
            yield Static(Content(title), classes="title")
            yield Static(Content(words.QUIT_TEXT.format(name=self._partner)))
            yield Static(Content("\n".join(texts)), classes="texts")
            with Horizontal(classes="buttons"):
                yield Button(words.QUIT_STAY, id="stay", compact=True)
                yield Button(words.QUIT_GO, id="go", compact=True)

    def insist(self) -> None:
        """Take the key that has asked for the end, pressed again, for a yes."""
        self.dismiss(True)

    def on_button_pressed(self, event: Button.Pressed) -> None:
        """Pass the answer on."""
        self.dismiss(event.button.id == "go")


class Telling(ModalScreen[None]):
    """Tells something until a key is pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,enter,q", "dismiss", priority=True),
    ]

    def insist(self) -> None:
        """Take the key that ends the program for one that ends this."""
        self.dismiss()


class HelpDialog(Telling):
    """Shows keys, commands and what the marks mean."""

    def compose(self) -> ComposeResult:
        """List them."""
        keys = [(key, what) for key, what in words.KEYS]
        commands = [(command.usage, command.help) for command in COMMANDS]
        rows = [f"{left:<{_KEY_CELLS}}{right}" for left, right in [*keys, ("", ""), *commands]]
        with VerticalScroll(classes="box"):
            yield Static(words.HELP_TITLE, classes="title")
            yield Static(Content("\n".join(rows)))
            yield Static(Content(words.MARKS), classes="marks")
            yield Static(words.CLOSE, classes="hint")


class CodeDialog(Telling):
    """Shows the way in again."""

    def __init__(self, code: str, link: str, note: str) -> None:
        super().__init__()
        self._code = code
        self._link = link
        self._note = note

    def compose(self) -> ComposeResult:
        """Show what is shown while one waits."""
        with Vertical(classes="box wide"):
            yield Invitation(self._code, self._link, self._note)
            yield Static(words.CLOSE, classes="hint")


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return f"  {line}" if len(line) <= _SHOWN_CHARS else f"  {line[: _SHOWN_CHARS - 1]}…"
