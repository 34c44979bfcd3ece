"""A network before a server that changes what the server says, or speaks TLS for it."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

from duologue.bench.frames import split
from tests.support.client import TIMEOUT_S

Lie = Callable[[int, bytes], list[bytes]]
"""What becomes of a connection's n-th chat, from 1, as a frame."""


def honest(_number: int, chat: bytes) -> list[bytes]:
    return [chat]


def losing(number: int, chat: bytes) -> list[bytes]:
    return [] if number == 20 else [chat]


def doubling(number: int, chat: bytes) -> list[bytes]:
    return [chat] * (2 if number == 20 else 1)


def changing(number: int, chat: bytes) -> list[bytes]:
    return [chat.replace(b"xx", b"xy", 1) if number == 20 else chat]


class Reordering:
    """Keeps the 20th chat back until the 21st has gone."""

    def __init__(self) -> None:
        self.kept: list[bytes] = []

    def __call__(self, number: int, chat: bytes) -> list[bytes]:
        if number == 20:
            self.kept = [chat]
            return []
        kept, self.kept = self.kept, []
        return [chat, *kept]


class Liar:
    """Goes between clients and the server at `port`, on a free port of its own."""

    def __init__(
        self, port: int, lie: Callable[[], Lie], context: ssl.SSLContext | None
    ) -> None:
        self.port = 0
        self._server_port = port
        self._lie = lie
        self._context = context
        self._tasks: set[asyncio.Task[Any] | None] = set()

    async def serve(self, ready: Callable[[asyncio.Event], None]) -> None:
        end = asyncio.Event()
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0, ssl=self._context)
        self.port = server.sockets[0].getsockname()[1]
        ready(end)
        await end.wait()
        server.close()
        for task in self._tasks - {None}:
            assert task is not None
            task.cancel()

    async def _pass_on(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        self._tasks.add(asyncio.current_task())
        up_reader, up_writer = await asyncio.open_connection("127.0.0.1", self._server_port)
        up = asyncio.create_task(_pump(reader, up_writer))
        try:
            with suppress(OSError, asyncio.CancelledError, asyncio.IncompleteReadError):
                writer.write(await up_reader.readuntil(b"\r\n\r\n"))
                await self._lie_on(up_reader, writer)
        finally:
            up.cancel()
            for each in (writer, up_writer):
                each.transport.abort()

    async def _lie_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lie, number, rest = self._lie(), 0, b""
        while data := await reader.read(1 << 16):
            frames, rest = split(rest + data)
            for frame in frames:
                if b'"content"' in frame.payload:
                    number += 1
                    writer.writelines(lie(number, frame.raw))
                else:
                    writer.write(frame.raw)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(1 << 16):
            writer.write(data)
    writer.transport.abort()


@contextmanager
def between(
    port: int,
    lie: Callable[[], Lie] = lambda: honest,
    context: ssl.SSLContext | None = None,
) -> Iterator[int]:
    """Stand before a server until the block ends; yield the port to connect to."""
    liar = Liar(port, lie, context)
    is_ready = threading.Event()
    ends: list[Callable[[], object]] = []

    def ready(end: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        ends.append(lambda: loop.call_soon_threadsafe(end.set))
        is_ready.set()

    thread = threading.Thread(target=lambda: asyncio.run(liar.serve(ready)))
    thread.start()
    assert is_ready.wait(TIMEOUT_S)
    try:
        yield liar.port
    finally:
        ends[0]()
        thread.join(TIMEOUT_S)
