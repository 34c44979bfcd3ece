"""One message of mine, and how far it has come. The outbox moves it on."""

from dataclasses import dataclass, field
from enum import IntEnum, StrEnum


class Progress(IntEnum):
    """How far a message has come; each step implies those before it."""

    QUEUED = 0
    """Only this program has it."""

    SENT = 1
    """The server holds it, in memory."""

    DELIVERED = 2
    """The partner's program has it."""

    READ = 3
    """The partner has seen it."""


class Failure(StrEnum):
    """Why a message is not delivered, and will not be."""

    PARTNER_LEFT = "partner_left"
    YOU_LEFT = "you_left"
    TICKET_REFUSED = "ticket_refused"
    TOO_LONG = "message_too_long"
    REFUSED = "refused"
    ENDED = "ended"


@dataclass(slots=True)
class Counts:
    """How far the messages of one pairing have come: each up to this number."""

    sent: int = 0
    delivered: int = 0
    read: int = 0


@dataclass(slots=True, weakref_slot=True, eq=False)
class Outgoing:
    """A message of mine.

    Attributes:
        pairing: The meeting that it belongs to; nobody else will ever get it.
        id: Its number in there: 1, 2, 3 and so on.
        content: What it says.
        failure: Why it is not delivered; None as long as it may be.
    """

    pairing: int
    id: int
    content: str
    counts: Counts = field(repr=False)
    failure: Failure | None = None
    _final: Progress | None = field(default=None, repr=False)

    @property
    def progress(self) -> Progress:
        """How far it has come, or had come when it failed."""
        if self._final is not None:
            return self._final
        if self.id <= self.counts.read:
            return Progress.READ
        if self.id <= self.counts.delivered:
            return Progress.DELIVERED
        return Progress.SENT if self.id <= self.counts.sent else Progress.QUEUED

    @property
    def is_settled(self) -> bool:
        """Whether it is known to be delivered, or known not to be."""
        return self.failure is not None or self.progress >= Progress.DELIVERED

    def fail(self, reason: Failure) -> None:
        """Take note that it goes no further."""
        self._final = self.progress
        self.failure = reason
