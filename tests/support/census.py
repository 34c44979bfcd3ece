"""Counts rooms the slow way, to compare with what the tally says."""

from collections import Counter

from duologue.core.lobby import Lobby
from duologue.core.tally import Standing


def counted_rooms(lobby: Lobby) -> dict[str, int]:
    """Return what the tally says of each standing."""
    return {each: n for each, n in lobby.tally.rooms.items() if each != Standing.GONE}


def standing_rooms(lobby: Lobby) -> dict[str, int]:
    """Look at each room there is."""
    found: Counter[str] = Counter({"waiting": 0, "pair": 0, "away": 0})
    for room in lobby.rooms.values():
        if any(seat.is_away for seat in room.seats):
            found["away"] += 1
        else:
            found["waiting" if any(seat.is_free for seat in room.seats) else "pair"] += 1
    return dict(found)
