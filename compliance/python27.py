"""A Python 2.7 environment with Autobahn's fuzzing client, apart from the product's."""

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent

_ENVIRONMENT = HERE / ".venv27"
_REQUIREMENTS = HERE / "requirements.txt"
_VIRTUALENV = HERE / "requirements-virtualenv.txt"
_STAMP = _ENVIRONMENT / "installed.sha256"
_IS_CPYTHON_27 = (
    "import platform, ssl, sys;"
    "sys.exit(sys.version_info[:2] != (2, 7) or platform.python_implementation() != 'CPython')"
)


class NoPython27(Exception):
    """There is no CPython 2.7 on this machine."""


class SetUpError(Exception):
    """The environment could not be made; the text says why."""


def fuzzing_client() -> list[str]:
    """Return the command that starts Autobahn's test suite, installed on first use.

    Raises:
        NoPython27: It cannot be had without one.
        SetUpError: Something could not be installed.
    """
    wanted = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    if not _STAMP.exists() or _STAMP.read_text() != wanted:
        _install(_find_python27())
        _STAMP.write_text(wanted)
    python = str(_ENVIRONMENT / "bin" / "python")
    return [python, "-u", "-W", "ignore", str(HERE / "client.py")]


def _find_python27() -> str:
    """Return a CPython 2.7: one on PATH that works, or one that pyenv keeps."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = sorted(pyenv.glob("versions/2.7*/bin/python2.7"), reverse=True)
    for candidate in ["python2.7", "python2", *map(str, kept)]:
        if shutil.which(candidate) and _succeeds([candidate, "-c", _IS_CPYTHON_27]):
            return candidate
    raise NoPython27


def _install(python27: str) -> None:
    """Make the environment anew."""
    print(f"Installing Autobahn's test suite into {_ENVIRONMENT.name} ...", file=sys.stderr)
    shutil.rmtree(_ENVIRONMENT, ignore_errors=True)
    with tempfile.TemporaryDirectory() as folder:
        _pip(sys.executable, _VIRTUALENV, "--target", folder)
        _run([python27, str(Path(folder, "virtualenv.py")), "--quiet", str(_ENVIRONMENT)])
    _pip(str(_ENVIRONMENT / "bin" / "python"), _REQUIREMENTS)


def _pip(python: str, requirements: Path, *options: str) -> None:
    command = [python, "-m", "pip", "--disable-pip-version-check", "--quiet", "install"]
    hashed = ["--no-deps", "--require-hashes", "--requirement", str(requirements)]
    _run([*command, *options, *hashed])


def _run(command: list[str]) -> None:
    done = subprocess.run(  # noqa: S603 - the project's own commands
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SetUpError((done.stderr or done.stdout).strip())


def _succeeds(command: list[str]) -> bool:
    done = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - as above
    return done.returncode == 0
