"""What has happened since the start, and how many of each there are now.

Plain numbers: whoever deals with something counts it here with `+= 1`, and who
wants to know reads them. Every key is there from the start. No key holds
anything of a person: no code, no name, no address.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from duologue.core.admission import Refusal
from duologue.wire.close import CloseCode
from duologue.wire.messages import ErrorCode

if TYPE_CHECKING:
    from duologue.core.room import Room

NO_CODE = 1005
"""A CLOSE that told no code (RFC 6455 section 7.1.5)."""

VANISHED = 1006
"""No CLOSE came: the connection was lost (RFC 6455 section 7.1.5)."""

OTHER_CODE = 0
"""A code of the peer's own that means nothing here."""


class Protocol(StrEnum):
    """What a client speaks."""

    REFERENCE = "reference"
    V1 = "v1"


class Standing(StrEnum):
    """How it stands with a room."""

    GONE = "gone"
    WAITING = "waiting"
    PAIR = "pair"
    AWAY = "away"


class TurnedAway(StrEnum):
    """Why a connection was dropped without an answer, before it was chat; see `Refusal`."""

    NO_REQUEST = "no_request"
    NOT_READ = "not_read"


STATUSES = (101, 200, 304, 400, 403, 404, 405, 421, 426, 429, 431, 501, 503)
"""What a request may be answered with."""


def _zeros(keys: "type[StrEnum]") -> "dict[str, int]":
    return dict.fromkeys(keys, 0)


@dataclass(slots=True)
class Tally:
    """The counts of one server.

    Attributes:
        accepted: Connections of any kind.
        opened: Connections that became chat, by protocol.
        ended: Those of them that are gone.
        rooms_created: Rooms opened by a person.
        rooms_rebuilt: Rooms made again from a ticket.
        rooms: Rooms there are now, by standing.
        resumed: Seats given back.
        not_resumed: Tickets refused to who came back with them.
        refusals: Errors said to clients, by code.
        closed: Connections of chat that ended, by close code.
        stalls: How often a client stopped reading.
        turned_away: Connections that were not to become chat, by reason.
        answers: Answers to plain HTTP and to handshakes, by status code.
    """

    accepted: int = 0
    opened: dict[str, int] = field(default_factory=lambda: _zeros(Protocol))
    ended: dict[str, int] = field(default_factory=lambda: _zeros(Protocol))
    rooms_created: int = 0
    rooms_rebuilt: int = 0
    rooms: dict[str, int] = field(default_factory=lambda: _zeros(Standing))
    resumed: int = 0
    not_resumed: int = 0
    refusals: dict[str, int] = field(default_factory=lambda: _zeros(ErrorCode))
    closed: dict[int, int] = field(
        default_factory=lambda: dict.fromkeys((*CloseCode, NO_CODE, VANISHED, OTHER_CODE), 0)
    )
    stalls: int = 0
    turned_away: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(
            (*TurnedAway, *(each.value for each in Refusal)), 0
        )
    )
    answers: dict[int, int] = field(default_factory=lambda: dict.fromkeys(STATUSES, 0))

    @property
    def connections(self) -> int:
        """How many connections became chat."""
        return sum(self.opened.values())

    def count_answer(self, status: int) -> None:
        """Count an answer; one that nobody has foreseen is no reason not to give it."""
        self.answers[status] = self.answers.get(status, 0) + 1

    def count_close(self, code: int) -> None:
        """Count the end of a connection; codes that mean nothing here count as one."""
        self.closed[code if code in self.closed else OTHER_CODE] += 1

    def count_room(self, room: "Room") -> None:
        """Count a room as what it is by now, and no longer as what it was."""
        self._count_as(room, _standing_of(room))

    def forget_room(self, room: "Room") -> None:
        """Count a room no longer."""
        self._count_as(room, Standing.GONE)

    def _count_as(self, room: "Room", standing: Standing) -> None:
        if standing is not room.standing:
            self.rooms[room.standing] -= 1
            self.rooms[standing] += 1
            room.standing = standing


def _standing_of(room: "Room") -> Standing:
    first, second = room.seats
    if first.is_away or second.is_away:
        return Standing.AWAY
    if first.is_free:
        return Standing.GONE if second.is_free else Standing.WAITING
    return Standing.WAITING if second.is_free else Standing.PAIR
