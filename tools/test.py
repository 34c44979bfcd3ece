"""Runs every test, as `make test` does: `python -m tools.test [PYTEST ARGUMENTS]`.

The rules come first and apart, with their coverage: `wire`, `core` and the
client's conversation are tested whole, every branch, without an event loop.
"""

import subprocess
import sys

CONVERSATION = (
    "conversation",
    "entrance",
    "events",
    "inbox",
    "outbox",
    "outgoing",
    "saved",
    "seat",
    "typing_state",
)
"""The modules of the client that are pure."""

PURE = [
    "tests/wire",
    "tests/core",
    "tests/client/test_transcripts.py",
    *(f"tests/client/test_{name}.py" for name in CONVERSATION),
]
PURE_SOURCES = [
    "src/duologue/wire/*",
    "src/duologue/core/*",
    *(f"src/duologue/client/{name}.py" for name in CONVERSATION),
]


def run(*command: str) -> int:
    """Run a Python module with its arguments and return its exit code."""
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def main() -> int:
    """Return 0 if all is well."""
    if failed := run("coverage", "run", "-m", "pytest", "--quiet", *PURE):
        return failed
    if failed := run(
        "coverage", "report", "--fail-under=100", f"--include={','.join(PURE_SOURCES)}"
    ):
        return failed
    return run("pytest", *sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
