"""The load generator in a process of its own: `python -m benchmarks.load JSON`.

It is the engine of `duologue bench`. What is more here is for the campaign: Socket.IO's
dialect, and the loads that only a comparison needs. See process.py, which starts it.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

from benchmarks.dialects import ALL, PATHS
from duologue.bench.load import Load
from duologue.bench.run import run
from duologue.errors import DuologueError


def command(load: Load, dialect: str) -> list[str]:
    """Return how to start it."""
    asked = json.dumps({"load": asdict(load), "dialect": dialect})
    return [sys.executable, "-m", "benchmarks.load", asked]


def url(port: int, dialect: str) -> str:
    """Return where a server of that dialect is."""
    return f"ws://127.0.0.1:{port}{PATHS.get(dialect, '/ws')}"


def main() -> int:
    """Read what is asked, run, print a line of JSON; return the exit code."""
    asked = json.loads(sys.argv[1])
    try:
        report = run(Load(**asked["load"]), ALL[asked["dialect"]])
    except DuologueError as error:
        print(f"load: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    figures = report.as_dict()
    del figures["histogram"]  # Five rounds of everything would be half a megabyte of them.
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
