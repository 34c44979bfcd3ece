"""Chats at a fixed rate, whatever the server does (an open loop).

Latency counts from the moment a chat was due, not from when it was sent: a slow server, or a
slow generator, can't hide its queue (coordinated omission).
"""

from __future__ import annotations

import os
import random
from time import perf_counter

from benchmarks.link import LoadError
from benchmarks.traffic import Player, Traffic


class Pace:
    """Everybody says one chat each interval, each at a moment of its own in it."""

    def __init__(self, traffic: Traffic, messages_per_s: float, start: float) -> None:
        """Spread the clients' turns over one interval.

        Args:
            traffic: whose players talk.
            messages_per_s: of all clients together.
            start: when the first interval begins.
        """
        self._traffic = traffic
        self._interval_s = len(traffic.players) / messages_per_s
        uniform = random.Random(1).uniform
        offsets = sorted(uniform(0, self._interval_s) for _ in traffic.players)
        self._dues = [start + offset for offset in offsets]
        self._spoken = [0] * len(traffic.players)
        self._turn = 0

    def keep(self, until: float) -> None:
        """Say what is due, and listen in between, until the moment `until`."""
        while (now := perf_counter()) < until:
            while (wait := self._dues[self._turn] - now) <= 0:
                self._speak()
            self._traffic.listen(min(wait, until - now))

    def _speak(self) -> None:
        turn = self._turn
        hearer: Player = self._traffic.players[turn]
        try:
            os.write(hearer.partner_fd, self._traffic.line(hearer, self._spoken[turn]))
        except BlockingIOError:
            raise LoadError("the server does not keep up with this rate") from None
        hearer.said.append(self._dues[turn])
        self._spoken[turn] += 1
        self._dues[turn] += self._interval_s
        self._turn = (turn + 1) % len(self._dues)
