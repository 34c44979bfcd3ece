"""What `duologue bench` does, from a load to an exit code."""

from __future__ import annotations

import json
import os
import select
import sys

from duologue.bench.load import Load
from duologue.errors import LoadError

STOPPED = 130
"""The exit code of what Ctrl+C ended (128 and the number of SIGINT)."""


def carry_out(load: Load) -> int:
    """Put the load on the server, print what was measured, and return the exit code.

    Raises:
        AddressError: The URL is none.
        LoadError: It could not be done, or the server did something wrong.
    """
    if not hasattr(select, "epoll"):
        raise LoadError("bench needs Linux: there is no epoll here")
    from duologue.bench.drops.measure import measure  # noqa: PLC0415
    from duologue.bench.progress import shown  # noqa: PLC0415 - they need Linux
    from duologue.bench.remarks import remarks  # noqa: PLC0415
    from duologue.bench.run import run  # noqa: PLC0415

    try:
        with shown() as progress:
            if load.drop_every_s:
                report = measure(load, progress)
            else:
                report = run(load, progress=progress)
    except KeyboardInterrupt:
        print("duologue: stopped before anything was measured", file=sys.stderr)
        return STOPPED
    try:
        if load.json:
            print(json.dumps({**report.as_dict(), "remarks": remarks(load, report)}))
        else:
            from duologue.bench.screen import show  # noqa: PLC0415 - rich is not for programs

            show(load, report)
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:  # What is left of it must not fail again at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):  # Else whoever reads it has seen enough.
            raise LoadError(f"cannot write: {error.strerror}") from None
    if report.is_stopped:
        return STOPPED
    return 0 if report.drops is None or report.drops.is_clean else 1
