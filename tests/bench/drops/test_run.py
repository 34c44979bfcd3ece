import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.program import Program

from duologue.bench.drops import run
from duologue.bench.drops.run import Chore, Run
from duologue.bench.load import Load
from duologue.bench.meter import Meter
from duologue.bench.target import Target
from duologue.errors import LoadError

MakeLoad = Callable[..., Load]


def prepared(load: Load, port: int) -> Run:
    return Run(load, Target.find(f"127.0.0.1:{port}"), Meter(None).read)


@pytest.mark.anyio
async def test_chores_are_done_while_people_talk(short: MakeLoad, program: Program) -> None:
    runs = prepared(short(drop_every_s=0.2, away_s=0.05, rate=100), program.port)
    done: list[int] = []
    outcome = await runs.carry_out([Chore(0.05, lambda: done.append(runs.said))])
    assert outcome.is_clean
    assert done == sorted(done)
    assert done
    assert runs.said == runs.heard == outcome.verdict.said


@pytest.mark.anyio
async def test_cancelling_it_ends_the_talk_and_loses_nothing(
    short: MakeLoad, program: Program
) -> None:
    load = short(drop_every_s=0.5, away_s=0.05, seconds=600)
    runs = prepared(load, program.port)
    task = asyncio.current_task()
    assert task is not None

    def stop() -> None:
        task.cancel()

    outcome = await runs.carry_out([Chore(0.2, stop)])
    assert runs.is_stopped
    assert outcome.is_clean


@pytest.mark.anyio
async def test_an_error_in_a_callback_ends_the_run(short: MakeLoad, program: Program) -> None:
    runs = prepared(short(drop_every_s=1.0, seconds=600), program.port)

    def fail() -> None:
        raise LoadError("odd")

    with pytest.raises(LoadError, match="odd"):
        await runs.carry_out([Chore(0.05, fail)])


@pytest.mark.anyio
async def test_who_gets_no_seat_ends_the_run(
    short: MakeLoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "_SEATING_S", 0.0)
    refused: Any = asyncio.start_server(lambda _r, w: w.close(), "127.0.0.1", 0)
    async with await refused as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(LoadError, match="not everybody got a seat"):
            await prepared(short(drop_every_s=1.0), port).carry_out()
