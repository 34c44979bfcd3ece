"""The partner's chats of one pairing: what has come, was taken, was seen.

Laws: a chat is passed on once and in order, never past a gap; it counts as
received only when the program has taken it.
"""

from collections import deque

from duologue.wire import v1


class Inbox:
    """Counts; it keeps no content.

    Attributes:
        arrived: The last chat that has come, without a gap before it.
        read: The last chat that the person has seen.
    """

    def __init__(self, pairing: int) -> None:
        self.pairing = pairing
        self.arrived = 0
        self.read = 0
        self._said_received = 0
        self._said_read = 0
        self._untaken: deque[int] = deque()

    @property
    def received(self) -> int:
        """The last chat that the program has; an empty one is not for it to take."""
        return self._untaken[0] - 1 if self._untaken else self.arrived

    def restore(self, received: int, read: int) -> None:
        """Take over what an earlier run of the program has saved."""
        self.arrived = received
        self.read = read

    def arrive(self, id_: int, *, is_empty: bool) -> None:
        """Count the next chat."""
        self.arrived = id_
        if not is_empty:
            self._untaken.append(id_)

    def repeated(self, id_: int) -> None:
        """Who says a chat again has not heard that it was received: say that again too."""
        self._said_received = min(self._said_received, id_ - 1)
        self._said_read = min(self._said_read, id_ - 1)

    def take(self, id_: int) -> None:
        """The program has everything up to `id_`."""
        while self._untaken and self._untaken[0] <= id_:
            self._untaken.popleft()

    def see(self, id_: int) -> None:
        """The person has seen everything up to `id_`, so the program has it too."""
        self.take(id_)
        self.read = max(self.read, min(id_, self.received))

    def to_say(self) -> list[v1.ClientMessage]:
        """Return the receipts that are due, merged into one of each kind."""
        due: list[v1.ClientMessage] = []
        if self.received > self._said_received:
            due.append(v1.Received(self.pairing, self.received))
        if self.read > self._said_read:
            due.append(v1.Read(self.pairing, self.read))
        self.count_as_said()
        return due

    def count_as_said(self) -> None:
        """Take note that the server has been told all this."""
        self._said_received = self.received
        self._said_read = self.read
