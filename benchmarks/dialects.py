"""The language that only peers speak: Socket.IO's events.

A dialect turns a message into text and back, and knows how a connection opens; see
src/duologue/bench/dialects.py, which has Duologue's own.
"""

from __future__ import annotations

import json

from duologue.bench.dialects import DIALECTS, Dialect, Fields, Message, Step, compact


class SocketIO:
    """Events of Socket.IO protocol 5 over Engine.IO 4, WebSocket transport only.

    The first digit is Engine.IO's packet type (0 open, 2 ping, 3 pong, 4 message); after a 4,
    the next is Socket.IO's (0 connect, 2 event).
    """

    subprotocol: str | None = None
    is_numbered = False
    opening: tuple[Step, ...] = (
        Step("hear", "open"),
        Step("say", "40"),
        Step("hear", "connect"),
    )

    def encode(self, type_: str, fields: Fields) -> str:
        """Return the text of one event."""
        return "42" + compact([type_, fields] if fields else [type_])

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


ALL: dict[str, Dialect] = {**DIALECTS, "socketio": SocketIO()}

PATHS = {"socketio": "/socket.io/?EIO=4&transport=websocket"}
"""Where a server of that dialect takes WebSockets, if not at /ws."""
