"""Events as people read them on stderr, and as programs read them on stdout. Pure."""

import re

import msgspec

from duologue.client import (
    Ended,
    Event,
    Failure,
    Knock,
    NotDelivered,
    Offline,
    Online,
    PartnerAway,
    PartnerBack,
    PartnerJoined,
    PartnerLeft,
    PartnerRenamed,
    Refused,
    RoomExpired,
    RoomJoined,
    RoomLeft,
    TicketRefused,
)
from duologue.terminal.visible import visible_line

FAILURES = {
    Failure.PARTNER_LEFT: "your partner had left",
    Failure.YOU_LEFT: "you left",
    Failure.TICKET_REFUSED: "the seat is gone",
    Failure.TOO_LONG: "it is too long for this server",
    Failure.REFUSED: "the server refused it",
    Failure.ENDED: "the conversation had ended",
}
SOMEONE = "Someone"

_PLAIN: dict[type[Event], str] = {
    PartnerLeft: "{partner} left.",
    PartnerAway: "{partner} is away. What you say waits.",
    PartnerBack: "{partner} is back.",
    TicketRefused: "Your seat is gone: it was given away, or too much time has passed.",
    RoomExpired: "Nobody came for a long time, so the room was closed.",
    RoomLeft: "You left.",
}

_SHOWN_CHARS = 60
_encode = msgspec.json.Encoder().encode
_DRIVES_TERMINALS = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""What JSON lets through, but a terminal obeys."""


def as_json(event: Event) -> bytes:
    """Return an event as one line of JSON, `event` first, that drives no terminal."""
    line = _as_json(event)
    if line.isascii() and b"\x7f" not in line:
        return line + b"\n"
    return _DRIVES_TERMINALS.sub(_escaped, line.decode()).encode() + b"\n"


def _escaped(match: re.Match[str]) -> str:
    return f"\\u{ord(match[0]):04x}"


def _as_json(event: Event) -> bytes:
    if not isinstance(event, NotDelivered):
        return _encode(event)
    messages = [
        {
            "pairing": message.pairing,
            "id": message.id,
            "content": message.content,
            "reason": message.failure,
        }
        for message in event.messages
    ]
    return _encode({"event": "not_delivered", "messages": messages})


class Teller:
    """Says in lines what happens; it remembers the partner's name."""

    def __init__(self) -> None:
        self._partner = SOMEONE
        self._was_offline = False

    def tell(self, event: Event) -> list[str]:
        """Return the lines to say of an event; none if it is not worth one."""
        partner = self._partner
        match event:
            case RoomJoined() | PartnerJoined() | PartnerRenamed():
                return self._call(event, partner)
            case Offline() | Online():
                return self._connect(event)
            case NotDelivered():
                return not_delivered(event)
            case _:
                line = _plain(event, partner)
                return [] if line is None else [line]

    def _call(self, event: RoomJoined | PartnerJoined | PartnerRenamed, old: str) -> list[str]:
        match event:
            case RoomJoined(partner=str(name)):
                self._partner = _name(name)
                return [f"You are talking with {self._partner}."]
            case PartnerJoined():
                self._partner = _name(event.username)
                return [f"{self._partner} came in."]
            case PartnerRenamed():
                self._partner = _name(event.username)
                return [f"{old} is now called {self._partner}."]
        return []

    def _connect(self, event: Offline | Online) -> list[str]:
        was_offline, self._was_offline = self._was_offline, isinstance(event, Offline)
        if self._was_offline:
            return ["No connection. Trying again."]
        return ["Connected again."] if was_offline else []


def _plain(event: Event, partner: str) -> str | None:
    match event:
        case Knock():
            return f"{_name(event.username)} is at the door while {partner} is away."
        case Refused():
            return f"The server refused: {visible_line(event.message)}"
        case Ended() if event.reason == "replaced":
            return "It goes on somewhere else, with the same seat."
        case _:
            plain = _PLAIN.get(type(event))
            return None if plain is None else plain.format(partner=partner)


def not_delivered(event: NotDelivered) -> list[str]:
    """Return a line for each message that is not delivered."""
    reasons = (FAILURES[message.failure or Failure.ENDED] for message in event.messages)
    return [
        f"Not delivered, {reason}: {beginning(message.content)}"
        for reason, message in zip(reasons, event.messages, strict=True)
    ]


def beginning(text: str) -> str:
    """Return as much of a text as a line has room for."""
    line = visible_line(text)
    return line if len(line) <= _SHOWN_CHARS else f"{line[: _SHOWN_CHARS - 1]}…"


def _name(username: str) -> str:
    return visible_line(username) or SOMEONE
