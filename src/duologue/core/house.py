"""What all rooms of one server share: limits, clocks, tickets, and what is to be done."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from duologue.core.limits import Limits
from duologue.core.line import Line
from duologue.core.tally import Tally
from duologue.core.ticket import Tickets
from duologue.wire import refusals, v1
from duologue.wire.messages import Error

if TYPE_CHECKING:
    from duologue.core.room import Room
    from duologue.core.seat import Seat


@dataclass(slots=True, kw_only=True)
class House:
    """The surroundings of every room.

    Attributes:
        limits: The bounds to keep.
        tickets: Seals and opens what returning people show.
        clock_ms: Returns the milliseconds since 1970.
        now: A monotonic moment in seconds; `Lobby.wake` moves it on.
        at_ms: The milliseconds since 1970, once read in this batch; else 0.
        unsettled: Seats to which an acknowledgement is due after this batch.
        absences: Rooms where someone is away, each with the moment at which
            to look after it again, the soonest first.
        lone_rooms: Rooms with one person in them, each with the moment since
            which that is so, the longest first.
        tally: What is counted.
    """

    limits: Limits
    tickets: Tickets
    clock_ms: Callable[[], int]
    now: float = 0.0
    at_ms: int = 0
    unsettled: list["Seat"] = field(default_factory=list)
    absences: deque[tuple[float, "Room"]] = field(default_factory=deque)
    lone_rooms: dict["Room", float] = field(default_factory=dict)
    tally: Tally = field(default_factory=Tally)

    def count_heads(self, room: "Room") -> None:
        """Note since when someone has been alone in a room, if that is so."""
        if sum(seat.is_free for seat in room.seats) == 1:
            self.lone_rooms.setdefault(room, self.now)
        else:
            self.lone_rooms.pop(room, None)

    def read_clock(self) -> int:
        """Return the milliseconds since 1970, for `at_ms` to have until the batch ends."""
        self.at_ms = self.clock_ms()
        return self.at_ms

    def refuse(self, line: Line, refusal: Error | v1.Error) -> None:
        """Tell a client that it cannot have what it asked for, and count that."""
        self.tally.refusals[refusal.code] += 1
        line.send(refusal)

    def refuse_chat(self, line: Line, refusal: Error, chat: v1.Chat) -> None:
        """Tell a v1 client which chat of its it is that was refused."""
        self.refuse(line, refusals.of_chat(refusal, chat.pairing, chat.id))
