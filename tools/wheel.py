"""Makes what is released: `python -m tools.wheel [FOLDER]`, into dist if left out.

A wheel, a source archive, and the lock file with the hashes of all that they
need. The same commit makes the same bytes, on any machine.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from flit_core import buildapi

ROOT = Path(__file__).parents[1]
LOCK = "requirements.lock"
SPRING_2026 = "1772323200"
"""The date of files where there is no commit to ask for its own."""


def main() -> None:
    """Make all of it, and say where it is."""
    folder = Path(*sys.argv[1:2] or ["dist"]).absolute()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(ROOT)  # The build backend looks for the project there.
    os.environ.setdefault("SOURCE_DATE_EPOCH", _date_of_commit() or SPRING_2026)
    for name in (buildapi.build_wheel(str(folder)), buildapi.build_sdist(str(folder))):
        print(folder / name)
    print(shutil.copyfile(LOCK, folder / LOCK))


def _date_of_commit() -> str:
    """Return when this was committed, in seconds since 1970; nothing outside a repository."""
    try:
        done = subprocess.run(
            ["git", "log", "-1", "--format=%ct"], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return done.stdout.strip()


if __name__ == "__main__":
    main()
