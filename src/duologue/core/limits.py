"""How much one client, one source and all of them may ask of the server.

A limit is a number, not a policy; `math.inf` is none. What is counted by time
is counted by buckets of tokens, and the time is always an argument.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

K = TypeVar("K")
V = TypeVar("V")

BURST_S = 10.0
"""What is limited a second may come at once for so many seconds."""

_SWEPT_AT_A_TIME = 200
"""So many are looked at in a turn: more would keep everyone else waiting."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The bounds that are kept; those of the same name are explained in `Settings`."""

    max_name_chars: int = 64
    """Longest username, in characters, once trimmed."""

    max_content_bytes: int = 16 * 1024
    """Longest content of a chat, in bytes of UTF-8."""

    stall_timeout_s: float = 30.0
    """How long a client may go without reading while there is something to read."""

    heartbeat_s: float = 25.0
    """How often each client is pinged; v1 clients are told."""

    ticket_life_s: float = 86400.0
    """How long someone may be away and come back to the same seat."""

    code_length: int = 6
    """How many characters a new room's code has."""

    lone_room_s: float = 3600.0
    """How long one person may wait for another before the room is closed."""

    messages_per_s: float = 1000
    """How many messages, fragments and pings a connection may send, in the long run."""

    bytes_per_s: float = 1024 * 1024
    """How many bytes it may send in them, likewise."""

    errors_per_s: float = 20
    """How many of its messages may be no use; beyond that it is closed."""

    max_connections: float = 20_000
    """How many connections there may be."""

    max_rooms: float = 20_000
    """How many rooms there may be."""

    connections_per_source: float = 200
    """How many connections one source may have at a time."""

    handshakes_per_source_s: float = 20
    """How many connections one source may begin a second, in the long run."""

    rooms_per_source: float = 100
    """How many rooms that one source has opened there may be."""

    wrong_codes_per_source_min: float = 1
    """How many wrong codes a minute may come from one source, in the long run."""

    wrong_codes_per_s: float = 1
    """How many wrong codes a second may come from everywhere, in the long run."""

    @property
    def safe_content_chars(self) -> int:
        """Length up to which a content is short enough: no character takes over 4 bytes."""
        return self.max_content_bytes // 4

    def allows_content(self, content: str) -> bool:
        """Say whether a chat may be this long."""
        return len(content.encode()) <= self.max_content_bytes


UNLIMITED = Limits(
    lone_room_s=math.inf,
    messages_per_s=math.inf,
    bytes_per_s=math.inf,
    errors_per_s=math.inf,
    max_connections=math.inf,
    max_rooms=math.inf,
    connections_per_source=math.inf,
    handshakes_per_source_s=math.inf,
    rooms_per_source=math.inf,
    wrong_codes_per_source_min=math.inf,
    wrong_codes_per_s=math.inf,
)
"""No bound on anything that may be off."""


class Bucket:
    """Tokens that are taken and come back by time: `burst` of them at most.

    One that is made is full.

    Args:
        per_s: How many tokens come back a second; `math.inf` for no limit.
        burst: How many there can be.
        now: The present moment, in seconds.
    """

    __slots__ = ("_at", "_burst", "_level", "_per_s")

    def __init__(self, per_s: float, burst: float, now: float) -> None:
        self._per_s = per_s
        self._burst = burst
        self._level = burst
        self._at = now

    def wait_s(self, now: float, count: float = 1) -> float:
        """Return in how many seconds there will be `count` tokens; 0 if there are."""
        missing = count - self._refilled(now)
        return missing / self._per_s if missing > 0 else 0.0

    def take(self, now: float, count: float = 1) -> bool:
        """Take tokens; False, and none are taken, if there are too few."""
        level = self._refilled(now)
        if level < count:
            return False
        self._level = level - count
        return True

    def drain(self, now: float, count: float = 1) -> None:
        """Take tokens, or all that there are."""
        self._level = max(0.0, self._refilled(now) - count)

    def is_full(self, now: float) -> bool:
        """Say whether it is as good as new."""
        return self._refilled(now) >= self._burst

    def _refilled(self, now: float) -> float:
        if math.isinf(self._per_s):
            self._level = self._burst
        elif now > self._at:
            self._level = min(self._burst, self._level + (now - self._at) * self._per_s)
            self._at = now
        return self._level


def sweep(remembered: dict[K, V], is_over: Callable[[V], bool]) -> None:
    """Forget a few of those that need not be remembered any more; all get their turn."""
    for key in list(islice(remembered, _SWEPT_AT_A_TIME)):
        value = remembered.pop(key)
        if not is_over(value):
            remembered[key] = value  # To the end: others come first next time.


def per_second(limit: float, now: float) -> Bucket:
    """Make the bucket of what is limited a second."""
    return Bucket(limit, max(1.0, limit * BURST_S), now)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What a connection may send: so much a second, and ten seconds' worth at once.

    The listener counts down what is left and looks at the clock only when
    nothing is. So it costs next to nothing for whoever keeps within the limit.

    Attributes:
        per_s: How much; `math.inf` for no limit.
    """

    per_s: float

    @property
    def burst(self) -> float:
        """How much may come at once."""
        return self.per_s * BURST_S

    def after(self, left: float, elapsed_s: float) -> float:
        """Return what is left after some time; below zero, it is a debt."""
        return min(self.burst, left + elapsed_s * self.per_s) if left < math.inf else left

    def pause_s(self, left: float) -> float:
        """Return for how long nothing more may be read: until the debt is paid."""
        return max(0.0, -left / self.per_s)
