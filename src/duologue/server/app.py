"""The composition root: builds a server from its parts, runs it, stops it."""

import asyncio
import gc
import secrets
import signal
import socket
import time
import uuid
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from duologue.config import Address, Settings, parse_address
from duologue.core.heartbeat import SLOTS
from duologue.core.house import House
from duologue.core.limits import Limits
from duologue.core.lobby import Lobby
from duologue.core.ticket import Tickets
from duologue.errors import ListenError
from duologue.server import secret
from duologue.server.carrier import Linger
from duologue.server.door import Door
from duologue.server.hearing import Session
from duologue.server.listener import Connection, Dialect, Listener
from duologue.server.log import log
from duologue.server.narrator import Narrator
from duologue.server.site import Upgrade
from duologue.wire.codec import decode, decode_v1, encode
from duologue.wire.v1 import SUBPROTOCOL

_BACKLOG = 4096
_GOODBYE_S = 2.0
"""How long the clients may take to hang up when the server stops."""

_SEND_BUFFER_BYTES = 128 * 1024
"""What the kernel may hold for a peer that does not read. Left to itself it
would take megabytes; chat needs no such pipe."""

_RECEIVE_BUFFER_BYTES = 32 * 1024
"""What the kernel may hold of a peer that talks faster than it is read. The
WebSocket library's own buffer grows with it, and does not shrink again."""


class Server:
    """A chat server in this process, for as long as the `async with` block lasts.

    Example:
        async with Server(Settings(address="127.0.0.1:0")) as server:
            print(server.port)

    Args:
        settings: What to change about it; the defaults suit most uses.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.address = parse_address(self.settings.address)
        self.lobby = _lobby(self.settings)
        self._doors: set[Door] = set()

    @property
    def port(self) -> int:
        """The port that the server listens on."""
        return self.address.port

    async def __aenter__(self) -> Self:
        """Start to listen.

        Raises:
            ListenError: The address is in use, or is none of this machine's.
        """
        listening = _listen(self.address)
        self.address = Address(self.address.host, listening.getsockname()[1])
        self._loop = asyncio.get_running_loop()
        self._listener = Listener(
            encode=encode,
            max_message_bytes=self.settings.max_message_bytes,
            settle=self.lobby.settle,
        )
        dialects = (
            Dialect(None, decode, self._open_reference_session),
            Dialect(SUBPROTOCOL, decode_v1, self._open_v1_session),
        )
        self._dialects = {dialect.subprotocol: dialect for dialect in dialects}
        self._acceptor = await self._loop.create_server(
            self._open_door, sock=listening, backlog=_BACKLOG
        )
        self._tick()
        log.info("listening on %s", self.address)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Say goodbye to everyone and stop.

        Cancelling it cuts the goodbyes short; the connections are closed all the same.
        """
        self._ticker.cancel()
        self._acceptor.close()
        self._listener.is_closed = True
        self._abort(self._doors)
        self.lobby.dismiss()
        self._listener.flush()
        try:
            await self._until_everyone_left()
        finally:
            self._abort(self._doors)
            self._abort(self._listener.lingering)
        tally = self.lobby.tally
        log.info(
            "stopped after %d connections, %d rooms, %d frames sent",
            tally.connections,
            tally.rooms,
            self._listener.frames_sent,
        )

    async def _until_everyone_left(self) -> None:
        if goodbyes := [linger.gone for linger in self._listener.lingering]:
            await asyncio.wait(goodbyes, timeout=_GOODBYE_S)

    @staticmethod
    def _abort(connections: Iterable[Door | Linger]) -> None:
        for connection in list(connections):
            connection.abort()

    def _open_door(self) -> Door:
        return Door(
            self._accept,
            self._doors,
            self._listener.lingering,
            self.settings.handshake_timeout_s,
        )

    def _accept(self, transport: asyncio.Transport, upgrade: Upgrade, leftover: bytes) -> None:
        dialect = self._dialects[upgrade.subprotocol]
        self._listener.accept(transport, upgrade.key, dialect, leftover)

    def _open_reference_session(self, connection: Connection) -> Session:
        return self._narrated(self.lobby.greet(connection), connection)

    def _open_v1_session(self, connection: Connection) -> Session:
        return self._narrated(self.lobby.greet_v1(connection), connection)

    def _narrated(self, session: Session, connection: Connection) -> Session:
        if self.settings.log == "debug":
            return Narrator(session, connection.number)
        return session

    def _tick(self) -> None:
        """Wake the lobby once a slot of the heartbeat's round, for ever."""
        self._ticker = self._loop.call_later(self.settings.heartbeat_s / SLOTS, self._tick)
        self.lobby.wake(self._loop.time())
        self._listener.flush()


async def run(settings: Settings, announce: Callable[[Address], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    Args:
        settings: What to serve, and where.
        announce: Called once the server listens.

    Raises:
        ListenError: The address cannot be listened on.
    """
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    async with Server(settings) as server:
        # What was made by now stays: looking through it again and again for
        # garbage would stop everyone for 20 ms each time.
        gc.collect()
        gc.freeze()
        announce(server.address)
        await stop.wait()


def _lobby(settings: Settings) -> Lobby:
    """Give the core all that it needs of this machine: clock, chance and secrets."""
    limits = Limits(
        max_name_chars=settings.max_name_chars,
        max_content_bytes=settings.max_content_bytes,
        stall_timeout_s=settings.stall_timeout_s,
        heartbeat_s=settings.heartbeat_s,
        ticket_life_s=settings.ticket_life_s,
    )
    tickets = Tickets(secret.load(settings), secrets.token_bytes, settings.ticket_life_s)
    return Lobby(
        house=House(
            limits=limits, tickets=tickets, clock_ms=lambda: time.time_ns() // 1_000_000
        ),
        random_bytes=secrets.token_bytes,
        new_client_id=lambda: str(uuid.uuid4()),
    )


def _listen(address: Address) -> socket.socket:
    """Open a listening socket; what it accepts inherits its options."""
    try:
        family, kind, protocol, _, sockaddr = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
    except (OSError, ValueError) as error:  # A name may be none that could ever be looked up.
        reason = error.strerror if isinstance(error, OSError) else None
        raise ListenError(str(address), reason or "no such host") from None
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _RECEIVE_BUFFER_BYTES)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
        listening.bind(sockaddr)
        listening.listen(_BACKLOG)
        listening.setblocking(False)
    except OSError as error:
        listening.close()
        raise ListenError(str(address), error.strerror or str(error)) from None
    return listening
