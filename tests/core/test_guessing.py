import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from duologue.core import guessing
from duologue.core.guessing import ANYWAY, BURST, BURST_OF_ALL, Guessing
from duologue.core.limits import UNLIMITED, Limits
from duologue.core.line import Source

YEAR_S = 365.25 * 24 * 3600
MALLORY, ALICE = Source("192.0.2.66"), Source("192.0.2.1")


def others(count: int) -> list[Source]:
    return [Source(f"198.51.{number >> 8}.{number & 255}") for number in range(count)]


def tried_out(count: int) -> Guessing:
    """Return what knows of so many wrong codes of Mallory's at 0 seconds."""
    found = Guessing(Limits(), 0.0)
    for _ in range(count):
        found.note_wrong(MALLORY, 0.0)
    return found


def all_used_up() -> Guessing:
    """Return what has seen many sources use up what all together may try."""
    found = Guessing(Limits(), 0.0)
    for source in others(BURST_OF_ALL):
        found.note_wrong(source, 0.0)
    return found


def test_a_source_may_try_some_wrong_codes_and_then_one_a_minute() -> None:
    found = tried_out(BURST - 1)
    assert found.wait_s(MALLORY, 0.0) == 0.0
    found.note_wrong(MALLORY, 0.0)
    waits = [found.wait_s(MALLORY, now) for now in (0.0, 15.0, 60.0)]
    assert waits == pytest.approx([60.0, 45.0, 0.0])


def test_others_are_not_hindered_by_a_guesser() -> None:
    assert tried_out(1000).wait_s(ALICE, 0.0) == 0.0


def test_right_codes_cost_nothing() -> None:
    found = tried_out(BURST - 1)
    assert [found.wait_s(MALLORY, 0.0) for _ in range(1000)] == [0.0] * 1000


def test_who_tried_nothing_wrong_gets_in_though_all_together_have_tried_too_many() -> None:
    found = all_used_up()
    assert found.wait_s(ALICE, 0.0) == 0.0


def test_everyone_may_still_mistype_while_all_together_have_tried_too_many() -> None:
    found = all_used_up()
    waits = []
    for _ in range(ANYWAY + 1):
        waits.append(found.wait_s(ALICE, 0.0))
        found.note_wrong(ALICE, 0.0)
    assert waits == [0.0] * ANYWAY + [pytest.approx(ANYWAY + 1 - 2)]


def test_all_together_get_one_back_a_second() -> None:
    found = all_used_up()
    for _ in range(5):
        found.note_wrong(ALICE, 0.0)
    assert [found.wait_s(ALICE, now) for now in (0.0, 0.5, 1.0)] == [1.0, 0.5, 0.0]


def test_a_source_that_behaves_is_forgotten() -> None:
    found = tried_out(1)
    found.sweep(3599.0 / ANYWAY)
    remembered = len(found)
    found.sweep(3600.0 / ANYWAY)
    assert (remembered, len(found)) == (1, 0)


def test_a_few_are_looked_at_a_time_and_all_in_turn() -> None:
    found = Guessing(Limits(), 0.0)
    for source in others(450):
        found.note_wrong(source, 0.0)
    found.sweep(1.0)
    counts = []
    for _ in range(3):
        found.sweep(9999.0)
        counts.append(len(found))
    assert counts == [250, 50, 0]


def test_when_too_many_are_remembered_strangers_count_as_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guessing, "MOST_SOURCES", 3)
    found = Guessing(Limits(), 0.0)
    for source in others(3):
        found.note_wrong(source, 0.0)
    before = found.wait_s(ALICE, 0.0)
    for source in others(3 + BURST)[3:]:
        found.note_wrong(source, 0.0)
    known, *_ = others(1)
    assert (len(found), before) == (3, 0.0)
    assert (found.wait_s(ALICE, 0.0) > 0, found.wait_s(known, 0.0)) == (True, 0.0)


def test_it_may_be_off() -> None:
    found = Guessing(UNLIMITED, 0.0)
    for _ in range(5000):
        found.note_wrong(MALLORY, 0.0)
    assert found.wait_s(MALLORY, 0.0) == 0.0


def tries_in(span_s: float, sources: int) -> float:
    """Return how many codes so many sources can try, as soon as each may, by simulation."""
    found = Guessing(Limits(), 0.0)
    names, now, tried = others(sources), 0.0, 0
    while now < span_s:
        for name in names:
            while found.wait_s(name, now) == 0.0:
                found.note_wrong(name, now)
                tried += 1
        now += min(found.wait_s(name, now) for name in names) + 1e-6
    return tried


@pytest.mark.parametrize("sources", [1, 20])
def test_the_tries_are_as_many_as_the_document_reckons(sources: int) -> None:
    hours = 4.0
    most = sources * (BURST + 60 * hours)
    assert tries_in(3600 * hours, sources) <= most + sources


def test_all_together_try_no_more_than_their_budget_and_a_few_each() -> None:
    hours, sources = 0.05, 200
    most = BURST_OF_ALL + 3600 * hours + sources * ANYWAY * (1 + hours)
    assert most / 2 < tries_in(3600 * hours, sources) <= most


@given(st.integers(1, 1000))
def test_one_source_needs_more_than_a_year_to_hit_one_of_a_thousand_rooms(rooms: int) -> None:
    limits = Limits()
    tries_needed = 32**limits.code_length / rooms
    per_s = limits.wrong_codes_per_source_min / 60
    assert (tries_needed - BURST) / per_s > YEAR_S
    assert math.isfinite(per_s)
