"""Conversations: four people do what they like, in either protocol, and time goes by.

An input is a script, a line for each deed: who (0 to 3), what (a letter), and
what is said. In that, @C is the newest code, @T the newest ticket, @I the
person's own id. A capital letter means that the next deed comes in the same turn.
"""

import re
from collections.abc import Callable, Iterable

from duologue.wire.codec import decode_reply
from duologue.wire.frames import Opcode
from fuzzing.frames import handshake, heard, masked
from fuzzing.stage import Stage, Wire

MOST_BYTES = 2048
MOST_DEEDS = 100

_CODE = re.compile(rb'"room_code":"([^"]+)"')
_TICKET = re.compile(rb'"ticket":"([^"]+)"')
_ID = re.compile(rb'"client_id":"([^"]+)"')
_SECONDS = 1.0, 10.0, 26.0, 31.0, 120.0, 600.0


def seeds() -> Iterable[bytes]:
    """Begin with a few evenings."""
    meet = b"""0c1
1c%b
0t{"type":"set_username","username":"Alice"}
1t{"type":"set_username","username":"Bob"}
0t{"type":"create_room"}
1t{"type":"join_room","room_code":"@C"}
"""
    chat = b'%bt{"type":"chat","pairing":1,"id":%d,"content":"hi"}\n'
    resume = b'%bt{"type":"resume","ticket":"@T","received":0,"read":0,"delivered":0}\n'
    yield (
        meet % b"1"
        + chat % (b"0", 1)
        + chat % (b"1", 1)
        + (
            b'1t{"type":"received","pairing":1,"id":1}\n0t{"type":"read","pairing":1,"id":1}\n'
            b'0t{"type":"leave_room"}\n1t{"type":"typing"}'
        )
    )
    yield (
        meet % b""
        + b'0t{"type":"chat","pairing":1,"id":1,"content":"hi"}\n'
        + (
            b'1t{"type":"chat","content":"hi"}\n1t{"type":"typing"}\n1t{"type":"stop_typing"}\n1e'
        )
    )
    yield meet % b"1" + chat % (b"0", 1) + b"0v\n" + chat % (b"1", 1) + b"0c1\n" + resume % b"0"
    yield (
        meet % b"1"
        + b"0v\n1w4\n"
        + b"2c1\n"
        + (
            b'2t{"type":"set_username","username":"C"}\n2t{"type":"join_room","room_code":"@C"}\n'
            b'1t{"type":"free_seat"}\n2t{"type":"join_room","room_code":"@C","client_id":"@I"}'
        )
    )
    yield meet % b"1" + b"1s\n" + 3 * (chat % (b"0", 1)) + b"0z3\n1d\n" + chat % (b"0", 2)
    yield meet % b"1" + b"0x\n1w2\n1p\n1q\n1b\xff\n1f{\n1g}\n1h\n1r\x81\x00"
    yield meet % b"1" + b"0x\x03\xf3\n1x\x03\xe8bye\n"
    yield meet % b"1" + b'0Tz{\n0F{"type"\n0H:"ping"}\n0v\n1v\n0c1\n' + resume % b"0"


def try_one(data: bytes) -> None:
    """Let them play the script."""
    with Stage() as stage:
        play = _Play(stage)
        for line in data.split(b"\n")[:MOST_DEEDS]:
            play.deed(line)
        stage.loop.rest()
        for wire in stage.wires:
            wire.read(True)
        stage.loop.rest()
        for wire in stage.wires:
            check(wire)


def check(wire: Wire) -> None:
    """Every text that was said is a message, and a CLOSE is the last of all.

    A CLOSE with 1011 may be the echo of theirs; of a fault the log tells, and `Stage` of that.
    """
    head, _, said = bytes(wire.output).partition(b"\r\n\r\n")
    if not head:
        return
    is_v1 = b"duologue.v1" in head
    for frame in heard(said):
        if frame.opcode == Opcode.TEXT and is_v1:
            decode_reply(frame.payload.decode())


class _Play:
    """Who does what, and what they have heard."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage
        self._people: list[Wire | None] = [None] * 4

    def deed(self, line: bytes) -> None:
        """Do what a line says; one that says nothing does nothing."""
        who, what, said = line[:1], line[1:2], line[2:]
        if who not in (b"0", b"1", b"2", b"3"):
            return
        person = int(who)
        if what.lower() == b"c":
            self._connect(person, said[:1] == b"1")
        elif (wire := self._people[person]) is not None:
            self._act(wire, what.lower(), said)
        if what.islower():
            self._stage.loop.rest()

    def _connect(self, person: int, is_v1: bool) -> None:
        """Come anew. The connection before stays as it is: half open."""
        if len(self._stage.wires) < 12:
            wire = self._people[person] = self._stage.arrive()
            wire.say(handshake(b"duologue.v1" if is_v1 else b""))

    def _act(self, wire: Wire, what: bytes, said: bytes) -> None:
        loop = self._stage.loop
        seconds = _SECONDS[(said[:1] or b"0")[0] % len(_SECONDS)]
        frames = {b"t": 0x81, b"b": 0x82, b"f": 0x01, b"g": 0x00, b"h": 0x80}
        frames |= {b"p": 0x89, b"q": 0x8A, b"x": 0x88}
        deeds: dict[bytes, Callable[[], None]] = {
            b"r": lambda: wire.say(said),
            b"s": lambda: wire.read(False),
            b"d": lambda: wire.read(True),
            b"v": wire.vanish,
            b"e": wire.say_no_more,
            b"w": lambda: loop.wait(min(seconds, 31.0)),
            b"z": lambda: loop.oversleep(seconds),
        }
        if what in frames:
            wire.say(masked(frames[what], self._filled_in(wire, said)))
        elif what in deeds:
            deeds[what]()

    def _filled_in(self, wire: Wire, said: bytes) -> bytes:
        everything = [bytes(each.output) for each in self._stage.wires]
        for mark, pattern, texts in (
            (b"@C", _CODE, everything),
            (b"@T", _TICKET, everything),
            (b"@I", _ID, [bytes(wire.output)]),
        ):
            if mark in said:
                found = [word for text in texts for word in pattern.findall(text)]
                said = said.replace(mark, found[-1] if found else b"")
        return said
