"""Who leaves when, once the server is about to stop and others take over.

Clients of v1 can go on with another server. They are sent there one pair after
the other, so that all others chat on undisturbed, and the other server is not
asked for everyone at once. The two of a pair go in the same turn: one alone
would talk to nobody, for the other is somewhere else.
"""

from collections import deque
from collections.abc import Iterable

from duologue.core.room import Room
from duologue.core.session import Session
from duologue.core.v1_session import V1Session

Party = list[V1Session]


class Drain:
    """Sends away all that can go, spread evenly over a time.

    Args:
        sessions: Who is here.
        now: When to begin.
        until: When the last is to be gone.
    """

    __slots__ = ("_parties", "_turns")

    def __init__(self, sessions: Iterable[Session], now: float, until: float) -> None:
        parties = parties_of(sessions)
        parties.sort(key=_urgency)
        apart_s = (until - now) / max(1, len(parties))
        self._turns = deque((now + n * apart_s, party) for n, party in enumerate(parties))
        self._parties: dict[Session, Party] = {
            session: party for party in parties for session in party
        }

    def wake(self, now: float) -> None:
        """Send away all whose turn has come."""
        while self._turns and self._turns[0][0] <= now:
            self._send_away(self._turns.popleft()[1])

    def lost(self, session: Session) -> None:
        """Let the partner follow of someone who is gone, and cannot come back here."""
        if (party := self._parties.pop(session, None)) is not None:
            self._send_away(party)

    def _send_away(self, party: Party) -> None:
        for session in party:
            if self._parties.pop(session, None) is not None:
                session.dismiss(0)


def _urgency(party: Party) -> int:
    """Rank who goes first: whose partner comes back elsewhere, then who is looked for there."""
    if len(party) > 1:
        return 2
    seat = party[0].seat
    return 0 if seat is not None and seat.partner.is_away else 1


def parties_of(sessions: Iterable[Session]) -> list[Party]:
    """Put those together who have to go at the same time.

    Left out is who sits opposite a reference client: that one cannot go anywhere,
    so they stay together as long as they may.
    """
    pairs: dict[Room, Party] = {}
    others: list[Party] = []
    for session in sessions:
        if not isinstance(session, V1Session):
            continue
        if session.seat is None:
            others.append([session])
        elif session.seat.partner.client_id is not None or session.seat.partner.is_free:
            pairs.setdefault(session.seat.room, []).append(session)
    return [*others, *pairs.values()]
