"""Attackers that say more than anyone can mean, or something that never ends."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import ClassVar

from attacks.say import HANDSHAKE, V1_HANDSHAKE, frame, repeated, text
from attacks.swarm import Peer, Swarm
from duologue.bench.frames import masked
from duologue.wire.frames import Opcode


def crumbled(message: bytes) -> bytes:
    """Return a text message in frames of one byte each."""
    last = len(message) - 1
    return b"".join(
        frame(Opcode.CONTINUATION if at else Opcode.TEXT, message[at : at + 1], fin=at == last)
        for at in range(len(message))
    )


class Pouring(Peer):
    """Pours the same frames as fast as they are taken."""

    piece = b""
    first = b""

    def on_agreed(self) -> None:
        """Begin."""
        if self.first:
            self.send(self.first)
        self.pour(self.piece)


class Nonsense(Pouring):
    """Pours what is no message."""

    piece = repeated(masked(b"{"))


class Names(Pouring):
    """Pours messages that are in order, each of which is answered."""

    piece = repeated(text("set_username", username="Mallory"))


class Pings(Pouring):
    """Pours PINGs of 125 bytes."""

    piece = repeated(frame(Opcode.PING, b"x" * 125))


class EmptyPings(Pouring):
    """Pours PINGs without a payload: the most that fit into a read."""

    piece = repeated(frame(Opcode.PING))


class Crumbs(Pouring):
    """Pours messages whose fragments have one byte each."""

    piece = repeated(crumbled(b'{"type":"typing"}'))


class EndlessMessage(Pouring):
    """Pours fragments of a message that never ends."""

    first = frame(Opcode.TEXT, b"x", fin=False)
    piece = repeated(frame(Opcode.CONTINUATION, b"x" * 100, fin=False))


class EndlessNothing(Pouring):
    """Pours empty fragments of a message that never ends, nor ever becomes too long."""

    first = frame(Opcode.TEXT, b"x", fin=False)
    piece = repeated(frame(Opcode.CONTINUATION, fin=False))


class Big(Pouring):
    """Pours JSON that is hard to read, each as long as may be."""

    first = b"".join(
        masked(each)
        for each in (
            b"[" * 100_000,
            b'{"a":' * 16_000 + b"1" + b"}" * 16_000,
            b'{"type":"chat","content":' + b"9" * 90_000 + b"}",
            b'{"type":"chat","content":' + b"1e" + b"9" * 90_000 + b"}",
            b'{"type":"chat","content":"' + b"x" * 90_000 + b'"}',
            b'{"type":"chat","content":"' + b"\\u0000" * 15_000 + b'"}',
            b"{" + b'"content":"",' * 7_000 + b'"type":"chat"}',
            b"{" + b'"type":"chat",' * 7_000 + b'"content":""}',
            b'{"type":"' + b"x" * 90_000 + b'"}',
            b'{"type":"join_room","room_code":"' + b"i" * 90_000 + b'"}',
            b'{"type":"set_username","username":"' + b" " * 90_000 + b'"}',
        )
    )
    piece = first


class Chatterer(Peer):
    """Sits in a room with one that never reads, and pours chats at it.

    Peers take turns: one opens a room, the next joins it.
    """

    codes: ClassVar[defaultdict[Swarm, list[str]]] = defaultdict(list)
    """Of the rooms that are half full, for all who attack together."""

    piece = repeated(masked(json.dumps({"type": "chat", "content": "y" * 1000}).encode()))

    def __init__(self, swarm: Swarm) -> None:
        self._is_first = swarm.number % 2 == 0
        super().__init__(swarm)

    def on_open(self) -> None:
        """Shake hands and give a name."""
        self.send(HANDSHAKE + text("set_username", username="Mallory"))
        if self._is_first:
            self.send(text("create_room"))

    def tick(self) -> None:
        """Join a room if there is one; then read nothing more."""
        if self.codes[self.swarm] and self.reads and not self._is_first:
            self.send(text("join_room", room_code=self.codes[self.swarm].pop()))
            self.reads = False
            self._watch()

    def on_heard(self, heard: bytes) -> None:
        """Take note of the code; pour once somebody is there."""
        super().on_heard(heard)
        if b'"room_created"' in heard:
            at = heard.index(b'"room_code":"') + 13
            self.codes[self.swarm].append(heard[at : at + 6].decode())
        if b'"partner_joined"' in heard:
            self.pour(self.piece)


class V1Chatterer(Peer):
    """Pours chats of v1, all under the same number, into a room of its own."""

    piece = repeated(text("chat", pairing=0, id=1, content="y" * 100))

    def on_open(self) -> None:
        """Shake hands and open a room."""
        self.send(V1_HANDSHAKE + text("set_username", username="M") + text("create_room"))

    def on_agreed(self) -> None:
        """Begin."""
        self.pour(self.piece)
