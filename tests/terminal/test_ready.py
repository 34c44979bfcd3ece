"""Descriptors are waited for by the event loop: pipes, files, and those nobody reads."""

import asyncio
import os
import pty
import tty
from pathlib import Path

from duologue.terminal import ready


async def read_all(descriptor: int) -> bytes:
    return b"".join([chunk async for chunk in ready.chunks(descriptor)])


async def test_a_pipe_is_read_as_it_is_written_to_its_end() -> None:
    reading, writing = os.pipe()
    chunks = ready.chunks(reading)
    os.write(writing, b"one")
    assert await anext(chunks) == b"one"
    waiting = asyncio.ensure_future(anext(chunks))
    await asyncio.sleep(0)
    assert not waiting.done()
    os.write(writing, b"two")
    assert await waiting == b"two"
    os.close(writing)
    assert [chunk async for chunk in chunks] == []
    os.close(reading)


async def test_a_file_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"x" * 200_000)
    with path.open("rb") as file:
        assert await read_all(file.fileno()) == b"x" * 200_000


async def test_nothing_is_read_from_nowhere() -> None:
    nowhere = os.open(os.devnull, os.O_RDONLY)
    assert await read_all(nowhere) == b""
    os.close(nowhere)


async def test_who_does_not_read_a_pipe_holds_up_nobody_else() -> None:
    reading, writing = os.pipe()
    text = bytes(range(256)) * 2000
    task = asyncio.create_task(ready.write(writing, text))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not task.done()
    got = bytearray()
    while len(got) < len(text):
        await ready.readable(reading)
        got += os.read(reading, 65536)
    await task
    assert bytes(got) == text
    os.close(reading)
    os.close(writing)


async def test_a_wait_can_be_called_off_and_begun_again() -> None:
    reading, writing = os.pipe()
    waiting = asyncio.create_task(ready.readable(reading))
    await asyncio.sleep(0)
    waiting.cancel()
    await asyncio.wait({waiting})
    os.write(writing, b"x")
    await ready.readable(reading)
    assert ready.has_more(reading)
    assert not ready.has_more(reading)
    os.close(writing)
    assert not ready.has_more(reading)
    os.close(reading)


async def test_a_file_is_written_whole(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        await ready.write(file.fileno(), b"x" * 100_000)
    assert path.read_bytes() == b"x" * 100_000


async def test_two_who_write_to_one_place_do_so_one_after_the_other() -> None:
    reading, writing = os.pipe()
    output = ready.Output(writing)
    texts = [letter * 200_000 for letter in (b"a", b"b")]
    tasks = [asyncio.create_task(output.write(text)) for text in texts]
    got = bytearray()
    while len(got) < 400_000:
        await ready.readable(reading)
        got += os.read(reading, 65536)
    await asyncio.gather(*tasks)
    assert bytes(got) == b"".join(texts)
    assert not output.is_terminal
    os.close(reading)
    os.close(writing)


async def test_a_terminal_that_shows_nothing_holds_up_nobody_else() -> None:
    shown, terminal = pty.openpty()
    tty.setraw(terminal)
    output = ready.Output(terminal)
    assert output.is_terminal
    task = asyncio.create_task(output.write(b"x" * 100_000))
    for _ in range(10):
        await asyncio.sleep(0)
    assert not task.done()
    assert os.get_blocking(terminal)
    got = 0
    while got < 100_000:
        await ready.readable(shown)
        got += len(os.read(shown, 65536))
    await task
    os.close(terminal)
    os.close(shown)


async def test_what_never_waits_is_waited_for_all_the_same() -> None:
    reading, writing = os.pipe()
    for descriptor in (reading, writing):
        os.set_blocking(descriptor, False)
    task = asyncio.create_task(ready.write(writing, b"x" * 200_000))
    chunks = ready.chunks(reading)
    got = 0
    while got < 200_000:
        got += len(await anext(chunks))
    await task
    await chunks.aclose()
    os.close(reading)
    os.close(writing)
