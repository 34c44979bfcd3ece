"""Where a server takes connections, from its first to its last.

A server's sockets are its own, or shared with others that may take over: those
that bind the same port, or those that were handed the same socket.
"""

import asyncio
import contextlib
import os
import socket
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from ssl import SSLContext

from duologue.config import Address, Settings, UnixAddress, parse_address
from duologue.server.activation import inherited
from duologue.server.carrier import LINGER_S
from duologue.server.sockets import BACKLOG, address_of, open_sockets, prepare
from duologue.server.steering import steer_to_successor

HANDSHAKES_S = 1.0
"""How long connections may take that had begun before a successor got all others."""

_ACCEPTED_A_TURN = 1
"""So many does asyncio's loop take at once, however many wait: those who chat
are heard in between. uvloop's loop does so by itself."""


class Tenure(Enum):
    """Whose the sockets are."""

    OWN = "nobody else's"
    SHARED_PORT = "ours, beside those of others at the same port"
    INHERITED = "somebody else's, who keeps them open"


class Listening:
    """The sockets that a server listens on.

    Args:
        settings: Where to listen, unless sockets were handed to this process.
        context: How to speak TLS; None for plain connections.
        open_door: Makes the protocol of a new connection.

    Attributes:
        address: The first address.
        tenure: Whose the sockets are.

    Raises:
        ListenError: The address is in use, or is none of this machine's.
    """

    def __init__(
        self,
        settings: Settings,
        context: SSLContext | None,
        open_door: Callable[[], asyncio.BaseProtocol],
    ) -> None:
        self._open_door = open_door
        self._context = context
        # Only with TLS may these be set.
        self._handshake_s = settings.handshake_timeout_s if context else None
        self._shutdown_s = LINGER_S if context else None
        self._acceptors: list[asyncio.Server] = []
        self._late: set[asyncio.Task[object]] = set()
        self._sockets = inherited()
        if self._sockets:
            self.tenure = Tenure.INHERITED
            self.address = address_of(self._sockets[0])
            for each in self._sockets:
                prepare(each)
        else:
            self.tenure = Tenure.SHARED_PORT if settings.reuse_port else Tenure.OWN
            self._open(parse_address(settings.address), shares_port=settings.reuse_port)
        self._file = self._own_file()

    def _open(self, address: Address | UnixAddress, *, shares_port: bool) -> None:
        self._sockets = open_sockets(address, shares_port=shares_port)
        if isinstance(address, Address):
            address = Address(address.host, self._sockets[0].getsockname()[1])
        self.address = address

    def __str__(self) -> str:
        if self.tenure is Tenure.INHERITED:
            return ", ".join(str(address_of(each)) for each in self._sockets)
        return str(self.address)

    @property
    def names(self) -> list[object]:
        """What the sockets are bound to, as the system has it."""
        return [each.getsockname() for each in self._sockets]

    async def start(self) -> None:
        """Begin to take connections."""
        loop = asyncio.get_running_loop()
        for each in self._sockets:
            acceptor = await loop.create_server(
                self._open_door,
                sock=each,
                backlog=_ACCEPTED_A_TURN,
                ssl=self._context,
                ssl_handshake_timeout=self._handshake_s,
                ssl_shutdown_timeout=self._shutdown_s,
            )
            self._acceptors.append(acceptor)
            each.listen(BACKLOG)  # asyncio has one number for both.

    async def leave_to_others(self, patience_s: float) -> None:
        """Take no more connections from sockets that others listen on too; lose none.

        Those at a port of ours alone are taken until the end: refused, they would
        learn nothing.

        Args:
            patience_s: How long connections may take that have begun already.
        """
        if self.tenure is Tenure.INHERITED:
            self.stop()
        elif self.tenure is Tenure.SHARED_PORT:
            if self.steer():
                await asyncio.sleep(min(HANDSHAKES_S, patience_s))
            queues = [each.dup() for each in self._sockets]
            self.stop()
            for queue in queues:
                self._empty(queue)

    def steer(self) -> bool:
        """Let a successor at the same port have what comes from now on, if there is one.

        Returns:
            Whether there may be one, and the system can do so.
        """
        if self.tenure is not Tenure.SHARED_PORT:
            return False
        steered = [steer_to_successor(each) for each in self._sockets]
        return all(steered)

    def stop(self) -> None:
        """Take no more connections."""
        for acceptor in self._acceptors:
            acceptor.close()
        if not self._acceptors:  # They have not been taken over by one yet.
            for each in self._sockets:
                each.close()
        self._acceptors.clear()
        if self._file is not None and self._file == _identity(Path(self._file[0])):
            Path(self._file[0]).unlink()
        self._file = None

    def _empty(self, queue: socket.socket) -> None:
        """Take what waits at a socket, which would be reset with it."""
        with contextlib.closing(queue), contextlib.suppress(BlockingIOError):
            while True:
                connection, _ = queue.accept()
                task = asyncio.get_running_loop().create_task(self._take(connection))
                self._late.add(task)
                task.add_done_callback(self._late.discard)

    async def _take(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        with contextlib.suppress(OSError):  # TLS may fail, and a peer be gone.
            await asyncio.get_running_loop().connect_accepted_socket(
                self._open_door,
                connection,
                ssl=self._context,
                ssl_handshake_timeout=self._handshake_s,
                ssl_shutdown_timeout=self._shutdown_s,
            )

    def _own_file(self) -> "_Identity | None":
        if self.tenure is Tenure.OWN and isinstance(self.address, UnixAddress):
            return _identity(Path(self.address.path))
        return None


_Identity = tuple[str, int, int]


def _identity(path: Path) -> _Identity | None:
    """Tell a file from another one that has its name later."""
    try:
        found = os.lstat(path)
    except OSError:
        return None
    return str(path), found.st_dev, found.st_ino
