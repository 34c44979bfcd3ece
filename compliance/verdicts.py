"""What the suite found, case by case, and the table that sums it up."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

_PASSED = ("OK", "NON-STRICT", "INFORMATIONAL")

_SECTIONS = {
    1: "Framing",
    2: "Pings and pongs",
    3: "Reserved bits",
    4: "Opcodes",
    5: "Fragmentation",
    6: "UTF-8",
    7: "Closing",
    9: "Limits, performance",
    10: "Miscellaneous",
}

_COLUMNS = ("OK", "NON-STRICT", "INFORM.", "failed")
_WIDTHS = (6, 12, 10, 9)


class Verdict(NamedTuple):
    """What one case came to, in the suite's words."""

    case: str
    behaviour: str
    close: str
    report: str

    @property
    def number(self) -> tuple[int, ...]:
        """The case's number, which sorts as a person would."""
        return tuple(map(int, self.case.split(".")))

    @property
    def has_passed(self) -> bool:
        """Whether both what was answered and how it closed are in order."""
        return self.behaviour in _PASSED and self.close in _PASSED


def read_verdicts(index: Path, server: str) -> list[Verdict]:
    """Read the suite's report on `server`; an absent one has no verdicts."""
    if not index.exists():
        return []
    found = json.loads(index.read_text())[server]
    return sorted(
        (
            Verdict(case, each["behavior"], each["behaviorClose"], each["reportfile"])
            for case, each in found.items()
        ),
        key=lambda verdict: verdict.number,
    )


def table(verdicts: Iterable[Verdict]) -> str:
    """Sum the verdicts up, a line a section."""
    everything = list(verdicts)
    rows = [
        _row(f"{number:>2}  {_SECTIONS.get(number, '')}", list(section))
        for number, section in groupby(everything, lambda verdict: verdict.number[0])
    ]
    return "\n".join([*_headings(), *rows, _row("    all", everything)])


def failures(verdicts: Iterable[Verdict]) -> list[str]:
    """Describe each case that is not in order, in a line."""
    return [
        f"{each.case}: behaviour {each.behaviour}, close {each.close} ({each.report})"
        for each in verdicts
        if not each.has_passed
    ]


def _headings() -> Iterator[str]:
    yield f"{'':31}{'behaviour':>10}{'':29}{'close':>10}"
    columns = _line(_COLUMNS)
    yield f"{'section':25}{'cases':>6}{columns}{columns}"


def _row(name: str, verdicts: list[Verdict]) -> str:
    behaviour = _cells(each.behaviour for each in verdicts)
    close = _cells(each.close for each in verdicts)
    return f"{name:25}{len(verdicts):>6}{behaviour}{close}"


def _cells(words: Iterable[str]) -> str:
    counted = Counter(words)
    ok, non_strict, informational = (counted[word] for word in _PASSED)
    failed = counted.total() - ok - non_strict - informational
    return _line((ok, non_strict, informational, failed))


def _line(cells: Iterable[object]) -> str:
    return "  " + "".join(
        f"{cell!s:>{width}}" for cell, width in zip(cells, _WIDTHS, strict=True)
    )
