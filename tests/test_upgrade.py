"""A new server takes over from an old one while people talk, and nobody loses a word.

`make upgrade` does it with 1,000 pairs, and looks at the times too.
"""

import subprocess
import sys
from pathlib import Path

import pytest
from benchmarks.process import Cores
from benchmarks.servers import PROGRAM
from benchmarks.upgrade.plan import WAYS, Plan, Way, by_second, thickest
from benchmarks.upgrade.run import carry_out
from benchmarks.upgrade.table import markdown


@pytest.mark.parametrize("way", WAYS)
def test_pairs_chat_on_while_another_server_takes_over(way: Way) -> None:
    program = Path(sys.executable).parent / PROGRAM.name
    plan = Plan(pairs=25, rate=10, before=0.3, drain=2.0, after=0.3)
    result = carry_out(program, way, plan, Cores(None, None))
    assert result.faults == []
    assert result.outcome.counts["closed 1012"] == 50
    assert set(result.outcome.counts) & {"closed 1001", "closed 1006"} == set()
    assert "| 100.00 % | 0 | 0 | 0 | 50 |" in markdown([result])


def test_the_fullest_moment_is_found_wherever_it_is() -> None:
    moments = [0.0, 0.31, 0.33, 0.40, 0.42, 1.0]
    assert [thickest(moments, window_s) for window_s in (0.01, 0.1, 0.12, 2.0)] == [1, 3, 4, 6]
    assert thickest([], 0.1) == 0


def test_those_who_come_back_are_counted_by_the_second() -> None:
    assert by_second([0.1, 2.5, 0.9, 2.0]) == [2, 0, 2]
    assert by_second([]) == []


def test_it_can_be_asked_what_it_does() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.upgrade", "--help"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert "--drain" in done.stdout
