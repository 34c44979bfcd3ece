"""A jitter run from the first connection to the verdict."""

from __future__ import annotations

import asyncio
import gc
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from itertools import chain, islice
from time import perf_counter
from typing import Any

from benchmarks.jitter.keeper import Keeper
from benchmarks.jitter.outcome import Outcome, Plan, Snapshot, outcome
from benchmarks.jitter.person import Person, Stage
from benchmarks.jitter.record import Record
from benchmarks.process import BenchmarkError

_BATCH = 50
_SEATING_S = 60.0
_DRAIN_S = 60.0
_AFTERWARDS_S = 1.0
"""How long to wait for what comes though everything has come already: repeats."""
_LOOK_S = 0.1
_TELL_EVERY_S = 10.0


class Run:
    """All people of a run, and their server."""

    def __init__(self, plan: Plan, keeper: Keeper) -> None:
        """Prepare; nobody is there yet."""
        self._plan = plan
        self._keeper = keeper
        self._stage = Stage(keeper.address, plan.offline, plan.reset_every)
        self._people: list[Person] = []
        self._failure: asyncio.Future[None]

    async def carry_out(self) -> Outcome:
        """Do all of it and return what came out.

        Raises:
            BenchmarkError: it could not be done at all.
        """
        async with self._watched():
            await self._seat()
            gc.collect()
            gc.freeze()
            gc.disable()
            before = Snapshot.now(self._keeper)
            await self._talk()
            after = Snapshot.now(self._keeper)
            drain_s = await self._drain()
            return outcome(self._plan, self._people, self._stage, (before, after), drain_s)

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        """Let whatever goes wrong in a callback end the run, and everybody go at its end."""
        loop = asyncio.get_running_loop()
        self._failure = loop.create_future()
        loop.set_exception_handler(self._on_error)
        try:
            yield
        finally:
            for person in self._people:
                person.vanish()
            self._failure.cancel()

    def _on_error(self, _loop: asyncio.AbstractEventLoop, context: Mapping[str, Any]) -> None:
        if not self._failure.done():
            error = context.get("exception")
            self._failure.set_exception(error or BenchmarkError(str(context["message"])))

    async def _pass(self, seconds: float) -> None:
        """Let time pass, unless something goes wrong."""
        await asyncio.wait([self._failure], timeout=max(0.0, seconds))
        if self._failure.done():
            self._failure.result()

    async def _seat(self) -> None:
        pairs = _pairs(self._stage, self._plan)
        while batch := list(islice(pairs, _BATCH)):
            people = list(chain.from_iterable(batch))
            self._people += people
            for first, second in batch:
                first.open_room(second)
            deadline = perf_counter() + _SEATING_S
            while not all(person.is_seated for person in people):
                if perf_counter() > deadline:
                    raise BenchmarkError(f"not everybody had a seat after {_SEATING_S:.0f} s")
                await self._pass(_LOOK_S / 10)

    async def _talk(self) -> None:
        """Let everybody talk and lose connections, and the server die, for the given time."""
        plan, stage = self._plan, self._stage
        loop = asyncio.get_running_loop()
        start = perf_counter()
        until = start + plan.seconds
        interval_s = 1 / plan.rate
        stage.is_shaking = True
        for person in self._people:
            delay_s = stage.uniform(0, interval_s)
            loop.call_later(delay_s, person.speak, start + delay_s, interval_s, until)
            person.shake(stage.uniform(0, plan.reset_every))
        _every(_TELL_EVERY_S, self._tell, until)
        if plan.kill_every:
            _every(plan.kill_every, self._kill, until)
        await self._pass(plan.seconds)
        stage.is_shaking = False

    async def _drain(self) -> float:
        """Wait until everything has come, or for too long; return how long it took."""
        start = perf_counter()
        while not all(person.is_done for person in self._people):
            if perf_counter() - start > _DRAIN_S:
                break
            await self._pass(_LOOK_S)
        drain_s = perf_counter() - start
        await self._pass(_AFTERWARDS_S)
        return drain_s

    def _kill(self) -> None:
        self._keeper.kill()
        self._keeper.start()
        self._stage.life = self._keeper.lives
        self._stage.counts["kills"] += 1

    def _tell(self) -> None:
        said = sum(len(person.said.said_at) for person in self._people)
        heard = sum(len(person.said.heard) for person in self._people)
        counts = self._stage.counts
        print(
            f"said {said:,}, heard {heard:,}, resets {counts['resets']:,}, "
            f"kills {counts['kills']}, troubles {len(self._stage.troubles)}",
            file=sys.stderr,
            flush=True,
        )


def _every(seconds: float, what: Callable[[], None], until: float) -> None:
    """Do something every so many seconds, the first time after the first of them."""

    def do() -> None:
        if perf_counter() < until:
            what()
            _every(seconds, what, until)

    asyncio.get_running_loop().call_later(seconds, do)


def _pairs(stage: Stage, plan: Plan) -> Iterator[tuple[Person, Person]]:
    for number in range(0, 2 * plan.pairs, 2):
        yield (
            Person(stage, number, Record(number, plan.payload)),
            Person(stage, number + 1, Record(number + 1, plan.payload)),
        )
