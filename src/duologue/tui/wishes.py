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
        self._at_once: dict[str, Callable[[], object]] = {
            "code": self._show_code,
            "copy": self._copy,
            "help": lambda: app.tell(HelpDialog()),
            "quit": app.action_ask_to_quit,
        }
        self._in_turn: dict[str, Callable[[str], Awaitable[None]]] = {
            "free": lambda _: self._free(),
            "join": self._join,
            "leave": lambda _: self._leave(),
            "name": self._rename,
            "new": lambda _: self._open(),
        }

    def fulfil_at_once(self, text: str) -> bool:
        """Do it if it need not wait for what was submitted before; False if it must."""
        wish = read(text)
        if not isinstance(wish, Order) or wish.command.name not in self._at_once:
            return False
        self._at_once[wish.command.name]()
        return True

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
        else:
            await self._in_turn[name](argument)

    def _show_code(self) -> None:
        code = self._client.room_code
        if code is None:
            self._app.flash(words.NO_ROOM)
        else:
            note = words.WAITING if self._client.partner is None else words.ROOM_FULL
            self._app.tell(CodeDialog(code, self._app.link_to(code), note))

    def _copy(self) -> None:
        heard = self._app.story.last_heard
        if heard is None:
            self._app.flash(words.NOTHING_TO_COPY)
        else:
            self._app.copy_to_clipboard(heard)
            self._app.flash(words.COPIED)

    async def _free(self) -> None:
        self._client.free_seat()

    async def _rename(self, name: str) -> None:
        self._client.rename(name)
        self._app.flash(words.NAME_NOW.format(name=visible_line(self._client.name)))

    async def _join(self, text: str) -> None:
        page, is_link, code = text.rpartition("#")
        if is_link and page != self._app.link_to(code).rpartition("#")[0]:
            self._refuse(f"/join {text}", words.OTHER_SERVER)
            return
        await self._leave_room()
        await self._client.join_room(code)

    async def _open(self) -> None:
        await self._leave_room()
        await self._client.create_room()

    async def _leave_room(self) -> None:
        if self._client.room_code is not None:
            await self._leave()

    async def _leave(self) -> None:
        self._app.flash(words.LEAVING)
        await self._client.leave()
        self._app.flash("")
