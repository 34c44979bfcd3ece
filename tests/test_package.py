"""What is installed is whole: the wheel has all that the program and its page need."""

import json
import signal
import subprocess
import sys
import zipfile
from contextlib import AbstractContextManager
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from urllib.request import urlopen

import pytest

from duologue import __version__
from tests.interop.processes import run_to_end, started
from tests.support.client import TIMEOUT_S
from tests.support.installed import ROOT, bare_environment, build, installed_once, serving

pytestmark = pytest.mark.timeout(1800)  # To install takes what it takes.
BUILD = "import sys, flit_core.buildapi as flit; flit.build_wheel(sys.argv[1])"
SOURCE = ROOT / "src" / "duologue"
INFO = f"duologue-{__version__}.dist-info"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The wheel and the source archive."""
    return build(tmp_path_factory.mktemp("dist"))


def ours() -> set[str]:
    """Return every file of the package, by its path from where it is imported."""
    return {
        str(file.relative_to(ROOT / "src"))
        for file in SOURCE.rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }


def test_the_wheel_has_every_file_of_the_package(built: tuple[Path, Path]) -> None:
    with zipfile.ZipFile(built[0]) as wheel:
        inside = {name for name in wheel.namelist() if name.startswith("duologue/")}
        told = message_from_bytes(wheel.read(f"{INFO}/METADATA"))
        licences = {
            name.rpartition("/")[2]
            for name in wheel.namelist()
            if name.startswith(f"{INFO}/licenses/")
        }
    assert inside == ours()
    assert {"duologue/py.typed", "duologue/web/index.html"} <= inside
    assert licences == {"LICENSE", "uqr.LICENSE"}
    assert (told["Name"], told["Version"]) == ("duologue", __version__)
    assert (told["Requires-Python"], told["License-Expression"]) == (">=3.11", "MIT")
    assert "Typing :: Typed" in told.get_all("Classifier", [])


def test_the_source_archive_makes_the_same_wheel(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    run_to_end("tar", "-xf", built[1], "-C", tmp_path)
    [source] = tmp_path.iterdir()
    assert {"LICENSE", "README.md", "requirements.lock", "deploy"} <= {
        path.name for path in source.iterdir()
    }
    wheels: list[bytes] = []
    for tree in (source, ROOT):
        folder = tmp_path / f"from-{len(wheels)}"
        folder.mkdir()
        run_to_end(
            sys.executable, "-c", BUILD, folder, cwd=tree, SOURCE_DATE_EPOCH="1700000000"
        )
        wheels.append(next(folder.glob("*.whl")).read_bytes())
    assert sha256(wheels[0]).digest() == sha256(wheels[1]).digest()


def test_what_is_installed_serves_the_page_and_carries_a_chat(
    tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    bin_ = installed_once(tmp_path_factory)
    environment = bare_environment(XDG_STATE_HOME=str(tmp_path))
    command = (bin_ / "duologue", "serve", "127.0.0.1:0")
    with serving(*command, cwd=tmp_path, environment=environment) as (process, address):
        assert b"<title>" in fetch(address)
        shell = json.loads(fetch(f"{address}/shell.js").partition(b" = ")[2].rstrip(b";\n"))
        assert len(shell["files"]) > 50
        for path in shell["files"]:
            assert fetch(address + path)
        with chat(bin_, tmp_path, address, "--name", "Alice") as alice:
            assert alice.stderr is not None
            code = alice.stderr.readline().split()[1]
            with chat(bin_, tmp_path, address, "--name", "Bob", code) as bob:
                bob_said, _ = bob.communicate("Hello!\n", timeout=TIMEOUT_S)
            alice_heard, _ = alice.communicate(timeout=TIMEOUT_S)
        assert (bob.returncode, bob_said) == (0, "")
        assert alice_heard == "Hello!\n"
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=TIMEOUT_S)
        assert process.returncode == 0


def fetch(url: str) -> bytes:
    """Get what is there, if it is in order."""
    with urlopen(url, timeout=TIMEOUT_S) as answer:
        assert answer.status == 200
        body: bytes = answer.read()
        return body


def chat(
    bin_: Path, cwd: Path, address: str, *arguments: str
) -> AbstractContextManager[subprocess.Popen[str]]:
    """Chat by lines with what is installed; it ends with the block at the latest."""
    return started(
        bin_ / "duologue",
        *("chat", "--server", address, *arguments),
        cwd=cwd,
        environment=bare_environment(),
        stdin=subprocess.PIPE,
    )
