"""Runs attacks at full size: `python -m attacks`, or `make attack`.

It prints a table and fails if anything was not as it must be.
"""

from __future__ import annotations

import argparse
import signal
import sys

from benchmarks.process import BenchmarkError, Cores, raise_file_limit

from attacks import table
from attacks.campaign import AttackError, run
from attacks.catalogue import ATTACKS
from duologue.errors import DuologueError


def main() -> int:
    """Attack; return 0 if the server stood it all."""
    names = [attack.name for attack in ATTACKS]
    parser = argparse.ArgumentParser(prog="python -m attacks", description=__doc__)
    parser.add_argument("only", nargs="*", metavar="ATTACK", help=", ".join(names))
    parser.add_argument("--rounds", type=int, default=3, help="how often each (3)")
    parser.add_argument("--seconds", type=float, default=8.0, help="how long each (8)")
    asked = parser.parse_args()
    if unknown := set(asked.only) - set(names):
        parser.error(f"there is no attack {', '.join(sorted(unknown))}")
    raise_file_limit()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # What it started ends with it.
    is_good = True
    print(table.head(), flush=True)
    for attack in ATTACKS:
        if asked.only and attack.name not in asked.only:
            continue
        try:
            outcome = run(attack, Cores.available(), rounds=asked.rounds, seconds=asked.seconds)
        except (AttackError, BenchmarkError, DuologueError, OSError) as error:
            print(f"{attack.name}: {error}", file=sys.stderr, flush=True)
            is_good = False
        else:
            print(table.row(outcome), flush=True)
            is_good = is_good and not outcome.faults
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
