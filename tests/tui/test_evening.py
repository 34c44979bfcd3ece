"""Whole evenings: the program in real terminals, typed into and read by tmux."""

import asyncio
import os
import re
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.interop.tools import find
from tests.support.procfs import cpu_s
from tests.support.program import running
from tests.support.tmux import Terminals, terminals
from tests.support.window import window


@pytest.fixture
def anyio_backend() -> str:
    """The event loop here is the test's own."""
    return "asyncio"


@pytest.fixture
def tty() -> Iterator[Terminals]:
    with tempfile.TemporaryDirectory() as folder, terminals(find("tmux"), Path(folder)) as tty:
        yield tty


def code_on(screen: str) -> str:
    found = re.search(r"/#(\w{6})", screen)
    assert found is not None, screen
    return found[1]


async def test_two_terminals_talk_while_the_server_is_killed_and_comes_back(
    tty: Terminals,
) -> None:
    with running(DUOLOGUE_LOG="error") as server:
        port = server.port
        alice = tty.chat(port, "Alice")
        code = code_on(await alice.until_seen("Say this code to someone", "▀▀▀▀▀"))
        bob = tty.chat(port, "Bob", code.lower(), size=(60, 20))
        await bob.until_seen("You are talking with Alice")
        bob.type("안녕, Alice! See https://example.org", "Enter")
        await alice.until_seen("안녕, Alice!")
        alice.type("one", "M-Enter")
        alice.type("two", "C-j")
        alice.type("three", "Enter")
        await bob.until_seen("one", "two", "three")
        await alice.until_seen("✓✓ read")
        server.process.kill()
        server.process.wait()
        alice.type("said into the dark", "Enter")
        await alice.until_seen("said into the dark", "⋯", "No connection.")
        with running(port=port, DUOLOGUE_LOG="error"):
            await bob.until_seen("said into the dark")
            await alice.until_seen("said into the dark", "✓✓ read")
            bob.type("", "C-c")
            await bob.until_seen("ended with 0")
            await alice.until_seen("Bob left")
            alice.type("/quit", "Enter")
            assert "Not delivered" not in await alice.until_seen("ended with 0")


async def test_what_is_not_delivered_is_told_after_the_screen_is_gone(tty: Terminals) -> None:
    with running(DUOLOGUE_LOG="error") as server:
        alice = tty.chat(server.port, "Alice")
        code = code_on(await alice.until_seen("Say this code"))
        bob = tty.chat(server.port, "Bob", code)
        await bob.until_seen("You are talking with Alice")
        server.process.kill()
        server.process.wait()
        bob.type("precious words", "Enter")
        await bob.until_seen("precious words", "⋯")
        bob.type("", "C-c")
        await bob.until_seen("One message is not delivered yet", "Keep waiting")
        bob.type("", "C-c")
        await bob.until_seen("Not delivered:", "precious words", "ended with 1")


async def test_a_terminal_may_change_its_size(tty: Terminals) -> None:
    with running(DUOLOGUE_LOG="error") as server:
        alice = tty.chat(server.port, "Alice")
        await alice.until_seen("Say this code")
        alice.resize(60, 12)
        await alice.until_gone("▀▀▀▀▀")
        await alice.until_seen("Say this code", "Nobody is here to read")
        alice.resize(100, 30)
        await alice.until_seen("▀▀▀▀▀")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
async def test_a_signal_ends_it_and_leaves_the_terminal_in_order(
    tty: Terminals, number: int
) -> None:
    with running(DUOLOGUE_LOG="error") as server:
        alice = tty.chat(server.port, "Alice")
        code = code_on(await alice.until_seen("Say this code"))
        bob = tty.chat(server.port, "Bob", code)
        await bob.until_seen("You are talking with Alice")
        os.kill(bob.pid(), number)
        await bob.until_seen("ended with 0")
        await alice.until_seen("Bob left")


async def test_what_cannot_begin_never_touches_the_screen(tty: Terminals) -> None:
    with running(DUOLOGUE_LOG="error") as server:
        nowhere = tty.chat(server.port, "Bob", "ZZZZZZ")
        await nowhere.until_seen("duologue: Room 'ZZZZZZ' not found", "ended with 4")
    gone = tty.chat(1, "Bob")
    await gone.until_seen("Connection refused", "ended with 3")


async def test_a_screen_that_breaks_is_no_success() -> None:
    breaks = "from duologue.tui.app import ChatApp; ChatApp.on_mount = lambda self: 1 / 0"
    command = [sys.executable, "-c", f"{breaks}; from duologue.__main__ import main; main()"]
    with running(DUOLOGUE_LOG="error") as server:
        environment = {"DUOLOGUE_SERVER": f"127.0.0.1:{server.port}"}
        with window([*command, "chat"], environment) as broken:
            await broken.until_drawn("ZeroDivisionError")
            assert await broken.ended() == 1


async def test_who_does_nothing_costs_next_to_nothing(
    tty: Terminals, capsys: pytest.CaptureFixture[str]
) -> None:
    with running(DUOLOGUE_LOG="error") as server:
        alice = tty.chat(server.port, "Alice")
        code = code_on(await alice.until_seen("Say this code"))
        await tty.chat(server.port, "Bob", code).until_seen("You are talking with Alice")
        await alice.until_seen("Bob came in")
        pid = alice.pid()
        before = cpu_s(pid)
        await asyncio.sleep(3.0)  # what is measured is that nothing is done
        share = (cpu_s(pid) - before) / 3.0
    with capsys.disabled():
        print(f"\nterminal program, idle: {share:.1%} of a processor")
