"""A client of `duologue.v1`: its chats are counted, and its seat is kept for it."""

from typing import TYPE_CHECKING, assert_never

from duologue.core import comeback
from duologue.core.line import Line
from duologue.core.session import Session
from duologue.core.tally import Protocol
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode

if TYPE_CHECKING:
    from duologue.core.lobby import Lobby
    from duologue.core.seat import Seat

_Wish = v1.Resume | v1.SetUsername | v1.CreateRoom | v1.JoinRoom | v1.FreeSeat | v1.LeaveRoom
_Other = v1.Read | v1.Typing | v1.StopTyping | v1.Ping | _Wish

_PONG = v1.Pong()


class V1Session(Session):
    """A client of `duologue.v1` that is connected now."""

    __slots__ = ()

    protocol = Protocol.V1

    def __init__(self, lobby: "Lobby", line: Line, client_id: str) -> None:
        super().__init__(lobby, line, client_id)
        limits = self._limits
        line.send(
            v1.Connected(
                client_id, v1.SUBPROTOCOL, limits.max_content_bytes, limits.heartbeat_s
            )
        )

    def receive(self, message: v1.ClientMessage) -> None:
        """Deal with one message of the client."""
        # First, apart and at once: nearly all messages are one of these two.
        if isinstance(message, v1.Chat):
            seat, content = self.seat, message.content
            if seat is None:
                self._lobby.house.refuse_chat(self.line, refusals.NOT_IN_ROOM, message)
            elif len(content) > self._safe_chars and not self._limits.allows_content(content):
                too_long = refusals.message_too_long(self._limits.max_content_bytes)
                self._lobby.house.refuse_chat(self.line, too_long, message)
            else:
                seat.room.post(seat, message)
        elif isinstance(message, v1.Received):
            if (seat := self._seat_or_refuse()) is not None:
                seat.room.received(seat, message.pairing, message.id)
        else:
            self._receive_other(message)

    def beat(self) -> None:
        """Ask for a sign of life, and renew an ageing ticket."""
        super().beat()
        seat = self.seat
        if seat is not None and self._lobby.house.now >= seat.renew_at:
            seat.room.renew_ticket(seat)

    def dismiss(self, after_ms: int) -> None:
        """Say when to come back: the server restarts."""
        self.line.send(v1.Reconnect(after_ms))
        self.line.close(CloseCode.RESTARTING)

    def _receive_other(self, message: _Other) -> None:
        match message:
            case v1.Read(pairing=pairing, id=chat_id):
                if (seat := self._seat_or_refuse()) is not None:
                    seat.room.read(seat, pairing, chat_id)
            case v1.Typing():
                self._typing()
            case v1.StopTyping():
                self._stop_typing()
            case v1.Ping():
                self.line.send(_PONG)
            case _:
                self._receive_wish(message)

    def _receive_wish(self, message: _Wish) -> None:
        match message:
            case v1.Resume():
                self._resume(message)
            case v1.SetUsername(username=username):
                self._set_username(username)
            case v1.CreateRoom():
                self._create(self.client_id)
            case v1.JoinRoom():
                self._join_or_reclaim(message)
            case v1.FreeSeat():
                if (seat := self._seat_or_refuse()) is not None:
                    seat.room.free_seat(seat)
            case v1.LeaveRoom():
                if self._leave():
                    self.client_id = self._lobby.new_client_id()
                    self.line.send(v1.RoomLeft(self.client_id))
            case _:
                assert_never(message)

    def _join_or_reclaim(self, message: v1.JoinRoom) -> None:
        if not self._reclaim(message):
            if message.client_id is not None and self.seat is None:
                self.client_id = message.client_id  # This answer, too, may get lost.
            self._join(message.room_code, self.client_id)

    def _reclaim(self, message: v1.JoinRoom) -> bool:
        """Take the seat back that was given to us before; False if there is none."""
        client_id, username = message.client_id, self.username
        if client_id is None or username is None or self.seat is not None:
            return False
        room = self._lobby.find(message.room_code)
        seat = None if room is None else comeback.reclaim(room, client_id, self.line)
        if seat is None:
            return False
        self._lobby.tally.resumed += 1
        self.seat = seat
        self.client_id = client_id
        if seat.username != username:
            seat.room.rename(seat, username)
        return True

    def _resume(self, claim: v1.Resume) -> None:
        if self.seat is not None:
            self._refuse(refusals.ALREADY_IN_ROOM)
        elif (seat := self._lobby.resume(self.line, claim)) is None:
            self._lobby.tally.not_resumed += 1
            self._refuse_useless(refusals.TICKET_REFUSED)
        else:
            self._lobby.tally.resumed += 1
            self.seat = seat
            self.client_id = seat.client_id or self.client_id
            self.username = seat.username

    def _lose(self, seat: "Seat") -> None:
        seat.room.lost(seat)
