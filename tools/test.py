"""Runs every test, as `make test` does: `python -m tools.test [PYTEST ARGUMENTS]`.

The rules come first and apart, with their coverage: `wire`, `core` and the
client's conversation are tested whole, every branch, without an event loop.
All the others follow. As many tests run at once as there are processors.
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

AT_ONCE = ("--numprocesses=auto", "--maxprocesses=4", "--dist=worksteal")
"""Who is done first takes over half of what another still has before it."""


def run(*command: str) -> int:
    """Run a Python module with its arguments and return its exit code."""
    return subprocess.run([sys.executable, "-m", *command], check=False).returncode


def main() -> int:
    """Return 0 if all is well."""
    return (
        run("coverage", "erase")
        or run("coverage", "run", "-m", "pytest", "--quiet", *AT_ONCE, *PURE)
        or run("coverage", "combine", "--quiet")
        or run("coverage", "report", "--fail-under=100", f"--include={','.join(PURE_SOURCES)}")
        or run("pytest", *AT_ONCE, *(f"--ignore={path}" for path in PURE), *sys.argv[1:])
    )


if __name__ == "__main__":
    sys.exit(main())
