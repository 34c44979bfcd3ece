"""Attackers that never get as far as a WebSocket, or ask for one that there is not."""

from __future__ import annotations

from attacks.say import HANDSHAKE, V1_HANDSHAKE, handshake, repeated, text
from attacks.swarm import Peer, Swarm


class Dribble(Peer):
    """Says its handshake byte by byte, and never the last."""

    def on_open(self) -> None:
        """Begin."""
        self._said = 0

    def tick(self) -> None:
        """Say one byte more."""
        if self._is_open and self._said < len(HANDSHAKE) - 1:
            self.send(HANDSHAKE[self._said : self._said + 1])
            self._said += 1


class Silent(Peer):
    """Connects and says nothing."""

    def on_open(self) -> None:
        """Say nothing."""


class GiantHeader(Peer):
    """Asks with one header of 64 KiB, all at once."""

    request = handshake("X-Giant: " + "x" * 64 * 1024)

    def on_open(self) -> None:
        """Ask."""
        self.send(self.request)


class EndlessHeader(Peer):
    """Asks with a header that never ends, however the server answers."""

    def on_open(self) -> None:
        """Begin."""
        self.send(HANDSHAKE.removesuffix(b"\r\n") + b"X-Endless: ")
        self.pour(repeated(b"x"))


class ManyHeaders(Peer):
    """Asks with thousands of empty headers, that end in time to be answered."""

    request = handshake(*["a:"] * 3_500)

    def on_open(self) -> None:
        """Ask."""
        self.send(self.request)

    def on_agreed(self) -> None:
        """Once more, from the beginning."""
        self.reset()


class ManyRequests(Peer):
    """Asks for the page as often as it can in one breath, and reads none of it."""

    reads = False

    def on_open(self) -> None:
        """Ask."""
        self.pour(repeated(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"))


class Compressed(Peer):
    """Asks for compression and then takes it as agreed."""

    request = handshake("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits")
    bomb = bytes((0xC1, 0x82)) + bytes(4) + b"\x03\x00"

    def on_open(self) -> None:
        """Ask."""
        self.send(self.request)

    def on_agreed(self) -> None:
        """Send a frame with RSV1 (RFC 7692 section 6)."""
        self.send(self.bomb)


class Cut(Peer):
    """Says this much of a handshake and a conversation, and is gone with a reset.

    Each cuts one byte later than the one before; half of them close instead of resetting.
    """

    script = b"".join(
        (
            V1_HANDSHAKE,
            text("set_username", username="Mallory"),
            text("create_room"),
            text("chat", pairing=1, id=1, content="x"),
            text("leave_room"),
        )
    )

    def __init__(self, swarm: Swarm) -> None:
        self._number = swarm.number
        super().__init__(swarm)

    def on_open(self) -> None:
        """Say it and go."""
        how_far = self._number // 2 % (len(self.script) + 1)
        if how_far:
            self.send(self.script[:how_far])
        if self._number % 2:
            self.reset()
        else:
            self.leave()
