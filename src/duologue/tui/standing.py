"""How things stand, in one line: the connection, the partner, who is typing. Pure.

Trouble is told only when it lasts. Times are in seconds, from the caller's clock.
"""

from duologue.client import (
    Client,
    Ended,
    Event,
    Knock,
    Offline,
    Online,
    PartnerAway,
    PartnerBack,
    PartnerBehind,
    PartnerCaughtUp,
    PartnerJoined,
    PartnerLeft,
    PartnerStoppedTyping,
    PartnerTyping,
    RoomCreated,
    RoomExpired,
    RoomJoined,
    RoomLeft,
    TicketRefused,
)
from duologue.terminal.visible import visible_line
from duologue.tui import words

LASTING_S = 1.5
"""Connections that are back so soon are nobody's trouble."""

_REASONS = {"replaced": words.REPLACED, "rejected": words.REJECTED}

_FRESH_PARTNER = (
    PartnerBack
    | PartnerJoined
    | PartnerLeft
    | RoomCreated
    | RoomExpired
    | RoomJoined
    | RoomLeft
    | TicketRefused
)


class Standing:
    """What is to be said of how things are now.

    Attributes:
        ended: Why there will be no other connection; None while there may be.
    """

    def __init__(self) -> None:
        self.ended: str | None = None
        self._offline_since: float | None = None
        self._is_typing = False
        self._is_away = False
        self._is_behind = False
        self._guest: str | None = None

    def hear(self, event: Event, now: float) -> None:
        """Take in what an event changes."""
        match event:
            case Ended():
                self.ended = _REASONS.get(event.reason, words.CLOSED)
            case Online() | Offline():
                self._offline_since = now if isinstance(event, Offline) else None
                self._is_typing = False
            case PartnerTyping() | PartnerStoppedTyping():
                self._is_typing = isinstance(event, PartnerTyping)
            case PartnerAway():
                self._is_away, self._is_typing = True, False
            case PartnerBehind() | PartnerCaughtUp():
                self._is_behind = isinstance(event, PartnerBehind)
            case Knock():
                self._guest = visible_line(event.username) or words.SOMEONE
            case _ if isinstance(event, _FRESH_PARTNER):
                self._is_away = self._is_typing = self._is_behind = False
                self._guest = None

    def troubled(self, now: float) -> bool:
        """Say whether there has been no connection for a while."""
        return self._offline_since is not None and now - self._offline_since >= LASTING_S

    def line(self, name: str, now: float) -> str:
        """Return what is most worth saying, or nothing; `name` is the partner's."""
        if self.ended is not None:
            return words.ENDED.format(reason=self.ended)
        if self.troubled(now):
            return words.TROUBLE
        if self._guest is not None and self._is_away:
            return words.KNOCKS.format(guest=self._guest, name=name)
        if self._is_away:
            return words.IS_AWAY.format(name=name)
        if self._is_behind:
            return words.BEHIND.format(name=name)
        return words.IS_TYPING.format(name=name) if self._is_typing else ""

    @property
    def is_grave(self) -> bool:
        """Whether the line is about something that hinders the two."""
        return not self._is_typing or self._is_away


def partner_of(client: Client) -> str:
    """Return the partner's name as it is shown."""
    return visible_line(client.partner or "") or words.SOMEONE


def presence(client: Client) -> str:
    """Return who sits opposite, and whether they are here."""
    if client.room_code is None:
        return words.OUTSIDE
    if client.partner is None:
        return words.NOBODY_YET
    state = words.HERE if client.partner_is_here else words.AWAY
    return f"{partner_of(client)} · {state}"
