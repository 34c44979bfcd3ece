"""No file descriptor is left: who chats goes on, and others are served when some are free."""

import asyncio
import contextlib
import errno
import os
import resource
import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.client import TIMEOUT_S
from tests.support.program import WITHOUT_UVLOOP, Program, running, running_after
from tests.support.v1_client import V1Client, open_couple

from duologue.server import descriptors
from duologue.server.assets import assets

FREE = 8
LONG_ENOUGH_S = 1.5
ASK = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture
def program(anyio_backend: Any) -> Iterator[Program]:
    """A server on the event loop that the test itself runs on."""
    _, options = anyio_backend
    quiet = ("--log", "warning")
    started = (
        running(*quiet) if options["use_uvloop"] else running_after(WITHOUT_UVLOOP, *quiet)
    )
    with started as program:
        yield program


@contextlib.contextmanager
def crowd(program: Program) -> Iterator[None]:
    """Take all descriptors that a server may have, and then try to take some more."""
    most = program.descriptors + FREE
    before = resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE, (most, before[1]))
    try:
        with contextlib.ExitStack() as connected:
            for _ in range(3 * FREE):
                address = ("127.0.0.1", program.port)
                connected.enter_context(socket.create_connection(address, TIMEOUT_S))
            give_up = time.monotonic() + TIMEOUT_S
            while program.descriptors < most:
                assert time.monotonic() < give_up
            yield
    finally:
        resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE, before)


async def chat(alice: V1Client, bob: V1Client, numbers: range) -> None:
    for number in numbers:
        await alice.chats(number, f"chat {number}")
        while (message := await bob.hears())["type"] != "chat":
            pass
        assert (message["id"], message["content"]) == (number, f"chat {number}")
        await bob.says({"type": "received", "pairing": 1, "id": number})


async def test_a_pair_chats_on_without_descriptors_and_newcomers_are_served_afterwards(
    program: Program,
) -> None:
    couples = [await open_couple(program.port)]
    reader, writer = await asyncio.open_connection("127.0.0.1", program.port)
    with crowd(program):
        began, used_s = time.monotonic(), program.cpu_s
        said = 1
        while time.monotonic() < began + LONG_ENOUGH_S:
            await chat(*couples[0], range(said, said + 1))
            said += 1
            await asyncio.sleep(0.05)
        used_s, lasted_s = program.cpu_s - used_s, time.monotonic() - began
        # The page was never asked for before; to open its files it is too late.
        writer.write(ASK)
        async with asyncio.timeout(TIMEOUT_S):
            head = await reader.readuntil(b"\r\n\r\n")
            body = await reader.readexactly(len(assets()[b"/"].content))
        assert head.startswith(b"HTTP/1.1 200 ")
        assert body == assets()[b"/"].content
    couples.append(await open_couple(program.port))
    await chat(*couples[0], range(said, said + 5))
    await chat(*couples[1], range(1, 6))
    for client in (*couples[0], *couples[1]):
        await client.abort()
    writer.close()
    code, told = program.stop()
    assert code == 0
    assert 1 <= told.count("no file descriptor is left") <= 2
    assert len(told.splitlines()) < 4, told
    assert used_s < lasted_s / 4


def test_the_program_raises_its_limit_to_what_the_system_permits() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with running_after(
        f"import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (64, {hard}))"
    ) as program:
        limits = resource.prlimit(program.process.pid, resource.RLIMIT_NOFILE)
        assert limits == (hard, hard)


def limited(monkeypatch: pytest.MonkeyPatch, hard: int, error: Exception | None) -> None:
    def setrlimit(_kind: int, _limits: tuple[int, int]) -> None:
        if error is not None:
            raise error

    monkeypatch.setattr(resource, "getrlimit", lambda _kind: (64, hard))
    monkeypatch.setattr(resource, "setrlimit", setrlimit)


@pytest.mark.parametrize(
    ("hard", "error", "limit"),
    [
        (128, None, 128),
        (10_000, None, 10_000),
        (resource.RLIM_INFINITY, None, resource.RLIM_INFINITY),
        (resource.RLIM_INFINITY, ValueError("not allowed"), 64),
    ],
)
def test_a_low_limit_is_worth_a_word(
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    *,
    hard: int,
    error: Exception | None,
    limit: int,
) -> None:
    limited(monkeypatch, hard, error)
    assert descriptors.raise_limit() == limit
    told = [each.message.partition(" may")[0] for each in caplog.records]
    assert told == ([f"only {limit} files"] if 0 <= limit < 4096 else [])


def test_it_is_said_once_in_a_while(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(*_arguments: Any) -> int:
        raise OSError(errno.EMFILE, "Too many open files")

    watch = descriptors.Watch()
    watch.look(0.0)
    monkeypatch.setattr(os, "open", refuse)
    for now in range(25):
        watch.look(float(now))
    assert len(caplog.records) == 3


def test_what_else_goes_wrong_in_an_event_loop_is_still_told() -> None:
    told: list[Any] = []
    loop = asyncio.new_event_loop()
    descriptors.muffle(loop, lambda _loop, context: told.append(context["message"]))
    full = OSError(errno.ENFILE, "Too many open files in system")
    loop.call_exception_handler({"message": "accept", "exception": full, "socket": None})
    loop.call_exception_handler({"message": "elsewhere", "exception": full})
    loop.call_exception_handler({"message": "a bug", "exception": KeyError(1), "socket": None})
    loop.close()
    assert told == ["elsewhere", "a bug"]
