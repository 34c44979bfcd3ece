"""`python -m benchmarks`: measure every server in turn, then write and print what came out."""

from __future__ import annotations

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from benchmarks import machine
from benchmarks.campaign import carry_out, steps
from benchmarks.command import carried_out
from benchmarks.plot import draw
from benchmarks.process import raise_file_limit
from benchmarks.progress import shown
from benchmarks.results import Results
from benchmarks.scenarios import FULL, QUICK, Scenario, Sizes, scenarios
from benchmarks.servers import HERE, PROGRAM, SERVERS, Server, missing
from benchmarks.table import markdown

_RESULTS = HERE / "results"


def main() -> int:
    """Read the command line and do what it says; return the exit code."""
    options = _parser().parse_args()
    return carried_out("benchmarks", lambda: _carry_out(options))


def _carry_out(options: argparse.Namespace) -> int:
    path: Path = options.out / "latest.json"
    if options.render:
        results = Results.load(path)
    else:
        results = _measure(options)
        results.save(path)
    _show(results, options.out / "latest.svg")
    return 0


def _measure(options: argparse.Namespace) -> Results:
    sizes: Sizes = QUICK if options.quick else FULL
    sizes = sizes._replace(
        rounds=options.rounds or sizes.rounds, seconds=options.seconds or sizes.seconds
    )
    results = Results({**machine.about(options.program), **sizes._asdict()})
    raise_file_limit()
    plan = steps(
        _chosen_scenarios(sizes, options.only),
        _startable(_chosen_servers(options.only, options.program), results),
        sizes.rounds,
    )
    with shown(len(plan)) as progress:
        carry_out(plan, results, progress)
    return results


def _chosen_scenarios(sizes: Sizes, only: list[str]) -> list[Scenario]:
    everything = scenarios(sizes)
    return [each for each in everything if each.name in only] or list(everything)


def _chosen_servers(only: list[str], program: Path) -> list[Server]:
    chosen = [each for each in SERVERS if each.name in only] or list(SERVERS)
    return [_started_as(each, program) if each.role == "product" else each for each in chosen]


def _started_as(server: Server, program: Path) -> Server:
    return replace(server, command=(str(program.absolute()), *server.command[1:]))


def _startable(servers: list[Server], results: Results) -> list[Server]:
    found = []
    for server in servers:
        if reason := missing(server):
            results.remark(f"{server.name} is left out: {reason}")
            print(f"benchmarks: {results.remarks[-1]}", file=sys.stderr)
        else:
            found.append(server)
    return found


def _show(results: Results, plot: Path) -> None:
    print(markdown(results))
    draw(results, plot)
    print(f"benchmarks: {plot.parent}/ has latest.json and latest.svg", file=sys.stderr)


def _parser() -> argparse.ArgumentParser:
    names = [each.name for each in SERVERS] + [each.name for each in scenarios(FULL)]
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--quick", action="store_true", help="one short round, to see that everything works")
    add("--rounds", type=int, help=f"rounds over everything ({FULL.rounds})")
    add("--seconds", type=float, help=f"of each run, its warm-up included ({FULL.seconds:.0f})")
    add(
        "--only",
        nargs="+",
        default=[],
        choices=names,
        metavar="NAME",
        help=f"only these servers and scenarios: {', '.join(names)}",
    )
    add("--out", type=Path, default=_RESULTS, help="where results go (benchmarks/results)")
    add("--program", type=Path, default=PROGRAM, help="Duologue (.venv/bin/duologue)")
    add("--render", action="store_true", help="draw the last results again, measure nothing")
    return parser


if __name__ == "__main__":
    sys.exit(main())
