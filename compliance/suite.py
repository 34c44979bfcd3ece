"""Runs Autobahn's fuzzing client against the echo; ends both whatever happens."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from compliance.python27 import HERE
from compliance.verdicts import Verdict, read_verdicts

NAME = "Duologue"

_TOTAL = re.compile(r"Ok, will run (\d+) test cases")
_BEGUN = re.compile(r"Running test case ID (\S+)")
_GRACE_S = 5.0


class SuiteError(Exception):
    """The suite did not run to its end; the text says why."""


def run_cases(client: Sequence[str], cases: Sequence[str], reports: Path) -> list[Verdict]:
    """Run the cases and return what each came to.

    Args:
        client: The command that starts the test suite.
        cases: Patterns of case numbers: `6.*`, `7.3.1`.
        reports: A folder for the suite's own reports.

    Raises:
        SuiteError: Not all cases were run.
    """
    log = reports / "echo.log"
    with _echo(log) as port:
        specification = reports / "specification.json"
        specification.write_text(json.dumps(_specification(port, cases, reports), indent=2))
        command = [*client, "--mode", "fuzzingclient", "--spec", str(specification)]
        total = _follow(command, reports)
    if complaints := log.read_text():
        raise SuiteError(f"the echo server complained:\n{complaints}")
    verdicts = read_verdicts(reports / "index.json", NAME)
    if len(verdicts) != total:
        raise SuiteError(f"only {len(verdicts)} of {total} cases were run")
    return verdicts


def _specification(port: int, cases: Sequence[str], reports: Path) -> dict[str, object]:
    return {
        "outdir": str(reports),
        "servers": [{"agent": NAME, "url": f"ws://127.0.0.1:{port}/"}],
        "cases": list(cases),
        "exclude-cases": [],
        "exclude-agent-cases": {},
    }


def _follow(command: Sequence[str], folder: Path) -> int:
    """Run the client, show how far it is, and return how many cases it began with."""
    total, begun, lines = 0, 0, []
    with _child(command, folder, subprocess.STDOUT) as client:
        for line in client.stdout or ():
            lines.append(line)
            if match := _TOTAL.match(line):
                total = _at_least_one(int(match[1]))
            elif match := _BEGUN.match(line):
                begun += 1
                _show(begun, total, match[1])
            elif line.startswith("Connection to"):
                raise SuiteError("the echo server is gone")
        status = client.wait()
    if status:
        raise SuiteError("".join(lines[-20:]).strip())
    return total


def _at_least_one(total: int) -> int:
    if not total:
        raise SuiteError("there are no such cases")  # The client would wait for ever.
    return total


def _show(begun: int, total: int, case: str) -> None:
    """Count in one line of a terminal; in a log, a line for every tenth."""
    if sys.stderr.isatty():
        end = "\n" if begun == total else ""
        print(f"\r[{begun}/{total}] case {case}\x1b[K", end=end, file=sys.stderr, flush=True)
    elif begun % 10 == 0 or begun == total:
        print(f"[{begun}/{total}] case {case}", file=sys.stderr, flush=True)


@contextmanager
def _echo(log: Path) -> Iterator[int]:
    """Serve the echo until the block ends; yields its port."""
    command = [sys.executable, "-m", "compliance.echo"]
    with log.open("w") as errors, _child(command, HERE.parent, errors) as server:
        said = server.stdout.readline() if server.stdout else ""
        if not said:
            raise SuiteError(f"the echo server did not start:\n{log.read_text()}")
        yield int(said)


@contextmanager
def _child(
    command: Sequence[str], folder: Path, errors: IO[str] | int
) -> Iterator[subprocess.Popen[str]]:
    """Run a program that ends, at the latest, with the block."""
    process = subprocess.Popen(  # noqa: S603 - the project's own commands
        command,
        cwd=folder,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.communicate(timeout=_GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate()
