"""All WebSocket connections of a server, and what they share: a batch of inputs, and its end.

Whatever arrives in one round of the event loop is one batch. At its end all
that was said in it leaves, in one write a connection.
"""

from __future__ import annotations

import asyncio
import itertools
import time
from collections.abc import Callable
from typing import Any

from duologue.core.limits import UNLIMITED, Allowance, Limits
from duologue.core.line import Source
from duologue.server import websocket
from duologue.server.carrier import Carrier, Linger
from duologue.server.connection import Connection
from duologue.server.hearing import Dialect
from duologue.server.narrator import Witness
from duologue.server.traffic import Traffic
from duologue.server.turns import Turns

_HIGH_WATER_BYTES = 64 * 1024

_DEPARTURES_S = 0.002
"""How long sessions may take to end in each round of the loop, while many do."""


class Listener:
    """Serves WebSocket connections.

    Args:
        encode: Makes the UTF-8 text of a message.
        max_message_bytes: Longest message that may arrive.
        settle: Says what the core leaves to the end of a batch, before each flush.
        limits: How many frames and bytes a peer may send in a second.
        witness: Is told when connections open and end.
    """

    def __init__(
        self,
        *,
        encode: Callable[[Any], bytes],
        max_message_bytes: int,
        settle: Callable[[], None] = lambda: None,
        limits: Limits = UNLIMITED,
        witness: Witness | None = None,
    ) -> None:
        self.encode = encode
        self._settle = settle
        self.max_message_bytes = max_message_bytes
        self.messages = Allowance(limits.messages_per_s)
        self.bytes = Allowance(limits.bytes_per_s)
        self.marked: list[Connection] = []
        self.lingering: set[Linger] = set()
        self.traffic = Traffic()
        self.witness = witness or Witness()
        self.is_closed = False
        self.is_flush_due = False
        self.numbers = itertools.count(1)
        self.loop = asyncio.get_running_loop()
        self.turns = Turns(self.loop)
        self.departures = Turns(self.loop, _DEPARTURES_S)

    def accept(
        self,
        transport: asyncio.Transport,
        source: Source,
        key: bytes,
        dialect: Dialect,
        leftover: bytes,
    ) -> None:
        """Take a connection over whose opening handshake is in order.

        Args:
            transport: The connection; nothing has been answered on it yet.
            source: Where it comes from.
            key: The client's Sec-WebSocket-Key.
            dialect: What will be spoken.
            leftover: What has arrived after the handshake's request.
        """
        if self.is_closed:
            transport.abort()
            self.witness.gone(source)
            return
        transport.set_write_buffer_limits(_HIGH_WATER_BYTES)
        carrier = Carrier(transport, self.lingering)
        connection = Connection(self, carrier, source, dialect)
        handshake = websocket.Handshake(key, dialect.subprotocol, leftover)
        websocket.attach(connection, carrier, handshake, self.max_message_bytes)
        self.flush()

    def flush(self) -> None:
        """Carry out what was left to be done: one write a connection.

        It runs when the event loop has read from everyone who had something to
        say: so what a peer is told by its partner leaves together with what it
        is told by us.
        """
        self.is_flush_due = False
        traffic = self.traffic
        self._settle()
        while self.marked:
            connection = self.marked.pop()
            frames = connection.outgoing
            data = b"".join(frames)
            try:  # noqa: SIM105 - contextlib.suppress would cost more than all the rest
                connection.write(data)
            except RuntimeError:
                pass  # The transport is lost; we are about to be told.
            traffic.frames_sent += len(frames)
            traffic.bytes_sent += len(data)
            frames.clear()
            if connection.is_closing:
                connection.hang_up()
        traffic.end_batch(time.perf_counter())
