"""Many hostile connections in one thread: a plain epoll loop, so that attackers are fast.

A `Swarm` keeps so many peers open until time is up. What a `Peer` does is for its
subclasses to say. Both stop by themselves, whatever the server does.
"""

from __future__ import annotations

import contextlib
import select
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass

from attacks.say import HANDSHAKE
from attacks.tally import Tally
from duologue.bench.link import RESET_ON_CLOSE

_IP_BIND_ADDRESS_NO_PORT = 24
_SOURCES_A_NETWORK = 250
_HEAD_END = b"\r\n\r\n"
_TAIL_BYTES = 128
_GONE = select.EPOLLHUP | select.EPOLLERR


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How many attack, and how long.

    Attributes:
        size: So many are open at a time.
        seconds: When it is over, or has lasted long enough.
        sees: What each such attack sees at last, one of these at least.
        patience_s: So much longer it goes on until that is seen.
        most: So many are opened in all; it is over when the last has gone.
        sources: From so many addresses, 127.1.0.1 and on.
        batch: So many are opened at most between two looks at the others.
        tick_s: How often each peer is asked what it wants to do.
    """

    size: int
    seconds: float
    sees: tuple[str, ...] = ()
    patience_s: float = 0.0
    most: int | None = None
    sources: int = 250
    batch: int = 50
    tick_s: float = 0.1


class Swarm:
    """Peers of one kind against one server.

    Args:
        port: Of the server, on 127.0.0.1.
        make: Makes a peer, which is open from then on.
        plan: How many, and how long.
    """

    def __init__(self, port: int, make: Callable[[Swarm], Peer], plan: Plan) -> None:
        self.address = ("127.0.0.1", port)
        self.tally = Tally()
        self.epoll = select.epoll()
        self.peers: dict[int, Peer] = {}
        self.number = 0
        """How many peers there have been."""
        self._make = make
        self._plan = plan

    def run(self) -> Tally:
        """Attack until time is up, or the last peer is gone."""
        deadline = time.monotonic() + self._plan.seconds
        next_tick = 0.0
        try:
            while (now := time.monotonic()) < deadline + self._patience_s:
                self._open_more()
                if not self.peers and self._is_spent:
                    break
                for fd, events in self.epoll.poll(self._plan.tick_s):
                    if (peer := self.peers.get(fd)) is not None:
                        peer.wake(events)
                if now >= next_tick:
                    next_tick = now + self._plan.tick_s
                    for peer in list(self.peers.values()):
                        peer.tick()
        finally:
            for peer in list(self.peers.values()):
                peer.reset()
            self.epoll.close()
        return self.tally

    def dial(self) -> socket.socket:
        """Begin to connect from the next of the addresses."""
        sock = socket.socket()
        sock.setblocking(False)
        number = self.number % self._plan.sources
        high, low = divmod(number, _SOURCES_A_NETWORK)
        try:
            sock.setsockopt(socket.IPPROTO_IP, _IP_BIND_ADDRESS_NO_PORT, 1)
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.bind((f"127.1.{high}.{1 + low}", 0))
            with contextlib.suppress(BlockingIOError):
                sock.connect(self.address)
        except OSError:
            sock.close()
            raise
        self.number += 1
        return sock

    @property
    def _patience_s(self) -> float:
        """How long to go on after it has lasted long enough."""
        has_seen = not self._plan.sees or any(
            each in self.tally.counts for each in self._plan.sees
        )
        return 0.0 if has_seen else self._plan.patience_s

    @property
    def _is_spent(self) -> bool:
        return self._plan.most is not None and self.number >= self._plan.most

    def _open_more(self) -> None:
        for _ in range(min(self._plan.batch, self._plan.size - len(self.peers))):
            if self._is_spent:
                break
            try:
                self._make(self)
            except OSError as error:  # No port or descriptor is left: a limit of our own.
                self.tally.counts[f"own {error.strerror}"] += 1
                break


class Peer:
    """One connection of an attacker. By itself it shakes hands and then listens.

    Attributes:
        tail: The last bytes that were heard.
    """

    reads = True
    """Whether what the server says is taken from the kernel."""

    def __init__(self, swarm: Swarm) -> None:
        self.swarm = swarm
        self.tally = swarm.tally
        self.tail = b""
        self.born = time.monotonic()
        self._head: bytes | None = b""  # None once the answer to the handshake is here.
        self._is_open = False
        self._has_ended = False
        self._pending = b""
        self._endless = memoryview(b"")
        self._offset = 0
        self.socket = swarm.dial()
        self.fd = self.socket.fileno()
        self._interest = select.EPOLLOUT
        swarm.epoll.register(self.fd, self._interest)
        swarm.peers[self.fd] = self

    # What an attack may do otherwise

    def on_open(self) -> None:
        """The connection stands."""
        self.send(HANDSHAKE)

    def on_agreed(self) -> None:
        """The server has answered 101."""

    def on_heard(self, heard: bytes) -> None:
        """Frames came, not cut where they end."""
        self.tally.skim(heard)

    def on_end(self) -> None:
        """The server has said all; by default so have we."""
        self.reset()

    def tick(self) -> None:
        """Some time has passed."""

    # What it can use

    def send(self, data: bytes) -> None:
        """Write, now or when the kernel takes it."""
        self._pending += data
        self._write()

    def pour(self, piece: bytes) -> None:
        """Write the same again and again, for ever."""
        self._endless = memoryview(piece)
        self._offset = 0
        self._write()

    def reset(self) -> None:
        """Let go with a reset."""
        if self.swarm.peers.pop(self.fd, None) is not None:
            with contextlib.suppress(OSError):
                self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            self.socket.close()

    def leave(self) -> None:
        """Close as a program does that ends."""
        if self.swarm.peers.pop(self.fd, None) is not None:
            self.socket.close()

    def wake(self, events: int) -> None:
        """Do what the kernel says can be done."""
        if not self._is_open and not events & _GONE:
            self._is_open = True
            self.tally.opened += 1
            self.on_open()
        elif events & select.EPOLLOUT:
            self._write()
        if events & select.EPOLLIN and self.fd in self.swarm.peers:
            self._read()
        elif events & _GONE:
            self._ended()
        elif events & select.EPOLLRDHUP:
            self.reads = True
        self._watch()

    def _watch(self) -> None:
        interest = select.EPOLLIN if self.reads else 0
        if not self._has_ended:
            interest |= select.EPOLLRDHUP  # It is told also to who does not read.
        if not self._is_open or self._pending or self._endless:
            interest |= select.EPOLLOUT
        if interest != self._interest and self.fd in self.swarm.peers:
            self._interest = interest
            self.swarm.epoll.modify(self.fd, interest)

    def _write(self) -> None:
        try:
            if self._pending:
                count = self.socket.send(self._pending)
                self._pending = self._pending[count:]
            elif self._endless:
                count = self.socket.send(self._endless[self._offset :])
                self._offset = (self._offset + count) % len(self._endless)
            else:
                return
            self.tally.sent_bytes += count
        except BlockingIOError:
            pass
        except OSError:
            self._ended()
        self._watch()

    def _read(self) -> None:
        try:
            data = self.socket.recv(256 * 1024)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._ended()
            return
        self.tail = (self.tail + data)[-_TAIL_BYTES:]
        if self._head is not None:
            data = self._read_head(data)
        if data and self.fd in self.swarm.peers:
            self.on_heard(data)

    def _read_head(self, data: bytes) -> bytes:
        """Return what came after the answer to the handshake."""
        head, end, rest = ((self._head or b"") + data).partition(_HEAD_END)
        if not end:
            self._head = head
            return b""
        self._head = None
        if self.tally.note_status(head) == 101:
            self.on_agreed()
            return rest
        return b""

    def _ended(self) -> None:
        if self.fd in self.swarm.peers:
            if not self._has_ended:
                self.tally.note_end(self.tail)
            self._has_ended = True
            self._endless, self._pending = memoryview(b""), b""
            self.on_end()
