"""What is written in JavaScript is tested in JavaScript, by Node's own test runner."""

import json
import re
import subprocess
from pathlib import Path

import pytest
from tests.interop import tools
from tools.node import NODE

HERE = Path(__file__).parent
SUITES = sorted(HERE.rglob("*.test.js"))
TIMEOUT_S = 150

PURE = (
    "conversation",
    "entrance",
    "errors",
    "events",
    "inbox",
    "messages",
    "outbox",
    "outgoing",
    "reading",
    "reconnecting",
    "room-code",
    "saved",
    "seat",
    "stay",
    "text",
    "typing-state",
)
"""The modules of the client that are pure."""


@pytest.mark.parametrize(
    "suite", SUITES, ids=lambda suite: str(suite.relative_to(HERE)).removesuffix(".test.js")
)
def test_a_suite_passes(suite: Path) -> None:
    tools.install_node_modules()
    done = subprocess.run(
        # In this process, or a file without a test would count as one that passes.
        [NODE, "--test", "--test-isolation=none", "--test-reporter=spec", suite],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    if done.returncode:
        pytest.fail(f"{suite}: exit code {done.returncode}\n{done.stdout}", pytrace=False)
    assert re.search(r"^. pass [1-9]", done.stdout, re.MULTILINE), done.stdout
    assert re.search(r"^. (skipped|todo) [1-9]", done.stdout, re.MULTILINE) is None, done.stdout


def test_the_rules_of_the_client_are_tested_whole() -> None:
    client = HERE / "client"
    suites = [HERE / "transcripts.test.js", *sorted(client.glob("*.test.js"))]
    sources = (f"src/duologue/web/client/{name}.js" for name in PURE)
    kinds = ("lines", "branches", "functions")
    done = subprocess.run(
        [
            NODE,
            "--test",
            "--experimental-test-coverage",
            *(f"--test-coverage-include={source}" for source in sources),
            *(f"--test-coverage-{kind}=100" for kind in kinds),
            *suites,
        ],
        cwd=tools.ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    report = done.stdout.partition("start of coverage report")[2]
    assert done.returncode == 0, report or done.stdout
    assert [name for name in PURE if f" {name}.js " not in report] == []


def test_the_types_are_those_of_the_node_that_runs() -> None:
    tools.install_node_modules()
    types = json.loads((tools.NODE_MODULES / "@types/node/package.json").read_text())
    runs = subprocess.run([NODE, "--version"], capture_output=True, text=True, check=True)
    assert runs.stdout.startswith(f"v{types['version'].partition('.')[0]}.")


def test_the_lock_names_no_registry_and_has_tools_for_every_machine() -> None:
    lock = (tools.ROOT / "package-lock.json").read_text()
    packages = json.loads(lock)["packages"]
    machines = ("linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64")
    native = ("@biomejs/cli", "@typescript/typescript")
    needed = {f"node_modules/{name}-{machine}" for name in native for machine in machines}
    assert '"resolved"' not in lock
    assert needed - set(packages) == set()
    assert all("integrity" in package for path, package in packages.items() if path)


def test_there_are_suites() -> None:
    assert {suite.parent.name for suite in SUITES} == {"web", "client", "page"}
