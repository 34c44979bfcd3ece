"""Where Atheris is: in a folder of its own, since not every Python can have it.

Nothing but fuzzing needs it, so it is no part of the tools for tests and checks.
"""

import fcntl
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent

_REQUIREMENTS = HERE / "requirements.lock"
_FOLDER = HERE / f".atheris-{sys.implementation.cache_tag}"
_STAMP = _FOLDER / "requirements.lock"
_LATEST = (3, 14)


class NoAtheris(Exception):
    """Atheris cannot be had here; the text says why."""


def is_to_be_had() -> bool:
    """Say whether there is a wheel for this Python and machine."""
    return (
        sys.implementation.name == "cpython"
        and sys.version_info[:2] <= _LATEST
        and (sys.platform, platform.machine()) == ("linux", "x86_64")
    )


def environment() -> dict[str, str]:
    """Return the environment in which Python finds Atheris, installed on first use.

    Raises:
        NoAtheris: It has no wheel for this Python, or the installation fails.
    """
    if not is_to_be_had():
        raise NoAtheris(
            f"Atheris is made for CPython up to {_LATEST[0]}.{_LATEST[1]} on Linux (x86_64); "
            f"this is {platform.python_implementation()} {platform.python_version()} "
            f"on {platform.system()} ({platform.machine()})"
        )
    with _REQUIREMENTS.open() as lock:  # Others may want it at the same time.
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _STAMP.exists() or _STAMP.read_bytes() != _REQUIREMENTS.read_bytes():
            _install()
    path = [str(ROOT), str(_FOLDER), *filter(None, [os.environ.get("PYTHONPATH")])]
    return os.environ | {"PYTHONPATH": os.pathsep.join(path)}


def _install() -> None:
    print(f"Installing Atheris into fuzzing/{_FOLDER.name} ...", file=sys.stderr)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    hashed = ["--no-deps", "--require-hashes", "--requirement", str(_REQUIREMENTS)]
    done = subprocess.run(
        [*pip, *hashed, "--target", str(_FOLDER)],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NoAtheris((done.stderr or done.stdout).strip().splitlines()[-1])
    shutil.copy(_REQUIREMENTS, _STAMP)
