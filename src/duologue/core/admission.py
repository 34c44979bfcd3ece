"""Who may connect, and open rooms: counted for each source and in total.

A *source* is where connections come from. It is remembered while it has
connections or rooms here, and for as long as it would matter that it had many.
"""

import math
from collections.abc import Callable
from enum import Enum

from duologue.core.limits import Bucket, Limits, per_second, sweep
from duologue.core.line import Source


class Refusal(Enum):
    """Why a connection is not wanted now."""

    FULL = "full"
    """There are too many already, of connections or of rooms."""

    TOO_MANY_CONNECTIONS = "too_many_connections"
    """This source has too many of them."""

    TOO_MANY_HANDSHAKES = "too_many_handshakes"
    """This source has begun too many in a short time."""


class _Guest:
    """A source that has been here lately."""

    __slots__ = ("connections", "handshakes", "rooms")

    def __init__(self, per_s: float, now: float) -> None:
        self.connections = 0
        self.rooms = 0
        self.handshakes: Bucket = per_second(per_s, now)

    def is_over(self, now: float) -> bool:
        """Say whether nothing of its visit is left."""
        return not (self.connections or self.rooms) and self.handshakes.is_full(now)


class Admission:
    """Counts what there is of connections and rooms, and says when it is enough.

    Args:
        limits: What is enough.
        is_counted: Says whether a source is counted by itself at all.

    Attributes:
        connections: How many have come and not gone.
        rooms: How many there are.
    """

    def __init__(self, limits: Limits, is_counted: Callable[[Source], bool]) -> None:
        self._limits = limits
        self._is_counted = is_counted
        self._guests: dict[Source, _Guest] = {}
        self.connections = 0
        self.rooms = 0

    def __len__(self) -> int:
        return len(self._guests)

    @property
    def has_room_for_rooms(self) -> bool:
        """Whether one more room may be opened, by whomever."""
        return self.rooms < self._limits.max_rooms

    def arrive(self, source: Source, now: float) -> Refusal | None:
        """Count a new connection, unless it is not wanted; then say why."""
        if self.connections >= self._limits.max_connections:
            return Refusal.FULL
        if self._is_counted(source):
            guest = self._guest(source, now)
            if not guest.handshakes.take(now):
                return Refusal.TOO_MANY_HANDSHAKES
            if guest.connections >= self._limits.connections_per_source:
                return Refusal.TOO_MANY_CONNECTIONS
            guest.connections += 1
        self.connections += 1
        return None

    def depart(self, source: Source) -> None:
        """A connection that was counted is gone."""
        self.connections -= 1
        if (guest := self._guests.get(source)) is not None:
            guest.connections -= 1

    def open_room(self, source: Source, now: float) -> bool:
        """Count a room that is to be opened; False if there are enough."""
        if not self.has_room_for_rooms:
            return False
        if self._is_counted(source):
            guest = self._guest(source, now)
            if guest.rooms >= self._limits.rooms_per_source:
                return False
        self.reopen_room(source, now)
        return True

    def reopen_room(self, source: Source, now: float) -> None:
        """Count a room that somebody comes back to: that is never too many."""
        self.rooms += 1
        if self._is_counted(source):
            self._guest(source, now).rooms += 1

    def close_room(self, source: Source) -> None:
        """A room is gone that this source had opened."""
        self.rooms -= 1
        if (guest := self._guests.get(source)) is not None:
            guest.rooms -= 1

    def sweep(self, now: float) -> None:
        """Forget a few sources that have nothing here, and had little lately."""
        sweep(self._guests, lambda guest: guest.is_over(now))

    def wait_s(self, refusal: Refusal, source: Source, now: float) -> int:
        """Return after how many whole seconds it may be worth another try."""
        if refusal is Refusal.TOO_MANY_HANDSHAKES and source in self._guests:
            return max(1, math.ceil(self._guests[source].handshakes.wait_s(now)))
        return RETRY_AFTER_S

    def _guest(self, source: Source, now: float) -> _Guest:
        guest = self._guests.get(source)
        if guest is None:
            guest = _Guest(self._limits.handshakes_per_source_s, now)
            self._guests[source] = guest
        return guest


RETRY_AFTER_S = 10
"""When to try again where nobody can tell: others may be gone by then."""
