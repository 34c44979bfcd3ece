"""The screen: who is there, what was said, how things stand, and where one writes."""

import asyncio
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, Horizontal
from textual.content import Content
from textual.theme import Theme
from textual.widgets import Static, TextArea

from duologue.client import (
    Chat,
    Client,
    Event,
    Offline,
    PartnerJoined,
    Refused,
    RoomCreated,
    RoomJoined,
)
from duologue.errors import DuologueError
from duologue.terminal.visible import visible_line
from duologue.tui import words
from duologue.tui.clock import now_ms
from duologue.tui.commands import matching, read
from duologue.tui.composer import Composer
from duologue.tui.dialogs import QuitDialog, Telling
from duologue.tui.driver import TerminalDriver
from duologue.tui.invitation import Invitation
from duologue.tui.log import Log
from duologue.tui.spelling import grouped
from duologue.tui.standing import LASTING_S, Standing, partner_of, presence
from duologue.tui.story import Story
from duologue.tui.wishes import Wishes

_EVENTS_A_TURN = 64
"""So many events are taken in before the screen is drawn and keys are heard again."""

_USAGE_CELLS = 14
_LEAST_CELLS = 20
_MARGIN_CELLS = 4

_COLORS = Theme(
    name="duologue",
    ansi=True,  # The terminal's own colors and background: right on light and dark ones.
    primary="ansi_green",
    secondary="ansi_cyan",
    warning="ansi_yellow",
    error="ansi_red",
    success="ansi_green",
    accent="ansi_cyan",
    foreground="ansi_default",
    background="ansi_default",
    surface="ansi_default",
    panel="ansi_default",
    boost="ansi_default",
    variables={
        "ansi-background": "ansi_default",
        "ansi-foreground": "ansi_default",
        "border-blurred": "ansi_bright_black",
        "scrollbar": "ansi_bright_black",
        "scrollbar-hover": "ansi_bright_black",
        "scrollbar-active": "ansi_bright_black",
        "scrollbar-background": "ansi_default",
        "scrollbar-background-hover": "ansi_default",
        "scrollbar-background-active": "ansi_default",
        "input-selection-background": "ansi_cyan",
        "input-selection-foreground": "ansi_black",
        "screen-selection-background": "ansi_cyan",
        "screen-selection-foreground": "ansi_black",
    },
)


