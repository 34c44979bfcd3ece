"""What Linux knows of this process. Elsewhere it tells nothing.

The library for metrics could tell it too, but lists all open files to count
them: with ten thousand connections that keeps everyone waiting for 15 ms.
"""

import os
import time
from pathlib import Path
from typing import NamedTuple

_SELF = Path("/proc/self")
_FILES = _SELF / "fd"


class Process(NamedTuple):
    """How it is with this process now.

    Attributes:
        cpu_s: How long it has worked, in seconds of one core.
        resident_bytes: The memory that it has.
        started_at: When it began, in seconds since 1970.
        open_files: How many descriptors it has.
        most_files: How many it may have; infinite for no limit.
    """

    cpu_s: float
    resident_bytes: int
    started_at: float
    open_files: int
    most_files: float


def look() -> Process | None:
    """Return how it is; None where nobody can tell."""
    try:
        # What follows the program's name, which may hold anything (proc_pid_stat(5)).
        fields = (_SELF / "stat").read_text().rpartition(")")[2].split()
        pages = int((_SELF / "statm").read_text().split()[1])
        files = _open_files()
    except OSError:
        return None
    import resource  # There is none on Windows.

    most_files = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    age_s = time.clock_gettime(time.CLOCK_BOOTTIME) - int(fields[19]) / os.sysconf("SC_CLK_TCK")
    return Process(
        cpu_s=time.process_time(),
        resident_bytes=pages * os.sysconf("SC_PAGE_SIZE"),
        started_at=time.time() - age_s,
        open_files=files,
        most_files=float("inf") if most_files == resource.RLIM_INFINITY else most_files,
    )


def _open_files() -> int:
    """Count descriptors. Linux tells it as a size since 6.2; before, they have to be listed."""
    return _FILES.stat().st_size or sum(1 for _ in _FILES.iterdir())
