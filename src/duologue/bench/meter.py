"""What a server and its children cost, read from /proc: CPU time and resident memory."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import NamedTuple

from duologue.errors import LoadError

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")
# Fields of /proc/PID/stat counted from behind the command's name (proc_pid_stat(5)).
_UTIME, _STIME = 11, 12
# Fields of the first line of /proc/stat (proc_stat(5)).
_BUSY = (1, 2, 3, 6, 7)
_STEAL = 8


class Reading(NamedTuple):
    """Moments and CPU times, in seconds; the server's is None if nobody named its process."""

    wall: float
    own: float
    server: float | None
    stolen: float
    """What the machine below took from all cores of this one."""
    everybody: float
    """What all programs of this machine used."""


class Meter:
    """Reads the clocks of a server's process tree and of this process."""

    def __init__(self, pid: int | None) -> None:
        """Watch the process `pid` with its children, or only this process."""
        self._pid = pid

    def read(self) -> Reading:
        """Return the time and the CPU times so far.

        Raises:
            LoadError: The server's process is gone.
        """
        return Reading(
            time.perf_counter(), time.process_time(), self._server_s(), _stolen_s(), _busy_s()
        )

    def _server_s(self) -> float | None:
        if self._pid is None:
            return None
        try:
            return sum(map(_cpu_s, tree(self._pid)))
        except (OSError, ValueError, IndexError):
            raise LoadError(f"there is no process {self._pid} (any more)") from None

    def resident_kb(self) -> int:
        """Return the server's resident memory in KiB; 0 if nobody named its process."""
        if self._pid is None:
            return 0
        try:
            return sum(map(_resident_kb, tree(self._pid)))
        except OSError:
            raise LoadError(f"there is no process {self._pid} (any more)") from None


def tree(pid: int) -> list[int]:
    """Return `pid` and all its descendants."""
    found = [pid]
    for parent in found:
        for children in Path(f"/proc/{parent}/task").glob("*/children"):
            found += map(int, children.read_text().split())
    return found


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[_UTIME]) + int(fields[_STIME])) / _TICKS_PER_S


def _busy_s() -> float:
    totals = _totals()
    return sum(int(totals[field]) for field in _BUSY) / _TICKS_PER_S


def _stolen_s() -> float:
    return int(_totals()[_STEAL]) / _TICKS_PER_S


def _totals() -> list[str]:
    return Path("/proc/stat").read_text().split("\n", 1)[0].split()


def _resident_kb(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0
