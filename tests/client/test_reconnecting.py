import pytest

from duologue.client.reconnecting import Backoff, Next, Timing, after
from duologue.wire.close import CloseCode


@pytest.mark.parametrize("code", CloseCode, ids=str)
def test_each_close_code_is_taken_as_it_is_meant(code: CloseCode) -> None:
    expected = {
        CloseCode.NORMAL: Next.END,
        CloseCode.GOING_AWAY: Next.RECONNECT,
        CloseCode.PROTOCOL_ERROR: Next.REJECTED,
        CloseCode.NOT_UTF8: Next.REJECTED,
        CloseCode.TOO_BIG: Next.REJECTED,
        CloseCode.SERVER_FAULT: Next.RECONNECT,
        CloseCode.RESTARTING: Next.BACK_OFF,
        CloseCode.REPLACED: Next.REPLACED,
        CloseCode.HEARTBEAT_LOST: Next.RECONNECT,
        CloseCode.TOO_SLOW: Next.RECONNECT,
        CloseCode.RATE_LIMITED: Next.BACK_OFF,
    }
    assert after(code) is expected[code]


@pytest.mark.parametrize(
    ("code", "then"),
    [
        (None, Next.RECONNECT),
        (1003, Next.REJECTED),
        (1005, Next.RECONNECT),
        (1008, Next.REJECTED),
        (1010, Next.REJECTED),
        (1013, Next.BACK_OFF),
        (1014, Next.RECONNECT),
        (4321, Next.RECONNECT),
    ],
)
def test_codes_that_no_server_of_ours_says_are_dealt_with_too(
    code: int | None, then: Next
) -> None:
    assert after(code) is then


def delays(random: float, count: int, *, at_once: bool = True) -> list[float]:
    backoff = Backoff(lambda: random)
    return [backoff.delay_s(at_once=at_once) for _ in range(count)]


def test_the_first_attempt_is_made_at_once_and_the_next_ones_later_and_later() -> None:
    assert delays(1.0, 9) == [0, 0.5, 1, 2, 4, 8, 10, 10, 10]


def test_chance_takes_up_to_half_of_a_delay() -> None:
    assert delays(0.0, 9) == [0, 0.25, 0.5, 1, 2, 4, 5, 5, 5]


def test_who_asked_for_too_much_waits_at_first_too() -> None:
    assert delays(1.0, 3, at_once=False) == [0.25, 0.5, 1]


def test_a_good_connection_ends_the_waiting() -> None:
    backoff = Backoff(lambda: 1.0)
    waits = [backoff.delay_s(at_once=True) for _ in range(4)]
    backoff.succeeded()
    assert [*waits, backoff.delay_s(at_once=True)] == [0, 0.5, 1, 2, 0]


def test_the_server_may_say_when_within_reason() -> None:
    backoff = Backoff(lambda: 1.0)
    waits = [backoff.delay_s(at_once=True, requested_ms=ms) for ms in (0, 1500, 10**9)]
    assert waits == [0, 1.5, 300]
    assert backoff.delay_s(at_once=True) == 2


def test_who_is_turned_away_comes_back_no_earlier_and_not_with_all_others() -> None:
    least, most = (Backoff(lambda: 0.0), Backoff(lambda: 1.0))
    waits = [
        [backoff.delay_s(at_once=True, at_least_s=seconds) for seconds in (0, 10, 10**9)]
        for backoff in (least, most)
    ]
    assert waits == [[0, 10, 300], [0, 15, 450]]


def test_a_dead_connection_is_noticed_within_fifteen_seconds() -> None:
    timing = Timing()
    assert timing.ping_interval_s + timing.ping_timeout_s <= 15
    assert timing.connect_timeout_s == 8
