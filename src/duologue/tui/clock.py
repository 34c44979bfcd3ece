"""The time of day, as messages carry it and as people read it."""

import time
from datetime import datetime


def now_ms() -> int:
    """Return the time of day, in milliseconds since 1970."""
    return time.time_ns() // 1_000_000


def time_of_day(at: int) -> str:
    """Return a moment, in milliseconds since 1970, as a clock here shows it."""
    return f"{datetime.fromtimestamp(at / 1000):%H:%M}"
