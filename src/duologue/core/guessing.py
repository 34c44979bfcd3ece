"""Against guessing room codes: wrong ones are budgeted, right ones are free.

One source has `BURST` wrong codes, and gets one back each minute. All together
have a budget too, so that many sources are of little use. While that one is
used up, each source still has `ANYWAY` wrong codes an hour: so who types the
right one gets in, whatever guessers do elsewhere. docs/guessing.md has the sums.
"""

from duologue.core.limits import Bucket, Limits, sweep
from duologue.core.line import Source

BURST = 10
"""So many wrong codes a source may try before it has to wait."""

BURST_OF_ALL = 600
"""The same for all sources together."""

ANYWAY = 2
"""So many it may try an hour though all together have tried too many."""

MOST_SOURCES = 50_000
"""So many sources are remembered: beyond it, those unknown count as one."""

DELAY_S = 1.0
"""How long the answer takes that there were too many."""

_HOUR_S = 3600.0
_MINUTE_S = 60.0


class _Suspect:
    """A source that has tried wrong codes."""

    __slots__ = ("anyway", "budget")

    def __init__(self, per_s: float, now: float) -> None:
        self.budget = Bucket(per_s, BURST, now)
        self.anyway = Bucket(ANYWAY / _HOUR_S, ANYWAY, now)

    def is_over(self, now: float) -> bool:
        """Say whether it has behaved long enough."""
        return self.budget.is_full(now) and self.anyway.is_full(now)


class Guessing:
    """Who has tried how many wrong codes.

    Args:
        limits: How many are too many.
        now: The present moment, in seconds.
    """

    def __init__(self, limits: Limits, now: float) -> None:
        self._per_s = limits.wrong_codes_per_source_min / _MINUTE_S
        self._all = Bucket(limits.wrong_codes_per_s, BURST_OF_ALL, now)
        self._suspects: dict[Source, _Suspect] = {}
        self._strangers = _Suspect(self._per_s, now)

    def __len__(self) -> int:
        return len(self._suspects)

    def wait_s(self, source: Source, now: float) -> float:
        """Return how many seconds a source has to wait until it may try a code; 0 for none."""
        if self._has_space_for(source):
            return 0.0
        suspect = self._suspects.get(source, self._strangers)
        of_all = min(self._all.wait_s(now), suspect.anyway.wait_s(now))
        return max(suspect.budget.wait_s(now), of_all)

    def note_wrong(self, source: Source, now: float) -> None:
        """A source has tried a code that was wrong."""
        if self._has_space_for(source):
            self._suspects[source] = _Suspect(self._per_s, now)
        suspect = self._suspects.get(source, self._strangers)
        for bucket in (suspect.budget, suspect.anyway, self._all):
            bucket.drain(now)

    def sweep(self, now: float) -> None:
        """Forget a few sources that have behaved long enough."""
        sweep(self._suspects, lambda suspect: suspect.is_over(now))

    def _has_space_for(self, source: Source) -> bool:
        """Say whether a source is unknown, and may yet be remembered by itself."""
        return source not in self._suspects and len(self._suspects) < MOST_SOURCES
