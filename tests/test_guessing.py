"""The sums in docs/guessing.md come from the figures in the code."""

import re
from pathlib import Path

from duologue.config import CODE_LENGTHS, Settings
from duologue.core.guessing import ANYWAY, BURST, BURST_OF_ALL, MOST_SOURCES
from duologue.wire.codes import ALPHABET

DOCUMENT = (Path(__file__).parents[1] / "docs" / "guessing.md").read_text()
ROW = re.compile(r"^\| (\d+) \| (\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
HOUR_S, DAY_S, YEAR_S = 3600.0, 86400.0, 365.25 * 86400
SETTINGS = Settings()


def tries_per_s(sources: int) -> float:
    each = SETTINGS.wrong_codes_per_source_min
    together = SETTINGS.wrong_codes_per_s
    assert isinstance(each, int)
    assert isinstance(together, int)
    return min(sources * each / 60, together + sources * ANYWAY / HOUR_S)


def in_words(seconds: float) -> str:
    for unit_s, unit in ((YEAR_S, "years"), (DAY_S, "days"), (HOUR_S, "hours")):
        if seconds >= unit_s:
            count = seconds / unit_s
            return f"{count:,.0f} {unit}" if count >= 10 else f"{count:.1f} {unit}"
    raise AssertionError("within an hour")


def test_each_row_is_what_the_budgets_make_of_it() -> None:
    rows = ROW.findall(DOCUMENT)
    assert [(int(rooms), int(length), one, many) for rooms, length, one, many in rows] == [
        (
            rooms,
            length,
            in_words(len(ALPHABET) ** length / rooms / tries_per_s(1)),
            in_words(len(ALPHABET) ** length / rooms / tries_per_s(10_000)),
        )
        for rooms in (1, 100, 1000, 10_000)
        for length in CODE_LENGTHS
    ]


def test_one_source_needs_more_than_a_year_to_hit_one_of_a_thousand_rooms() -> None:
    tries = len(ALPHABET) ** SETTINGS.code_length / 1000
    assert (tries - BURST) / tries_per_s(1) > YEAR_S


def test_the_budgets_are_those_of_the_code() -> None:
    at_most = tries_per_s(MOST_SOURCES)
    for claim in (
        f"| {BURST} | {SETTINGS.wrong_codes_per_source_min} a minute |",
        f"| {BURST_OF_ALL} | {SETTINGS.wrong_codes_per_s} a second |",
        f"| {ANYWAY} | {ANYWAY} an hour |",
        f"besides: {tries_per_s(10_000):.1f} a second.",
        f"up to {MOST_SOURCES:,} that have tried",
        f"{at_most:.0f} codes a second at most",
        f"{at_most / tries_per_s(10_000):.1f} times as many",
    ):
        assert claim in DOCUMENT
