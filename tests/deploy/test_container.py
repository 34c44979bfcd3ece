"""The Containerfile and the compose file: what they say, and that a server runs so."""

import re
import signal
from pathlib import Path
from shlex import join
from urllib.request import urlopen

import pytest
from attacks.campaign import DEPLOYED

from tests.deploy.containerfile import (
    ROOT,
    Box,
    Step,
    context,
    copied,
    missing,
    stages,
)
from tests.interop.processes import run_to_end
from tests.interop.tools import find
from tests.support.client import TIMEOUT_S
from tests.support.installed import serving

SECRET = "a-secret-of-more-than-thirty-two-characters"
pytestmark = pytest.mark.timeout(1800)  # To install takes what it takes.
COMPOSE = ROOT / "deploy" / "compose.yaml"


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """What the Containerfile makes, but for the base image."""
    if reason := missing():
        pytest.skip(reason)
    box = Box(tmp_path_factory.mktemp("box"))
    box.root.chmod(0o755)
    box.build()
    return box


def test_every_base_image_has_a_version() -> None:
    for stage in stages():
        assert re.fullmatch(r"docker\.io/library/python:3\.\d+-slim( AS \w+)?", stage[0].words)


def test_what_runs_is_neither_root_nor_stopped_by_force() -> None:
    last = {step.name: step.words for step in stages()[-1]}
    assert re.fullmatch(r"[1-9]\d*:[1-9]\d*", last["USER"])
    assert last["STOPSIGNAL"] == "SIGTERM"
    assert last["EXPOSE"] == "8080"
    assert "HEALTHCHECK" in last
    assert not {"VOLUME", "ADD", "RUN"} & set(last)
    assert "SECRET" not in last["ENV"]
    for name, value in DEPLOYED.items():
        assert f"{name}={value}" in last["ENV"].split()  # What the attacks are made on.


def test_everything_that_is_copied_goes_to_the_builder_and_nothing_else() -> None:
    wanted: set[Path] = set()
    for step in stages()[0]:
        if step.name == "COPY":
            for source in copied(step)[0]:
                path = ROOT / source
                wanted |= {path} if path.is_file() else set(path.rglob("*"))
    files = {file for file in wanted if file.is_file() and "__pycache__" not in file.parts}
    assert files == context()


def test_every_package_is_installed_by_its_hash_or_from_here() -> None:
    installs = [step.words for step in stages()[0] if " install" in step.words]
    assert len(installs) == 2
    assert all("--require-hashes" in words or "--no-index" in words for words in installs)


def test_it_serves_without_privileges_on_a_file_system_that_is_read_only(
    box: Box, tmp_path: Path
) -> None:
    last = {step.name: step for step in stages()[-1]}
    words = [*last["ENTRYPOINT"].listed, *last["CMD"].listed]
    told = dict(pair.split("=") for pair in last["ENV"].words.split())
    assert told["DUOLOGUE_ADDRESS"] == "0.0.0.0:8080"
    told |= {"DUOLOGUE_ADDRESS": "127.0.0.1:0", "DUOLOGUE_SECRET": SECRET}
    user = last["USER"].words
    script = f"touch /opt/x 2>/dev/null || touch /tmp/x 2>/dev/null || exec {' '.join(words)}"
    command = box.command(script, user=user, **told)
    with serving(*command, cwd=tmp_path, environment={}) as (process, address):
        with urlopen(address, timeout=TIMEOUT_S) as answer:
            assert answer.status == 200
        status = Path(f"/proc/{process.pid}/status").read_text()
        assert re.search(r"^Uid:\s+10001\s+10001\s+10001\s+10001$", status, re.MULTILINE)
        assert re.search(r"^CapEff:\s+0+$", status, re.MULTILINE)
        assert re.search(r"^NoNewPrivs:\s+1$", status, re.MULTILINE)
        check = last["HEALTHCHECK"].words.partition("CMD ")[2]
        check = check.replace("http://127.0.0.1:8080", address)
        healthy = Step("CMD", check).listed
        run_to_end(*box.command(join(healthy), user=user))
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, log
    assert "WARNING" not in log


def test_without_a_secret_it_serves_and_says_that_tickets_end_with_it(
    box: Box, tmp_path: Path
) -> None:
    command = box.command(
        "exec /opt/duologue/bin/duologue serve 127.0.0.1:0", user="10001:10001"
    )
    with serving(*command, cwd=tmp_path, environment={}) as (process, _):
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, log
    assert "no secret can be kept" in log


def test_the_image_has_nothing_that_only_building_needs(box: Box) -> None:
    names = {path.name for path in (box.root / "opt").rglob("*") if path.is_dir()}
    assert not {"pip", "flit_core", "tests"} & names
    compiled = [*(box.root / "opt").rglob("duologue/__pycache__/cli.*.pyc")]
    assert len(compiled) == 1, "each start would compile it again"


def test_compose_accepts_the_compose_file(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = find("docker-compose")
    script = f"'{program}' -f '{COMPOSE}' --profile tls config > '{told}'"
    run_to_end("sh", "-c", script)
    services = told.read_text().partition("\nservices:\n")[2]
    caddy, _, duologue = services.partition("\n  duologue:\n")  # They come in this order.
    for service in (duologue, caddy):
        assert "read_only: true" in service
        assert re.search(r"cap_drop:\n +- ALL\n", service)
        assert re.search(r"security_opt:\n +- no-new-privileges:true\n", service)
        assert "mem_limit" in service
        assert "pids_limit" in service
    assert "user: 10001:10001" in duologue
    assert re.search(r"nofile:\n +hard: 65536\n +soft: 65536\n", duologue)
