"""Brings many clients to where the measurement starts: connected, or seated two to a room.

Each step is said by a whole batch before the first answer is read, so that opening 10,000
connections takes seconds, while no server's accept queue overflows.
"""

from __future__ import annotations

import resource
from collections.abc import Callable, Iterator
from typing import NamedTuple

from duologue.bench.dialects import Dialect
from duologue.bench.link import Link
from duologue.bench.target import Target
from duologue.errors import LoadError

# uvloop and Node listen with a backlog of 100 to 511; a full queue costs a second per retry.
_BATCH = 50
_FILES_SPARE = 100


class Pair(NamedTuple):
    """Two links that sit in the same room."""

    first: Link
    second: Link


class Crowd:
    """All links of one run, so that they can be closed together."""

    def __init__(
        self,
        target: Target,
        dialect: Dialect,
        on_opened: Callable[[int], None] = lambda _count: None,
    ) -> None:
        """Prepare to connect to `target`; nothing is opened yet.

        Args:
            target: where the server is.
            dialect: what it speaks.
            on_opened: is told how many links there are, after each batch.
        """
        self.target = target
        self.dialect = dialect
        self.links: list[Link] = []
        self._on_opened = on_opened

    def connect(self, count: int) -> list[Link]:
        """Open `count` connections and greet the server on each."""
        opened: list[Link] = []
        for size in _batches(count):
            opened += self._connect_batch(size)
        return opened

    def seat(self, count: int) -> list[Pair]:
        """Open `count` pairs, each in a room of its own."""
        pairs: list[Pair] = []
        for size in _batches(count):
            links = self.connect(2 * size)
            batch = [Pair(*two) for two in zip(links[::2], links[1::2], strict=True)]
            _introduce(batch)
            _meet(batch)
            pairs += batch
        return pairs

    def close(self) -> None:
        """Close every link."""
        for link in self.links:
            link.close()
        self.links.clear()

    def _connect_batch(self, size: int) -> list[Link]:
        batch: list[Link] = []
        for _ in range(size):
            link = Link(self.target, self.dialect, len(self.links))
            self.links.append(link)
            batch.append(link)
        for link in batch:
            link.upgraded()
        for verb, what in self.dialect.opening:
            for link in batch:
                if verb == "say":
                    link.say_text(what)
                else:
                    link.hear(what)
        self._on_opened(len(self.links))
        return batch


def affordable_idle(wanted: int, pairs: int) -> int:
    """Raise the limit of open files as far as permitted; return how many idle links fit."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    if hard == resource.RLIM_INFINITY:
        return wanted
    room = hard - 2 * pairs - _FILES_SPARE
    if room < 0:
        raise LoadError(f"{pairs} pairs need more than the {hard} open files permitted here")
    return min(wanted, room)


def _introduce(pairs: list[Pair]) -> None:
    for first, second in pairs:
        first.say("set_username", username="Alice")
        second.say("set_username", username="Bob")
    for first, second in pairs:
        first.hear("username_set")
        second.hear("username_set")


def _meet(pairs: list[Pair]) -> None:
    for first, _ in pairs:
        first.say("create_room")
    for first, second in pairs:
        code = first.hear("room_created").get("room_code")
        second.say("join_room", room_code=code)
    for first, second in pairs:
        second.hear("room_joined")
        first.hear("partner_joined")


def _batches(count: int) -> Iterator[int]:
    for start in range(0, count, _BATCH):
        yield min(_BATCH, count - start)
