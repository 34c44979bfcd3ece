"""Lines reach stderr in order, and never keep the server waiting."""

import contextlib
import json
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest
from tests.support.client import TIMEOUT_S, Client
from tests.support.program import running

from duologue.server import outlet
from duologue.server.outlet import Outlet, shown


def record(message: str, *args: object) -> logging.LogRecord:
    return logging.LogRecord("duologue", logging.INFO, "", 0, message, args, None)


@contextlib.contextmanager
def pipe() -> Iterator[tuple[int, int]]:
    """A pipe whose ends are closed in the end, whoever closed them before."""
    ends = os.pipe()
    try:
        yield ends
    finally:
        for end in ends:
            with contextlib.suppress(OSError):
                os.close(end)


def bare() -> logging.Formatter:
    return logging.Formatter("%(message)s")


def test_lines_come_in_order_and_the_last_before_the_end() -> None:
    with pipe() as (read_end, write_end):
        handler = Outlet(bare(), write_end)
        for number in range(500):
            handler.handle(record("%d", number))
        handler.close()
        handler.close()
        os.close(write_end)
        with os.fdopen(read_end, closefd=False) as lines:
            assert lines.read().split() == [str(number) for number in range(500)]
    assert handler.dropped == 0


def held_by(thread: threading.Thread) -> list[object]:
    """Return what the functions that a thread is in have in their variables."""
    frame = sys._current_frames().get(thread.ident or 0)
    found: list[object] = []
    while frame:
        found += frame.f_locals.values()
        frame = frame.f_back
    return found


def test_no_line_is_kept_once_it_is_written() -> None:
    with pipe() as (read_end, write_end):
        handler = Outlet(bare(), write_end)
        handler.handle(record("a line"))
        assert os.read(read_end, 100) == b"a line\n"
        give_up = time.monotonic() + TIMEOUT_S
        while any(isinstance(held, bytes | list) for held in held_by(handler._thread)):
            assert time.monotonic() < give_up
            time.sleep(0.01)
        handler.close()


def fill(descriptor: int) -> None:
    """Write until no more goes in."""
    os.set_blocking(descriptor, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(descriptor, b"x" * 4096)
    os.set_blocking(descriptor, True)


def test_a_pipe_that_nobody_reads_costs_lines_and_no_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "MOST_LINES", 10)
    monkeypatch.setattr(outlet, "PARTING_S", 0.01)
    with pipe() as (read_end, write_end):
        fill(write_end)
        handler = Outlet(bare(), write_end)
        for number in range(1000):
            handler.handle(record("%d", number))
        assert 900 <= handler.dropped <= 990
        handler.close()  # It returns, though nothing was read.
        drained = threading.Thread(target=drain, args=(read_end,))
        drained.start()
        handler._thread.join(TIMEOUT_S)
        assert not handler._thread.is_alive()
        os.close(write_end)
        drained.join(TIMEOUT_S)


def drain(descriptor: int) -> bytes:
    """Read to the end."""
    heard = b""
    while more := os.read(descriptor, 65536):
        heard += more
    return heard


def test_once_lines_are_read_again_it_is_told_how_many_are_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(outlet, "MOST_LINES", 10)
    heard: list[bytes] = []
    with pipe() as (read_end, write_end):
        fill(write_end)
        handler = Outlet(bare(), write_end)
        for _ in range(100):
            handler.handle(record("line"))
        reader = threading.Thread(target=lambda: heard.append(drain(read_end)))
        reader.start()
        handler.close()
        os.close(write_end)
        reader.join(TIMEOUT_S)
    *_, last = heard[0].decode().splitlines()
    assert last == f"{handler.dropped} lines of the log were dropped: nobody read them in time"


def test_long_lines_are_bounded_by_their_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outlet, "MOST_BYTES", 1000)
    with pipe() as (read_end, write_end):
        handler = Outlet(bare(), write_end)
        handler.handle(record("x" * 2000))
        handler.handle(record("short"))
        handler.close()
        assert b"short\n" in os.read(read_end, 65536)
    assert handler.dropped == 1


def test_a_pipe_set_not_to_block_is_waited_for() -> None:
    heard: list[bytes] = []
    with pipe() as (read_end, write_end):
        os.set_blocking(write_end, False)
        handler = Outlet(bare(), write_end)
        for _ in range(20):
            handler.handle(record("x" * 50_000))
        reader = threading.Thread(target=lambda: heard.append(drain(read_end)))
        reader.start()
        handler._lines.put(None)
        handler._thread.join(TIMEOUT_S)
        os.close(write_end)
        reader.join(TIMEOUT_S)
    assert len(heard[0]) == 20 * 50_001


def test_a_reader_that_is_gone_for_good_is_no_error() -> None:
    with pipe() as (read_end, write_end):
        os.close(read_end)
        handler = Outlet(bare(), write_end)
        handler.handle(record("to nobody"))
        handler.close()
        assert not handler._thread.is_alive()


def test_a_line_that_cannot_be_made_is_counted_and_not_quoted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pipe() as (_, write_end):
        handler = Outlet(bare(), write_end)
        handler.handle(record("%d", "secret"))
        handler.close()
    assert handler.dropped == 1
    assert "secret" not in capsys.readouterr().err


def test_what_python_ignores_is_told_without_its_words(
    capfd: pytest.CaptureFixture[str],
) -> None:
    class Broken:
        def __del__(self) -> None:
            raise ValueError("secret".upper())

    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    hook = sys.unraisablehook
    try:
        with shown("info", "json"):
            Broken()
            assert outlet.dropped() == 0
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
    told = json.loads(capfd.readouterr().err)
    assert told["message"] == "an exception was ignored"
    assert told["traceback"].endswith("ValueError")
    assert "SECRET" not in str(told)
    assert sys.unraisablehook is hook


async def test_a_server_serves_and_stops_though_nobody_reads_its_log() -> None:
    with running(DUOLOGUE_LOG="debug") as program:
        client = await Client.connect(program.port)
        await client.hears()
        # Far more lines than a pipe takes.
        for _ in range(30):
            await client.says(*[{"type": "typing"}] * 100)
            for _ in range(100):
                assert (await client.hears())["code"] == "not_in_room"
        await client.abort()
        program.process.send_signal(signal.SIGTERM)
        assert program.process.wait(TIMEOUT_S) == 0
