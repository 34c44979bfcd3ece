"""A run with drops, from the first connection to the verdict."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import chain, islice
from time import perf_counter
from typing import Any, NamedTuple

from duologue.bench.drops.outcome import Outcome, outcome
from duologue.bench.drops.person import Person, Stage
from duologue.bench.drops.record import Record
from duologue.bench.load import Load
from duologue.bench.meter import Reading
from duologue.bench.progress import Progress, Silent
from duologue.bench.target import Target
from duologue.errors import LoadError

_BATCH = 50
_SEATING_S = 60.0
_NOTHING_CAME_S = 10.0
_AFTERWARDS_S = 1.0
"""How long to wait for what comes though everything has come already: repeats."""
_LOOK_S = 0.1
_TICK_S = 0.01


class Chore(NamedTuple):
    """Something to do again and again while people talk."""

    every_s: float
    do: Callable[[], None]


class Run:
    """All people of a run.

    Attributes:
        stage: What they share.
        people: Who has been seated so far.
        readings: The clocks when the talk began and when it ended.
        ticks: How late the event loop was with a clock that ticks all the time.
        is_stopped: Whether a person ended the talk.
    """

    def __init__(
        self,
        load: Load,
        target: Target,
        read: Callable[[], Reading],
        progress: Progress | None = None,
    ) -> None:
        """Prepare; nobody is there yet.

        Args:
            load: what to do.
            target: where the server is.
            read: reads the clocks, the server's CPU time among them.
            progress: is told how far it is.
        """
        self.stage = Stage(target, load.drop_every_s, load.away_s)
        self.people: list[Person] = []
        self.readings: tuple[Reading, Reading]
        self.ticks: list[float] = []
        self.is_stopped = False
        self._load = load
        self._read = read
        self._progress = progress or Silent()
        self._failure: asyncio.Future[None]

    async def carry_out(self, chores: Sequence[Chore] = ()) -> Outcome:
        """Do all of it and return what came out.

        Cancelling it while people talk ends the talk early; nothing is lost by that.

        Raises:
            LoadError: it could not be done at all.
        """
        async with self._watched():
            await self._seat()
            gc.collect()
            gc.freeze()
            gc.disable()
            before = self._read()
            await self._talk(chores)
            self.readings = (before, self._read())
            drain_s = await self._drain()
            return outcome(self.people, self.stage, self.readings, drain_s)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """Let whatever goes wrong in a callback end the run, and everybody go at its end."""
        loop = asyncio.get_running_loop()
        self._failure = loop.create_future()
        loop.set_exception_handler(self._on_error)
        try:
            yield
        finally:
            gc.enable()
            gc.unfreeze()
            for person in self.people:
                person.vanish()
            self._failure.cancel()

    def _on_error(self, _loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        if not self._failure.done():
            error = context.get("exception")
            self._failure.set_exception(error or LoadError(str(context["message"])))

    async def _pass(self, seconds: float) -> None:
        """Let time pass, unless something goes wrong."""
        await asyncio.wait([self._failure], timeout=max(0.0, seconds))
        if self._failure.done():
            self._failure.result()

    async def _seat(self) -> None:
        pairs = _pairs(self.stage, self._load)
        while batch := list(islice(pairs, _BATCH)):
            people = list(chain.from_iterable(batch))
            self.people += people
            for first, second in batch:
                first.open_room(second)
            deadline = perf_counter() + _SEATING_S
            while not all(person.is_seated for person in people):
                if perf_counter() > deadline or self.stage.troubles:
                    trouble = next(iter(self.stage.troubles), f"not after {_SEATING_S:.0f} s")
                    raise LoadError(f"not everybody got a seat: {trouble}")
                await self._pass(_LOOK_S / 10)
            self._progress.at("connecting", len(self.people) / (2 * self._load.pairs))

    async def _talk(self, chores: Sequence[Chore]) -> None:
        """Let everybody talk and lose connections for the given time."""
        load, stage = self._load, self.stage
        self._progress.prepare("measuring", "catching up")
        start = perf_counter()
        whole_s = load.ramp_up_s + load.seconds
        stage.talk_until = start + whole_s
        stage.is_shaking = True
        for number, person in enumerate(self.people):
            begin_s = load.ramp_up_s * (number // 2) / load.pairs
            self._let_talk(person, start, begin_s)
            if load.drop_every_s:
                person.shake(begin_s + stage.uniform(0, load.drop_every_s))
        self._tick(start)
        for every_s, do in chores:
            self._repeat(every_s, do)
        try:
            for part in range(1, self._progress.parts + 1):
                await self._pass(start + whole_s * part / self._progress.parts - perf_counter())
                self._progress.at("measuring", part / self._progress.parts)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            assert task is not None
            task.uncancel()
            self.is_stopped = True
        stage.talk_until = perf_counter()
        stage.is_shaking = False

    def _let_talk(self, person: Person, start: float, begin_s: float) -> None:
        load, loop = self._load, asyncio.get_running_loop()
        if not load.rate:
            loop.call_later(begin_s, person.fill, load.in_flight)
            return
        interval_s = 2 * load.pairs / load.rate
        begin_s += self.stage.uniform(0, interval_s)
        loop.call_later(begin_s, person.speak, start + begin_s, interval_s)

    def _tick(self, due: float) -> None:
        now = perf_counter()
        if now < self.stage.talk_until:
            self.ticks.append(max(0.0, now - due))  # Loops may be a moment early.
            asyncio.get_running_loop().call_later(_TICK_S, self._tick, now + _TICK_S)

    def _repeat(self, every_s: float, do: Callable[[], None]) -> None:
        """Do something every so many seconds, the first time after the first of them."""

        def repeat() -> None:
            if perf_counter() < self.stage.talk_until:
                do()
                self._repeat(every_s, do)

        asyncio.get_running_loop().call_later(every_s, repeat)

    async def _drain(self) -> float:
        """Wait until everything has come, or nothing more does; return how long it took."""
        start = last = perf_counter()
        patience_s = _NOTHING_CAME_S + 1.5 * self._load.away_s
        heard = -1
        while not all(person.is_done for person in self.people):
            now, before, heard = perf_counter(), heard, self.heard
            last = now if heard != before else last
            if now - last > patience_s:
                break
            self._progress.at("catching up", heard / max(1, self.said))
            await self._pass(_LOOK_S)
        drain_s = perf_counter() - start
        await self._pass(_AFTERWARDS_S)
        return drain_s

    @property
    def said(self) -> int:
        """How many chats were said so far."""
        return sum(len(person.said.said_at) for person in self.people)

    @property
    def heard(self) -> int:
        """How many were heard so far, repeats included."""
        return sum(len(person.said.heard_at) for person in self.people)


def _pairs(stage: Stage, load: Load) -> Iterator[tuple[Person, Person]]:
    for number in range(0, 2 * load.pairs, 2):
        yield (
            Person(stage, number, Record(number, load.payload_bytes)),
            Person(stage, number + 1, Record(number + 1, load.payload_bytes)),
        )
