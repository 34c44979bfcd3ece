"""Chat in scripts: whole programs at the ends of real pipes."""

import asyncio
import json
import os
import pty
import re
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.support.client import TIMEOUT_S
from tests.support.program import Program, running
from tests.terminal.programs import chatting, numbered

from duologue.client import connect
from duologue.errors import RoomNotFound

MANY = 10_000


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with running(DUOLOGUE_LOG="error") as program:
        yield program


@pytest.fixture
def port(program: Program) -> int:
    return program.port


def test_a_line_goes_across_and_both_end_well(port: int) -> None:
    with chatting(port, stdin=subprocess.DEVNULL) as alice:
        code = alice.code()
        with chatting(port, code.lower(), name="Bob") as bob:
            assert bob.end(b"done\n") == (0, "")
            assert bob.errors == "You are talking with Alice.\nYou left.\n"
        assert alice.end() == (0, "done\n")
        assert alice.errors.splitlines()[1:] == ["Bob came in.", "Bob left."]


def test_many_lines_both_ways_arrive_once_and_in_order(
    port: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    texts = [numbered(tmp_path / name, MANY, name) for name in ("alice", "bob")]
    outs = [tmp_path / "to alice", tmp_path / "to bob"]
    with (
        (tmp_path / "alice").open() as hers,
        outs[0].open("wb") as to_her,
        outs[1].open("wb") as to_him,
        chatting(port, "--linger-s", "inf", stdin=hers, stdout=to_her) as alice,
    ):
        code = alice.code()
        start = time.perf_counter()
        with chatting(port, code, stdout=to_him, name="Bob") as bob:
            # He stays until he has all of hers: then nobody has anything to say.
            bob.say(texts[1].decode())
            while outs[1].stat().st_size < len(texts[0]):
                assert bob.process.poll() is None
                os.sched_yield()
            assert bob.end()[0] == 0
        assert alice.end()[0] == 0
        took_s = time.perf_counter() - start
    assert [out.read_bytes() for out in outs] == texts[::-1]
    with capsys.disabled():
        print(f"\npipes: {2 * MANY / took_s:,.0f} lines/s, both ways, with their start")


def test_a_server_that_is_killed_and_started_again_loses_no_line(tmp_path: Path) -> None:
    text = numbered(tmp_path / "text", MANY, "word")
    out = tmp_path / "out"
    with running(DUOLOGUE_LOG="error") as server, out.open("wb") as sink:
        port = server.port
        with (
            chatting(port, stdin=subprocess.DEVNULL, stdout=sink) as alice,
            chatting(port, alice.code(), name="Bob") as bob,
        ):
            half = len(text) // 2
            bob.say(text[:half].decode(errors="ignore"))
            while out.stat().st_size < half // 2:
                os.sched_yield()
            server.process.kill()
            server.process.wait()
            with running(port=port, DUOLOGUE_LOG="error"):
                rest = text[len(text[:half].decode(errors="ignore").encode()) :]
                assert bob.end(rest)[0] == 0
                assert alice.end()[0] == 0
    assert out.read_bytes() == text
    assert "No connection. Trying again." in bob.errors
    assert "Connected again." in bob.errors


def test_a_partner_who_leaves_with_something_unsaid_is_told_by_the_exit_code(
    port: int,
) -> None:
    with chatting(port) as alice:
        with chatting(port, alice.code(), "--linger-s", "0", name="Bob") as bob:
            assert alice.error_line() == "Bob came in."
            alice.say("read\n")
            assert bob.line() == "read"
            assert bob.end()[0] == 0
        assert alice.error_line() == "Bob left."
        assert alice.end()[0] == 0


def test_what_is_not_delivered_when_a_signal_ends_it_is_told(port: int) -> None:
    with (
        chatting(port) as alice,
        chatting(port, alice.code(), name="Bob", stdin=subprocess.DEVNULL) as bob,
    ):
        assert alice.error_line() == "Bob came in."
        bob.process.send_signal(signal.SIGSTOP)
        alice.say("unread\n" * 3000)
        bob.process.kill()
        bob.process.wait()
        assert alice.error_line() == "Bob is away. What you say waits."
        alice.process.send_signal(signal.SIGINT)
        assert alice.end()[0] == 130
    assert "Not delivered, you left: unread" in alice.errors


def test_what_cannot_be_said_is_told_and_the_rest_goes_on(port: int) -> None:
    with chatting(port, stdin=subprocess.DEVNULL) as alice:
        with chatting(port, alice.code(), name="Bob") as bob:
            long = b"x" * 20_000
            assert bob.end(b"one\n\n\xff\n" + long + b"\ntwo")[0] == 1
        assert alice.end() == (0, "one\ntwo\n")
    assert bob.errors.splitlines() == [
        "You are talking with Alice.",
        "Line 3 is not sent: it is not UTF-8.",
        "Line 4 is not sent: 20000 bytes are more than 16384.",
        "You left.",
        "Empty lines are not sent; there were 1.",
    ]


def test_events_come_as_json(port: int) -> None:
    with chatting(port, "--json", stdin=subprocess.DEVNULL) as alice:
        code = alice.code()
        with chatting(port, code, "--json", name="Bob") as bob:
            exit_code, out = bob.end("안녕\n".encode())
        assert exit_code == 0
        heard = [json.loads(line) for line in out.splitlines()]
        exit_code, out = alice.end()
        assert exit_code == 0
    assert {"event": "delivered", "pairing": 1, "id": 1} in heard
    assert [event["event"] for event in heard][-1] == "room_left"
    events = [json.loads(line) for line in out.splitlines()]
    (chat,) = [event for event in events if event["event"] == "chat"]
    assert (chat["sender"], chat["content"]) == ("Bob", "안녕")
    assert events[1] == {"event": "room_created", "room_code": code}


@pytest.mark.parametrize(
    ("arguments", "exit_code", "reason"),
    [
        (["ZZZZZZ"], 4, "duologue: Room 'ZZZZZZ' not found\n"),
        (["--server", "127.0.0.1:1"], 3, "duologue: ws://127.0.0.1:1/ws: Connection refused\n"),
        (["--server", "ftp://x"], 2, "duologue: 'ftp://x': the scheme is none of "),
        (["--name", " "], 2, "duologue: "),
        (["--name", "x" * 65], 2, "duologue: "),
        (["--linger-s", "soon"], 2, "duologue: "),
    ],
)
def test_what_cannot_begin_says_why(
    port: int, arguments: list[str], exit_code: int, reason: str
) -> None:
    with chatting(port, *arguments) as alice:
        assert alice.end(b"hello\n") == (exit_code, "")
    assert alice.errors.startswith(reason)
    assert alice.errors.count("\n") == 1


def test_a_room_that_is_full_lets_nobody_in(port: int) -> None:
    with (
        chatting(port) as alice,
        chatting(port, alice.code(), name="Bob") as bob,
    ):
        assert bob.error_line() == "You are talking with Alice."
        code = alice.errors.split()[1]
        with chatting(port, code, name="Eve") as eve:
            assert eve.end()[0] == 4


def test_who_has_tried_too_many_codes_is_told_when_to_try_again() -> None:
    with (
        running(DUOLOGUE_LOG="error", DUOLOGUE_WRONG_CODES_PER_SOURCE_MIN="0.1") as server,
        chatting(server.port) as alice,
    ):
        code = alice.code()
        asyncio.run(guess(server.port, 10))
        with chatting(server.port, code, name="Bob") as bob:
            assert bob.end(b"hello\n") == (4, "")
    told = r"duologue: Too many wrong room codes: try again in \d+ seconds\n"
    assert re.fullmatch(told, bob.errors)


async def guess(port: int, count: int) -> None:
    async with connect(f"127.0.0.1:{port}", name="Eve") as eve:
        for _ in range(count):
            with pytest.raises(RoomNotFound):
                await eve.join_room("ZZZZZZ")


@pytest.mark.parametrize(("text", "exit_code"), [(b"", 4), (b"hello\n", 1)])
def test_a_room_to_which_nobody_comes_is_closed_and_that_is_the_end(
    text: bytes, exit_code: int
) -> None:
    with (
        running(DUOLOGUE_LOG="error", DUOLOGUE_LONE_ROOM_S="0.2") as server,
        chatting(server.port, "--json") as alice,
    ):
        code, out = alice.end(text)
    assert code == exit_code
    assert json.loads(out.splitlines()[-1]) == {"event": "room_expired"}
    assert "Nobody came for a long time, so the room was closed.\n" in alice.errors


def test_a_code_may_be_longer() -> None:
    with (
        running(DUOLOGUE_LOG="error", DUOLOGUE_CODE_LENGTH="10") as server,
        chatting(server.port, stdin=subprocess.DEVNULL) as alice,
    ):
        link = f"http://127.0.0.1:{server.port}/#{alice.code()}"
        with chatting(server.port, link, name="Bob") as bob:
            assert bob.end(b"done\n")[0] == 0
        assert alice.end() == (0, "done\n")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_the_partner_is_told(port: int, number: int) -> None:
    with (
        chatting(port) as alice,
        chatting(port, alice.code(), name="Bob", stdin=subprocess.DEVNULL) as bob,
    ):
        assert alice.error_line() == "Bob came in."
        alice.process.send_signal(number)
        assert alice.end()[0] == 128 + number
        assert alice.errors.endswith("You left.\n")
        assert bob.end()[0] == 0


def test_who_closes_stdout_leaves_and_what_it_did_not_get_is_not_delivered(port: int) -> None:
    reading, writing = os.pipe()
    with (
        os.fdopen(writing, "wb") as sink,
        chatting(port, stdin=subprocess.DEVNULL, stdout=sink) as alice,
    ):
        os.close(reading)
        sink.close()
        with chatting(port, alice.code(), name="Bob") as bob:
            assert bob.end(b"hello\n")[0] == 1
        assert alice.end()[0] == 1
    assert "stdout cannot be written: Broken pipe." in alice.errors
    assert "Not delivered, your partner had left: hello" in bob.errors


def test_a_full_disk_is_told(port: int) -> None:
    with (
        Path("/dev/full").open("wb") as full,
        chatting(port, stdin=subprocess.DEVNULL, stdout=full) as alice,
        chatting(port, alice.code(), name="Bob") as bob,
    ):
        assert bob.end(b"hello\n")[0] == 1
        assert alice.end()[0] == 1
    assert "stdout cannot be written: No space left on device." in alice.errors


def test_nothing_that_a_partner_says_drives_the_terminal(port: int) -> None:
    shown, terminal = pty.openpty()
    with (
        os.fdopen(terminal, "wb", buffering=0) as screen,
        chatting(port, stdin=subprocess.DEVNULL, stdout=screen) as alice,
    ):
        with chatting(port, alice.code(), name="Eve\u202e") as eve:
            assert eve.end("\x1b]0;owned\x07\u202etxt\n".encode())[0] == 0
        assert alice.end()[0] == 0
        assert os.read(shown, 1000) == "␛]0;owned␇txt\r\n".encode()
    os.close(shown)
    assert "Eve came in." in alice.errors


def test_what_is_on_its_way_and_what_is_not_sent_yet_is_told(port: int) -> None:
    with (
        chatting(port, stdin=subprocess.DEVNULL) as alice,
        chatting(port, alice.code(), name="Bob") as bob,
    ):
        assert alice.error_line() == "Bob came in."
        alice.process.kill()
        assert bob.error_line() == "You are talking with Alice."
        assert bob.error_line() == "Alice is away. What you say waits."
        bob.say("x\n" * 40_000)  # More than a pipe holds: he has begun to read it.
        bob.process.send_signal(signal.SIGTERM)
        assert bob.end()[0] == 128 + signal.SIGTERM
    assert bob.errors.endswith("Line 1001 and what follows it is not sent.\n")
    assert bob.errors.count("Not delivered, you left: x\n") == 1000


def test_a_partner_who_leaves_before_all_is_said_is_told_by_the_exit_code(
    port: int, tmp_path: Path
) -> None:
    path = tmp_path / "more than anybody waits for"
    path.write_text("x\n" * 100_000)
    with (
        path.open() as file,
        chatting(port, stdin=subprocess.DEVNULL) as alice,
        chatting(port, alice.code(), name="Bob", stdin=file) as bob,
    ):
        assert alice.line() == "x"
        alice.process.terminate()
        assert bob.end()[0] == 1
    assert "Alice left.\n" in bob.errors
    assert bob.errors.endswith(" and what follows it is not sent.\n")


def test_nothing_is_read_before_there_is_a_partner(port: int) -> None:
    with chatting(port) as alice:
        alice.code()
        alice.say("hello\n")
        alice.process.send_signal(signal.SIGINT)
        assert alice.end() == (130, "")
    assert alice.errors.splitlines()[1:] == ["You left.", "What is on stdin is not sent."]


def test_programs_are_told_what_is_not_delivered_when_a_signal_ends_it(port: int) -> None:
    with (
        chatting(port, "--json") as alice,
        chatting(port, alice.code(), name="Bob", stdin=subprocess.DEVNULL) as bob,
    ):
        assert alice.error_line() == "Bob came in."
        bob.process.send_signal(signal.SIGSTOP)
        alice.say("unread\n")
        bob.process.kill()
        assert alice.error_line() == "Bob is away. What you say waits."
        alice.process.send_signal(signal.SIGTERM)
        exit_code, out = alice.end()
    assert exit_code == 128 + signal.SIGTERM
    (event,) = [json.loads(line) for line in out.splitlines() if "not_delivered" in line]
    assert event["messages"] == [
        {"pairing": 1, "id": 1, "content": "unread", "reason": "you_left"}
    ]


def test_what_ignores_a_signal_goes_on_doing_so(port: int) -> None:
    nohup = ("sh", "-c", 'trap "" HUP; exec "$@"', "sh")
    with chatting(port, before=nohup) as alice:
        code = alice.code()
        alice.process.send_signal(signal.SIGHUP)
        with chatting(port, code, name="Bob") as bob:
            assert bob.end(b"done\n")[0] == 0
        assert alice.end() == (0, "done\n")


@pytest.mark.parametrize("streams", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_reason_for_a_traceback(port: int, streams: str) -> None:
    closing = ("sh", "-c", f'exec "$@" {streams}', "sh")
    with (
        chatting(port, "--linger-s", "inf") as alice,
        chatting(port, alice.code(), name="Bob", before=closing) as bob,
    ):
        assert alice.error_line() == "Bob came in."
        if "<&-" in streams:  # Then he has nothing to say, and listens.
            alice.process.terminate()
            assert bob.end() == (0, "")
        else:
            assert bob.end(b"hello\n") == (0, "")
            assert alice.end() == (0, "hello\n")
    assert "Traceback" not in bob.errors


def test_a_seat_that_no_server_knows_any_more_ends_it() -> None:
    with running(DUOLOGUE_LOG="error", DUOLOGUE_SECRET="a" * 32) as server:
        port = server.port
        with chatting(port) as alice, chatting(port, alice.code(), name="Bob") as bob:
            assert alice.error_line() == "Bob came in."
            server.process.kill()
            server.process.wait()
            with running(port=port, DUOLOGUE_LOG="error", DUOLOGUE_SECRET="b" * 32):
                for process in (alice.process, bob.process):
                    process.wait(TIMEOUT_S)
                assert alice.end()[0] == bob.end()[0] == 4
    assert "Your seat is gone" in alice.errors


def test_who_insists_is_not_kept_waiting_for_a_server_that_is_gone() -> None:
    with running(DUOLOGUE_LOG="error") as server, chatting(server.port) as alice:
        alice.code()
        server.process.kill()
        assert alice.error_line() == "No connection. Trying again."
        alice.process.send_signal(signal.SIGINT)
        alice.process.send_signal(signal.SIGINT)
        assert alice.end()[0] == 130
