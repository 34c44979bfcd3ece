"""The units: systemd understands them, they expose little, and a server can live so."""

import re
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path
from urllib.request import urlopen

import pytest
from attacks.campaign import DEPLOYED

from duologue.config import Settings
from duologue.server.app import _GOODBYE_S
from duologue.server.carrier import LINGER_S
from tests.deploy.containerfile import ROOT
from tests.interop.processes import run_to_end
from tests.interop.tools import find
from tests.support.client import TIMEOUT_S
from tests.support.installed import serving

DEPLOY = ROOT / "deploy"
SERVICE = (DEPLOY / "duologue.service").read_text()
SERVE = (sys.executable, "-m", "duologue", "serve", "127.0.0.1:0")
MOST_EXPOSURE = 2.0

LOCKED = """
import ctypes, os, sys
prctl = ctypes.CDLL(None).prctl
no_new_privileges, memory_write_or_execute = 38, 65
assert prctl(no_new_privileges, 1, 0, 0, 0) == 0
if prctl(memory_write_or_execute, 1, 0, 0, 0):
    sys.exit(77)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Becomes a program that can never make memory executable, as the unit has it."""


def setting(name: str) -> str:
    """Return the value of a setting of the service; the last one counts."""
    value: str = re.findall(rf"^{name}=(.*)$", SERVICE, re.MULTILINE)[-1]
    return value


def output(*command: str | Path) -> str:
    """Run a program to its end and return what it says."""
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@cache
def system_calls(name: str) -> frozenset[str]:
    """Return the system calls of a group, with those of the groups in it."""
    told = output(find_analyze(), "syscall-filter", name).splitlines()[1:]
    words = [line.strip() for line in told if not line.strip().startswith("#")]
    calls = {word for word in words if word and not word.startswith("@")}
    groups = [word for word in words if word.startswith("@")]
    return frozenset(calls).union(*(system_calls(group) for group in groups))


@cache
def find_analyze() -> Path:
    """Return systemd's program that looks at units."""
    return find("systemd-analyze", package="systemd")


def test_systemd_understands_both_units(tmp_path: Path) -> None:
    for name in ("duologue.service", "duologue.socket"):
        text = (DEPLOY / name).read_text()
        text = re.sub(
            r"^ExecStart=\S+", f"ExecStart={sys.executable}", text, flags=re.MULTILINE
        )
        (tmp_path / name).write_text(text)
    run_to_end(find_analyze(), "verify", *sorted(tmp_path.iterdir()))


def test_the_service_is_exposed_to_little() -> None:
    told = output(find_analyze(), "security", "--offline=true", DEPLOY / "duologue.service")
    level = re.search(r"Overall exposure level for duologue\.service: ([\d.]+)", told)
    assert level is not None, told
    assert float(level[1]) <= MOST_EXPOSURE


def test_the_service_is_given_the_time_to_say_goodbye() -> None:
    drain_s = getattr(Settings(), "drain_s", 0.0)
    assert float(setting("TimeoutStopSec")) > drain_s + _GOODBYE_S + LINGER_S + 10


def test_the_secret_is_kept_in_the_directory_that_the_service_has() -> None:
    assert "Environment=XDG_STATE_HOME=%S\n" in SERVICE
    assert (
        setting("StateDirectory") == "duologue"
    )  # The server's own name for it, see `secret`.
    assert setting("StateDirectoryMode") == "0700"


def test_the_service_is_what_the_attacks_are_made_on() -> None:
    for name, value in DEPLOYED.items():
        assert f"Environment={name}={value}\n" in SERVICE


def test_a_server_makes_no_system_call_that_the_service_forbids(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    strace = (find("strace"), "--follow-forks", "--quiet=all", f"--output={trace}")
    with serving(*strace, *SERVE, cwd=tmp_path, environment=state(tmp_path)) as (traced, url):
        with urlopen(url, timeout=TIMEOUT_S) as answer:
            assert answer.status == 200
        talk(url, tmp_path)
        [server] = Path(f"/proc/{traced.pid}/task/{traced.pid}/children").read_text().split()
        run_to_end("kill", server)
        traced.communicate(timeout=TIMEOUT_S)
        assert traced.returncode == 0
    made = set(re.findall(r"^\d+ +(\w+)\(", trace.read_text(), re.MULTILINE))
    allowed, forbidden = re.findall(r"^SystemCallFilter=(.*)$", SERVICE, re.MULTILINE)
    groups = forbidden.removeprefix("~").split()
    assert len(made) > 20
    assert made - system_calls(allowed) == set()
    assert made & frozenset[str]().union(*map(system_calls, groups)) == set()
    families = set(re.findall(r" socket\((AF_\w+)", trace.read_text()))
    assert families <= set(setting("RestrictAddressFamilies").split())


def test_a_server_needs_no_memory_that_is_writable_and_executable(tmp_path: Path) -> None:
    command = (sys.executable, "-c", LOCKED, *SERVE)
    if subprocess.run([*command[:3], "/bin/true"], check=False).returncode == 77:
        pytest.skip("this kernel is too old to forbid it in this way (Linux 6.3 can)")
    with serving(*command, cwd=tmp_path, environment=state(tmp_path)) as (process, url):
        talk(url, tmp_path)
        process.send_signal(signal.SIGTERM)
        _, log = process.communicate(timeout=TIMEOUT_S)
    assert process.returncode == 0, log
    assert "WARNING" not in log


def state(folder: Path) -> dict[str, str]:
    """Return the environment of a server that keeps its secret there."""
    return {"XDG_STATE_HOME": str(folder), "PYTHONWARNINGS": "error"}


def talk(url: str, folder: Path) -> None:
    """Hold a conversation, tickets and all, by way of a program of its own."""
    code = f"""
import asyncio
from duologue.client import Chat, Progress, connect

async def main():
    url = "{url.replace("http", "ws", 1)}/ws"
    async with connect(url, name="Alice") as alice, connect(url, name="Bob") as bob:
        await bob.join_room(await alice.create_room())
        message = await alice.send("Hello!")
        async for event in bob.events():
            if isinstance(event, Chat):
                break
        await message.until(Progress.DELIVERED)

asyncio.run(main())
"""
    run_to_end(sys.executable, "-c", code, cwd=folder)
