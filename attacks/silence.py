"""Attackers that do nothing where something is due."""

from __future__ import annotations

import socket

from attacks.say import HANDSHAKE, frame
from attacks.swarm import Peer, Swarm
from duologue.wire.frames import Opcode


class Deaf(Peer):
    """Shakes hands and then neither reads nor answers: half of a connection."""

    def on_agreed(self) -> None:
        """Read nothing more."""
        self.reads = False
        self._watch()


class Mute(Deaf):
    """Makes the server say much, and reads nothing of it."""

    piece = frame(Opcode.PING, b"x" * 125) * 500

    def __init__(self, swarm: Swarm) -> None:
        super().__init__(swarm)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)

    def on_agreed(self) -> None:
        """Ask without end, and don't listen."""
        super().on_agreed()
        self.pour(self.piece)


class Clinging(Peer):
    """Breaks the protocol, is told so, and does not hang up."""

    def on_open(self) -> None:
        """Shake hands and send a frame of a kind that there is not."""
        self.send(HANDSHAKE + bytes((0x83, 0x80)) + bytes(4))

    def on_end(self) -> None:
        """Stay until the server itself lets go."""
        if self.reads:
            self.reads = False
        else:
            super().on_end()

    def tick(self) -> None:
        """Say something, or TCP would not tell that the server is gone."""
        if not self.reads:
            self.send(b"?")


class Goodbyes(Peer):
    """Says goodbye again and again, and does not hang up either."""

    piece = frame(Opcode.CLOSE, b"\x03\xe8") * 1000

    def on_agreed(self) -> None:
        """Begin."""
        self.pour(self.piece)
