"""Who is typing: what to say of my own, how long to believe the partner's.

A lost `stop_typing` must never leave anyone typing for ever, so both sides
let it expire. Moments are seconds of any clock that only goes forward.
"""

from duologue.wire import v1

RENEW_S = 4.0
"""While I type, it is said at most this often."""

IDLE_S = 4.0
"""So long after the last key I have stopped."""

EXPIRE_S = 6.0
"""So long after it was last said the partner has stopped."""


class OwnTyping:
    """My own typing.

    Attributes:
        idle_at: When I shall have stopped; None while I don't type.
    """

    def __init__(self) -> None:
        self.idle_at: float | None = None
        self._renew_at = 0.0
        self._due: v1.Typing | v1.StopTyping | None = None

    def press(self, now: float) -> None:
        """A key was pressed."""
        if self.idle_at is None or now >= self._renew_at:
            self._due = v1.Typing()
            self._renew_at = now + RENEW_S
        self.idle_at = now + IDLE_S

    def stop(self) -> None:
        """The text was sent, cleared or left alone."""
        if self.idle_at is not None:
            self.idle_at = None
            self._due = v1.StopTyping()

    def tick(self, now: float) -> None:
        """Stop when no key was pressed for a while."""
        if self.idle_at is not None and now >= self.idle_at:
            self.stop()

    def forget(self) -> None:
        """Nobody is there any more who would want to know."""
        self.idle_at = self._due = None

    def to_say(self) -> list[v1.ClientMessage]:
        """Return what is due."""
        due, self._due = self._due, None
        return [] if due is None else [due]


class PartnerTyping:
    """The partner's typing; each change is answered with True.

    Attributes:
        expires_at: When it is believed no longer; None while nobody types.
    """

    def __init__(self) -> None:
        self.expires_at: float | None = None

    def start(self, now: float) -> bool:
        """It types, or still does."""
        was_idle = self.expires_at is None
        self.expires_at = now + EXPIRE_S
        return was_idle

    def stop(self) -> bool:
        """It does not type."""
        was_typing = self.expires_at is not None
        self.expires_at = None
        return was_typing

    def tick(self, now: float) -> bool:
        """Let it expire."""
        return self.expires_at is not None and now >= self.expires_at and self.stop()
