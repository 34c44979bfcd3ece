"""What one person said and the other heard, and whether that is the same.

Nothing is counted on the way. What was heard is kept whole and in the end compared with what
was said, text by text, so that a lost chat and a doubled one cannot make up for each other.
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
        heard: The texts that the other person's program showed, in its order.
        heard_at: When.
    """

    def __init__(self, author: int, payload_bytes: int) -> None:
        """Begin before the first chat of person number `author`."""
        self._author = author
        self._payload_bytes = payload_bytes
        self.said_at: list[float] = []
        self.heard: list[str] = []
        self.heard_at: list[float] = []

    def say(self, now: float) -> str:
        """Return the next chat."""
        self.said_at.append(now)
        return self._text(len(self.said_at))

    def hear(self, text: str, now: float) -> None:
        """Keep what arrived, whatever it is."""
        self.heard.append(text)
        self.heard_at.append(now)

    def verdict(self) -> Verdict:
        """Compare all that was heard with all that was said."""
        said = [self._text(number) for number in range(1, len(self.said_at) + 1)]
        if self.heard == said:
            return Verdict(len(said), len(said), 0, 0, 0, 0)
        numbers = {text: number for number, text in enumerate(said)}
        known = [numbers[text] for text in self.heard if text in numbers]
        return Verdict(
            said=len(said),
            heard=len(set(known)),
            lost=len(said) - len(set(known)),
            doubled=len(known) - len(set(known)),
            out_of_order=_out_of_order(known),
            strange=len(self.heard) - len(known),
        )

    def ages(self) -> list[float]:
        """Return how long each chat took from being said to being heard, in seconds.

        Only of use where the verdict is clean.
        """
        both = zip(self.heard_at, self.said_at, strict=False)
        return [heard - said for heard, said in both]

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
