"""One target's turn: its corpus, its process, and what came of it."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

from fuzzing.engine import HERE, environment
from fuzzing.words import dictionary

CORPUS = HERE / ".corpus"
FINDINGS = HERE / "findings"
TARGETS = tuple(
    path.stem for path in sorted((HERE / "targets").glob("*.py")) if path.stem != "__init__"
)

_STATE = re.compile(r"^#\d+\t(\w+)\s+cov: (\d+) ft: (\d+) corp: (\d+)/", re.MULTILINE)
_EXECUTED = re.compile(r"^stat::number_of_executed_units:\s+(\d+)", re.MULTILINE)
_FOUND = re.compile(r"Test unit written to (.+)$", re.MULTILINE)
_TIMEOUT_S = 120  # For one input: a busy machine is no finding.


class Result(NamedTuple):
    """What came of fuzzing a target.

    Attributes:
        executions: How many inputs were tried.
        first_coverage: Edges that the corpus reached at the beginning.
        coverage: Edges that were reached in the end.
        inputs: How many inputs the corpus has that reach all of that.
        finding: The file with the input that does harm, if there is one.
        log: All that the fuzzer said.
    """

    executions: int
    first_coverage: int
    coverage: int
    inputs: int
    finding: Path | None
    log: str


def module_of(target: str) -> str:
    """Return the module of a target: one of ours by its short name, or any other."""
    return f"fuzzing.targets.{target}" if target in TARGETS else target


def fuzz(
    target: str,
    *options: str,
    corpus: Path | None = None,
    findings: Path = FINDINGS,
) -> Result:
    """Fuzz a target.

    Args:
        target: One of `TARGETS`, or the name of a module like them.
        options: libFuzzer's, which say among other things when it is enough.
        corpus: A folder with inputs that are worth keeping; seeds are added.
        findings: Where an input that does harm is written to.

    Raises:
        NoAtheris: There is none for this Python.
    """
    corpus = corpus or CORPUS / target
    for folder in (corpus, findings):
        folder.mkdir(parents=True, exist_ok=True)
    for seed in import_module(module_of(target)).seeds():
        (corpus / sha256(seed).hexdigest()[:40]).write_bytes(seed)
    with tempfile.NamedTemporaryFile("w", suffix=".dict") as words:
        words.write(dictionary())
        words.flush()
        command = [
            *(sys.executable, "-m", "fuzzing.one", module_of(target)),
            *(f"-dict={words.name}", f"-artifact_prefix={findings}/{target}-"),
            *(f"-timeout={_TIMEOUT_S}", "-print_final_stats=1", *options, str(corpus)),
        ]
        log = _run(command)
    return _result(log)


def again(target: str, files: Iterable[str]) -> None:
    """Try inputs from files once more, in this process and without Atheris."""
    module = import_module(module_of(target))
    for file in files:
        module.try_one(Path(file).read_bytes())


def _run(command: list[str]) -> str:
    """Run a fuzzer to its end, or to ours; return what it said."""
    with subprocess.Popen(
        command,
        cwd=HERE.parent,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            return process.communicate()[0]
        finally:
            process.kill()


def _result(log: str) -> Result:
    """Read what libFuzzer says of its progress."""
    states = _STATE.findall(log)
    executed, found = _EXECUTED.search(log), _FOUND.search(log)
    if not states or not (executed or found):
        raise RuntimeError(f"the fuzzer did not run:\n{log}")
    return Result(
        executions=int(executed[1]) if executed else 0,
        first_coverage=next(int(state[1]) for state in states if state[0] == "INITED"),
        coverage=int(states[-1][1]),
        inputs=int(states[-1][3]),
        finding=Path(found[1]) if found else None,
        log=log,
    )
