"""The languages the load generator speaks: Duologue's two. Others may be handed to it.

A dialect turns a message (its type and fields) into text and back, and knows how a connection
opens. It holds no state and touches no socket.
"""

from __future__ import annotations

import json
from typing import Literal, NamedTuple, Protocol

from duologue.wire import v1

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

    subprotocol: str | None
    is_numbered: bool
    """Whether chats have numbers and are acknowledged, as in `duologue.v1`."""
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

    subprotocol: str | None = None
    is_numbered = False
    opening: tuple[Step, ...] = (Step("hear", "connected"),)

    def encode(self, type_: str, fields: Fields) -> str:
        """Return the text of one message."""
        return compact({"type": type_, **fields})

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

    subprotocol: str | None = v1.SUBPROTOCOL
    is_numbered = True


DIALECTS: dict[str, Dialect] = {
    "v1": DuologueV1(),
    "reference": Duologue(),
}


def compact(value: object) -> str:
    """Return `value` as JSON without white space."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
