"""Reads a Containerfile, and carries it out where there is no container engine.

What takes the place of a base image is a root of its own: this machine's
/usr, read-only, with this Python at /usr/local, where the image has its own.
"""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.interop.processes import run_to_end

ROOT = Path(__file__).parents[2]
FILE = ROOT / "Containerfile"

_PYTHON = f"python3.{sys.version_info.minor}"
_CONTINUED = re.compile(r"\\\n\s*")
_OUR_PIP = {name: value for name, value in os.environ.items() if name.startswith("PIP_")}


class Step(NamedTuple):
    """One instruction: RUN, COPY, …"""

    name: str
    words: str

    @property
    def listed(self) -> list[str]:
        """Return the words of an instruction that has them as JSON."""
        return list(json.loads(self.words))


def stages() -> list[list[Step]]:
    """Return the steps of each stage, which begins with its FROM."""
    found: list[list[Step]] = []
    for line in _CONTINUED.sub("", FILE.read_text()).splitlines():
        if line and not line.startswith("#"):
            step = Step(*line.split(maxsplit=1))
            if step.name == "FROM":
                found.append([])
            found[-1].append(step)
    return found


def context() -> set[Path]:
    """Return the files that go to the builder, as .dockerignore has it."""
    rules = (ROOT / ".dockerignore").read_text().splitlines()
    wanted = {rule[1:] for rule in rules if rule.startswith("!")}
    assert "*" in rules, "everything is left out, but for what is named"
    return {
        file
        for name in wanted
        for file in [ROOT / name, *(ROOT / name).rglob("*")]
        if file.is_file() and not {"__pycache__"} & set(file.parts)
    }


def copied(step: Step) -> tuple[list[str], str]:
    """Return what a COPY copies from the context, and where to."""
    *sources, target = step.words.split()
    return sources, target


def missing() -> str:
    """Return what it takes to carry out a Containerfile and is not to be had here."""
    python = Path(sys.base_prefix) / "bin" / _PYTHON
    if os.geteuid() != 0:
        return "only root can give a process a root of its own"
    if not _succeeds("unshare", "--mount", "mount", "-t", "tmpfs", "none", "/mnt"):
        return "this machine lets nobody mount anything"
    return "" if _succeeds(python, "-m", "pip", "--version") else "this Python has no pip"


def _succeeds(*command: str | Path) -> bool:
    return not subprocess.run(command, capture_output=True, check=False).returncode


class Box:
    """A folder that becomes the root of what runs in it.

    Attributes:
        root: The folder. Of it only /opt and /src are real; the rest is mounted
            for as long as a command runs.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "names").mkdir()
        python = root / "names" / "python"
        python.write_text(f'#!/bin/sh\nexec /usr/local/bin/{_PYTHON} "$@"\n')
        python.chmod(0o755)
        for name in ("usr", "etc", "dev", "proc", "tmp", "src", "opt"):
            (root / name).mkdir()
        for name in ("bin", "lib", "lib64", "sbin"):
            if Path("/", name).is_symlink():
                (root / name).symlink_to(f"usr/{name}")

    def build(self) -> None:
        """Carry out the first stage."""
        for step in stages()[0]:
            if step.name == "COPY":
                sources, target = copied(step)
                for source in sources:
                    run_to_end("cp", "-R", ROOT / source, self.root / "src" / target)
            elif step.name == "RUN":
                run_to_end(*self.command("cd /src; " + step.words, **_OUR_PIP))

    def command(self, script: str, *, user: str = "", **environment: str) -> list[str]:
        """Return the command that runs a script in here.

        Args:
            script: For the shell.
            user: UID:GID of someone without any privilege, to whom nothing here
                can be written; root, who may write, if left out.
            environment: All that the script will find in its own.
        """
        lines = ["set -e", f"cd {shlex.quote(str(self.root))}", "mount --rbind . ."]
        lines += [f"cd {shlex.quote(str(self.root))}"]
        for outer, inner in (("/usr", "usr"), (sys.base_prefix, "usr/local"), ("/etc", "etc")):
            lines += [f"mount --bind {outer} {inner}", f"mount -o remount,bind,ro {inner}"]
        lines += ["mount -t proc proc proc", "touch dev/null dev/urandom"]
        lines += [f"mount --bind /dev/{name} dev/{name}" for name in ("null", "urandom")]
        lines += ["mount -o remount,bind,ro ."] if user else []
        drop = "setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all"
        become = f"--userspec={user} . {drop}" if user else "."
        told = {
            "PATH": "/names:/usr/local/bin:/usr/bin:/bin",
            "LD_LIBRARY_PATH": "/usr/local/lib",
        }
        words = [f"{name}={value}" for name, value in (told | environment).items()]
        inside = f"exec chroot {become} env -i {shlex.join(words)} sh -c {shlex.quote(script)}"
        outside = "; ".join([*lines, inside])
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", outside]
