"""Does what a person has submitted: says it, or obeys the command.

Whatever goes wrong is told in a line, and what was not said goes back to where
it was written.
"""

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from duologue.errors import (
    DuologueError,
    EmptyMessage,
    MessageTooLong,
    NoPartner,
    NotInRoom,
)
from duologue.terminal.visible import visible_line
from duologue.tui import words
from duologue.tui.clock import now_ms
from duologue.tui.commands import Order, Unknown, read
from duologue.tui.dialogs import CodeDialog, HelpDialog

if TYPE_CHECKING:
    from duologue.tui.app import ChatApp


class Wishes:
    """Fulfils one submitted text after the other."""

    def __init__(self, app: "ChatApp") -> None:
        self._app = app
        self._client = app.client
        self._at_once: dict[str, Callable[[str], object]] = {
            "code": lambda _: self._show_code(),
            "copy": lambda _: self._copy(),
            "free": lambda _: self._client.free_seat(),
            "help": lambda _: app.push_screen(HelpDialog()),
            "name": self._rename,
            "quit": lambda _: app.action_ask_to_quit(),
        }
        self._in_time: dict[str, Callable[[str], Awaitable[object]]] = {
            "join": self._join,
            "leave": lambda _: self._client.leave(),
            "new": lambda _: self._open(),
        }

    async def fulfil(self, text: str) -> None:
        """Do it, and say what stands in the way."""
        wish = read(text)
        try:
            match wish:
                case Unknown():
                    self._refuse(text, words.UNKNOWN.format(name=wish.name))
                case Order():
                    await self._obey(wish)
                case _:
                    await self._say(wish)
        except EmptyMessage:
            pass
        except MessageTooLong as error:
            size, limit = error.size_bytes, error.limit_bytes
            self._refuse(text, words.TOO_LONG.format(size=size, limit=limit))
        except NoPartner:
            is_order = isinstance(wish, Order)
            self._refuse(text, words.NOT_AWAY if is_order else words.NOBODY)
        except NotInRoom:
            self._refuse(text, words.NO_ROOM)
        except DuologueError as error:
            self._refuse(text, visible_line(str(error)))

    def _refuse(self, text: str, why: str) -> None:
        self._app.composer.give_back(text)
        self._app.flash(why)

    async def _say(self, text: str) -> None:
        message = await self._client.send(text)
        self._app.story.said(message, now_ms())
        self._app.log_view.catch_up(to_end=True)

    async def _obey(self, order: Order) -> None:
        name, argument = order.command.name, order.argument
        if order.command.argument and not argument:
            self._app.flash(words.ARGUMENT_MISSING.format(usage=order.command.usage))
        elif name in self._at_once:
            self._at_once[name](argument)
        else:
            await self._in_time[name](argument)

    def _show_code(self) -> None:
        code = self._client.room_code
        if code is None:
            self._app.flash(words.NO_ROOM)
        else:
            self._app.push_screen(CodeDialog(code, self._app.link_to(code)))

    def _copy(self) -> None:
        heard = self._app.story.last_heard
        if heard is None:
            self._app.flash(words.NOTHING_TO_COPY)
        else:
            self._app.copy_to_clipboard(heard)
            self._app.flash(words.COPIED)

    def _rename(self, name: str) -> None:
        self._client.rename(name)
        self._app.flash(words.NAME_NOW.format(name=visible_line(self._client.name)))

    async def _join(self, code: str) -> None:
        await self._leave()
        await self._client.join_room(code)

    async def _open(self) -> None:
        await self._leave()
        await self._client.create_room()

    async def _leave(self) -> None:
        if self._client.room_code is not None:
            self._app.flash(words.LEAVING)
            await self._client.leave()
            self._app.flash("")
