"""A client of the reference protocol: it named no subprotocol.

Its seat lasts as long as its connection, and nothing that it says is counted.
"""

from typing import TYPE_CHECKING, assert_never

from duologue.core.line import Line
from duologue.core.session import Session
from duologue.core.tally import Protocol
from duologue.wire import refusals
from duologue.wire.messages import (
    Chat,
    ClientMessage,
    Connected,
    CreateRoom,
    JoinRoom,
    LeaveRoom,
    SetUsername,
    StopTyping,
    Typing,
)

if TYPE_CHECKING:
    from duologue.core.lobby import Lobby


class ReferenceSession(Session):
    """A reference client that is connected now."""

    __slots__ = ()

    protocol = Protocol.REFERENCE

    def __init__(self, lobby: "Lobby", line: Line, client_id: str) -> None:
        super().__init__(lobby, line, client_id)
        line.send(Connected(client_id))

    def receive(self, message: ClientMessage) -> None:
        """Deal with one message of the client."""
        # First, apart and at once: nearly all messages are chats.
        if isinstance(message, Chat):
            seat, content = self.seat, message.content
            if seat is None:
                self._refuse(refusals.NOT_IN_ROOM)
            elif len(content) > self._safe_chars and not self._limits.allows_content(content):
                self._refuse(refusals.message_too_long(self._limits.max_content_bytes))
            else:
                seat.room.say(seat, content)
        else:
            self._receive_other(message)

    def _receive_other(
        self, message: SetUsername | CreateRoom | JoinRoom | Typing | StopTyping | LeaveRoom
    ) -> None:
        match message:
            case Typing():
                self._typing()
            case StopTyping():
                self._stop_typing()
            case SetUsername(username=username):
                self._set_username(username)
            case CreateRoom():
                self._create(client_id=None)
            case JoinRoom(room_code=typed):
                self._join(typed, client_id=None)
            case LeaveRoom():
                self._leave()
            case _:
                assert_never(message)
