"""An echo server on the product's own edge: its door, its listener, nothing else.

What a WebSocket test suite finds out about it holds for the chat server. It
says its port on stdout and ends when its stdin does, so it outlives nobody.
"""

import asyncio
import sys

import uvloop

from duologue.config import Settings
from duologue.core.admission import Admission
from duologue.core.limits import UNLIMITED
from duologue.core.line import Source
from duologue.server.carrier import Linger
from duologue.server.connection import Connection
from duologue.server.door import Door, Hall
from duologue.server.gate import Gate
from duologue.server.hearing import Dialect
from duologue.server.listener import Listener
from duologue.server.site import Upgrade, answer
from duologue.wire.close import CloseCode
from duologue.wire.frames import Opcode, header

_MAX_MESSAGE_BYTES = 32 * 1024 * 1024  # Twice the suite's longest message.
_HANDSHAKE_TIMEOUT_S = 5.0


class Echo:
    """A session that returns what it hears, and listens only while it is heard."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def receive(self, message: str) -> None:
        """Return a text."""
        self._connection.send(message)

    def receive_binary(self, payload: bytes) -> None:
        """Return bytes."""
        self._connection.send_frame(header(Opcode.BINARY, len(payload)) + payload)

    def reject(self, where: str) -> None:
        """Never called: every text is a message here."""

    def pong(self) -> None:
        """Take no notice: nothing was asked."""

    def stall(self, now: float) -> None:  # noqa: ARG002 - the listener tells everyone the time
        """Read no more: each message read is one more to write."""
        self._connection.hold(True)

    def drain(self) -> None:
        """Read on."""
        self._connection.hold(False)

    def lost(self) -> None:
        """Forget the connection: there is nothing to forget."""

    def fail(self) -> None:
        """Close."""
        self._connection.close(CloseCode.SERVER_FAULT)


async def serve() -> None:
    """Echo on a free port of 127.0.0.1 until stdin ends."""
    loop = asyncio.get_running_loop()
    listener = Listener(encode=str.encode, max_message_bytes=_MAX_MESSAGE_BYTES)
    plain = Dialect(None, lambda text: text, Echo)

    def accept(
        transport: asyncio.Transport, source: Source, upgrade: Upgrade, leftover: bytes
    ) -> None:
        listener.accept(transport, source, upgrade.key, plain, leftover)

    hall = Hall(
        accept=accept,
        answer=lambda request, _visit: answer(request),
        gate=Gate(Settings(), Admission(UNLIMITED, lambda _source: False)),
        timeout_s=_HANDSHAKE_TIMEOUT_S,
        lingering=listener.lingering,
    )
    acceptor = await loop.create_server(lambda: Door(hall), "127.0.0.1", 0)
    print(acceptor.sockets[0].getsockname()[1], flush=True)
    await _until_end_of_stdin(loop)
    acceptor.close()
    everyone: list[Door | Linger] = [*hall.doors, *listener.lingering]
    for one in everyone:
        one.abort()


async def _until_end_of_stdin(loop: asyncio.AbstractEventLoop) -> None:
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    await reader.read()


if __name__ == "__main__":
    uvloop.run(serve())
