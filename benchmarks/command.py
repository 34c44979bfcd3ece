"""How each program in here ends: with what it found, or with one line that says why not."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable

from benchmarks.process import BenchmarkError
from duologue.errors import DuologueError


def carried_out(name: str, do: Callable[[], int]) -> int:
    """Do the work and return the exit code, whoever ends it.

    Args:
        name: What the lines on stderr begin with.
        do: Returns the exit code. What it has started must end with its `with` blocks.
    """
    # Both become exceptions, which pass through every `with` that holds a process. A job in the
    # background of a script starts with SIGINT ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        return do()
    except KeyboardInterrupt:
        print(f"{name}: stopped; nothing was written", file=sys.stderr)
        return 130
    except FileNotFoundError as error:
        print(f"{name}: {error.filename} is missing", file=sys.stderr)
    except (BenchmarkError, DuologueError) as error:
        print(f"{name}: {error}", file=sys.stderr)
    return 1
