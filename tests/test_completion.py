"""Shells complete commands, flags and values: each shell is asked itself."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.interop.tools import find
from tests.support.client import TIMEOUT_S

Complete = Callable[[str], set[str]]

COMMANDS = {"bench", "chat", "completion", "serve", "spec"}
CASES = [
    ("duologue ", COMMANDS),
    ("duologue ch", {"chat"}),
    ("duologue chat --se", {"--server"}),
    ("duologue chat 8RZ0MQ --li", {"--linger-s"}),
    ("duologue completion ", {"bash", "fish", "zsh"}),
    ("duologue serve --log ", {"debug", "error", "info", "warning"}),
]

BASH = """
source "$1"
COMP_WORDS=($2)
[[ $2 == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
_duologue
printf '%s\\n' "${COMPREPLY[@]}"
"""

ZSH = """
fpath=(~ $fpath)
autoload -Uz compinit
compinit -u -D
compadd () {
  local -a hits
  if [[ ${@[1,(i)(-|--)]} != *-(O|A|D)\\ * ]]; then
    builtin compadd -A hits "$@"
    print -rl -- $hits >>~/hits
  fi
  builtin compadd "$@"
}
asked () { zle complete-word; print -r DONE >$TTY }
zle -N asked
bindkey '^I' asked
print READY
"""


def script(shell: str) -> str:
    return subprocess.run(
        [sys.executable, "-m", "duologue", "completion", shell],
        capture_output=True,
        text=True,
        check=True,
    ).stdout


def output(*command: str | Path) -> str:
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=TIMEOUT_S, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


@pytest.fixture(scope="module")
def in_bash(tmp_path_factory: pytest.TempPathFactory) -> Complete:
    bash, path = find("bash"), tmp_path_factory.mktemp("bash") / "duologue"
    path.write_text(script("bash"))

    def complete(line: str) -> set[str]:
        return set(output(bash, "--norc", "-c", BASH, "bash", path, line).split())

    return complete


@pytest.fixture(scope="module")
def in_fish(tmp_path_factory: pytest.TempPathFactory) -> Complete:
    fish, home = find("fish"), tmp_path_factory.mktemp("fish")
    completions = home / "fish" / "completions"
    completions.mkdir(parents=True)
    (completions / "duologue.fish").write_text(script("fish"))
    empty = home / "empty"
    empty.mkdir()

    def complete(line: str) -> set[str]:
        asked = f"cd {empty}; complete --do-complete '{line}'"
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("XDG_CONFIG_HOME", str(home))
            patch.setenv("HOME", str(home))
            # For a program that is not there fish completes nothing.
            patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
            return {each.partition("\t")[0] for each in output(fish, "-c", asked).splitlines()}

    return complete


@pytest.fixture(scope="module")
def in_zsh(tmp_path_factory: pytest.TempPathFactory) -> Complete:
    zsh, home = find("zsh"), tmp_path_factory.mktemp("zsh")
    (home / "_cyclopts_duologue").write_text(script("zsh"))

    def complete(line: str) -> set[str]:
        return in_zsh_at_a_terminal(zsh, home, line)

    return complete


def in_zsh_at_a_terminal(zsh: Path, home: Path, line: str) -> set[str]:
    """Type a line and press Tab: zsh completes nowhere else. The choices go to a file."""
    settings, hits = home / "settings", home / "hits"
    settings.write_text(ZSH)
    hits.write_text("")
    terminal, inside = pty.openpty()
    environment = {**os.environ, "TERM": "dumb", "HOME": str(home)}
    shell = subprocess.Popen(
        [zsh, "-f", "-i"],
        stdin=inside,
        stdout=inside,
        stderr=inside,
        env=environment,
        start_new_session=True,
    )
    os.close(inside)
    try:
        os.write(terminal, b"source ~/settings\n")
        read_to(terminal, b"READY\r\n")
        os.write(terminal, line.encode() + b"\t")
        read_to(terminal, b"DONE")
    finally:
        shell.kill()
        shell.wait()
        os.close(terminal)
    return set(hits.read_text().split())


def read_to(terminal: int, end: bytes) -> None:
    seen = b""
    while end not in seen:
        seen += os.read(terminal, 4096)


@pytest.mark.parametrize(("line", "choices"), CASES)
def test_bash(in_bash: Complete, line: str, choices: set[str]) -> None:
    assert in_bash(line) == choices


@pytest.mark.parametrize(("line", "choices"), CASES)
def test_fish(in_fish: Complete, line: str, choices: set[str]) -> None:
    assert in_fish(line) == choices


@pytest.mark.parametrize(("line", "choices"), CASES)
def test_zsh(in_zsh: Complete, line: str, choices: set[str]) -> None:
    assert in_zsh(line) == choices
