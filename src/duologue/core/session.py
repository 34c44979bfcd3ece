"""One client's life with the server: greeted, then named, then seated.

Here is what is the same for all clients. `reference_session` and `v1_session`
turn the messages of their protocol into inputs of a room or of the lobby. A
session ends with its connection.
"""

import math
import unicodedata
from typing import TYPE_CHECKING, ClassVar

from duologue.core.admission import RETRY_AFTER_S
from duologue.core.limits import Bucket, per_second
from duologue.core.line import Line
from duologue.core.tally import Protocol
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import Error, UsernameSet

if TYPE_CHECKING:
    from duologue.core.lobby import Lobby
    from duologue.core.seat import Seat

# Control characters, and the two separators that break a line as they do.
_NOT_IN_NAMES = frozenset({"Cc", "Zl", "Zp"})


class Session:
    """A client that is connected now.

    Attributes:
        client_id: A UUID version 4, told to this client only.
        username: None until the client has given one.
        protocol: What the client speaks.
        seat: Where the client sits, if it does.
        stall_deadline: When a client that does not read is given up; None
            while it reads.
        slot: Its place on the lobby's wheel.
    """

    __slots__ = (
        "_faults",
        "_late_answers",
        "_limits",
        "_lobby",
        "_owes_pong",
        "_safe_chars",
        "client_id",
        "line",
        "seat",
        "slot",
        "stall_deadline",
        "username",
    )

    protocol: ClassVar[Protocol]

    def __init__(self, lobby: "Lobby", line: Line, client_id: str) -> None:
        self._lobby = lobby
        self._limits = lobby.house.limits
        self._safe_chars = lobby.safe_content_chars
        self._owes_pong = False
        self._faults: Bucket | None = None  # Most clients never need it.
        self._late_answers = 0
        self.client_id = client_id
        self.line = line
        self.seat: Seat | None = None
        self.slot = 0
        self.stall_deadline: float | None = None
        self.username: str | None = None

    def receive_binary(self, _payload: bytes) -> None:
        """Refuse a binary message: the protocol has none."""
        self.reject("Expected text, got a binary message")

    def reject(self, where: str) -> None:
        """Answer what is not a message at all; nothing else changes."""
        self._refuse_useless(refusals.invalid_message(where))

    def pong(self) -> None:
        """Take note of a sign of life."""
        self._owes_pong = False

    def beat(self) -> None:
        """Ask for a sign of life, or give up a client that owes one."""
        if self.line.is_held:
            # It may well have answered: we are the ones who don't read.
            self._owes_pong = False
        elif self._owes_pong:
            self.line.close(CloseCode.HEARTBEAT_LOST)
        else:
            self._owes_pong = True
            self.line.ping()

    def stall(self, now: float) -> None:
        """The client has stopped reading: nobody may talk to it for a while."""
        self.stall_deadline = now + self._limits.stall_timeout_s
        self._lobby.stalled.add(self)
        self._lobby.tally.stalls += 1
        if (seat := self._seat_of_mine()) is not None:
            seat.room.stall(seat)
        self._balance()

    def drain(self) -> None:
        """The client reads again."""
        self._recover()
        if (seat := self._seat_of_mine()) is not None:
            seat.room.drain(seat)
        self._balance()

    def lost(self) -> None:
        """The connection is gone, for whatever reason. The last input of a session."""
        self._recover()
        if (seat := self._seat_of_mine()) is not None:
            self._lose(seat)
        self.seat = None
        self._lobby.forget(self)

    def fail(self) -> None:
        """Something in here is broken: end this room alone, and serve everyone else."""
        if self.seat is None:
            self.line.close(CloseCode.SERVER_FAULT)
        else:
            self._lobby.condemn(self.seat.room)

    def answer_late(self, refusal: Error) -> None:
        """Say what was kept back for a while, and listen again."""
        self._late_answers -= 1
        self._refuse_useless(refusal)
        self._balance()

    def expire(self, seat: "Seat") -> None:
        """Nobody has come to this client's room for too long: it is closed."""
        self.seat = None
        self._refuse(refusals.ROOM_EXPIRED)
        self._lobby.leave(seat)
        self._balance()

    def dismiss(self, _after_ms: int) -> None:
        """Say goodbye: the server stops."""
        self.line.close(CloseCode.GOING_AWAY)

    # What the two kinds do likewise

    def _lose(self, seat: "Seat") -> None:
        """Say what becomes of the seat of a client that is gone."""
        self._lobby.leave(seat)

    def _leave(self) -> bool:
        """Give up the seat; False if there is none."""
        if (seat := self._seat_or_refuse()) is None:
            return False
        self.seat = None
        self._lobby.leave(seat)
        self._balance()  # Whoever it was held for is no longer its partner.
        return True

    def _typing(self) -> None:
        if (seat := self._seat_or_refuse()) is not None:
            seat.room.typing(seat)

    def _stop_typing(self) -> None:
        # Outside a room there is no typing to stop: nothing is amiss.
        if self.seat is not None:
            self.seat.room.stop_typing(self.seat)

    def _set_username(self, typed: str) -> None:
        username = typed.strip()
        if (fault := self._fault_of_name(username)) is not None:
            self.reject(f"{fault} - at `$.username`")
            return
        self.username = username
        self.line.send(UsernameSet(username))
        if self.seat is not None:
            self.seat.room.rename(self.seat, username)

    def _fault_of_name(self, username: str) -> str | None:
        limit_chars = self._limits.max_name_chars
        if not 1 <= len(username) <= limit_chars:
            return f"Expected 1 to {limit_chars} characters"
        if any(unicodedata.category(character) in _NOT_IN_NAMES for character in username):
            return "Control characters are not allowed"
        return None

    def _create(self, client_id: str | None) -> None:
        if (username := self._name_or_refuse()) is not None:
            self.seat = self._lobby.create(self.line, username, client_id)
            if self.seat is None:
                self._refuse_useless(refusals.too_many_rooms(RETRY_AFTER_S))

    def _join(self, typed: str, client_id: str | None) -> None:
        if (username := self._name_or_refuse()) is None:
            return
        lobby, source = self._lobby, self.line.source
        if wait_s := lobby.wait_before_join(source):
            self._refuse_later(refusals.too_many_codes(math.ceil(wait_s)))
            return
        room = lobby.find(typed)
        if room is None:
            lobby.note_wrong_code(source)
            self._refuse_useless(refusals.room_not_found(typed))
        elif (seat := room.join(self.line, username, client_id)) is None:
            lobby.note_wrong_code(source)
            room.knock(username)
            self._refuse_useless(refusals.ROOM_FULL)
        else:
            self.seat = seat

    def _refuse(self, refusal: Error | v1.Error) -> None:
        self._lobby.house.refuse(self.line, refusal)

    def _seat_of_mine(self) -> "Seat | None":
        """Return the seat unless a newer connection has it by now, or someone else."""
        seat = self.seat
        return seat if seat is not None and seat.line is self.line else None

    def _recover(self) -> None:
        self.stall_deadline = None
        self._lobby.stalled.discard(self)

    def _balance(self) -> None:
        if self.seat is None:
            self.line.hold(self.line.is_stalled or self._late_answers > 0)
        else:
            self.seat.room.balance()

    def _name_or_refuse(self) -> str | None:
        """Return the name of a client that is free to take a seat, or refuse it."""
        refusal: Error
        if self.username is None:
            refusal = refusals.USERNAME_REQUIRED
        elif self.seat is not None:
            refusal = refusals.ALREADY_IN_ROOM
        else:
            return self.username
        self._refuse_useless(refusal)
        return None

    def _refuse_useless(self, refusal: Error) -> None:
        """Refuse what no good client asks for so often that it adds up."""
        now = self._lobby.house.now
        if self._faults is None:
            self._faults = per_second(self._limits.errors_per_s, now)
        self._refuse(refusal)
        if not self._faults.take(now):
            self.line.close(CloseCode.RATE_LIMITED)

    def _refuse_later(self, refusal: Error) -> None:
        """Refuse after a while, and listen to nothing until then."""
        self._late_answers += 1
        self._lobby.answer_late(self, refusal)
        self._balance()

    def _seat_or_refuse(self) -> "Seat | None":
        if self.seat is None:
            self._refuse(refusals.NOT_IN_ROOM)
        return self.seat
