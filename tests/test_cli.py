"""The command as people use it: in a process of its own."""

import asyncio
import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import time
import tomllib
from pathlib import Path

import pytest

from duologue import __version__, cli
from duologue.config import Settings
from duologue.errors import DuologueError
from duologue.spec import as_json
from tests.support.certificate import self_signed
from tests.support.client import Client
from tests.support.program import running

STARTING = "from duologue import cli; print('now', flush=True); cli.main(['serve'])"


def duologue(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "duologue", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "COLUMNS": "100", **environment},
    )


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_told_to_stop(number: int) -> None:
    with running() as program:
        code, errors = program.stop(number)
    assert code == 0
    assert "Traceback" not in errors


def test_it_says_where_it_listens_and_what_to_do_next() -> None:
    with running() as program:
        assert program.port > 0
        assert program.process.stdout is not None
        next_line = program.process.stdout.readline()
        assert next_line == (
            "Open that address in a browser. "
            f"Programs connect to ws://127.0.0.1:{program.port}/ws.\n"
        )


def test_version() -> None:
    done = duologue("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"duologue {__version__}")


def test_help_names_every_command_and_setting() -> None:
    overview = duologue("--help", COLUMNS="80").stdout
    for command in ("bench", "chat", "completion", "serve", "spec"):
        assert re.search(rf"^│ {command} ", overview, re.MULTILINE)
    assert len(overview.splitlines()) < 24
    assert max(map(len, overview.splitlines())) <= 80
    done = duologue("serve", "--help")
    assert done.returncode == 0
    for word in ("HOST:PORT", "--heartbeat-s", "DUOLOGUE_LOG", "--config", "[::1]:8080"):
        assert word in done.stdout


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["dance"], 'Unknown command "dance". Available commands: '),
        (["serve", "--dance"], "Unknown option: --dance."),
        (["serve", "--secret", "hush"], "Unknown option: --secret."),
        (["serve", "nowhere"], "address: 'nowhere' is not HOST:PORT, such as"),
        (["serve", "127.0.0.1:99999"], "address: '127.0.0.1:99999' is not HOST:PORT"),
        (["serve", "--heartbeat-s", "soon"], 'unable to convert "soon" into float'),
        (
            ["serve", "--heartbeat-s", "0"],
            "heartbeat_s: must be more than 0 and at most 300, not 0.0",
        ),
        (["serve", "--log", "loud"], 'Choose from: "debug", "info", "warning", "error"'),
        (
            ["serve", "--config", "no-such-file"],
            "config: no-such-file: No such file or directory",
        ),
        (["serve", "--config", "."], "config: .: Is a directory"),
        (["serve", "--max-name-chars", "9999"], "max_name_chars: must be 1 to 1024, not 9999"),
    ],
)
def test_misuse_gets_one_line_and_exit_code_2(arguments: list[str], reason: str) -> None:
    done = duologue(*arguments)
    assert done.returncode == 2
    assert reason in done.stderr
    assert done.stderr.startswith("duologue: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_the_protocol_is_printed_for_programs_in_utf_8_whatever_the_terminal_speaks() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "duologue", "spec"],
        capture_output=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == as_json() + b"\n"


def test_who_reads_the_start_of_the_protocol_alone_hears_no_complaint() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "spec"], stdout=writing, stderr=subprocess.PIPE
    ) as process:
        os.close(writing)
        _, errors = process.communicate(timeout=60)
    assert (process.returncode, errors) == (0, b"")


def test_a_full_disk_gets_one_line_and_exit_code_1() -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "duologue", "spec"],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr == b"duologue: [Errno 28] No space left on device\n"


def test_the_secret_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    served: list[str] = []

    async def run(settings: Settings, _announce: object) -> None:
        served.append(settings.secret)

    monkeypatch.setattr("duologue.server.app.run", run)
    monkeypatch.setattr("duologue.server.outlet.shown", lambda *_: contextlib.nullcontext())
    monkeypatch.setenv("DUOLOGUE_SECRET", "hush")
    cli.serve()
    cli.serve(Settings(log="debug"))
    assert served == ["hush", "hush"]


def test_a_port_that_is_taken_gets_one_line_and_exit_code_1() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        done = duologue("serve", address)
    assert done.returncode == 1
    assert done.stderr == f"duologue: cannot listen on {address}: Address already in use\n"


def test_a_name_that_no_host_can_have_gets_one_line_and_exit_code_1() -> None:
    done = duologue("serve", "a..b:80")
    assert done.returncode == 1
    assert done.stderr == "duologue: cannot listen on a..b:80: no such host\n"


