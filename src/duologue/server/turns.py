"""Lets those who cost much take turns, so that nobody else waits for them all.

One read may bring thousands of small frames, which the WebSocket library hands
over in one go. Who has just said so much is read again when its turn comes,
and in each round of the event loop one of them has it. Likewise a crowd that
is gone at once is seen off a few at a time.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from time import perf_counter


class Turns:
    """Those who wait, in the order in which they came.

    Args:
        loop: Whose rounds they are.
        round_s: For how long they have their turns in each; one always has.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, round_s: float = 0.0) -> None:
        self._loop = loop
        self._round_s = round_s
        self._waiting: deque[Callable[[], None]] = deque()

    def wait(self, go_on: Callable[[], None]) -> None:
        """Call this once all have gone on who wait already."""
        self._waiting.append(go_on)
        if len(self._waiting) == 1:
            self._loop.call_soon(self._next)

    def _next(self) -> None:
        until = perf_counter() + self._round_s
        try:
            self._waiting[0]()
            while perf_counter() < until and len(self._waiting) > 1:
                self._waiting.popleft()
                self._waiting[0]()
        finally:
            self._waiting.popleft()
            if self._waiting:
                self._loop.call_soon(self._next)
