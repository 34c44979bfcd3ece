"""The directory: which rooms there are, and who is connected.

Creates rooms, finds them by code, rebuilds them from tickets, forgets them when
nobody is left, and wakes the sessions and rooms that have something due.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from duologue.core import comeback
from duologue.core.heartbeat import Wheel
from duologue.core.house import House
from duologue.core.line import Line
from duologue.core.recent import Recent
from duologue.core.reference_session import ReferenceSession
from duologue.core.room import LOOK_AFTER_S, Room
from duologue.core.seat import Seat
from duologue.core.session import Session
from duologue.core.ticket import Seating
from duologue.core.v1_session import V1Session
from duologue.wire import codes, v1
from duologue.wire.close import CloseCode
from duologue.wire.codes import RoomCode

_ROOM_ID_BYTES = 16

RECONNECTS_PER_S = 1000
"""How many clients are asked to come back a second when the server restarts."""

LONGEST_RECONNECT_MS = 10_000
"""By when the last of them comes back, however many they are."""

_ABSENCES_A_WAKE = 500
"""So many rooms are looked after at a time: more would keep everyone else waiting."""

_REMEMBERED_ENDS = 10_000
"""So many rooms that were left by everyone are remembered: no ticket reopens them."""

AnySession = TypeVar("AnySession", bound=Session)


@dataclass(slots=True)
class Tally:
    """What has happened since the start, as plain counts."""

    connections: int = 0
    rooms: int = 0


class Lobby:
    """All rooms and sessions of one server.

    Args:
        house: What its rooms share.
        random_bytes: Returns that many bytes from a cryptographic source.
        new_client_id: Returns a fresh UUID version 4 as text.
    """

    def __init__(
        self,
        *,
        house: House,
        random_bytes: Callable[[int], bytes],
        new_client_id: Callable[[], str],
    ) -> None:
        self.house = house
        self.safe_content_chars = house.limits.safe_content_chars
        self.tally = Tally()
        self.rooms: dict[RoomCode, Room] = {}
        self.sessions: Wheel[Session] = Wheel()
        self.stalled: set[Session] = set()
        self._ended = Recent(_REMEMBERED_ENDS)
        self._random_bytes = random_bytes
        self.new_client_id = new_client_id

    def greet(self, line: Line) -> ReferenceSession:
        """Begin a session with a reference client at the other end of a new line."""
        return self._enter(ReferenceSession(self, line, self.new_client_id()))

    def greet_v1(self, line: Line) -> V1Session:
        """Begin a session with a client of `duologue.v1`."""
        return self._enter(V1Session(self, line, self.new_client_id()))

    def create(self, line: Line, username: str, client_id: str | None) -> Seat:
        """Open a room under a code that no other has, and seat its first person.

        Args:
            line: Where that person is.
            username: What to call them.
            client_id: Who gets tickets; None for a reference client.
        """
        code = codes.generate(self._random_bytes)
        while code in self.rooms:
            code = codes.generate(self._random_bytes)
        room = self.rooms[code] = Room(self.house, code, self._random_bytes(_ROOM_ID_BYTES))
        self.tally.rooms += 1
        return room.open(line, username, client_id)

    def resume(self, line: Line, claim: v1.Resume) -> Seat | None:
        """Give someone the seat that their ticket names; None if it is not theirs."""
        house = self.house
        ticket = house.tickets.open(claim.ticket, house.clock_ms())
        if ticket is None or self._has_ended(ticket):
            return None
        room = self.rooms.get(RoomCode(ticket.code))
        if room is None:
            room = self.rooms[RoomCode(ticket.code)] = comeback.rebuild(house, ticket)
        elif room.room_id != ticket.room_id:
            return None
        return comeback.resume(room, ticket, claim, line)

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
            self._ended.note(room.room_id, room.pairing)

    def condemn(self, room: Room) -> None:
        """End a room whose rules have failed, without a word about why."""
        self._drop(room)
        for seat in room.seats:
            seat.line.close(CloseCode.SERVER_FAULT)
            seat.free()

    def forget(self, session: Session) -> None:
        """Take a session off the books."""
        self.sessions.discard(session, session.slot)

    def settle(self) -> None:
        """Say what the last batch left to be acknowledged, once for all of it."""
        unsettled = self.house.unsettled
        self.house.at_ms = 0
        if unsettled:
            for seat in unsettled:
                if not seat.line.is_stalled:  # Else it is due when the peer reads again.
                    seat.settle()
            unsettled.clear()

    def wake(self, now: float) -> None:
        """Do what is due: the next few heartbeats, and the end of patience."""
        self.house.now = now
        for session in self.sessions.turn():
            session.beat()
        for session in list(self.stalled):
            if session.stall_deadline is not None and now >= session.stall_deadline:
                session.line.close(CloseCode.TOO_SLOW)
        self._look_after_absences(now)

    def dismiss(self) -> None:
        """Say goodbye to everyone: the server stops. Who can come back does so in turn."""
        self.settle()
        sessions = list(self.sessions)
        apart_ms = min(1000 / RECONNECTS_PER_S, LONGEST_RECONNECT_MS / max(1, len(sessions)))
        for number, session in enumerate(sessions):
            session.dismiss(round(number * apart_ms))

    def _enter(self, session: AnySession) -> AnySession:
        session.slot = self.sessions.add(session)
        self.tally.connections += 1
        return session

    def _has_ended(self, ticket: Seating) -> bool:
        """Say whether everyone has left the room that a ticket names, as it knows it."""
        last_pairing = self._ended.get(ticket.room_id)
        return last_pairing is not None and ticket.pairing <= last_pairing

    def _look_after_absences(self, now: float) -> None:
        absences = self.house.absences
        for _ in range(min(len(absences), _ABSENCES_A_WAKE)):
            if absences[0][0] > now:
                break
            _, room = absences.popleft()
            if room.look_after():
                absences.append((now + LOOK_AFTER_S, room))
            if room.is_empty:
                self._drop(room)

    def _drop(self, room: Room) -> None:
        # A condemned room is emptied later: by then its code may name another.
        if self.rooms.get(room.code) is room:
            del self.rooms[room.code]
