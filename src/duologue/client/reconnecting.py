"""Whether to connect again once a connection is gone, and when.

Decides only: no clock, no randomness of its own. See PROTOCOL.md, Close codes.
"""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import Enum

from duologue.wire.close import CloseCode

_FIRST_S = 0.25
_LONGEST_S = 10.0
_LONGEST_REQUESTED_S = 300.0


@dataclass(frozen=True, slots=True)
class Timing:
    """How patient a client is; times are in seconds.

    Attributes:
        connect_timeout_s: A connection that takes longer until it may be used is given up.
        ping_interval_s: How often the server is asked whether it is there.
        ping_timeout_s: How long it may take to answer. With the interval, this is how
            long a dead connection may go unnoticed.
        close_timeout_s: How long a goodbye may take.
        proven_s: A connection that was good for so long is followed at once by the next.
        random: Returns a number from 0 to 1, to keep many clients from coming at once.
        sleep: Waits for so many seconds.
    """

    connect_timeout_s: float = 8.0
    ping_interval_s: float = 5.0
    ping_timeout_s: float = 10.0
    close_timeout_s: float = 2.0
    proven_s: float = 5.0
    random: Callable[[], float] = random.random
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep


class Next(Enum):
    """What to do when a connection is gone."""

    RECONNECT = "at once, if it was good for a while"
    BACK_OFF = "not at once"
    END = "not at all: the server has said goodbye"
    REPLACED = "not at all: a newer connection has the seat"
    REJECTED = "not at all: something is wrong with this program or its settings"


_AFTER: dict[int, Next] = {
    CloseCode.NORMAL: Next.END,
    CloseCode.PROTOCOL_ERROR: Next.REJECTED,
    1003: Next.REJECTED,  # It takes no message of that kind.
    CloseCode.NOT_UTF8: Next.REJECTED,
    1008: Next.REJECTED,  # Against its policy.
    CloseCode.TOO_BIG: Next.REJECTED,
    1010: Next.REJECTED,  # An extension is missing.
    CloseCode.RESTARTING: Next.BACK_OFF,  # When it did not say when: many are sent off.
    1013: Next.BACK_OFF,  # Try again later.
    CloseCode.REPLACED: Next.REPLACED,
    CloseCode.RATE_LIMITED: Next.BACK_OFF,
}


def after(code: int | None) -> Next:
    """Say what to do after a close code; None means that there was no CLOSE."""
    return Next.RECONNECT if code is None else _AFTER.get(code, Next.RECONNECT)


class Backoff:
    """Spreads attempts: at once, then after longer and longer times, with jitter.

    Args:
        random: Returns a number from 0 to 1.
    """

    def __init__(self, random: Callable[[], float]) -> None:
        self._random = random
        self._failures = 0

    def succeeded(self) -> None:
        """A connection was good for a while."""
        self._failures = 0

    def delay_s(
        self, *, at_once: bool, requested_ms: int | None = None, at_least_s: int | None = None
    ) -> float:
        """Return how long to wait before the next attempt, in seconds.

        Args:
            at_once: Whether the first attempt need not wait.
            requested_ms: What the server has asked for, in milliseconds.
            at_least_s: What it has asked of all that it turns away, so that it is
                best not to come back together with them.
        """
        failures, self._failures = self._failures, self._failures + 1
        if requested_ms is not None:
            return min(requested_ms / 1000, _LONGEST_REQUESTED_S)
        if at_least_s is not None:
            return min(at_least_s, _LONGEST_REQUESTED_S) * (1.0 + self._random() / 2)
        if at_once and failures == 0:
            return 0.0
        # At most 2**6 quarters of a second are reached before the longest delay is.
        longest = min(_FIRST_S * 2.0 ** min(failures, 6), _LONGEST_S)
        return longest * (0.5 + self._random() / 2)
