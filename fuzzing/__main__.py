"""Fuzzes all targets in turn: `python -m fuzzing --seconds 600 [TARGET ...]`."""

import argparse
import sys

from fuzzing.campaign import TARGETS, again, fuzz
from fuzzing.engine import NoAtheris, environment


def main() -> int:
    """Return 0 if nothing was found, 1 if something was, 2 if nothing could be looked for."""
    parser = argparse.ArgumentParser(prog="python -m fuzzing", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=", ".join(TARGETS))
    parser.add_argument("--seconds", type=float, default=600, help="in all; 600 if left out")
    parser.add_argument("--again", nargs="+", metavar="FILE", help="only try these inputs")
    wanted = parser.parse_args()
    targets = wanted.targets or list(TARGETS)
    if unknown := set(targets) - set(TARGETS):
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    if wanted.again:
        for target in targets:
            again(target, wanted.again)
        return 0
    try:
        environment()  # The first time it takes a while.
        return _fuzz_all(targets, max(1, round(wanted.seconds / len(targets))))
    except NoAtheris as error:
        print(f"Nothing was fuzzed: {error}", file=sys.stderr)
        return 2


def _fuzz_all(targets: list[str], seconds: int) -> int:
    print(f"{seconds} seconds each. Edges are of the Python code that a target runs.")
    print(f"{'target':14} {'executions':>11} {'a second':>9} {'edges':>13} {'corpus':>7}")
    found = 0
    for target in targets:
        result = fuzz(target, f"-max_total_time={seconds}")
        edges = f"{result.first_coverage} > {result.coverage}"
        print(
            f"{target:14} {result.executions:11,} {result.executions / seconds:9,.0f}"
            f" {edges:>13} {result.inputs:7,}",
            flush=True,
        )
        if result.finding is not None:
            found += 1
            print(result.log[-4000:])
            print(f"To see it again: python -m fuzzing {target} --again {result.finding}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
