"""`python -m benchmarks.jitter`: reset every connection, kill the server, and lose nothing."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.command import carried_out
from benchmarks.jitter.keeper import Keeper, kept
from benchmarks.jitter.plan import Plan, Result
from benchmarks.jitter.table import markdown
from benchmarks.process import Cores, pin, raise_file_limit
from benchmarks.servers import HERE, PROGRAM
from duologue.bench.drops.measure import new_runner
from duologue.bench.drops.run import Chore, Run
from duologue.bench.target import Target

_RESULTS = HERE / "results" / "jitter.json"
_TELL_EVERY_S = 10.0


def main() -> int:
    """Read the command line and do what it says; return the exit code."""
    options = _parser().parse_args()
    return carried_out("jitter", lambda: _carry_out(options))


def _carry_out(options: argparse.Namespace) -> int:
    plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
    result = _measure(plan, options.program)
    print(markdown(_save(result, options.out, options.program)))
    return 0 if result.outcome.is_clean else 1


def _measure(plan: Plan, program: Path) -> Result:
    """Return what came out; raises KeyboardInterrupt if somebody ended it."""
    raise_file_limit()
    cores = Cores.available()
    pin(cores.load)
    with kept(program, cores.server) as keeper, new_runner() as runner:
        url = "{}:{}".format(*keeper.address)
        run = Run(plan.load(url), Target.find(url), keeper.read)
        chores = [Chore(_TELL_EVERY_S, lambda: _tell(run))]
        if plan.kill_every:
            chores.append(Chore(plan.kill_every, lambda: _kill(keeper, run)))
        outcome = runner.run(run.carry_out(chores))
    if run.is_stopped:
        raise KeyboardInterrupt
    return Result(plan, outcome)


def _kill(keeper: Keeper, run: Run) -> None:
    keeper.kill()
    keeper.start()
    run.stage.life = keeper.lives
    run.stage.counts["kills"] += 1


def _tell(run: Run) -> None:
    counts = run.stage.counts
    print(
        f"said {run.said:,}, heard {run.heard:,}, resets {counts['resets']:,}, "
        f"kills {counts['kills']}, troubles {len(run.stage.troubles)}",
        file=sys.stderr,
        flush=True,
    )


def _save(result: Result, path: Path, program: Path) -> dict[str, Result]:
    """Write the result beside that of the other mode; return those with the same plan."""
    runs: dict[str, Any] = json.loads(path.read_text())["runs"] if path.exists() else {}
    mode = "server killed" if result.plan.kill_every else "resets only"
    runs[mode] = {**machine.about(program), "outcome": result.as_dict()}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"runs": runs}, indent=1) + "\n")
    found = {name: Result.from_dict(run["outcome"]) for name, run in sorted(runs.items())}
    return {
        name: each for name, each in found.items() if _is_comparable(each.plan, result.plan)
    }


def _is_comparable(plan: Plan, other: Plan) -> bool:
    names = (field.name for field in fields(Plan) if field.name != "kill_every")
    return all(getattr(plan, name) == getattr(other, name) for name in names)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.jitter", description=__doc__)
    add = parser.add_argument
    add("--pairs", type=_whole, default=Plan.pairs, help=f"pairs that talk ({Plan.pairs})")
    add("--rate", type=_positive, default=Plan.rate, help="messages/s of each client (2)")
    add("--seconds", type=_positive, default=Plan.seconds, help="how long they talk (120)")
    add(
        "--reset-every",
        type=_positive,
        default=Plan.reset_every,
        help="how long a connection lives, half as long to half as long again (15)",
    )
    add(
        "--offline",
        type=_seconds,
        default=Plan.offline,
        help="how long until the next, half as long to half as long again (2)",
    )
    add(
        "--kill-every",
        type=_seconds,
        default=Plan.kill_every,
        help="kill -9 the server every so many seconds, too (0: never)",
    )
    add("--payload", type=_whole, default=Plan.payload, help="bytes of content (64)")
    add("--out", type=Path, default=_RESULTS, help="results (benchmarks/results/jitter.json)")
    add("--program", type=Path, default=PROGRAM, help="Duologue (.venv/bin/duologue)")
    return parser


def _whole(text: str) -> int:
    number = int(text)
    if not 1 <= number <= 10_000:
        raise argparse.ArgumentTypeError("must be 1 to 10,000")
    return number


def _positive(text: str) -> float:
    number = _seconds(text)
    if not number:
        raise argparse.ArgumentTypeError("must be more than 0")
    return number


def _seconds(text: str) -> float:
    number = float(text)
    if not 0 <= number <= 3600:
        raise argparse.ArgumentTypeError("must be 0 to 3,600")
    return number


if __name__ == "__main__":
    sys.exit(main())
