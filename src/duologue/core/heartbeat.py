"""Whose turn it is to show a sign of life.

A round takes in every session once. It has many short turns, and a session's
turn comes a whole round after it arrived: so a client's first ping never falls
into its first words, and ten thousand clients are not pinged in one instant.
"""

from collections.abc import Iterator
from itertools import chain
from typing import Generic, TypeVar

SLOTS = 100

T = TypeVar("T")


class Wheel(Generic[T]):
    """Everybody's place in the round. One round is `SLOTS` turns."""

    __slots__ = ("_slots", "_turn")

    def __init__(self) -> None:
        self._slots: tuple[set[T], ...] = tuple(set() for _ in range(SLOTS))
        self._turn = 0

    def __iter__(self) -> Iterator[T]:
        return chain.from_iterable(self._slots)

    def __len__(self) -> int:
        return sum(map(len, self._slots))

    def add(self, member: T) -> int:
        """Give a new member the place that comes last, and return its slot."""
        self._slots[self._turn].add(member)
        return self._turn

    def discard(self, member: T, slot: int) -> None:
        """Take a member out; it may be out already."""
        self._slots[slot].discard(member)

    def turn(self) -> list[T]:
        """Go one slot on and return who sits there."""
        self._turn = (self._turn + 1) % SLOTS
        return list(self._slots[self._turn])
