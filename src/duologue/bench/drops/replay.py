"""How long it takes, after a connection was lost, until all that was missed is there.

A replay begins when TCP is connected again, if chats wait: those that the partner's client was
told the server holds. It ends with the last of them. If it was an earlier life of the server
that said so, what it held is gone with it, and only the partner's client has it still: then
the clock starts when the later one of the two is connected again.
"""

from __future__ import annotations

from typing import NamedTuple


class Replay(NamedTuple):
    """One that came to its end; in seconds."""

    from_connected: float
    from_resumed: float
    chats: int


class Replays:
    """Those of one person.

    Attributes:
        done: All that came to their ends.
        cut_short: How many were not done when the next connection was lost.
        resumes: How long it took each time from TCP to being seated again.
        connected_at: When the present connection came.
        resumed_at: When the seat was there on it.
        life: Which life of the server it is with.
    """

    def __init__(self) -> None:
        self.done: list[Replay] = []
        self.cut_short = 0
        self.resumes: list[float] = []
        self.connected_at = self.resumed_at = 0.0
        self.life = 1
        self._is_held = True
        self._until = 0
        self._chats = 0

    def connected(self, now: float, life: int) -> None:
        """There is a connection again, with that life of the server."""
        self.connected_at, self.life = now, life

    def expect(self, heard: int, sent: int, sent_life: int) -> None:
        """Begin a replay, if there is something to hear.

        Args:
            heard: The last chat that is here.
            sent: The partner's last chat that the server has confirmed.
            sent_life: In which of its lives.
        """
        self._is_held = sent_life == self.life
        self._chats = max(0, sent - heard)
        self._until = sent if self._chats else 0

    def resumed(self, now: float) -> None:
        """The seat is there again."""
        if self.resumed_at:  # Else it is the first connection, on which nothing is resumed.
            self.resumes.append(now - self.connected_at)
        self.resumed_at = now

    def heard(self, number: int, now: float, partner: Replays) -> None:
        """A chat came; perhaps the last that was missed."""
        if not self._until or number < self._until:
            return
        connected_at, resumed_at = self.connected_at, self.resumed_at
        if not self._is_held:
            connected_at = max(connected_at, partner.connected_at)
            resumed_at = max(resumed_at, partner.resumed_at)
        self.done.append(Replay(now - connected_at, now - resumed_at, self._chats))
        self._until = 0

    def lost(self) -> None:
        """The connection is gone."""
        self.cut_short += bool(self._until)
        self._until = 0
