"""The composition root: builds a server from its parts, runs it, stops it."""

import asyncio
import os
import secrets
import signal
import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import fields
from types import TracebackType
from typing import Any, Self

from duologue.config import Address, Settings, UnixAddress, as_number, parse_address
from duologue.core.heartbeat import SLOTS
from duologue.core.house import House
from duologue.core.limits import Limits
from duologue.core.line import Source
from duologue.core.lobby import Lobby
from duologue.core.ticket import Tickets
from duologue.errors import ListenError
from duologue.server import descriptors, memory, secret
from duologue.server.assets import assets
from duologue.server.carrier import Linger
from duologue.server.complaints import Complaints
from duologue.server.connection import Connection
from duologue.server.door import Door, Hall
from duologue.server.gate import Gate, Visit
from duologue.server.hearing import Dialect, Session
from duologue.server.listener import Listener
from duologue.server.listening import Listening, Tenure
from duologue.server.log import facts, log
from duologue.server.metrics import Exposition, Watched
from duologue.server.narrator import Narrator, Witness
from duologue.server.ops import METRICS, Ops, metrics
from duologue.server.pseudonym import Pseudonyms
from duologue.server.site import STOPPING, Request, Response, Upgrade, answer
from duologue.server.source import counted_but_for
from duologue.server.tls import Certificate
from duologue.server.traffic import LAG_BOUNDS_S, Histogram
from duologue.trust import parse_networks
from duologue.wire.codec import decode, decode_v1, encode
from duologue.wire.v1 import SUBPROTOCOL

_GOODBYE_S = 2.0
"""How long the clients may take to hang up when the server stops."""

_DRAIN_STEP_S = 0.02
"""How often it is looked at whose turn it is to leave."""


