"""What all rooms of one server share: limits, clocks, tickets, and what is to be done."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from duologue.core.limits import Limits
from duologue.core.ticket import Tickets

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
    """

    limits: Limits
    tickets: Tickets
    clock_ms: Callable[[], int]
    now: float = 0.0
    at_ms: int = 0
    unsettled: list["Seat"] = field(default_factory=list)
    absences: deque[tuple[float, "Room"]] = field(default_factory=deque)

    def read_clock(self) -> int:
        """Return the milliseconds since 1970, for `at_ms` to have until the batch ends."""
        self.at_ms = self.clock_ms()
        return self.at_ms
