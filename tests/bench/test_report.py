import math

import pytest
from tests.bench.figures import DROPS, REPORT, replaced, with_drops

from duologue.bench.meter import Reading
from duologue.bench.report import (
    Drops,
    Jitter,
    Report,
    Shares,
    Window,
    latencies,
    percentile_us,
    percentiles,
)


class Player:
    """As much of a player as the latencies are made of."""

    def __init__(self, heard: list[float], said: list[float], since: float = 0.0) -> None:
        self.heard = heard
        self.said = said
        self.since = since


def test_a_message_is_as_old_as_the_receipt_that_made_room_for_it() -> None:
    player = Player(heard=[1.0, 2.0, 4.0, 7.0], said=[])
    window = Window(begin=2.0, end=9.0, in_flight=2)
    assert latencies([player], window) == [2.0, 3.0, 5.0]  # type: ignore[list-item]


def test_at_a_rate_what_was_due_and_never_came_counts_until_the_end() -> None:
    player = Player(heard=[1.5], said=[1.0, 2.0])
    window = Window(begin=0.0, end=9.0, in_flight=1)
    assert latencies([player], window) == [0.5, 7.0]  # type: ignore[list-item]


def test_percentiles_are_of_the_nearest_rank() -> None:
    ordered = [number / 1e6 for number in range(1000)]
    assert percentiles(ordered) == {
        "p50_us": 500.0,
        "p90_us": 900.0,
        "p99_us": 990.0,
        "p999_us": 999.0,
        "max_us": 999.0,
    }
    assert math.isnan(percentile_us([], 0.5))


def test_what_others_used_is_the_rest() -> None:
    before = Reading(wall=0.0, own=0.0, server=0.0, stolen=0.0, everybody=0.0)
    after = Reading(wall=2.0, own=1.0, server=0.5, stolen=0.2, everybody=2.0)
    assert Shares.between(before, after) == Shares(0.5, 0.1, 0.25, 0.25)
    unknown = Shares.between(before._replace(server=None), after._replace(server=None))
    assert unknown == Shares(0.5, 0.1, None, None)


def test_jitter_is_told_in_microseconds() -> None:
    assert Jitter.of_seconds("turn", [0.003, 0.001, 0.002]) == Jitter("turn", 2e3, 3e3, 3e3)


@pytest.mark.parametrize(
    ("generator", "server", "is_limited", "is_disturbed"),
    [
        (0.99, 0.5, True, False),
        (0.99, 0.99, False, False),
        (0.99, 0.95, True, False),
        (0.99, None, True, False),
        (0.5, 0.99, False, False),
        (0.5, 0.5, False, True),
    ],
)
def test_who_was_the_limit(
    generator: float,
    server: float | None,
    is_limited: bool,
    is_disturbed: bool,
) -> None:
    report = replaced(generator_share=generator, server_share=server)
    assert report.is_generator_limited == is_limited
    assert report.is_disturbed == is_disturbed


@pytest.mark.parametrize("name", ["lost", "doubled", "out_of_order", "strange"])
def test_one_wrong_message_is_enough(name: str) -> None:
    assert with_drops(**{name: 1}).drops != DROPS
    assert not Drops(**{**vars(DROPS), name: 1}).is_clean


def test_a_report_of_nothing_is_not_clean() -> None:
    assert DROPS.is_clean
    assert not Drops(**{**vars(DROPS), "said": 0}).is_clean
    assert not Drops(**{**vars(DROPS), "troubles": ["ticket refused"]}).is_clean


def test_a_report_comes_back_from_json_as_far_as_tables_need_it() -> None:
    again = Report.from_dict(REPORT.as_dict())
    assert again.p999_us == REPORT.p999_us
    assert again.jitter is None