class ChatApp(App[None]):
    """One conversation. The client has sat down already, and belongs to the caller."""

    TITLE = words.TITLE
    CSS_PATH = Path(__file__).with_name("styles.tcss")
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c,ctrl+q", "copy_or_quit", priority=True),
        Binding("pageup", "scroll(-1)", priority=True),
        Binding("pagedown", "scroll(1)", priority=True),
        Binding("ctrl+home", "scroll_to(0)", priority=True),
        Binding("ctrl+end", "scroll_to(1)", priority=True),
        Binding("escape", "screen.clear_selection"),
    ]

    def __init__(self, client: Client, link_to: Callable[[str], str]) -> None:
        """Show a conversation.

        Args:
            client: The conversation.
            link_to: Makes the link of the page for a room's code.
        """
        super().__init__(driver_class=TerminalDriver)
        self.register_theme(_COLORS)
        self.theme = _COLORS.name
        self.client = client
        self.link_to = link_to
        self.story = Story()
        self._standing = Standing()
        self._wishes = Wishes(self)
        self._submitted: deque[str] = deque()
        self._is_submitted = asyncio.Event()
        self._flashed = self._flashed_over = self._flashed_after = ""
        self._unread: Chat | None = None
        self._has_met = False

    def compose(self) -> ComposeResult:
        """Put up what never changes its place."""
        with Horizontal(id="head"):
            yield Static(id="room")
            yield Static(id="partner")
        with Container(id="body"):
            yield Log(self.story)
        yield Static(id="commands")
        yield Static(id="standing")
        yield Composer()

    async def on_mount(self) -> None:
        """Begin to listen, to the server and to the person."""
        self.composer.focus()
        self.run_worker(self._listen())
        self.run_worker(self._obey())

    @property
    def composer(self) -> Composer:
        """Where one writes."""
        return self.screen_stack[0].query_one(Composer)

    @property
    def log_view(self) -> Log:
        """What was said."""
        return self.screen_stack[0].query_one(Log)

    @property
    def undelivered(self) -> list[str]:
        """What was written and is not known to be delivered."""
        waiting = () if self._standing.ended else self.client.unsettled
        unsaid = (text for text in self._submitted if isinstance(read(text), str))
        return [*(message.content for message in waiting), *unsaid]

    # What the server says

    async def _listen(self) -> None:
        loop = asyncio.get_running_loop()
        taken = 0
        try:
            async for event in self.client.events():
                self.story.hear(event, now_ms())
                self._standing.hear(event, loop.time())
                self._attend(event)
                taken += 1
                if taken % _EVENTS_A_TURN == 0:
                    await asyncio.sleep(0)
                self.call_later(self._show)
        except DuologueError as error:
            self.flash(visible_line(str(error)))
        self._show()

    def _attend(self, event: Event) -> None:
        match event:
            case Chat():
                self._unread = event
                if not self.app_focus:
                    self.bell()
            case RoomCreated():
                self._has_met = False
            case RoomJoined() | PartnerJoined():
                self._has_met = True
            case Offline():
                self.set_timer(LASTING_S + 0.1, self._show)
            case Refused():
                self.flash(words.REFUSED.format(message=visible_line(event.message)))

    # What the person does

    def on_composer_submitted(self, event: Composer.Submitted) -> None:
        """Deal with it after all that was submitted before, if that matters."""
        if not self._wishes.fulfil_at_once(event.text):
            self._submitted.append(event.text)
            self._is_submitted.set()

    async def _obey(self) -> None:
        while True:
            await self._is_submitted.wait()
            self._is_submitted.clear()
            while self._submitted:
                await self._wishes.fulfil(self._submitted[0])
                self._submitted.popleft()
                self._show()

    def on_text_area_changed(self, _event: TextArea.Changed) -> None:
        """Let the partner know that somebody writes, and show what commands there are."""
        text = self.composer.text
        if text != self._flashed_over:
            self._flashed = ""
        if text and not text.startswith("/"):
            self.client.typing()
        else:
            self.client.stop_typing()
        self._show_commands(text)
        self._show()

    def action_copy_or_quit(self) -> None:
        """Copy what is marked; where nothing is, the key ends the program."""
        marked = self.composer.selected_text or self.screen.get_selected_text()
        if isinstance(self.screen, QuitDialog | Telling):
            self.screen.insist()
        elif marked:
            self.copy_to_clipboard(marked)
            self.screen.clear_selection()
            self.flash(words.COPIED)
        else:
            self.action_ask_to_quit()

    def action_ask_to_quit(self) -> None:
        """End, but not without a question where something would be lost."""
        if texts := self.undelivered:
            dialog = QuitDialog(texts, partner_of(self.client))
            self.push_screen(dialog, self._quit_if)
        else:
            self.exit()

    def _quit_if(self, is_sure: bool | None) -> None:
        if is_sure:
            self.exit()
        self._look_again()

    def tell(self, dialog: Telling) -> None:
        """Show something over the conversation, which is not seen meanwhile."""
        self.push_screen(dialog, self._look_again)

    def _look_again(self, _: None = None) -> None:
        self.call_after_refresh(self._show)

    def action_scroll(self, pages: int) -> None:
        """Scroll the log by pages."""
        log = self.log_view
        log.scroll_relative(y=pages * (log.size.height - 2), animate=False)

    def action_scroll_to(self, is_end: int) -> None:
        """Scroll to the beginning, or to the end."""
        log = self.log_view
        log.scroll_to(y=log.max_scroll_y if is_end else 0, animate=False)

    def watch_app_focus(self, is_focused: bool) -> None:
        """Who looks again has seen what came; who looks elsewhere does not write."""
        if not self.is_running:
            return
        if is_focused:
            self._see()
        else:
            self.client.stop_typing()

    def on_log_end_seen(self) -> None:
        """The newest came into view."""
        self._show()

    # What is shown

    def flash(self, text: str) -> None:
        """Say something until the text that is being written is another, or worse happens."""
        self._flashed = text
        self._flashed_over = self.composer.text
        self._flashed_after = self._standing_line()
        self._show()

    def _show(self) -> None:
        if not self.is_running:
            return
        self._show_room()
        self.log_view.catch_up()
        self._show_standing()
        self._see()

    def _show_room(self) -> None:
        code, partner = self.client.room_code, self.client.partner
        screen = self.screen_stack[0]
        title = Content.styled(words.TITLE, "bold").append("  " + grouped(code or ""))
        screen.query_one("#room", Static).update(title)
        state = presence(self.client)
        if self._standing.troubled(asyncio.get_running_loop().time()):
            state = words.OFFLINE
        screen.query_one("#partner", Static).update(Content(state))
        screen.query_one("#partner", Static).set_class(self.client.partner_is_here, "here")
        cells = max(_LEAST_CELLS, self.size.width - _MARGIN_CELLS)
        self.composer.placeholder = _placeholder(self.client).truncate(cells, ellipsis=True)
        is_waiting = code is not None and partner is None and not self._has_met
        self._show_invitation(code if is_waiting else None)

    def _show_invitation(self, code: str | None) -> None:
        self.log_view.display = code is None
        body = self.screen_stack[0].query_one("#body")
        present = body.query(Invitation)
        if code is None:
            present.remove()
        elif not present:
            body.mount(Invitation(code, self.link_to(code), words.WAITING))

    def _show_standing(self) -> None:
        line = self._standing_line()
        if line != self._flashed_after and line and self._standing.is_grave:
            self._flashed = ""
        line = self._flashed or line
        is_below = not self.log_view.shows_end and self.log_view.display
        if not line and is_below and self._unread is not None:
            line = words.NEW_BELOW
        standing = self.screen_stack[0].query_one("#standing", Static)
        standing.update(Content(line))
        standing.set_class(bool(self._flashed) or self._standing.is_grave, "grave")

    def _standing_line(self) -> str:
        now = asyncio.get_running_loop().time()
        return self._standing.line(partner_of(self.client), now)

    def _show_commands(self, text: str) -> None:
        shown = self.screen_stack[0].query_one("#commands", Static)
        rows = [
            Content.styled(f"{command.usage:<{_USAGE_CELLS}}", "bold").append(command.help)
            for command in matching(text)
        ]
        shown.display = bool(rows)
        shown.update(Content("\n").join(rows))

    def _see(self) -> None:
        """Let the partner know what a person has seen."""
        is_seen = self.app_focus and self.log_view.shows_end and len(self.screen_stack) == 1
        if self._unread is not None and is_seen:
            chat, self._unread = self._unread, None
            self.client.mark_read(chat)


def _placeholder(client: Client) -> Content:
    if client.room_code is None:
        return Content(words.PLACEHOLDER_OUTSIDE)
    if client.partner is None:
        return Content(words.PLACEHOLDER_ALONE)
    return Content(words.PLACEHOLDER.format(name=partner_of(client)))  # no markup in names
