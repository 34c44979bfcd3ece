"""Whose turn it is to show a sign of life.

A round takes in every session once, in many short turns. Newcomers are spread
over the farther half of the round: so a client's first ping never falls into
its first words, and a crowd that came at once is not pinged at once.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

SLOTS = 100

T = TypeVar("T")


class Wheel(Generic[T]):
    """Everybody's place in the round. One round is `SLOTS` turns."""

    __slots__ = ("_offset", "_slots", "_turn")

    def __init__(self) -> None:
        self._slots: tuple[set[T], ...] = tuple(set() for _ in range(SLOTS))
        self._offset = 0
        self._turn = 0

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._slots)

    def __len__(self) -> int:
        return sum(map(len, self._slots))

    def add(self, member: T) -> int:
        """Give a new member a place half a round ahead or more, and return its slot."""
        self._offset = (self._offset + 1) % (SLOTS // 2)
        slot = (self._turn - self._offset) % SLOTS
        self._slots[slot].add(member)
        return slot

    def discard(self, member: T, slot: int) -> None:
        """Take a member out; it may be out already."""
        self._slots[slot].discard(member)

    def turn(self) -> list[T]:
        """Go one slot on and return who sits there."""
        self._turn = (self._turn + 1) % SLOTS
        return list(self._slots[self._turn])
