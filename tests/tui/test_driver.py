"""The terminal program when its terminal goes away, and when it is suspended."""

import asyncio
import errno
import os
import pty
import signal
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import IO

import pytest
from tests.support.people import next_chats, next_event
from tests.support.program import Program, running
from tests.support.window import Window, window

from duologue.client import Chat, Client, PartnerLeft, connect
from duologue.terminal.exit_code import ExitCode
from duologue.tui.driver import open_screen

ENTER_SCREEN, LEAVE_SCREEN = "\x1b[?1049h", "\x1b[?1049l"


@pytest.fixture
def anyio_backend() -> str:
    """The event loop here is the test's own."""
    return "asyncio"


@pytest.fixture(scope="module")
def program() -> Iterator[Program]:
    with running(DUOLOGUE_LOG="error") as program:
        yield program


@pytest.fixture
async def bob(program: Program) -> AsyncIterator[Client]:
    async with connect(f"127.0.0.1:{program.port}", name="Bob") as client:
        yield client


@contextmanager
def screen(
    port: int, code: str, *, is_controlling: bool = True, stderr: IO[bytes] | None = None
) -> Iterator[Window]:
    """Open a window in which Alice enters a room."""
    command = [sys.executable, "-m", "duologue", "chat", code]
    environment = {
        "DUOLOGUE_SERVER": f"127.0.0.1:{port}",
        "DUOLOGUE_NAME": "Alice",
        "TERM": "xterm-256color",
    }
    with window(command, environment, is_controlling=is_controlling, stderr=stderr) as opened:
        yield opened


def threads_of(opened: Window) -> int:
    return sum(1 for _ in Path(f"/proc/{opened.process.pid}/task").iterdir())


async def say(alice: Window, bob: Client, text: str) -> None:
    """Type it, and wait for the mark of something read: of this, if nothing was before."""
    alice.type(f"{text}\r")
    chat = await next_event(bob, Chat)
    assert chat.content == text
    bob.mark_read(chat)
    await alice.until_drawn("✓✓ read")


def hang_up_twice(opened: Window) -> None:
    """Close it as a shell does: it tells its jobs, and the system tells them once more."""
    opened.process.send_signal(signal.SIGHUP)
    opened.close()
    opened.process.send_signal(signal.SIGHUP)
    opened.process.send_signal(signal.SIGCONT)


@pytest.mark.parametrize("close", [Window.close, hang_up_twice])
@pytest.mark.parametrize("is_controlling", [True, False])
async def test_who_closes_the_window_leaves(
    program: Program, bob: Client, close: Callable[[Window], None], is_controlling: bool
) -> None:
    code = await bob.create_room()
    with screen(program.port, code, is_controlling=is_controlling) as alice:
        await alice.until_drawn("You are talking with Bob")
        await say(alice, bob, "Good night.")
        close(alice)
        assert await alice.ended() == 0
    await next_event(bob, PartnerLeft)


@asynccontextmanager
async def frail() -> AsyncIterator[tuple[Program, Window]]:
    """Let Alice talk with Carol, on a server of theirs that may come to harm."""
    with running(DUOLOGUE_LOG="error") as server:
        async with connect(f"127.0.0.1:{server.port}", name="Carol") as carol:
            with screen(server.port, await carol.create_room()) as alice:
                await alice.until_drawn("You are talking with Carol")
                yield server, alice


async def test_a_window_that_is_closed_without_a_server_ends_it_too() -> None:
    async with frail() as (server, alice):
        server.process.kill()
        alice.type("Anybody?\r")
        await alice.until_drawn("No connection.")
        alice.close()
        assert await alice.ended() == ExitCode.NOT_DELIVERED


async def test_the_last_words_have_their_time_however_often_it_is_hung_up() -> None:
    async with frail() as (server, alice):
        server.process.send_signal(signal.SIGSTOP)
        alice.type("Can you hear me?\r")
        await alice.until_drawn("⋯")
        while alice.process.poll() is None:
            alice.process.send_signal(signal.SIGHUP)
            await asyncio.sleep(0.05)
        await alice.until_drawn("Not delivered:\r\n  Can you hear me?")
        assert alice.process.returncode == ExitCode.NOT_DELIVERED


async def test_what_was_not_suspended_is_not_resumed(program: Program, bob: Client) -> None:
    code = await bob.create_room()
    with screen(program.port, code) as alice:
        await alice.until_drawn("You are talking with Bob")
        threads = threads_of(alice)
        alice.process.send_signal(signal.SIGCONT)
        await say(alice, bob, "every key once")
        assert threads_of(alice) == threads
        alice.type("/quit\r")
        assert await alice.ended() == 0


async def test_what_was_suspended_goes_on(program: Program, bob: Client) -> None:
    code = await bob.create_room()
    with screen(program.port, code) as alice:
        await alice.until_drawn("You are talking with Bob")
        for text in ("one moment", "and another"):
            await say(alice, bob, text)  # Then there is nothing any more to draw.
            alice.process.send_signal(signal.SIGTSTP)
            await alice.until_drawn(LEAVE_SCREEN)
            await alice.stopped()
            alice.process.send_signal(signal.SIGCONT)
            await alice.until_drawn(ENTER_SCREEN)
            await alice.until_drawn("You are talking with Bob")
        alice.type("back again\r")
        assert await next_chats(bob, 1) == ["back again"]
        await bob.leave()
        await alice.until_drawn("Bob left")  # Nothing is on its way any more.
        alice.type("/quit\r")
        assert await alice.ended() == 0


async def test_the_screen_is_drawn_where_it_can_be_seen(
    program: Program, bob: Client, tmp_path: Path
) -> None:
    code = await bob.create_room()
    errors = tmp_path / "errors"
    with errors.open("wb") as stream, screen(program.port, code, stderr=stream) as alice:
        await alice.until_drawn("You are talking with Bob")
        alice.type("/quit\r")
        assert await alice.ended() == 0
    assert errors.read_text() == ""


def test_what_nobody_sees_is_taken_as_drawn() -> None:
    shown, terminal = pty.openpty()
    screen = open_screen(terminal)
    os.close(shown)
    screen.write("words" * 10_000)
    screen.flush()
    screen.close()
    with pytest.raises(OSError, match=os.strerror(errno.EIO)):  # That is what it was about.
        os.write(terminal, b"words")
    os.close(terminal)


def test_a_terminal_that_does_not_block_gets_all() -> None:
    shown, terminal = pty.openpty()
    os.set_blocking(terminal, False)

    def see() -> bytes:
        seen = b""
        while len(seen) < 50_000:
            seen += os.read(shown, 4096)
        return seen

    with ThreadPoolExecutor() as pool:
        seeing = pool.submit(see)
        try:
            with open_screen(terminal) as screen:
                screen.write("words" * 10_000)
                screen.flush()
                assert seeing.result() == b"words" * 10_000
        finally:
            os.close(terminal)  # Whoever still waits for more gets an error.
    os.close(shown)
