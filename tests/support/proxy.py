"""A TCP proxy that does to connections what networks do to them.

    async with Proxy(server.port) as proxy:
        ...  # connect to proxy.port
        proxy.reset()

Faults strike the connections that there are; those that come later flow,
unless `refuse` says otherwise.
"""

import asyncio
import contextlib
import socket
import struct
from types import TracebackType
from typing import Protocol, Self

from tests.support.client import TIMEOUT_S

_NO_LINGER = struct.pack("ii", 1, 0)
_CHUNK_BYTES = 64 * 1024


class Reader(Protocol):
    """Where the bytes of one direction come from."""

    async def read(self, most_bytes: int, /) -> bytes: ...


class Pipe:
    """Both directions of one connection."""

    def __init__(self, near: asyncio.StreamWriter, far: asyncio.StreamWriter) -> None:
        self.ends = (near, far)
        self.flows = asyncio.Event()
        self.flows.set()
        self.budget_bytes: int | None = None

    async def carry(self, reader: Reader, writer: asyncio.StreamWriter) -> None:
        """Carry one direction to its end."""
        # uvloop's way to say that a transport is closed is a RuntimeError.
        with contextlib.suppress(OSError, RuntimeError):
            await self._carry(reader, writer)

    async def _carry(self, reader: Reader, writer: asyncio.StreamWriter) -> None:
        while chunk := await reader.read(_CHUNK_BYTES):
            await self.flows.wait()
            if self.budget_bytes is not None:
                chunk = chunk[: self.budget_bytes]
                self.budget_bytes -= len(chunk)
            writer.write(chunk)
            await writer.drain()
            if self.budget_bytes == 0:
                self.reset()
                return

    def reset(self) -> None:
        """Let both ends see a reset."""
        for end in self.ends:
            if not end.is_closing():
                connection = end.get_extra_info("socket")
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
                end.transport.abort()

    def cut(self) -> None:
        """Let both ends see an end of the stream."""
        for end in self.ends:
            end.close()


class Proxy:
    """Carries connections to a server, and fails when told to.

    Attributes:
        target_port: Where connections are carried to from now on.
        accepted: How many connections have come so far.
    """

    def __init__(self, target_port: int) -> None:
        self.target_port = target_port
        self.accepted = 0
        self._refuses = False
        self._budgets: list[int] = []
        self._pipes: set[Pipe] = set()
        self._carriers: set[asyncio.Task[None]] = set()
        self._changed = asyncio.Condition()

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._server.close()
        self.refuse()
        self.flow()
        self.reset()
        await asyncio.gather(*self._carriers)
        await self._server.wait_closed()

    # Faults

    def reset(self) -> None:
        """Reset all connections, with what was on its way."""
        for pipe in self._pipes:
            pipe.reset()

    def cut(self) -> None:
        """Close all connections, without a CLOSE."""
        for pipe in self._pipes:
            pipe.cut()

    def stall(self) -> None:
        """Let nothing through any more: both ends believe that the other is there."""
        for pipe in self._pipes:
            pipe.flows.clear()

    def flow(self) -> None:
        """Go on after `stall`, with all that has piled up."""
        for pipe in self._pipes:
            pipe.flows.set()

    def refuse(self, refuses: bool = True) -> None:
        """Reset every connection that comes from now on, or let them in again."""
        self._refuses = refuses

    def reset_after(self, *budgets_bytes: int) -> None:
        """Reset each of the next connections after so many bytes, there and back together."""
        self._budgets.extend(budgets_bytes)

    def reset_within(self, budget_bytes: int) -> None:
        """Reset each of the present connections after so many bytes more, in any direction."""
        for pipe in self._pipes:
            pipe.budget_bytes = budget_bytes

    # What one may wait for

    async def until_accepted(self, count: int) -> None:
        """Wait until so many connections have come, since the beginning."""
        async with asyncio.timeout(TIMEOUT_S), self._changed:
            await self._changed.wait_for(lambda: self.accepted >= count)

    # The rest

    async def _accept(
        self, near_reader: asyncio.StreamReader, near: asyncio.StreamWriter
    ) -> None:
        carrier = asyncio.current_task()
        assert carrier is not None
        self._carriers.add(carrier)
        carrier.add_done_callback(self._carriers.discard)
        try:
            far_reader, far = await asyncio.open_connection("127.0.0.1", self.target_port)
        except OSError:
            Pipe(near, near).reset()
            return
        pipe = Pipe(near, far)
        if self._budgets:
            pipe.budget_bytes = self._budgets.pop(0)
        self._pipes.add(pipe)
        async with self._changed:
            self.accepted += 1
            self._changed.notify_all()
        if self._refuses:
            pipe.reset()
        try:
            await self.carry(pipe, near_reader, far_reader)
        finally:
            self._pipes.discard(pipe)
            pipe.cut()

    async def carry(self, pipe: Pipe, near_reader: Reader, far_reader: Reader) -> None:
        """Carry both directions of a connection until one has ended."""
        near, far = pipe.ends
        there = asyncio.create_task(pipe.carry(near_reader, far))
        back = asyncio.create_task(pipe.carry(far_reader, near))
        try:
            await asyncio.wait({there, back}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in (there, back):
                direction.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await direction
