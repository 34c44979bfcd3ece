"""`python -m benchmarks.upgrade`: put a new server in the place of an old one, unnoticed."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from benchmarks import machine
from benchmarks.command import carried_out
from benchmarks.process import Cores, pin, raise_file_limit
from benchmarks.servers import HERE, PROGRAM
from benchmarks.upgrade.plan import WAYS, Plan, Result
from benchmarks.upgrade.run import carry_out
from benchmarks.upgrade.table import markdown

_RESULTS = HERE / "results" / "upgrade.json"

MOST_PERCENT = 5.0
"""At most so many of those who come back may do so within 100 ms."""


def main() -> int:
    """Read the command line and do what it says; return the exit code."""
    options = _parser().parse_args()
    return carried_out("upgrade", lambda: _carry_out(options))


def _carry_out(options: argparse.Namespace) -> int:
    plan = Plan(**{field.name: getattr(options, field.name) for field in fields(Plan)})
    raise_file_limit()
    cores = Cores.available()
    pin(cores.load)
    results = [carry_out(options.program, way, plan, cores) for way in WAYS]
    _save(results, options.out, options.program)
    print(markdown(results))
    return 1 if any(faults(result) for result in results) else 0


def faults(result: Result) -> list[str]:
    """Return all that is not as promised, with what a busy machine may be to blame for."""
    found = result.faults
    if result.thickest_percent > MOST_PERCENT:
        found.append(f"{result.thickest_percent:.1f} % came back within 100 ms")
    return found


def _save(results: Sequence[Result], path: Path, program: Path) -> None:
    path.parent.mkdir(exist_ok=True)
    runs = {**machine.about(program), "runs": [result.as_dict() for result in results]}
    path.write_text(json.dumps(runs, indent=1) + "\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.upgrade", description=__doc__)
    add = parser.add_argument
    add("--pairs", type=int, default=Plan.pairs, help=f"pairs that talk ({Plan.pairs})")
    add("--rate", type=float, default=Plan.rate, help="messages/s of each client (1)")
    add("--before", type=float, default=Plan.before, help="seconds before it begins (3)")
    add("--drain", type=float, default=Plan.drain, help="the old server's --drain-s (10)")
    add("--after", type=float, default=Plan.after, help="seconds after its end (3)")
    add("--payload", type=int, default=Plan.payload, help="bytes of content (64)")
    add("--out", type=Path, default=_RESULTS, help="results (benchmarks/results/upgrade.json)")
    add("--program", type=Path, default=PROGRAM, help="Duologue (.venv/bin/duologue)")
    return parser


if __name__ == "__main__":
    sys.exit(main())
