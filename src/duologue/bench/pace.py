"""When the clients say their messages: each window when its turn comes, or at a fixed rate.

At a fixed rate, whatever the server does (an open loop), latency counts from the moment a
chat was due, not from when it was sent: a slow server, or a slow generator, can't hide its
queue (coordinated omission).
"""

from __future__ import annotations

import random
from array import array
from time import perf_counter
from typing import Protocol

from duologue.bench.traffic import Player, Traffic


class Pace(Protocol):
    """Lets everybody talk."""

    @property
    def jitter(self) -> array[float]:
        """How late the generator itself was, in seconds; to be emptied at will."""

    def keep(self, until: float) -> None:
        """Go on until the moment `until`."""


def starts(players: int, start: float, ramp_up_s: float) -> list[float]:
    """Return when each player begins: both of a pair at once, the pairs evenly."""
    return [start + ramp_up_s * (number // 2 * 2) / players for number in range(players)]


class Windows:
    """Everybody has a number of messages in flight; what arrives makes room for the next."""

    def __init__(self, traffic: Traffic, starts: list[float]) -> None:
        """Let each player of `traffic` begin at its time."""
        self._traffic = traffic
        self._starts = starts
        self._begun = 0

    @property
    def jitter(self) -> array[float]:
        """How long the generator took for each turn of its loop."""
        return self._traffic.turns

    def keep(self, until: float) -> None:
        """Keep the windows of all that have begun full, until the moment `until`."""
        traffic, starts = self._traffic, self._starts
        while self._begun < len(starts) and starts[self._begun] < until:
            if starts[self._begun] > perf_counter():
                traffic.exchange(starts[self._begun])
            traffic.fill(traffic.players[self._begun])
            self._begun += 1
        traffic.exchange(until)


class Rate:
    """Everybody says one chat each interval, each at a moment of its own in it."""

    def __init__(self, traffic: Traffic, messages_per_s: float, starts: list[float]) -> None:
        """Spread the clients' turns over one interval.

        Args:
            traffic: whose players talk.
            messages_per_s: of all clients together.
            starts: before when each player says nothing.
        """
        self._traffic = traffic
        self._interval_s = len(traffic.players) / messages_per_s
        uniform = random.Random(1).uniform  # noqa: S311 - the same each time
        offsets = sorted(uniform(0, self._interval_s) for _ in traffic.players)
        self._dues = [starts[0] + offset for offset in offsets]
        self._starts = starts
        self._spoken = [0] * len(traffic.players)
        self._turn = 0
        self.jitter = array("d")
        """How late each chat was said."""

    def keep(self, until: float) -> None:
        """Say what is due, and listen in between, until the moment `until`."""
        while (now := perf_counter()) < until:
            while (wait := self._dues[self._turn] - now) <= 0:
                self._speak()
            self._traffic.listen(min(wait, until - now))

    def _speak(self) -> None:
        turn = self._turn
        due = self._dues[turn]
        if due >= self._starts[turn]:
            hearer: Player = self._traffic.players[turn]
            line = self._traffic.line(hearer, self._spoken[turn])
            self.jitter.append(perf_counter() - due)
            self._traffic.say(hearer.partner_fd, line)
            hearer.said.append(due)
            self._spoken[turn] += 1
        self._dues[turn] = due + self._interval_s
        self._turn = (turn + 1) % len(self._dues)
