"""What was measured, as results/latest.json keeps it, and its medians and ratios."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import NamedTuple

from duologue.bench.report import Report


class Key(NamedTuple):
    """Names one series of runs."""

    scenario: str
    run: str
    server: str


@dataclass
class Results:
    """All reports, by series; one entry a round, None where a run failed."""

    about: dict[str, object]
    """When, on what machine, with which versions and sizes."""
    series: dict[Key, list[Report | None]] = field(default_factory=lambda: defaultdict(list))
    remarks: list[str] = field(default_factory=list)

    def remark(self, text: str) -> None:
        """Note what a reader must know, once."""
        if text not in self.remarks:
            self.remarks.append(text)

    def median(self, key: Key, figure: str) -> float | None:
        """Return the median of one figure over the rounds; None if there is none."""
        values = [value for value in self._values(key, figure) if value is not None]
        return median(values) if values else None

    def ratio(self, key: Key, base: Key, figure: str) -> float | None:
        """Return the median of the rounds' ratios of one figure to that of `base`.

        Neighbours in a round had the same weather; a ratio of medians would mix rounds.
        """
        both = zip(self._values(key, figure), self._values(base, figure), strict=False)
        ratios = [ours / theirs for ours, theirs in both if ours is not None and theirs]
        return median(ratios) if ratios else None

    def mostly(self, key: Key, claim: str) -> bool:
        """Return whether `claim`, a property of a report, holds for most runs of a series."""
        claims = [getattr(report, claim) for report in self.series.get(key, []) if report]
        return 2 * claims.count(True) > len(claims)

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        series = [
            {**key._asdict(), "reports": [report and report.as_dict() for report in reports]}
            for key, reports in self.series.items()
        ]
        whole = {**self.about, "remarks": self.remarks, "series": series}
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(whole, indent=1) + "\n")

    @classmethod
    def load(cls, path: Path) -> Results:
        """Read what `save` wrote."""
        whole = json.loads(path.read_text())
        results = cls(whole, remarks=whole.pop("remarks"))
        for entry in whole.pop("series"):
            key = Key(entry["scenario"], entry["run"], entry["server"])
            results.series[key] = [
                Report.from_dict(report) if report else None for report in entry["reports"]
            ]
        return results

    def _values(self, key: Key, figure: str) -> list[float | None]:
        return [getattr(report, figure, None) for report in self.series.get(key, [])]
