"""Runs attacks against a server of its own each, with a pair beside, and measures both.

The server has one core; attackers and pair share the other, the pair before the attackers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from typing import IO

from benchmarks.process import Cores, end, free_port, pinned, wait_until_accepting
from benchmarks.servers import PROGRAM, ROOT

from attacks.catalogue import Attack
from attacks.pair import Measured
from attacks.tally import Tally
from duologue.bench.load import Load
from duologue.bench.meter import Meter
from duologue.bench.run import run as chat

P99_MS = 50.0
"""What the pair's chats may take at most, but for one in a hundred."""

RETURN = 1.10
"""So much of the memory before may be in use afterwards."""

_SETTLE_S = 8.0
"""How long memory may take to come back: longer than the last connection lingers."""

_SPARE_S = 60.0

DEPLOYED = {"PYTHONMALLOC": "malloc"}
"""The environment that the files in deploy/ and the Containerfile give a server."""


class AttackError(Exception):
    """A part of the campaign did not do its own; the text is one line for a person."""


@dataclass(frozen=True)
class Outcome:
    """What one attack did: latencies in milliseconds, medians of all rounds; memory in MiB."""

    attack: Attack
    tally: Tally
    alone: Measured
    during: Measured
    before_mib: float
    peak_mib: float
    after_mib: float
    cpu: float
    """Share of its core that the server used."""

    @property
    def faults(self) -> list[str]:
        """Say what was not as it must be."""
        found = []
        if self.during.p99_ms >= P99_MS:
            found.append(f"p99 {self.during.p99_ms:.0f} ms")
        if self.peak_mib - self.before_mib > self.attack.bound_mib:
            found.append(f"grew by {self.peak_mib - self.before_mib:.0f} MiB")
        if self.after_mib > RETURN * self.before_mib:
            found.append(f"{self.after_mib / self.before_mib - 1:+.0%} memory afterwards")
        seen = self.tally.counts
        if self.attack.sees and not any(each in seen for each in self.attack.sees):
            found.append("not answered as expected")
        return found


class Pair:
    """The process of the well-behaved pair."""

    def __init__(self, process: subprocess.Popen[str], words: IO[str]) -> None:
        self._process = process
        self._words = words
        self._line()

    def measure(self) -> Measured:
        """Return what it noticed since the last time."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            raise AttackError(self._last_words()) from None
        return Measured(**json.loads(self._line()))

    def _line(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise AttackError(self._last_words())
        return line

    def _last_words(self) -> str:
        self._process.wait(_SPARE_S)
        self._words.seek(0)
        return (self._words.read().strip() or "the pair said nothing").splitlines()[-1]


def run(attack: Attack, cores: Cores, *, rounds: int, seconds: float) -> Outcome:
    """Attack a fresh server several times, and return what came of it.

    Raises:
        AttackError: The server ended, or the pair lost a chat.
    """
    with _serving(attack, cores.server) as (port, server), _chatting(port, cores) as pair:
        warm_up(port)
        time.sleep(2.0)
        meter = Meter(server)
        before = _mib(meter)
        pair.measure()
        alone, during, tally = [], [], Tally()
        peak, used_s, lasted_s = before, 0.0, 0.0
        for _ in range(rounds):
            time.sleep(min(seconds, 3.0))
            alone.append(pair.measure())
            began = meter.read()
            struck, highest = _strike(attack, port, seconds, cores.load, meter)
            during.append(pair.measure())
            ended = meter.read()
            used_s += (ended.server or 0.0) - (began.server or 0.0)
            lasted_s += ended.wall - began.wall
            peak = max(peak, highest)
            _add(tally, struck)
            time.sleep(_SETTLE_S)
            pair.measure()
        return Outcome(
            attack,
            tally,
            _median(alone),
            _median(during),
            before,
            peak,
            _mib(meter),
            used_s / lasted_s,
        )


def warm_up(port: int) -> None:
    """Let a server see some everyday: pages, people and their chats."""
    for dialect in ("v1", "reference"):
        chat(Load(f"ws://127.0.0.1:{port}/ws", pairs=100, seconds=1.0, protocol=dialect))


@contextmanager
def _serving(attack: Attack, core: int | None) -> Iterator[tuple[int, int]]:
    port = free_port()
    flags = [
        part
        for name, value in attack.settings.items()
        for part in (f"--{name.replace('_', '-')}", str(value))
    ]
    # All limits hold but for the address of the pair, and of the people before.
    flags += ["--log", "warning", "--uncounted", "127.0.0.1"]
    command = [str(PROGRAM), "serve", f"127.0.0.1:{port}", *flags]
    with tempfile.TemporaryFile("w+") as words:
        with pinned(core):
            process = subprocess.Popen(
                command, cwd=ROOT, env=os.environ | DEPLOYED, stdout=words, stderr=words
            )
        try:
            wait_until_accepting(process, ("127.0.0.1", port), words)
            yield port, process.pid
            if process.poll() is not None:
                raise AttackError("the server ended")
        finally:
            end(process)
        words.seek(0)
        if "Traceback" in (said := words.read()):
            raise AttackError(f"the server's log has a traceback: {said[-2000:]}")


@contextmanager
def _chatting(port: int, cores: Cores) -> Iterator[Pair]:
    command = [sys.executable, "-m", "attacks.pair", str(port)]
    with tempfile.TemporaryFile("w+") as words:
        with pinned(cores.load):
            process = subprocess.Popen(
                command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=words, text=True,
            )  # fmt: skip
        with process:
            try:
                yield Pair(process, words)
            finally:
                process.kill()


def _strike(
    attack: Attack, port: int, seconds: float, core: int | None, server: Meter
) -> tuple[Tally, float]:
    """Attack once; return what it saw, and the most memory that the server had."""
    command = [sys.executable, "-m", "attacks.strike", attack.name, str(port), str(seconds)]
    with pinned(core):
        process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    peak = 0.0
    deadline = time.monotonic() + seconds + _SPARE_S
    with process:
        try:
            while process.poll() is None:
                peak = max(peak, _mib(server))
                if time.monotonic() > deadline:
                    raise AttackError("the attack did not end")
                time.sleep(0.1)
            assert process.stdout is not None
            told = json.loads(process.stdout.read())
        finally:
            process.kill()
    return Tally(told["opened"], told["sent_bytes"], Counter(told["counts"])), peak


def _mib(server: Meter) -> float:
    return server.resident_kb() / 1024


def _add(whole: Tally, part: Tally) -> None:
    whole.opened += part.opened
    whole.sent_bytes += part.sent_bytes
    whole.counts += part.counts


def _median(rounds: list[Measured]) -> Measured:
    return Measured(
        sum(each.chats for each in rounds),
        median(each.p50_ms for each in rounds),
        median(each.p99_ms for each in rounds),
        max(each.max_ms for each in rounds),
        median(each.late_p99_ms for each in rounds),
    )
