"""The way in for the other person: a code to say, a link to send, a picture to scan."""

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from duologue.tui import words
from duologue.tui.qr import qr_rows
from duologue.tui.spelling import grouped, spelled

_MARGIN = 4
_TEXT_CELLS = 26
_FRAME_CELLS = 6
_TEXT_ROWS = 11
_SPACED_CHARS = 6
"""Codes up to so long are set wide: longer ones would leave no place for the picture."""


class Invitation(Vertical):
    """Shows how to come into a room. The picture goes where there is no place for it."""

    DEFAULT_CSS = """
    Invitation { align: center middle; height: 1fr; width: 1fr; }
    Invitation > Horizontal { width: auto; height: auto; align: center middle; }
    Invitation .picture {
        width: auto; height: auto; margin: 0 3 0 0;
        color: #000000; background: #ffffff;
    }
    Invitation .text { width: auto; max-width: 44; height: auto; }
    Invitation .text > Static { width: auto; max-width: 100%; height: auto; }
    Invitation .code {
        text-style: bold; color: ansi_green;
        border: round ansi_green; padding: 0 2; margin: 1 0;
    }
    Invitation .spelled { text-style: dim; }
    Invitation .link { margin: 1 0; }
    Invitation.tight .code { border: none; padding: 0; margin: 0; }
    Invitation.tight .link { margin: 0; }
    Invitation.tight .spelled { display: none; }
    """

    def __init__(self, code: str, link: str, note: str) -> None:
        super().__init__()
        self._code = code
        self._link = link
        self._note = note
        self._rows = qr_rows(link)
        gap = "  " if len(code) <= _SPACED_CHARS else " "
        self._shown = gap.join(grouped(code))

    def compose(self) -> ComposeResult:
        """Put picture and text side by side."""
        url = Content.styled(self._link, f"underline link='{self._link}'")
        with Horizontal():
            yield Static(Content("\n".join(self._rows)), classes="picture")
            with Vertical(classes="text"):
                yield Static(words.WAITING_TITLE)
                yield Static(Content(self._shown), classes="code")
                yield Static(Content(spelled(self._code)), classes="spelled")
                yield Static(url, classes="link")
                yield Static(self._note, classes="waiting")

    def on_mount(self) -> None:
        """Fit in once drawn: who asks where a widget is before that, spoils `on_resize`."""
        self.call_after_refresh(self._fit)

    def on_resize(self) -> None:
        """Fit in."""
        self._fit()

    def _fit(self) -> None:
        """Leave out what would be cut off: the picture, and then what is not needed."""
        self.set_class(self.size.height < _TEXT_ROWS, "tight")
        text = max(_TEXT_CELLS, len(self._shown) + _FRAME_CELLS)
        width, height = len(self._rows[0]) + _MARGIN + text, len(self._rows)
        fits = self.size.width >= width and self.size.height >= height
        self.query(".picture").set(display=fits)  # It may be on its way out already.
