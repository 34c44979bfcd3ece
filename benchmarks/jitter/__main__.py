"""`python -m benchmarks.jitter`: reset every connection, kill the server, and lose nothing."""

from __future__ import annotations

import argparse
import asyncio
import json
import signal
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

from benchmarks import machine
from benchmarks.jitter.keeper import kept
from benchmarks.jitter.outcome import Outcome, Plan
from benchmarks.jitter.run import Run
from benchmarks.jitter.table import markdown
from benchmarks.link import LoadError
from benchmarks.process import BenchmarkError, Cores, pin, raise_file_limit
from benchmarks.servers import HERE, PROGRAM

_RESULTS = HERE / "results" / "jitter.json"


def main() -> int:
    """Read the command line and do what it says; return the exit code."""
    options = _parser().parse_args()
    _end_server_on_signals()
    plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
    try:
        outcome = _carry_out(plan, options.program)
    except KeyboardInterrupt:
        print("jitter: stopped; nothing was written", file=sys.stderr)
        return 130
    except FileNotFoundError as error:
        print(f"jitter: {error.filename} is missing", file=sys.stderr)
        return 1
    except (BenchmarkError, LoadError) as error:
        print(f"jitter: {error}", file=sys.stderr)
        return 1
    outcomes = _save(outcome, options.out, options.program)
    print(markdown(outcomes))
    return 0 if outcome.is_clean else 1


def _carry_out(plan: Plan, program: Path) -> Outcome:
    raise_file_limit()
    cores = Cores.available()
    pin(cores.load)
    with kept(program, cores.server) as keeper, _runner() as runner:
        return runner.run(Run(plan, keeper).carry_out())


def _runner() -> asyncio.Runner:
    factory: Callable[[], asyncio.AbstractEventLoop] | None = None
    try:
        import uvloop  # noqa: PLC0415 - there may be none

        factory = uvloop.new_event_loop
    except ImportError:
        pass
    return asyncio.Runner(loop_factory=factory)


def _end_server_on_signals() -> None:
    # Both become exceptions, which pass through every `with` that holds a process.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


def _save(outcome: Outcome, path: Path, program: Path) -> dict[str, Outcome]:
    """Write the outcome beside that of the other mode; return those with the same plan."""
    runs: dict[str, Any] = json.loads(path.read_text())["runs"] if path.exists() else {}
    mode = "server killed" if outcome.plan.kill_every else "resets only"
    runs[mode] = {**machine.about(program), "outcome": outcome.as_dict()}
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"runs": runs}, indent=1) + "\n")
    found = {name: Outcome.from_dict(run["outcome"]) for name, run in sorted(runs.items())}
    return {
        name: each for name, each in found.items() if _is_comparable(each.plan, outcome.plan)
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
