import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.core.limits import UNLIMITED, Allowance, Bucket, Limits, per_second

MOMENTS = st.floats(0, 1e6)
RATES = st.floats(0.001, 1e6)


@pytest.mark.parametrize(
    ("content", "is_allowed"),
    [
        ("", True),
        ("x" * 8, True),
        ("x" * 9, False),
        ("한글", True),
        ("한글한", False),
        ("😀😀", True),
    ],
)
def test_a_limit_is_in_bytes_of_utf8(content: str, is_allowed: bool) -> None:
    assert Limits(max_content_bytes=8).allows_content(content) is is_allowed


@given(st.text(max_size=30))
def test_what_is_safe_by_its_length_is_allowed(content: str) -> None:
    limits = Limits(max_content_bytes=32)
    if len(content) <= limits.safe_content_chars:
        assert limits.allows_content(content)


def test_a_bucket_gives_what_it_holds_and_then_what_comes_back() -> None:
    bucket = Bucket(per_s=2, burst=3, now=100.0)
    given = [bucket.take(100.0) for _ in range(4)]
    assert (given, bucket.wait_s(100.0)) == ([True, True, True, False], 0.5)
    assert [bucket.take(100.5), bucket.take(100.5)] == [True, False]
    assert (bucket.is_full(101.9), bucket.is_full(102.0)) == (False, True)
    assert [bucket.take(9000.0) for _ in range(4)] == [True, True, True, False]


def test_what_cannot_be_taken_whole_is_not_taken_at_all() -> None:
    bucket = Bucket(per_s=1, burst=3, now=0.0)
    assert (bucket.take(0.0, 4), bucket.take(0.0, 3)) == (False, True)


def test_a_bucket_that_is_drained_holds_nothing_rather_than_a_debt() -> None:
    bucket = Bucket(per_s=1, burst=3, now=0.0)
    bucket.drain(0.0, 100)
    assert bucket.wait_s(0.0) == 1.0


def test_a_clock_that_is_behind_gives_nothing_back() -> None:
    bucket = Bucket(per_s=1, burst=1, now=10.0)
    assert (bucket.take(10.0), bucket.take(9.0), bucket.take(11.0)) == (True, False, True)


def test_a_bucket_without_a_limit_never_ends() -> None:
    bucket = per_second(math.inf, 0.0)
    bucket.drain(0.0, 1e9)
    assert (bucket.take(0.0, 1e9), bucket.wait_s(0.0), bucket.is_full(0.0)) == (True, 0.0, True)


def test_what_is_limited_to_less_than_one_a_second_may_still_come_once() -> None:
    bucket = per_second(0.01, 0.0)
    assert (bucket.take(0.0), bucket.wait_s(0.0)) == (True, 100.0)


@given(RATES, st.lists(st.tuples(st.floats(0, 100), st.floats(0, 50)), max_size=50))
def test_no_bucket_gives_more_than_its_burst_and_its_rate(
    per_s: float, steps: list[tuple[float, float]]
) -> None:
    bucket, now, taken = Bucket(per_s, per_s * 10, 0.0), 0.0, 0.0
    for pause_s, count in steps:
        now += pause_s
        taken += count * bucket.take(now, count)
    assert taken <= (per_s * 10 + per_s * now) * 1.000001


@given(RATES, st.floats(0, 1e6), MOMENTS)
def test_after_the_wait_there_is_enough(per_s: float, drained: float, now: float) -> None:
    bucket = per_second(per_s, now)
    bucket.drain(now, drained)
    wait_s = bucket.wait_s(now)
    assert bucket.wait_s(now + wait_s) < 1e-3


@given(RATES, st.lists(st.tuples(st.floats(0, 10), st.integers(1, 5000)), max_size=30))
def test_who_rests_as_told_sends_no_more_than_allowed(
    per_s: float, batches: list[tuple[float, int]]
) -> None:
    """The listener's way: count down, look at the clock below zero, rest off the debt."""
    allowance = Allowance(per_s)
    left, looked_at, now, largest = allowance.burst, 0.0, 0.0, 0
    sent = 0
    for pause_s, count in batches:
        now += pause_s
        largest = max(largest, count)
        left -= count
        sent += count
        if left < 0:
            left, looked_at = allowance.after(left, now - looked_at), now
            if left < 0:
                now += allowance.pause_s(left)
    assert sent <= (allowance.burst + per_s * now + largest) * 1.000001


def test_without_a_limit_nothing_is_ever_used_up() -> None:
    allowance = Allowance(math.inf)
    assert allowance.after(allowance.burst - 1e9, 0.0) == math.inf


def test_unlimited_leaves_off_all_that_may_be_off() -> None:
    assert UNLIMITED.max_name_chars == Limits().max_name_chars
    assert math.isinf(UNLIMITED.messages_per_s)
