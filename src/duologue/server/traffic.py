"""How much goes in and out, and how long it takes, as plain numbers.

Bumped on the hot path, so with `+= 1` and nothing else.
"""

from bisect import bisect_left
from collections.abc import Iterator

TURNAROUND_BOUNDS_S = (
    *(0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01),
    *(0.025, 0.05, 0.1, 0.25, 0.5, 1.0),
)
LAG_BOUNDS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)


class Histogram:
    """Counts durations by the bounds that they are within.

    Args:
        bounds_s: The upper bounds, in seconds, from the least; what is over the
            last of them is counted too.

    Attributes:
        sum_s: All durations together.
    """

    __slots__ = ("_bounds_s", "_counts", "sum_s")

    def __init__(self, bounds_s: tuple[float, ...]) -> None:
        self._bounds_s = bounds_s
        self._counts = [0] * (len(bounds_s) + 1)
        self.sum_s = 0.0

    def observe(self, duration_s: float) -> None:
        """Count one more."""
        self._counts[bisect_left(self._bounds_s, duration_s)] += 1
        self.sum_s += duration_s

    def __iter__(self) -> Iterator[tuple[float, int]]:
        """Yield each bound with how many were within it; the last is infinite."""
        total = 0
        for bound_s, count in zip((*self._bounds_s, float("inf")), self._counts, strict=True):
            total += count
            yield bound_s, total


class Traffic:
    """What went through a listener.

    Attributes:
        messages_received: Messages that came from clients.
        bytes_received: The payload of their frames.
        frames_sent: Frames that went to clients: messages, pings, pongs and closes.
        bytes_sent: All of their bytes.
        turnaround: From the first frame of a batch to its last answer written.
        began_at: When the present batch began, by `time.perf_counter`; 0 between two.
    """

    __slots__ = (
        "began_at",
        "bytes_received",
        "bytes_sent",
        "frames_sent",
        "messages_received",
        "turnaround",
    )

    def __init__(self) -> None:
        self.messages_received = 0
        self.bytes_received = 0
        self.frames_sent = 0
        self.bytes_sent = 0
        self.turnaround = Histogram(TURNAROUND_BOUNDS_S)
        self.began_at = 0.0

    def end_batch(self, now: float) -> None:
        """Note how long a batch took, if one has begun."""
        if self.began_at:
            self.turnaround.observe(now - self.began_at)
            self.began_at = 0.0
