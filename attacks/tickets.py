"""Attackers that show tickets which nobody gave them, or not like that."""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterator
from itertools import cycle

from attacks.say import V1_HANDSHAKE, text
from attacks.swarm import Peer
from duologue.core.ticket import Seating, Tickets

_TICKET = re.compile(rb'"ticket":"([\w-]+)"')
_AT_ONCE = 40


class Forger(Peer):
    """Gets a true ticket, gives it back, and shows forgeries of it for ever."""

    def on_open(self) -> None:
        """Shake hands and open a room, to see what a ticket looks like."""
        self._forgeries: Iterator[str] | None = None
        self._answers = 0
        self.send(V1_HANDSHAKE + text("set_username", username="M") + text("create_room"))

    def on_heard(self, heard: bytes) -> None:
        """Show the next ones when those before are answered."""
        super().on_heard(heard)
        if self._forgeries is None:
            if (match := _TICKET.search(heard)) is not None:
                self.send(text("leave_room"))
                self._forgeries = cycle(forgeries(match[1].decode()))
                self._show(self._forgeries)
            return
        self._answers += heard.count(b'"error"')
        if self._answers >= _AT_ONCE:
            self._answers = 0
            self._show(self._forgeries)

    def _show(self, forgeries: Iterator[str]) -> None:
        known = {"received": 0, "read": 0, "delivered": 0}
        shown = [next(forgeries) for _ in range(_AT_ONCE)]
        self.send(b"".join(text("resume", ticket=each, **known) for each in shown))


def forgeries(ticket: str) -> list[str]:
    """Return forgeries of a ticket whose room is gone, and the ticket itself."""
    sealed = base64.urlsafe_b64decode(ticket + "=" * (-len(ticket) % 4))
    flipped = [
        sealed[:at] + bytes((sealed[at] ^ 1 << bit,)) + sealed[at + 1 :]
        for at in (0, 11, 12, len(sealed) // 2, len(sealed) - 1)
        for bit in (0, 7)
    ]
    cut = [sealed[:length] for length in (0, 1, 11, 12, 13, 28, len(sealed) - 1)]
    made = [os.urandom(length) for length in (1, 12, 28, len(sealed), 9_000)]
    texts = [
        "",
        "A",
        "=",
        "%",
        "\0",
        "é",
        ticket + "=",
        ticket + "A",
        ticket * 40,
        "A" * 90_000,
    ]
    return [ticket, _of_another_server(), *texts, *map(_to_text, (*flipped, *cut, *made))]


def _of_another_server() -> str:
    tickets = Tickets([secrets.token_urlsafe(32)], os.urandom, 86400)
    return tickets.seal(Seating("8RZ0MQ", bytes(16), 0, 0, "x", "M", None, None, 1 << 50))


def _to_text(sealed: bytes) -> str:
    return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()
