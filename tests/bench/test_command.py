"""`duologue bench` as people use it: in a process of its own."""

import json
import os
import pty
import select
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from tests.support.answering import answering
from tests.support.client import TIMEOUT_S
from tests.support.liar import between, losing
from tests.support.program import Program

from duologue.bench import command
from duologue.bench.load import Load
from duologue.errors import LoadError

SHORT = ("--pairs", "2", "--seconds", "0.3", "--ramp-up-s", "0.1")
ROOT = Path(__file__).parents[2]


def bench(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "duologue", "bench", *arguments],
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )


def test_a_person_gets_a_table_and_a_histogram(program: Program) -> None:
    done = bench(f"127.0.0.1:{program.port}", *SHORT, "--pid", str(program.process.pid))
    assert (done.returncode, done.stderr) == (0, "")
    assert "messages/s" in done.stdout
    assert "█" in done.stdout
    assert "server: CPU a message" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80


def test_a_program_gets_one_line_of_json_with_the_documented_keys(program: Program) -> None:
    done = bench(f"127.0.0.1:{program.port}", *SHORT, "--json", "--drop-every-s", "0.2")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.count("\n") == 1
    report = json.loads(done.stdout)
    documented = (ROOT / "benchmarks" / "README.md").read_text()
    table = documented.partition("\n| key |")[2].partition("\n\n")[0]
    assert set(report) == {
        key.strip(" `")
        for row in table.splitlines()[2:]
        for key in row.split("|")[1].split(",")
    }
    assert report["messages"] > 0
    assert report["drops"]["lost"] == 0


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ([], 'Command "bench" parameter --url requires an argument.'),
        (["ftp://host"], "the scheme is none of ws, wss, http, https"),
        (["127.0.0.1:1", "--pairs", "0"], "pairs: must be 1 to 100000, not 0"),
        (["127.0.0.1:1", "--seconds", "soon"], 'unable to convert "soon" into float'),
        (["127.0.0.1:1", "--stalled"], "Unknown option: --stalled."),
        (["127.0.0.1:1", "--protocol", "v2"], 'Choose from: "v1", "reference"'),
    ],
)
def test_misuse_gets_one_line_and_exit_code_2(arguments: list[str], reason: str) -> None:
    done = bench(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("more", [[], ["--drop-every-s", "1"]])
def test_a_server_that_is_not_there_gets_one_line_and_exit_code_1(more: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    done = bench(f"127.0.0.1:{port}", *more)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        f"duologue: cannot connect to 127.0.0.1:{port}: Connection refused\n"
    )


def test_a_server_that_refuses_gets_one_line_and_exit_code_1() -> None:
    with answering(b"HTTP/1.1 429 Too Many Requests\r\n\r\n") as port:
        done = bench(f"127.0.0.1:{port}")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "duologue: the server refused the WebSocket: HTTP/1.1 429 Too Many Requests"
        " - a limit of the server; start it with"
        " --connections-per-source off --handshakes-per-source-s off\n"
    )


def test_a_server_that_loses_a_message_gets_exit_code_1_and_it_says_so(
    program: Program,
) -> None:
    with between(program.port, lambda: losing) as port:
        done = bench(f"127.0.0.1:{port}", "--in-flight", "4", "--seconds", "30")
    assert done.returncode == 1
    assert "the server said out of turn" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_messages_lost_on_the_way_back_get_exit_code_1_and_it_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from tests.bench.figures import with_drops  # noqa: PLC0415 - only here

    report = with_drops(lost=1)
    monkeypatch.setattr("duologue.bench.drops.measure.measure", lambda *_arguments: report)
    assert command.carry_out(Load("127.0.0.1:1", drop_every_s=1.0)) == 1
    assert "NOT EVERY MESSAGE CAME ONCE AND IN ORDER: 1 lost" in capsys.readouterr().out


@pytest.mark.parametrize("more", [[], ["--drop-every-s", "0.3", "--away-s", "0.1"]])
def test_ctrl_c_prints_what_was_measured_so_far(program: Program, more: list[str]) -> None:
    arguments = (f"127.0.0.1:{program.port}", "--pairs", "2", "--seconds", "10", *more)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "bench", *arguments],
        stdout=subprocess.PIPE,
        stderr=theirs,
        text=True,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        try:
            os.close(theirs)
            shown = b""
            # A picture of that phase with something done.
            while b"  5%" not in shown.partition(b"measuring")[2]:
                assert select.select([ours], [], [], TIMEOUT_S)[0]
                shown += os.read(ours, 4096)
            process.send_signal(signal.SIGINT)
            output, _ = process.communicate(timeout=TIMEOUT_S)
        finally:
            process.kill()
            os.close(ours)
    assert process.returncode == 130
    assert b"Traceback" not in shown
    assert "messages/s" in output
    assert "Stopped after" in output


@pytest.mark.parametrize("more", [[], ["--json"]])
@pytest.mark.parametrize(
    ("output", "code", "errors"),
    [
        ("/dev/full", 1, "duologue: cannot write: No space left on device\n"),
        ("a closed pipe", 0, ""),
    ],
)
def test_what_cannot_be_written_is_no_traceback(
    program: Program, more: list[str], output: str, code: int, errors: str
) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    if output == "/dev/full":
        os.close(writing)
        writing = os.open(output, os.O_WRONLY)
    done = subprocess.run(
        [sys.executable, "-m", "duologue", "bench", f"127.0.0.1:{program.port}", *SHORT, *more],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (code, errors)


def test_ctrl_c_before_anything_was_measured_says_just_that(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("duologue.bench.run.run", run)
    assert command.carry_out(Load("127.0.0.1:1")) == 130
    assert capsys.readouterr() == ("", "duologue: stopped before anything was measured\n")


def test_where_there_is_no_epoll_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(select, "epoll")
    with pytest.raises(LoadError, match="bench needs Linux: there is no epoll here"):
        command.carry_out(Load("127.0.0.1:1"))
