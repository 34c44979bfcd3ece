"""The directory: which rooms there are, and who is connected.

Creates rooms, finds them by code, forgets them when the last person leaves,
and wakes the sessions that have something due.
"""

from collections.abc import Callable
from dataclasses import dataclass

from duologue.core.heartbeat import Wheel
from duologue.core.limits import Limits
from duologue.core.line import Line
from duologue.core.room import Room, Seat
from duologue.core.session import Session
from duologue.wire import codes
from duologue.wire.close import CloseCode
from duologue.wire.codes import RoomCode


@dataclass(slots=True)
class Tally:
    """What has happened since the start, as plain counts."""

    connections: int = 0
    rooms: int = 0


class Lobby:
    """All rooms and sessions of one server.

    Args:
        limits: The bounds to keep.
        random_bytes: Returns that many bytes from a cryptographic source.
        new_client_id: Returns a fresh UUID version 4 as text.
    """

    def __init__(
        self,
        *,
        limits: Limits,
        random_bytes: Callable[[int], bytes],
        new_client_id: Callable[[], str],
    ) -> None:
        self.limits = limits
        self.safe_content_chars = limits.safe_content_chars
        self.tally = Tally()
        self.rooms: dict[RoomCode, Room] = {}
        self.sessions: Wheel[Session] = Wheel()
        self.stalled: set[Session] = set()
        self._random_bytes = random_bytes
        self._new_client_id = new_client_id

    def greet(self, line: Line) -> Session:
        """Begin a session with whoever is at the other end of a new line."""
        session = Session(self, line, self._new_client_id())
        session.slot = self.sessions.add(session)
        self.tally.connections += 1
        return session

    def create(self, line: Line, username: str) -> Seat:
        """Open a room under a code that no other has, and seat its first person."""
        code = codes.generate(self._random_bytes)
        while code in self.rooms:
            code = codes.generate(self._random_bytes)
        room = self.rooms[code] = Room(code)
        self.tally.rooms += 1
        return room.open(line, username)

    def find(self, typed: str) -> Room | None:
        """Return the room that a person means by what they typed, if there is one."""
        for code in codes.candidates(typed):
            if (room := self.rooms.get(code)) is not None:
                return room
        return None

    def leave(self, seat: Seat) -> None:
        """Free a seat, and forget its room if it was the last one taken."""
        room = seat.room
        room.leave(seat)
        if room.is_empty:
            self._drop(room)

    def condemn(self, room: Room) -> None:
        """End a room whose rules have failed, without a word about why."""
        self._drop(room)
        for seat in room.seats:
            seat.line.close(CloseCode.SERVER_FAULT)

    def forget(self, session: Session) -> None:
        """Take a session off the books."""
        self.sessions.discard(session, session.slot)

    def wake(self, now: float) -> None:
        """Do what is due: the next few heartbeats, and the end of patience."""
        for session in self.sessions.turn():
            session.beat()
        for session in list(self.stalled):
            if session.stall_deadline is not None and now >= session.stall_deadline:
                session.line.close(CloseCode.TOO_SLOW)

    def dismiss(self) -> None:
        """Say goodbye to everyone: the server stops."""
        for session in list(self.sessions):
            session.line.close(CloseCode.GOING_AWAY)

    def _drop(self, room: Room) -> None:
        # A condemned room is emptied later: by then its code may name another.
        if self.rooms.get(room.code) is room:
            del self.rooms[room.code]
