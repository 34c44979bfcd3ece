"""The loop that is measured: read, look up, note the moment, say the answer.

Each receipt lets the partner say as many again, so the window of each client stays full. All
that can be prepared was (script.py); two system calls and a few look-ups a batch are left.
"""

from __future__ import annotations

import select
from array import array
from time import perf_counter

from duologue.bench.crowd import Pair
from duologue.bench.flood import Flood
from duologue.bench.frames import Frame, FrameError, split
from duologue.bench.link import Link, control_answer
from duologue.bench.script import Place, Script, Step
from duologue.bench.sockets import PLAIN, Sockets
from duologue.errors import LoadError

EVENTS_A_POLL = 512
POLL_S = 0.1
_LARGEST_READ = 65536
_BOTH = select.EPOLLIN | select.EPOLLOUT
NOTHING = Script([b""], [b""], 0)
BROKEN_OFF = "the server closed a connection in the middle of the run"


class Player:
    """One client in the loop."""

    __slots__ = (
        "buffer",
        "fd",
        "heard",
        "link",
        "partner_fd",
        "place",
        "said",
        "script",
        "since",
    )

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
        self.since = 0.0
        """When the window was filled."""


class Traffic:
    """All clients of a run and the epoll that watches them."""

    def __init__(self, read_bytes: int, sockets: Sockets = PLAIN) -> None:
        """Watch nobody yet; `read_bytes` should hold the window of one client."""
        self._read, self._write = sockets
        # What a socket had no room for, by its number. Hardly ever is there any.
        self._unsent: dict[int, bytes] = {}
        self._epoll = select.epoll()
        self._by_fd: dict[int, Player] = {}
        # Small reads spare the allocator: what does not fit is read in the next round.
        self._read_bytes = min(max(512, read_bytes), _LARGEST_READ)
        self._flood: Flood | None = None
        self.players: list[Player] = []
        self.acknowledgements = 0
        """How many there were so far, both ways; the reference protocol has none."""
        self.turns = array("d")
        """How long the loop took for the events of each poll."""

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

    def fill(self, player: Player) -> None:
        """Let the partner of `player` say its first messages."""
        player.since = perf_counter()
        self.say(player.partner_fd, player.script.opening())

    def line(self, hearer: Player, number: int) -> bytes:
        """Return the frame in which the partner of `hearer` says chat `number`, from 0."""
        said = hearer.script.said
        return said[number % len(said)]

    def settle(self) -> None:
        """Wait for what the dialect promises to come after the chats: here, nothing."""

    def exchange(self, until: float) -> None:
        """Keep the windows full until the moment `until`."""
        # Locals, because this loop's own time decides which servers can be measured with it.
        poll, read, write, clock = self._epoll.poll, self._read, self._write, perf_counter
        by_fd, size, readable = self._by_fd, self._read_bytes, select.EPOLLIN
        unsent, turns = self._unsent, self.turns
        now = clock()
        while now < until:
            events = poll(POLL_S, EVENTS_A_POLL)
            began = clock()
            for fd, event in events:
                if event != readable:
                    self.on_other_event(fd, event)
                    continue
                player = by_fd[fd]
                data = read(fd, size)
                now = clock()
                step = player.place.get(data) or self.work_out(player, data)
                count, answer, player.place = step
                if not count:
                    continue
                player.heard += [now] * count
                if unsent:
                    self.say(player.partner_fd, answer)
                    continue
                try:
                    written = write(player.partner_fd, answer)
                except BlockingIOError:
                    written = 0
                if written != len(answer):
                    self._keep(player.partner_fd, answer[written:])
            now = clock()
            turns.append(now - began)

    def say(self, fd: int, data: bytes) -> None:
        """Write, now or as soon as there is room for it."""
        if fd in self._unsent:
            self._unsent[fd] += data
            return
        try:
            written = self._write(fd, data)
        except BlockingIOError:
            written = 0
        if written != len(data):
            self._keep(fd, data[written:])

    def listen(self, timeout_s: float) -> None:
        """Hear what there is, waiting at most `timeout_s`; say nothing."""
        # epoll waits for whole milliseconds; select, watching the epoll, for microseconds.
        select.select([self._epoll], [], [], max(0.0, timeout_s))
        for fd, event in self._epoll.poll(0, EVENTS_A_POLL):
            if event != select.EPOLLIN:
                self.on_other_event(fd, event)
                continue
            self.hear(self._by_fd[fd], self._read(fd, self._read_bytes))

    def hear(self, player: Player, data: bytes | None) -> None:
        """Check and count what a client read; say nothing."""
        now = perf_counter()
        step = player.place.get(data) or self.work_out(player, data)
        player.place = step.then
        player.heard += [now] * step.chats

    def on_other_event(self, fd: int, event: int) -> None:
        """Let those on who can write again, the flood among them; any other one broke."""
        if self._flood is not None and fd == self._flood.fd:
            if event != select.EPOLLOUT or not self._flood.pour():
                self._epoll.unregister(fd)
        elif event & select.EPOLLOUT and not event & ~_BOTH:
            self.say_rest(fd)
        else:
            raise LoadError(BROKEN_OFF)

    def say_rest(self, fd: int) -> None:
        """Write more of what had to wait."""
        rest = self._unsent.pop(fd, b"")
        self._epoll.modify(fd, select.EPOLLIN)
        self.say(fd, rest)

    def _keep(self, fd: int, rest: bytes) -> None:
        self._unsent[fd] = rest
        self._epoll.modify(fd, _BOTH)

    def work_out(self, player: Player, data: bytes | None) -> Step:
        """Take apart what the table doesn't know: something new, a part, a heartbeat."""
        if data is None:
            return Step(0, b"", player.place)
        if not data:
            raise LoadError(BROKEN_OFF)
        fresh = not player.buffer
        try:
            frames, player.buffer = split(player.buffer + data)
        except FrameError as error:
            raise LoadError(f"the server sent {error}") from error
        script, place = player.script, player.place
        chats = [frame for frame in frames if not self._answered(player, frame)]
        for slot, frame in enumerate(chats, place.slot):
            if frame.raw != script.heard[slot % len(script.heard)]:
                raise LoadError(out_of_turn(frame))
        step = script.step(place, len(chats))
        if fresh and not player.buffer and len(chats) == len(frames):
            script.learn(place, data, step)
        return step

    def _answered(self, player: Player, frame: Frame) -> bool:
        answer = control_answer(frame, player.link.dialect)
        if answer:
            self.say(player.fd, answer)
        return answer is not None

    def _watch(self, player: Player) -> Player:
        player.link.socket.setblocking(False)
        self._epoll.register(player.fd, select.EPOLLIN)
        self._by_fd[player.fd] = player
        return player


def out_of_turn(frame: Frame) -> str:
    """Say that a message was lost, repeated, changed, or is an error."""
    if b'"partner_behind"' in frame.payload:
        return "the server did not keep up: more waits for a client than it keeps for one"
    return f"the server said out of turn: {frame.payload[:120]!r}"
