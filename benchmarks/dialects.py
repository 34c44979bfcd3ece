"""The languages the load generator speaks: Duologue's two, and Socket.IO's events.

A dialect turns a message (its type and fields) into text and back, and knows how a connection
opens. It holds no state and touches no socket.
"""

from __future__ import annotations

import json
from typing import Literal, NamedTuple, Protocol

Fields = dict[str, object]


class Message(NamedTuple):
    """What a server said: a type and its fields."""

    type: str
    fields: Fields


class Step(NamedTuple):
    """One step of opening: say this text, or hear a message of this type."""

    verb: Literal["say", "hear"]
    what: str


class Dialect(Protocol):
    """How to speak with one family of servers."""

    path: str
    subprotocol: str | None
    opening: tuple[Step, ...]

    def encode(self, type_: str, fields: Fields) -> str:
        """Return the text of one message."""

    def decode(self, text: str) -> Message:
        """Return the message in a server's text.

        Raises:
            ValueError: the text is not of this dialect.
        """

    def heartbeat_answer(self, text: str, /) -> str | None:
        """Return what to answer if `text` is a heartbeat of the dialect's own."""


class Duologue:
    """JSON objects with `type` first; heartbeats are WebSocket pings."""

    path = "/ws"
    subprotocol: str | None = None
    opening: tuple[Step, ...] = (Step("hear", "connected"),)

    def encode(self, type_: str, fields: Fields) -> str:
        """Return the text of one message."""
        return _compact({"type": type_, **fields})

    def decode(self, text: str) -> Message:
        """Return the message in a server's text."""
        match json.loads(text):
            case {"type": str(type_)} as fields:
                return Message(type_, fields)
        raise ValueError(f"not a message: {text[:80]}")

    def heartbeat_answer(self, _text: str, /) -> str | None:
        """Return None: the heartbeat is not made of text here."""
        return None


class DuologueV1(Duologue):
    """The same with numbers and acknowledgements, for those who ask for it."""

    subprotocol: str | None = "duologue.v1"


class SocketIO:
    """Events of Socket.IO protocol 5 over Engine.IO 4, WebSocket transport only.

    The first digit is Engine.IO's packet type (0 open, 2 ping, 3 pong, 4 message); after a 4,
    the next is Socket.IO's (0 connect, 2 event).
    """

    path = "/socket.io/?EIO=4&transport=websocket"
    subprotocol: str | None = None
    opening: tuple[Step, ...] = (
        Step("hear", "open"),
        Step("say", "40"),
        Step("hear", "connect"),
    )

    def encode(self, type_: str, fields: Fields) -> str:
        """Return the text of one event."""
        return "42" + _compact([type_, fields] if fields else [type_])

    def decode(self, text: str) -> Message:
        """Return the event, or the opening packet, in a server's text."""
        if text.startswith("42"):
            name, *rest = json.loads(text[2:])
            return Message(str(name), rest[0] if rest else {})
        if text.startswith("40"):
            return Message("connect", {})
        if text.startswith("0"):
            return Message("open", {})
        raise ValueError(f"not an event: {text[:80]}")

    def heartbeat_answer(self, text: str, /) -> str | None:
        """Return Engine.IO's pong if `text` is its ping."""
        return "3" if text == "2" else None


DIALECTS: dict[str, Dialect] = {
    "duologue": Duologue(),
    "v1": DuologueV1(),
    "socketio": SocketIO(),
}


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