class Server:
    """A chat server in this process, for as long as the `async with` block lasts.

    Example:
        async with Server(Settings(address="127.0.0.1:0")) as server:
            print(server.port)

    Args:
        settings: What to change about it; the defaults suit most uses.

    Attributes:
        is_draining: Whether it has begun to stop.
        lag: How late the event loop was for the lobby's ticks.
    """

    def __init__(self, settings: Settings | None = None) -> None:
        self.settings = settings or Settings()
        self.address = parse_address(self.settings.address)
        self.lobby = _lobby(self.settings)
        self.lag = Histogram(LAG_BOUNDS_S)
        self.gate = Gate(self.settings, self.lobby.admission)
        self.is_draining = False
        self._ops: Ops | None = None
        self._descriptors = descriptors.Watch()

    @property
    def port(self) -> int:
        """The TCP port that the server listens on; 0 at a Unix socket."""
        return self.address.port if isinstance(self.address, Address) else 0

    @property
    def ops_address(self) -> Address | UnixAddress | None:
        """Where metrics and health are served, if that is apart from chat."""
        return None if self._ops is None else self._ops.address

    def count(self) -> tuple[int, int]:
        """Count what there is, of any kind of connection, and rooms; and what has been."""
        tally, lobby = self.lobby.tally, self.lobby
        connections = (
            len(self._hall.doors) + len(lobby.sessions) + len(self._listener.lingering)
        )
        ever = tally.accepted + tally.rooms_created + tally.rooms_rebuilt
        return connections + len(lobby.rooms), ever

    async def __aenter__(self) -> Self:
        """Start to listen.

        Raises:
            ListenError: The address is in use, or is none of this machine's.
            SettingsError: The certificate cannot be used.
        """
        assets()  # From now on no file is opened: there may be no descriptor left for one.
        self.certificate = Certificate.of(self.settings)
        context = None if self.certificate is None else self.certificate.context
        self._listening = Listening(self.settings, context, lambda: Door(self._hall))
        self.address = self._listening.address
        for sockname in self._listening.names:
            self.gate.guard(sockname)
        self._loop = asyncio.get_running_loop()
        self._furnish()
        await self._open_ops()
        await self._listening.start()
        self._due_at = time.monotonic()
        self._tick()
        log.info(
            "listening on %s",
            self._listening,
            extra=facts(event="listening", address=str(self._listening)),
        )
        return self

    def reload(self) -> None:
        """Read the certificate anew, if there is one; keep everybody."""
        if self.certificate is None:
            log.info("there is nothing to read anew")
        else:
            self.certificate.reload()

    async def drain(self) -> None:
        """Let everyone leave in turn, within `drain_s`; return once all are gone.

        Cancelling it leaves those who are still here to the end of the `async with` block.
        """
        until = self._loop.time() + self.settings.drain_s
        self._say_that_it_ends()
        if count := len(self.lobby.sessions):
            log.info(
                "draining %d connections",
                count,
                extra=facts(event="draining", connections=count),
            )
        for door in list(self._hall.doors):
            door.hang_up_if_idle()
        await self._listening.leave_to_others(self.settings.drain_s / 10)
        self.lobby.begin_drain(self._loop.time(), until)
        while (now := self._loop.time()) < until:
            self.lobby.wake_drain(now)
            self._listener.flush()
            if not self.lobby.sessions and not (self._is_shared and self._hall.doors):
                break
            await asyncio.sleep(_DRAIN_STEP_S)

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Say goodbye to everyone and stop.

        Cancelling it cuts the goodbyes short; the connections are closed all the same.
        """
        self._say_that_it_ends()
        self._ticker.cancel()
        self._listening.stop()
        self._listener.is_closed = True
        self._abort(self._hall.doors)
        self.lobby.dismiss()
        self._listener.flush()
        try:
            await self._until_everyone_left()
        finally:
            self._abort(self._hall.doors)
            self._abort(self._listener.lingering)
            if self._ops is not None:
                self._ops.close()
        tally = self.lobby.tally
        log.info(
            "stopped after %d connections, %d rooms, %d frames sent",
            tally.connections,
            tally.rooms_created,
            self._listener.traffic.frames_sent,
            extra=facts(event="stopped", connections=tally.connections),
        )

    def _furnish(self) -> None:
        """Set up what deals with connections."""
        self._listener = Listener(
            encode=encode,
            max_message_bytes=self.settings.max_message_bytes,
            settle=self.lobby.settle,
            limits=self.lobby.house.limits,
            witness=Witness(
                self.lobby.tally,
                Pseudonyms(self.settings.log_addresses),
                self.lobby.admission.depart,
            ),
        )
        self._hall = Hall(
            accept=self._accept,
            answer=self._answer,
            gate=self.gate,
            timeout_s=self.settings.handshake_timeout_s,
            tally=self.lobby.tally,
            lingering=self._listener.lingering,
        )
        self._exposition = Exposition(
            Watched(
                lobby=self.lobby,
                traffic=self._listener.traffic,
                lag=self.lag,
                loop="uvloop" if type(self._loop).__module__ == "uvloop" else "asyncio",
                count_doors=lambda: len(self._hall.doors),
                gate_refused=self.gate.refused,
                is_draining=lambda: self.is_draining,
            )
        )
        dialects = (
            Dialect(None, decode, self._open_reference_session),
            Dialect(SUBPROTOCOL, decode_v1, self._open_v1_session),
        )
        self._dialects = {dialect.subprotocol: dialect for dialect in dialects}

    async def _open_ops(self) -> None:
        """Serve metrics and health apart from chat, if that is wanted."""
        address = self.settings.ops_address
        if address is None:
            return
        try:
            self._ops = Ops(
                address,
                self.settings,
                self._exposition.render,
                lambda: not self.is_draining,
            )
        except ListenError:
            self._listening.stop()
            raise
        await self._ops.start()

    @property
    def _is_shared(self) -> bool:
        """Whether a successor may listen where this server does."""
        return self._listening.tenure is not Tenure.OWN

    def _say_that_it_ends(self) -> None:
        self.is_draining = self._hall.is_draining = True
        if self._ops is not None:
            self._ops.drain()

    async def _until_everyone_left(self) -> None:
        if goodbyes := [linger.gone for linger in self._listener.lingering]:
            await asyncio.wait(goodbyes, timeout=_GOODBYE_S)

    @staticmethod
    def _abort(connections: Iterable[Door | Linger]) -> None:
        for connection in list(connections):
            connection.abort()

    def _answer(self, request: Request, visit: Visit) -> Response | Upgrade:
        if visit.is_operator and self._ops is None and request.path == METRICS:
            return metrics(request, self._exposition.render)
        outcome = answer(request, is_ready=not self.is_draining)
        if isinstance(outcome, Upgrade) and self.is_draining and not self._is_shared:
            return STOPPING
        return outcome

    def _accept(
        self,
        transport: asyncio.Transport,
        source: Source,
        upgrade: Upgrade,
        leftover: bytes,
    ) -> None:
        dialect = self._dialects[upgrade.subprotocol]
        self._listener.accept(transport, source, upgrade.key, dialect, leftover)

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
        now = time.monotonic()
        self.lag.observe(max(0.0, now - self._due_at))
        after_s = self.settings.heartbeat_s / SLOTS
        self._due_at = now + after_s
        self._ticker = self._loop.call_later(after_s, self._tick)
        now = self._loop.time()
        self.lobby.wake(now)
        self._descriptors.look(now)
        self._listener.flush()


Announce = Callable[[Address | UnixAddress, bool], None]


async def run(settings: Settings, announce: Announce) -> None:
    """Serve until SIGINT or SIGTERM; the second of them cuts the drain short.

    Args:
        settings: What to serve, and where.
        announce: Called once the server listens: where, and whether it speaks TLS.

    Raises:
        ListenError: The address cannot be listened on.
        SettingsError: The certificate cannot be used.
    """
    first, second = asyncio.Event(), asyncio.Event()

    def told_to_stop() -> None:
        (second if first.is_set() else first).set()

    loop = asyncio.get_running_loop()
    descriptors.raise_limit()
    descriptors.muffle(loop, Complaints())
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told_to_stop)
    async with Server(settings) as server:
        if server.certificate is not None or not os.isatty(0):
            # Else it says that the server's terminal was closed.
            loop.add_signal_handler(signal.SIGHUP, server.reload)
        memory.settle()
        announce(server.address, server.certificate is not None)
        watching = loop.create_task(memory.watch(server.count))
        await first.wait()
        leaving = [loop.create_task(server.drain()), loop.create_task(second.wait())]
        await asyncio.wait(leaving, return_when=asyncio.FIRST_COMPLETED)
        for task in (*leaving, watching):
            task.cancel()
        await asyncio.gather(*leaving, watching, return_exceptions=True)


def _lobby(settings: Settings) -> Lobby:
    """Give the core all that it needs of this machine: clock, chance and secrets."""
    bounds: Any = {
        each.name: as_number(getattr(settings, each.name)) for each in fields(Limits)
    }
    limits = Limits(**bounds)
    tickets = Tickets(secret.load(settings), secrets.token_bytes, settings.ticket_life_s)
    return Lobby(
        house=House(
            limits=limits, tickets=tickets, clock_ms=lambda: time.time_ns() // 1_000_000
        ),
        random_bytes=secrets.token_bytes,
        new_client_id=lambda: str(uuid.uuid4()),
        is_counted=counted_but_for(parse_networks("uncounted", settings.uncounted)),
    )
