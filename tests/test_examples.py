"""The examples do what they say, each as a program of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.interop.processes import started
from tests.support.client import TIMEOUT_S
from tests.support.program import Program, running

EXAMPLES = Path(__file__).parents[1] / "examples"


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with running() as program:
        yield program


def example(
    name: str, port: int, *arguments: str
) -> AbstractContextManager[subprocess.Popen[str]]:
    """Start an example; it ends with the block at the latest."""
    python = (sys.executable, "-W", "error")
    address = f"127.0.0.1:{port}"
    return started(*python, EXAMPLES / name, address, *arguments, stdin=subprocess.PIPE)


def outcome(process: subprocess.Popen[str], text: str | None = None) -> tuple[int, str, str]:
    """Let it read that text and end; return its code and what it wrote."""
    out, errors = process.communicate(text, timeout=3 * TIMEOUT_S)
    return process.returncode, out, errors


def line(stream: object) -> str:
    """Wait for a line."""
    return stream.readline().rstrip("\n")  # type: ignore[attr-defined, no-any-return]


def test_every_example_is_tested() -> None:
    assert {path.name for path in EXAMPLES.glob("*.py")} == {
        "two_people.py",
        "echo_bot.py",
        "stdin_bridge.py",
    }


def test_two_people_talk(program: Program) -> None:
    with example("two_people.py", program.port) as people:
        code, out, errors = outcome(people)
    assert (code, errors) == (0, "")
    assert out.splitlines() == [
        "Bob joins Alice",
        "Bob hears from Alice: Hello, Bob!",
        "Alice hears from Bob: 안녕, Alice 👋",
    ]


def test_the_echo_bot_says_everything_back(program: Program, tmp_path: Path) -> None:
    with example("echo_bot.py", program.port, str(tmp_path / "outbox")) as bot:
        room = line(bot.stdout).removeprefix("Come to room ")
        with example("stdin_bridge.py", program.port, room) as bridge:
            assert bridge.stdin is not None
            bridge.stdin.write("one\ntwo\n")
            bridge.stdin.flush()
            heard = [line(bridge.stdout) for _ in range(3)]
            assert outcome(bridge)[0] == 0
        assert heard == ["Hello, Bridge! I say everything back.", "one", "two"]
        assert line(bot.stdout) == "They left. The room stays open."
        bot.send_signal(signal.SIGINT)
        assert outcome(bot) == (0, "", "")
    with example("echo_bot.py", program.port, str(tmp_path / "outbox")) as bot:
        assert line(bot.stdout) == f"Come to room {room}"


def test_the_bridge_carries_everything_and_ends(program: Program) -> None:
    lines = "".join(f"{number}\n" for number in range(3000))
    with example("stdin_bridge.py", program.port) as near:
        room = line(near.stderr)
        with example("stdin_bridge.py", program.port, room) as far:
            assert far.stdin is not None
            assert outcome(near, lines)[0] == 0
            code, out, errors = outcome(far)
    assert out == lines
    assert (code, errors) == (0, "")


def test_the_bridge_says_what_is_wrong(program: Program) -> None:
    with example("stdin_bridge.py", program.port, "ZZZZZZ") as bridge:
        assert outcome(bridge) == (1, "", "RoomNotFound: Room 'ZZZZZZ' not found\n")
