"""The directory: which rooms there are, and who is connected.

Creates rooms, finds them by code, rebuilds them from tickets, forgets them when
nobody is left, and wakes the sessions and rooms that have something due.
"""

from collections import deque
from collections.abc import Callable, Sequence
from itertools import islice
from typing import TypeVar

from duologue.core import comeback
from duologue.core.admission import Admission
from duologue.core.drain import Drain, parties_of
from duologue.core.guessing import DELAY_S, Guessing
from duologue.core.heartbeat import Wheel
from duologue.core.house import House
from duologue.core.line import NOBODY, Line, Source
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
from duologue.wire.messages import Error

_ROOM_ID_BYTES = 16

RECONNECTS_PER_S = 1000
"""How many clients are asked to come back a second when the server restarts."""

LONGEST_RECONNECT_MS = 10_000
"""By when the last of them comes back, however many they are."""

_ROOMS_A_WAKE = 500
"""So many rooms are looked after at a time: more would keep everyone else waiting."""

_REMEMBERED_ENDS = 10_000
"""So many rooms that were left by everyone are remembered: no ticket reopens them."""

AnySession = TypeVar("AnySession", bound=Session)


class Lobby:
    """All rooms and sessions of one server.

    Args:
        house: What its rooms share.
        random_bytes: Returns that many bytes from a cryptographic source.
        new_client_id: Returns a fresh UUID version 4 as text.
        is_counted: Says whether limits for a source hold for this one.
    """

    def __init__(
        self,
        *,
        house: House,
        random_bytes: Callable[[int], bytes],
        new_client_id: Callable[[], str],
        is_counted: Callable[[Source], bool] = lambda _source: True,
    ) -> None:
        self.house = house
        self.safe_content_chars = house.limits.safe_content_chars
        self.tally = house.tally
        self.admission = Admission(house.limits, is_counted)
        self._guessing = Guessing(house.limits, house.now)
        self._late: deque[tuple[float, Session, Error]] = deque()
        self.rooms: dict[RoomCode, Room] = {}
        self.sessions: Wheel[Session] = Wheel()
        self.stalled: set[Session] = set()
        self.drain: Drain | None = None
        self._ended = Recent(_REMEMBERED_ENDS, _ROOM_ID_BYTES)
        self._random_bytes = random_bytes
        self.new_client_id = new_client_id

    def greet(self, line: Line) -> ReferenceSession:
        """Begin a session with a reference client at the other end of a new line."""
        return self._enter(ReferenceSession(self, line, self.new_client_id()))

    def greet_v1(self, line: Line) -> V1Session:
        """Begin a session with a client of `duologue.v1`."""
        session = self._enter(V1Session(self, line, self.new_client_id()))
        if self.drain is not None:
            session.dismiss(0)  # All others are elsewhere, or about to go there.
        return session

    def create(self, line: Line, username: str, client_id: str | None) -> Seat | None:
        """Open a room under a code that no other has, and seat its first person.

        None if there are enough rooms.

        Args:
            line: Where that person is.
            username: What to call them.
            client_id: Who gets tickets; None for a reference client.
        """
        house = self.house
        if not self.admission.open_room(line.source, house.now):
            return None
        code = self._new_code()
        room_id = self._random_bytes(_ROOM_ID_BYTES)
        room = self.rooms[code] = Room(house, code, room_id, line.source)
        self.tally.rooms_created += 1
        seat = room.open(line, username, client_id)
        self.tally.count_room(room)
        return seat

    def resume(self, line: Line, claim: v1.Resume) -> Seat | None:
        """Give someone the seat that their ticket names; None if it is not theirs."""
        house = self.house
        ticket = house.tickets.open(claim.ticket, house.clock_ms())
        if ticket is None or self._has_ended(ticket):
            return None
        room = self.rooms.get(RoomCode(ticket.code))
        if room is None:
            self.admission.reopen_room(line.source, house.now)
            room = comeback.rebuild(house, ticket, line.source)
            self.rooms[RoomCode(ticket.code)] = room
            self.tally.rooms_rebuilt += 1
        elif room.room_id != ticket.room_id:
            return None
        return comeback.resume(room, ticket, claim, line)

    def find(self, typed: str) -> Room | None:
        """Return the room that a person means by what they typed, if there is one."""
        for code in codes.candidates(typed):
            if (room := self.rooms.get(code)) is not None:
                return room
        return None

    def wait_before_join(self, source: Source) -> float:
        """Return how many seconds a source has to wait until it may try a code; 0 for none."""
        return self._guessing.wait_s(source, self.house.now)

    def note_wrong_code(self, source: Source) -> None:
        """Remember that a source has tried a code in vain."""
        self._guessing.note_wrong(source, self.house.now)

    def answer_late(self, session: Session, refusal: Error) -> None:
        """Say this after a while, to someone who should not try so often."""
        self._late.append((self.house.now + DELAY_S, session, refusal))

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
        if self.drain is not None:
            self.drain.lost(session)
        self.tally.ended[session.protocol] += 1

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
        while self._late and self._late[0][0] <= now:
            _, session, refusal = self._late.popleft()
            session.answer_late(refusal)
        for session in self.sessions.turn():
            session.beat()
        for session in list(self.stalled):
            if session.stall_deadline is not None and now >= session.stall_deadline:
                session.line.close(CloseCode.TOO_SLOW)
        self._look_after_absences(now)
        self._close_lone_rooms(now)
        self._guessing.sweep(now)
        self.admission.sweep(now)

    def begin_drain(self, now: float, until: float) -> None:
        """Send those away who can go elsewhere, evenly until some moment; see `wake_drain`."""
        self.drain = Drain(self.sessions, now, until)

    def wake_drain(self, now: float) -> None:
        """Send away all whose turn has come."""
        if self.drain is not None:
            self.settle()
            self.drain.wake(now)

    def dismiss(self) -> None:
        """Say goodbye to everyone: the server stops. Who can come back does so in turn."""
        self.settle()
        sessions = list(self.sessions)
        apart_ms = min(1000 / RECONNECTS_PER_S, LONGEST_RECONNECT_MS / max(1, len(sessions)))
        number = 0
        groups: list[Sequence[Session]] = [*parties_of(sessions), sessions]
        for group in groups:
            for session in group:
                session.dismiss(round(number * apart_ms))
            number += len(group)

    def _enter(self, session: AnySession) -> AnySession:
        session.slot = self.sessions.add(session)
        self.tally.opened[session.protocol] += 1
        return session

    def _has_ended(self, ticket: Seating) -> bool:
        """Say whether everyone has left the room that a ticket names, as it knows it."""
        last_pairing = self._ended.get(ticket.room_id)
        return last_pairing is not None and ticket.pairing <= last_pairing

    def _look_after_absences(self, now: float) -> None:
        absences = self.house.absences
        for _ in range(min(len(absences), _ROOMS_A_WAKE)):
            if absences[0][0] > now:
                break
            _, room = absences.popleft()
            if room.look_after():
                absences.append((now + LOOK_AFTER_S, room))
            if room.is_empty:
                self._drop(room)

    def _close_lone_rooms(self, now: float) -> None:
        """Close the rooms to which nobody came for too long."""
        lone_rooms = self.house.lone_rooms
        longest_s = self.house.limits.lone_room_s
        waiting: set[Seat] = set()
        for room, since in list(islice(lone_rooms.items(), _ROOMS_A_WAKE)):
            if now < since + longest_s:
                break
            del lone_rooms[room]  # Who is away is looked after elsewhere.
            waiting.update(seat for seat in room.seats if seat.line is not NOBODY)
        if waiting:
            for session in list(self.sessions):
                if (seat := session.seat) is not None and seat in waiting:
                    session.expire(seat)

    def _new_code(self) -> RoomCode:
        """Make a code that names no room."""
        length = self.house.limits.code_length
        code = codes.generate(self._random_bytes, length)
        while code in self.rooms:
            code = codes.generate(self._random_bytes, length)
        return code

    def _drop(self, room: Room) -> None:
        self.house.lone_rooms.pop(room, None)
        self.tally.forget_room(room)
        # A condemned room is emptied later: by then its code may name another.
        if self.rooms.get(room.code) is room:
            del self.rooms[room.code]
            self.admission.close_room(room.source)
