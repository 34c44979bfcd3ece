"""The loop that is measured: read, look up, note the moment, say the answer.

Each receipt lets the partner say as many again, so the window of each client stays full. All
that can be prepared was (script.py); two system calls and a few look-ups a batch are left.
"""

from __future__ import annotations

import os
import select
from time import perf_counter

from benchmarks.crowd import Pair
from benchmarks.flood import Flood
from benchmarks.frames import Frame, FrameError, split
from benchmarks.link import Link, LoadError, control_answer
from benchmarks.script import Place, Script, Step

EVENTS_A_POLL = 512
POLL_S = 0.1
_LARGEST_READ = 65536
NOTHING = Script([b""], [b""], 0)


class Player:
    """One client in the loop."""

    __slots__ = ("buffer", "fd", "heard", "link", "partner_fd", "place", "said", "script")

    def __init__(self, link: Link, partner: Link, script: Script) -> None:
        """Take over `link`, which hears what `script` says; its partner answers."""
        self.link = link
        self.fd = link.fd
        self.partner_fd = partner.fd
        self.script = script
        self.place: Place = script.places[0]
        self.buffer = b""
        self.heard: list[float] = []
        """When each message arrived."""
        self.said: list[float] = []
        """When each of them was said, where that isn't the moment of an earlier receipt."""


class Traffic:
    """All clients of a run and the epoll that watches them."""

    def __init__(self, read_bytes: int) -> None:
        """Watch nobody yet; `read_bytes` should hold the window of one client."""
        self._epoll = select.epoll()
        self._by_fd: dict[int, Player] = {}
        # Small reads spare the allocator: what does not fit is read in the next round.
        self._read_bytes = min(max(512, read_bytes), _LARGEST_READ)
        self._flood: Flood | None = None
        self.players: list[Player] = []
        self.acknowledgements = 0
        """How many there were so far, both ways; the reference protocol has none."""

    def add_pair(self, pair: Pair, first: Script, second: Script) -> None:
        """Let two people talk; `first` is what the first hears."""
        for link, partner, script in (
            (pair.first, pair.second, first),
            (pair.second, pair.first, second),
        ):
            self.players.append(self._watch(Player(link, partner, script)))

    def add_idle(self, links: list[Link]) -> None:
        """Keep connections that only answer heartbeats."""
        for link in links:
            self._watch(Player(link, link, NOTHING))

    def add_flood(self, flood: Flood) -> None:
        """Let one client say all it can, beside the others."""
        self._flood = flood
        self._epoll.register(flood.fd, select.EPOLLOUT)

    def fill_windows(self) -> float:
        """Say everybody's first messages; return when."""
        start = perf_counter()
        for player in self.players:
            os.write(player.partner_fd, player.script.opening())
        return start

    def line(self, hearer: Player, number: int) -> bytes:
        """Return the frame in which the partner of `hearer` says chat `number`, from 0."""
        said = hearer.script.said
        return said[number % len(said)]

    def settle(self) -> None:
        """Wait for what the dialect promises to come after the chats: here, nothing."""

    def exchange(self, until: float) -> None:
        """Keep the windows full until the moment `until`."""
        # Locals, because this loop's own time decides which servers can be measured with it.
        poll, read, write, clock = self._epoll.poll, os.read, os.write, perf_counter
        by_fd, size, readable = self._by_fd, self._read_bytes, select.EPOLLIN
        while clock() < until:
            for fd, event in poll(POLL_S, EVENTS_A_POLL):
                if event != readable:
                    self.on_other_event(fd, event)
                    continue
                player = by_fd[fd]
                data = read(fd, size)
                now = clock()
                step = player.place.get(data) or self.work_out(player, data)
                count, answer, player.place = step
                if count:
                    player.heard += [now] * count
                    write(player.partner_fd, answer)

    def listen(self, timeout_s: float) -> None:
        """Hear what there is, waiting at most `timeout_s`; say nothing."""
        # epoll waits for whole milliseconds; select, watching the epoll, for microseconds.
        select.select([self._epoll], [], [], max(0.0, timeout_s))
        for fd, event in self._epoll.poll(0, EVENTS_A_POLL):
            if event != select.EPOLLIN:
                self.on_other_event(fd, event)
                continue
            self.hear(self._by_fd[fd], os.read(fd, self._read_bytes))

    def hear(self, player: Player, data: bytes) -> None:
        """Check and count what a client read; say nothing."""
        now = perf_counter()
        step = player.place.get(data) or self.work_out(player, data)
        player.place = step.then
        player.heard += [now] * step.chats

    def on_other_event(self, fd: int, event: int) -> None:
        """Let the flood on if that is who can write; any other connection broke."""
        if self._flood is None or fd != self._flood.fd:
            raise LoadError("the server closed a connection in the middle of the run")
        if event != select.EPOLLOUT or not self._flood.pour():
            self._epoll.unregister(fd)

    def work_out(self, player: Player, data: bytes) -> Step:
        """Take apart what the table doesn't know: something new, a part, a heartbeat."""
        if not data:
            raise LoadError("the server closed a connection in the middle of the run")
        fresh = not player.buffer
        try:
            frames, player.buffer = split(player.buffer + data)
        except FrameError as error:
            raise LoadError(f"the server sent {error}") from error
        script, place = player.script, player.place
        chats = [frame for frame in frames if not self._answered(player, frame)]
        for slot, frame in enumerate(chats, place.slot):
            if frame.raw != script.heard[slot % len(script.heard)]:
                raise LoadError(f"the server said out of turn: {frame.payload[:120]!r}")
        step = script.step(place, len(chats))
        if fresh and not player.buffer and len(chats) == len(frames):
            script.learn(place, data, step)
        return step

    def _answered(self, player: Player, frame: Frame) -> bool:
        answer = control_answer(frame, player.link.dialect)
        if answer:
            os.write(player.fd, answer)
        return answer is not None

    def _watch(self, player: Player) -> Player:
        player.link.socket.setblocking(False)
        self._epoll.register(player.fd, select.EPOLLIN)
        self._by_fd[player.fd] = player
        return player
