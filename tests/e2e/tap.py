"""A connection's bytes, as they pass: what a browser really sends, and what that costs."""

import re

from tests.e2e.place import url_by
from tests.support.proxy import Pipe, Proxy, Reader

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


class _Copying:
    """Reads, and keeps what was read."""

    def __init__(self, reader: Reader, copy: bytearray) -> None:
        self._reader = reader
        self._copy = copy

    async def read(self, most_bytes: int, /) -> bytes:
        chunk = await self._reader.read(most_bytes)
        self._copy += chunk
        return chunk


class Tap(Proxy):
    """Carries connections to a port, and keeps a copy of everything.

    async with Tap(place.network.port) as tap:
        ...  # open tap.url
        assert tap.wires
    """

    def __init__(self, target_port: int) -> None:
        super().__init__(target_port)
        self.wires: list[Wire] = []

    @property
    def url(self) -> str:
        """Where the page is, seen through the tap."""
        return url_by(self)

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

    async def carry(self, pipe: Pipe, near_reader: Reader, far_reader: Reader) -> None:
        """Carry both directions, with a copy of each."""
        wire = Wire()
        self.wires.append(wire)
        near, far = _Copying(near_reader, wire.sent), _Copying(far_reader, wire.answered)
        await super().carry(pipe, near, far)
