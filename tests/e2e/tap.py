"""A connection's bytes, as they pass: what a browser really sends, and what that costs."""

import asyncio
import contextlib
import re
from types import TracebackType
from typing import Self

_CHUNK_BYTES = 64 * 1024
_REQUEST_LINE = re.compile(rb"^GET (\S+) HTTP/1\.1\r$", re.MULTILINE)


class Wire:
    """One connection that was tapped.

    Attributes:
        sent: What came from the browser.
        answered: What came from the server.
    """

    def __init__(self) -> None:
        self.sent = bytearray()
        self.answered = bytearray()


class Tap:
    """Carries connections to a port, and keeps a copy of everything.

    async with Tap(place.network.port) as tap:
        ...  # open tap.url
        assert tap.wires
    """

    def __init__(self, target_port: int) -> None:
        self.wires: list[Wire] = []
        self._target_port = target_port
        self._carriers: set[asyncio.Task[None]] = set()
        self._ends: set[asyncio.StreamWriter] = set()

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
        for end in self._ends:
            end.transport.abort()
        await asyncio.gather(*self._carriers)
        await self._server.wait_closed()

    @property
    def url(self) -> str:
        """Where the page is, seen through the tap."""
        return f"http://127.0.0.1:{self.port}/"

    @property
    def requests(self) -> list[str]:
        """What was asked for on all connections, by path."""
        return [
            path.decode() for wire in self.wires for path in _REQUEST_LINE.findall(wire.sent)
        ]

    @property
    def answered_bytes(self) -> int:
        """How much the server has sent, heads and all."""
        return sum(len(wire.answered) for wire in self.wires)

    async def _accept(
        self, near_reader: asyncio.StreamReader, near: asyncio.StreamWriter
    ) -> None:
        carrier = asyncio.current_task()
        assert carrier is not None
        self._carriers.add(carrier)
        carrier.add_done_callback(self._carriers.discard)
        far_reader, far = await asyncio.open_connection("127.0.0.1", self._target_port)
        wire, ends = Wire(), {near, far}
        self.wires.append(wire)
        self._ends |= ends
        await asyncio.gather(
            _carry(near_reader, far, wire.sent), _carry(far_reader, near, wire.answered)
        )
        self._ends -= ends


async def _carry(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, copy: bytearray
) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(_CHUNK_BYTES):
            copy += chunk
            writer.write(chunk)
            await writer.drain()
    # A page's connection is of no use with one direction only.
    writer.close()
