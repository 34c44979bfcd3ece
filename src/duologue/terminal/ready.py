"""Waits until a descriptor can be read or written, without a thread.

A thread that waits for a pipe cannot be ended, and would keep the program from
ending. What the event loop cannot watch, such as a file, never waits long.
"""

import asyncio
import os
import select
from collections.abc import AsyncGenerator, Callable
from contextlib import suppress

PIECE_BYTES = 4096
"""So much a pipe takes without waiting once it says that it can be written to:
PIPE_BUF of Linux (pipe(7))."""

_CHUNK_BYTES = 64 * 1024


async def readable(descriptor: int) -> None:
    """Wait until reading does not wait. Cancelling it changes nothing."""
    loop = asyncio.get_running_loop()
    await _watched(descriptor, loop.add_reader, loop.remove_reader)


async def writable(descriptor: int) -> None:
    """Wait until `PIECE_BYTES` can be written. Cancelling it changes nothing."""
    loop = asyncio.get_running_loop()
    await _watched(descriptor, loop.add_writer, loop.remove_writer)


async def chunks(descriptor: int) -> AsyncGenerator[bytes]:
    """Yield what can be read, as it comes, to its end."""
    while True:
        await readable(descriptor)
        try:
            chunk = os.read(descriptor, _CHUNK_BYTES)
        except BlockingIOError:  # Whoever else reads it was quicker.
            continue
        if not chunk:
            return
        yield chunk


async def write(descriptor: int, text: bytes) -> None:
    """Write all of it; other tasks run while nobody reads. Cancelling it leaves a part."""
    rest = memoryview(text)
    while rest:
        if not select.select([], [descriptor], [], 0)[1]:
            await writable(descriptor)
        with suppress(BlockingIOError):
            rest = rest[os.write(descriptor, rest[:PIECE_BYTES]) :]


class Output:
    """A descriptor that several tasks may write to: one after the other.

    Attributes:
        is_terminal: Whether what is written drives a terminal.
    """

    def __init__(self, descriptor: int) -> None:
        self.is_terminal = os.isatty(descriptor)
        self._descriptor = _own_terminal(descriptor) if self.is_terminal else descriptor
        self._lock = asyncio.Lock()

    async def write(self, text: bytes) -> None:
        """Write all of it, as `write` does.

        Raises:
            OSError: It cannot be written.
        """
        async with self._lock:
            await write(self._descriptor, text)


def has_more(descriptor: int) -> bool:
    """Say whether there is something to read at this moment; reads a little of it."""
    return bool(select.select([descriptor], [], [], 0)[0] and os.read(descriptor, 1))


def _own_terminal(descriptor: int) -> int:
    """Open the terminal again, never to wait for it: it may be writable, but not for a piece.

    What others hold open must not change under their hands.
    """
    with suppress(OSError):
        return os.open(os.ttyname(descriptor), os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY)
    return descriptor


async def _watched(
    descriptor: int,
    add: Callable[[int, Callable[[], None]], object],
    remove: Callable[[int], object],
) -> None:
    is_ready = asyncio.Event()
    try:
        add(descriptor, is_ready.set)
    except PermissionError:  # A file: epoll_ctl(2) takes none, for it is always ready.
        await asyncio.sleep(0)
        return
    try:
        await is_ready.wait()
    finally:
        remove(descriptor)
