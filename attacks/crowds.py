"""Attackers that are many: connections, rooms, guesses."""

from __future__ import annotations

import random

from attacks.say import HANDSHAKE, V1_HANDSHAKE, text
from attacks.swarm import Peer
from duologue.wire.codes import ALPHABET, CODE_LENGTH


class Knock(Peer):
    """Connects and is gone."""

    def on_open(self) -> None:
        """Go."""
        self.reset()


class Visit(Peer):
    """Shakes hands and is gone."""

    def on_agreed(self) -> None:
        """Go."""
        self.reset()


class Hold(Peer):
    """Shakes hands and stays, as quiet as a mouse."""


class Tenant(Peer):
    """Opens a room and stays."""

    def on_open(self) -> None:
        """Shake hands and open a room."""
        self.send(HANDSHAKE + text("set_username", username="M") + text("create_room"))


class Mover(Peer):
    """Opens rooms and leaves them, one after the other."""

    piece = (text("create_room") + text("leave_room")) * 200

    def on_agreed(self) -> None:
        """Begin."""
        self.send(text("set_username", username="M"))
        self.pour(self.piece)


class Deserter(Peer):
    """Opens a room with v1 and is gone, but keeps the ticket: the room waits for it."""

    def on_open(self) -> None:
        """Shake hands and open a room."""
        self.send(V1_HANDSHAKE + text("set_username", username="M") + text("create_room"))

    def on_heard(self, heard: bytes) -> None:
        """Go once there is a room, or will be none."""
        super().on_heard(heard)
        if b'"room_created"' in heard or b'"error"' in heard:
            self.reset()


class Guess(Peer):
    """Tries one code after the other, as fast as it is answered."""

    at_once = 50

    def on_agreed(self) -> None:
        """Give a name and begin."""
        self.send(text("set_username", username="M"))
        self._guess()

    def on_heard(self, heard: bytes) -> None:
        """Guess again, as often as there was an answer."""
        super().on_heard(heard)
        self._answers += heard.count(b'"error"')
        if self._answers >= self.at_once:
            self._guess()

    def _guess(self) -> None:
        self._answers = 0
        codes = ("".join(random.choices(ALPHABET, k=CODE_LENGTH)) for _ in range(self.at_once))
        self.send(b"".join(text("join_room", room_code=code) for code in codes))
