"""Runs every test, as `make test` does: `python -m tools.test [PYTEST ARGUMENTS]`.

The rules come first and apart, with their coverage: `wire` and `core` are
tested whole, every branch of them, without an event loop.
"""

import subprocess
import sys

PURE = ["tests/wire", "tests/core"]
PURE_SOURCES = "--include=src/duologue/wire/*,src/duologue/core/*"


def run(*command: str) -> int:
    """Run a Python module with its arguments and return its exit code."""
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def main() -> int:
    """Return 0 if all is well."""
    if failed := run("coverage", "run", "-m", "pytest", "--quiet", *PURE):
        return failed
    if failed := run("coverage", "report", "--fail-under=100", PURE_SOURCES):
        return failed
    return run("pytest", *sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
