"""Lets people talk through an upgrade."""

from __future__ import annotations

import asyncio
from pathlib import Path

from benchmarks.process import BenchmarkError, Cores
from benchmarks.upgrade.plan import Move, Plan, Result, Way
from benchmarks.upgrade.servers import Servers, kept
from duologue.bench.drops.measure import new_runner
from duologue.bench.drops.run import Chore, Run
from duologue.bench.meter import Meter
from duologue.bench.target import Target

_SOON_S = 0.01


def carry_out(program: Path, way: Way, plan: Plan, cores: Cores) -> Result:
    """Carry out the plan and return what came of it.

    Raises:
        BenchmarkError: A server did not do its part.
        LoadError: It could not be done at all.
        KeyboardInterrupt: Somebody ended it.
    """
    with kept(program, way, plan.drain, cores.server) as servers, new_runner() as runner:
        return runner.run(_carry_out(servers, way, plan))


async def _carry_out(servers: Servers, way: Way, plan: Plan) -> Result:
    await servers.start()
    run = Run(plan.load(servers.address), Target.find(servers.address), Meter(None).read)
    talk = asyncio.current_task()
    assert talk is not None
    upgrades: list[asyncio.Task[Move]] = []

    def begin() -> None:
        """Begin the upgrade, once; its end is that of the talk."""
        if not upgrades:
            upgrade = asyncio.ensure_future(_upgrade(servers, plan))
            upgrade.add_done_callback(lambda _: talk.cancel())
            upgrades.append(upgrade)

    outcome = await run.carry_out([Chore(_SOON_S, begin)])
    for upgrade in upgrades:
        if upgrade.done():
            move = upgrade.result()
            returns = [moment - move.begun for moment in run.stage.returns]
            return Result(way, plan, outcome, move, returns)
        upgrade.cancel()
    if run.is_stopped:
        raise KeyboardInterrupt
    raise BenchmarkError("the talk ended before the upgrade did")


async def _upgrade(servers: Servers, plan: Plan) -> Move:
    await asyncio.sleep(plan.before)
    move = await servers.take_over()
    await asyncio.sleep(plan.after)
    return move
