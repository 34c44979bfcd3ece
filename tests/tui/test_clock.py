"""Times are those of the person's own clock."""

import re
import time

from duologue.tui.clock import now_ms, time_of_day


def test_now_is_in_milliseconds() -> None:
    before = time.time()
    assert before * 1000 - 1 <= now_ms() <= time.time() * 1000 + 1


def test_a_moment_is_hours_and_minutes() -> None:
    assert re.fullmatch(r"\d\d:\d\d", time_of_day(now_ms()))
    assert time_of_day(0)[3:] == time_of_day(3_600_000)[3:]