def test_a_bad_variable_is_named() -> None:
    done = duologue("serve", DUOLOGUE_HEARTBEAT_S="soon")
    assert done.returncode == 2
    assert "DUOLOGUE_HEARTBEAT_S" in done.stderr


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('heartbeat_s = "soon"', 'unable to convert "soon" into float'),
        ("heartbeat = 3", "there is no setting 'heartbeat'"),
        ('secret = "hush"', "a secret belongs in a file of its own; name it as secret_file"),
        ("heartbeat_s", "Expected '=' after a key"),
        ("[serve]\nheartbeat_s = 3", "there is no setting 'serve'"),
        ("heartbeat_s = -3", "heartbeat_s: must be more than 0 and at most 300, not -3.0"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "duologue.toml"
    path.write_text(text)
    done = duologue("serve", "--config", str(path))
    assert done.returncode == 2
    assert reason in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_flag_beats_the_environment_and_that_beats_the_file(tmp_path: Path) -> None:
    path = tmp_path / "duologue.toml"
    text = 'address = "nowhere-file"\nlog = "debug"\nmax_name_chars = 0\n'
    path.write_text(text)
    assert tomllib.loads(text)["max_name_chars"] == 0
    file_alone = duologue("serve", "--config", str(path))
    assert "nowhere-file" in file_alone.stderr
    environment = duologue("serve", DUOLOGUE_CONFIG=str(path), DUOLOGUE_ADDRESS="nowhere-env")
    assert "nowhere-env" in environment.stderr
    flag = duologue(
        "serve", "127.0.0.1:0", DUOLOGUE_CONFIG=str(path), DUOLOGUE_ADDRESS="nowhere"
    )
    assert "max_name_chars: must be 1 to 1024, not 0" in flag.stderr


@pytest.mark.parametrize(
    "streams", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full"]
)
def test_a_server_whose_streams_are_closed_or_full_serves_and_stops_as_cleanly(
    streams: str,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    script = f'exec "$0" -m duologue serve 127.0.0.1:{port} {streams}'
    with subprocess.Popen(["sh", "-c", script, sys.executable]) as process:
        wait_for(port, process)
        process.terminate()
    assert process.returncode == 0


def test_a_server_whose_output_nobody_reads_serves_and_stops_as_cleanly() -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    reading, writing = os.pipe()
    os.close(reading)
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "serve", f"127.0.0.1:{port}"], stdout=writing
    ) as process:
        os.close(writing)
        wait_for(port, process)
        process.terminate()
    assert process.returncode == 0


def wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server listens; end it if it never does."""
    for _ in range(2000):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.01)
    process.kill()


PRINTS_ONCE_IT_RUNS = """
import duologue.cli as cli
open_streams = cli._open_standard_streams
cli._open_standard_streams = lambda: (print(1, flush=True), open_streams())
cli.main(["serve"])
"""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_server_that_is_stopped_while_it_starts_says_nothing(number: int) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            PRINTS_ONCE_IT_RUNS,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DUOLOGUE_ADDRESS": "127.0.0.1:0"},
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(number)
        _, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors


STOPS_WHILE_IT_LOADS = """
import os, signal, sys
from importlib.abc import MetaPathFinder

class Told(MetaPathFinder):
    def find_spec(self, name, path, target=None):
        if name == "cyclopts":
            os.kill(os.getpid(), signal.SIGTERM)

sys.meta_path.insert(0, Told())
from duologue.__main__ import main
main()
"""


def test_a_program_that_is_stopped_while_it_loads_ends_as_it_would_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STOPS_WHILE_IT_LOADS],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def readiness(port: int) -> bytes:
    with socket.create_connection(("127.0.0.1", port)) as asking:
        asking.sendall(b"HEAD /readyz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        return asking.makefile("rb").readline()


async def test_a_first_signal_begins_a_drain_and_a_second_ends_it(
    anyio_backend: object,
) -> None:
    with running("--drain-s", "300") as program:
        client = await Client.connect(program.port)
        await client.hears()
        program.process.send_signal(signal.SIGTERM)
        while b" 503 " not in await asyncio.to_thread(readiness, program.port):
            pass
        program.process.send_signal(signal.SIGTERM)
        assert (await client.hears_until_closed())[1] == 1001
        _, errors = await asyncio.to_thread(program.process.communicate)
    assert program.process.returncode == 0
    assert "draining 1 connections" in errors
    assert "Traceback" not in errors


def test_with_a_certificate_it_says_https_and_reads_it_anew_on_sighup(tmp_path: Path) -> None:
    self_signed(tmp_path)
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "serve", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "DUOLOGUE_TLS_CERT": str(tmp_path / "both.pem")},
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            assert "listens on https://127.0.0.1:" in process.stdout.readline()
            assert "connect to wss://127.0.0.1:" in process.stdout.readline()
            process.send_signal(signal.SIGHUP)
            while "read the certificate anew" not in process.stderr.readline():
                pass
            process.terminate()
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert process.returncode == 0


def test_a_certificate_that_cannot_be_used_gets_one_line_and_exit_code_2() -> None:
    done = duologue("serve", "127.0.0.1:0", "--tls-cert", "none.pem")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "duologue: tls_cert: none.pem: No such file or directory\n"


def test_a_unix_socket_is_named_as_it_was_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "chat.sock"
    with subprocess.Popen(
        [sys.executable, "-m", "duologue", "serve", f"unix:{path}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            assert line.endswith(f"listens on unix:{path} (Ctrl+C stops it).\n")
            assert path.is_socket()
            process.terminate()
            process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, path.exists()) == (0, False)


def test_no_words_of_a_server_drive_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli._fail(DuologueError("Room \x1b[2J\nis\u202e full"), 4)
    assert capsys.readouterr().err == "duologue: Room ␛[2J is full\n"
