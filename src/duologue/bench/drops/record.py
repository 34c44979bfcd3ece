"""What one person said and the other heard, and whether that is the same.

Nothing is counted on the way but what comes just as it was said, from the first on. From
the first surprise on, what was heard is kept whole and in the end compared with what was
said, text by text, so that a lost chat and a doubled one cannot make up for each other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Verdict:
    """What became of the chats; all but the first two must be 0."""

    said: int
    heard: int
    """How many different ones arrived."""
    lost: int
    doubled: int
    out_of_order: int
    strange: int
    """Texts that the partner never said: changed on the way, or of other people."""

    @property
    def is_clean(self) -> bool:
        """True if everything came once and in order."""
        return self == Verdict(self.said, self.said, 0, 0, 0, 0)

    @property
    def delivered_percent(self) -> float:
        """Return which part of what was said was heard."""
        return 100.0 * self.heard / self.said if self.said else 0.0


class Record:
    """One direction of one pair's talk.

    Attributes:
        said_at: When each chat was due to be said; chat n at index n - 1.
        heard_at: When the other person's program showed something, in its order.
    """

    def __init__(self, author: int, payload_bytes: int) -> None:
        """Begin before the first chat of person number `author`."""
        self._author = author
        self._payload_bytes = payload_bytes
        self._in_order = 0
        self._rest: list[str] = []
        self.said_at: list[float] = []
        self.heard_at: list[float] = []

    def say(self, now: float) -> str:
        """Return the next chat."""
        self.said_at.append(now)
        return self._text(len(self.said_at))

    def hear(self, text: str, now: float) -> None:
        """Note what arrived, whatever it is."""
        self.heard_at.append(now)
        expected = self._in_order + 1
        if self._rest or expected > len(self.said_at) or text != self._text(expected):
            self._rest.append(text)
        else:
            self._in_order = expected

    def verdict(self) -> Verdict:
        """Compare all that was heard with all that was said."""
        said = len(self.said_at)
        numbers = [*range(1, self._in_order + 1), *self._numbers()]
        known = [number for number in numbers if number]
        different = len(set(known))
        return Verdict(
            said=said,
            heard=different,
            lost=said - different,
            doubled=len(known) - different,
            out_of_order=_out_of_order(known),
            strange=len(numbers) - len(known),
        )

    def ages(self) -> list[float]:
        """Return how long each chat took from being said to first being heard, in seconds."""
        both = zip(self.heard_at[: self._in_order], self.said_at, strict=False)
        ages = [heard - said for heard, said in both]
        seen: set[int] = {0}
        for number, heard in zip(self._numbers(), self.heard_at[self._in_order :], strict=True):
            if number > self._in_order and number not in seen:
                ages.append(heard - self.said_at[number - 1])
            seen.add(number)
        return ages

    def _numbers(self) -> list[int]:
        """Return the number of each text from the first surprise on; 0 for a strange one."""
        if not self._rest:
            return []
        numbers = {self._text(each): each for each in range(1, len(self.said_at) + 1)}
        return [numbers.get(text, 0) for text in self._rest]

    def _text(self, number: int) -> str:
        return f"{self._author} {number} ".ljust(self._payload_bytes, "x")


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the sums."""
    rows = [asdict(verdict) for verdict in verdicts]
    return Verdict(**{name: sum(row[name] for row in rows) for name in rows[0]})


def _out_of_order(numbers: list[int]) -> int:
    """Count those that came, for the first time, after one that was said later."""
    count = 0
    last = -1
    seen: set[int] = set()
    for number in numbers:
        if number not in seen:
            count += number < last
            last = max(last, number)
            seen.add(number)
    return count
