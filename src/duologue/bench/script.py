"""The lines of a run, written before it: every frame that will be said and must be heard.

Chats carry a slot number that runs round and round. What a client may hear next is thus known
byte for byte, and one dict look-up checks the content, the order and the count of all the
messages that one read brought, and finds the frames that its partner says in return. The tables
fill themselves: the first time, `Script.step` works the answer out.
"""

from __future__ import annotations

from typing import NamedTuple

from duologue.bench.crowd import Pair
from duologue.bench.frames import masked
from duologue.bench.link import Link
from duologue.errors import LoadError

# Bounds what a table may hold; batches beyond it are worked out each time.
_STEPS_A_PLACE = 64
_SLOT_DIGITS = 4


class Step(NamedTuple):
    """What follows when a read brought so many chats: the partner's answer, the next place."""

    chats: int
    answer: bytes
    then: Place


class Place(dict[bytes | None, Step]):
    """How far one client has heard: what may be read now, and what follows from it."""

    def __init__(self, slot: int) -> None:
        """Stand before `slot`, knowing nothing yet."""
        super().__init__()
        self.slot = slot


class Script:
    """What one seat hears, and what its partner says to keep the window full."""

    def __init__(self, heard: list[bytes], said: list[bytes], window: int) -> None:
        """Keep the frames of each slot, as heard and as said.

        Args:
            heard: the frames as the server relays them, in order; after the last, the first.
            said: the frames as the partner sends them, for the same slots.
            window: how many messages are in flight.
        """
        self.heard = heard
        self.said = said
        self._window = window
        self.places = [Place(slot) for slot in range(len(heard))]

    def opening(self) -> bytes:
        """Return the frames that fill the window at the start."""
        return b"".join(self.said[: self._window])

    def step(self, place: Place, count: int) -> Step:
        """Work out what follows when `count` right messages came."""
        slots = len(self.said)
        first = place.slot + self._window
        answer = b"".join(self.said[(first + i) % slots] for i in range(count))
        return Step(count, answer, self.places[(place.slot + count) % slots])

    def learn(self, place: Place, data: bytes, step: Step) -> None:
        """Remember what follows when just `data` was read at this place."""
        if len(place) < _STEPS_A_PLACE:
            place[data] = step


class Scripts:
    """Writes a script for each seat; seats whose frames look the same share one."""

    def __init__(self, window: int, payload_bytes: int) -> None:
        """Prepare contents of `payload_bytes`; twice the window of slots tells a repeat."""
        if payload_bytes < _SLOT_DIGITS:
            raise LoadError(f"the payload must be at least {_SLOT_DIGITS} bytes")
        slots = min(max(2 * window, 2), 10**_SLOT_DIGITS)
        self._window = window
        self._contents = [
            f"{slot:0{_SLOT_DIGITS}}".ljust(payload_bytes, "x") for slot in range(slots)
        ]
        self._written: dict[bytes, Script] = {}

    def for_pair(self, pair: Pair) -> tuple[Script, Script]:
        """Let both say one chat, to see how this server relays it; return both scripts."""
        pair.first.say("chat", content=self._contents[0])
        pair.second.say("chat", content=self._contents[0])
        return self._hear_sample(pair.first), self._hear_sample(pair.second)

    def _hear_sample(self, link: Link) -> Script:
        message, raw = link.hear_raw()
        if message.type != "chat" or message.fields.get("content") != self._contents[0]:
            raise LoadError(f"a chat came back as {message}")
        if raw not in self._written:
            self._written[raw] = self._write(link, raw)
        return self._written[raw]

    def _write(self, link: Link, sample: bytes) -> Script:
        marker = self._contents[0].encode()
        heard = [sample.replace(marker, content.encode()) for content in self._contents]
        said = [
            masked(link.dialect.encode("chat", {"content": content}).encode())
            for content in self._contents
        ]
        return Script(heard, said, self._window)
