"""The loop that is measured, in `duologue.v1`: the same windows, and every acknowledgement.

A chat leaves its window when the partner hears it, as in traffic.py. On top of that each client
says `received` once for all that a turn brought, a turn being the events of one poll: with its
own next chats if it says any in that turn, else alone at the turn's end. What the server says
of `sent` and `delivered` is read, checked and counted, but is no message.
"""

from __future__ import annotations

import select
from time import perf_counter

from duologue.bench.crowd import Pair
from duologue.bench.frames import FrameError, split
from duologue.bench.link import Link
from duologue.bench.numbered import AT, SAMPLE, Lines, acknowledgements
from duologue.bench.sockets import PLAIN, Sockets
from duologue.bench.traffic import (
    BROKEN_OFF,
    EVENTS_A_POLL,
    NOTHING,
    POLL_S,
    Player,
    Traffic,
    out_of_turn,
)
from duologue.errors import LoadError

_SETTLE_S = 10.0

_WINDOWS_UNCONFIRMED = 3
"""What a client has said and does not know to be delivered may be so many windows. The word of
it may be behind other chats; but a server that reads a client less often than it sends, since
there are limits, would have to keep ever more of what the partner says."""


class Speaker(Player):
    """One client in the loop, with how far everything has come; all numbers are inclusive."""

    __slots__ = (
        "confirmed",
        "delivered",
        "held",
        "lines",
        "number",
        "owes",
        "partner",
        "sent",
        "spoken",
    )

    partner: Speaker

    def __init__(self, link: Link, partner: Link, lines: Lines | None) -> None:
        """Take over `link`, which hears what `lines` say."""
        super().__init__(link, partner, NOTHING)
        self.lines = lines
        self.number = self.confirmed = SAMPLE
        """What I have heard, and have said to have received."""
        self.spoken = self.sent = self.delivered = SAMPLE
        """What I have said, and what the server says has become of it."""
        self.held = 0
        """How many chats more I may say, once enough of those before are delivered."""
        self.owes = False


class AcknowledgedTraffic(Traffic):
    """All clients of a run that speak `duologue.v1`."""

    def __init__(self, read_bytes: int, in_flight: int, sockets: Sockets = PLAIN) -> None:
        """Watch nobody yet."""
        super().__init__(read_bytes, sockets)
        self._in_flight = in_flight
        self._most_unconfirmed = _WINDOWS_UNCONFIRMED * in_flight
        self._owing: list[Speaker] = []
        self.speakers: dict[int, Speaker] = {}

    def add_numbered_pair(self, pair: Pair, first: Lines, second: Lines) -> None:
        """Let two people talk; `first` is what the first hears."""
        two = (
            Speaker(pair.first, pair.second, first),
            Speaker(pair.second, pair.first, second),
        )
        for speaker, partner in (two, two[::-1]):
            speaker.partner = partner
            if speaker.lines:
                speaker.lines.hearers.append(speaker)
            self.players.append(self._watch(speaker))

    def add_idle(self, links: list[Link]) -> None:
        """Keep connections that only answer heartbeats."""
        for link in links:
            self._watch(Speaker(link, link, None))

    def fill(self, player: Player) -> None:
        """Let the partner of `player` say its first messages."""
        player.since = perf_counter()
        partner = self.speakers[player.fd].partner
        self.say(player.partner_fd, self._next_words(partner, self._in_flight))

    def line(self, hearer: Player, _number: int) -> bytes:
        """Return the next chat that the partner of `hearer` says, at a fixed rate."""
        partner = self.speakers[hearer.fd].partner
        return self._next_words(partner, 1)

    def exchange(self, until: float) -> None:
        """Keep the windows full until the moment `until`."""
        poll, read, clock = self._epoll.poll, self._read, perf_counter
        speakers, size, readable = self.speakers, self._read_bytes, select.EPOLLIN
        now = clock()
        while now < until:
            events = poll(POLL_S, EVENTS_A_POLL)
            began = clock()
            for fd, event in events:
                if event != readable:
                    self.on_other_event(fd, event)
                    continue
                speaker = speakers[fd]
                data = read(fd, size)
                now = clock()
                if count := self._understand(speaker, data):
                    speaker.heard += [now] * count
                    self._answer(speaker, count)
            self._pay()
            now = clock()
            self.turns.append(now - began)

    def listen(self, timeout_s: float) -> None:
        """Hear what there is, waiting at most `timeout_s`; say only what acknowledges it."""
        super().listen(timeout_s)
        self._pay()

    def hear(self, player: Player, data: bytes | None) -> None:
        """Check and count what a client read; it owes a receipt for it."""
        now = perf_counter()
        speaker = self.speakers[player.fd]
        if count := self._understand(speaker, data):
            speaker.heard += [now] * count
            self._owe(speaker)

    def settle(self) -> None:
        """Wait until every chat is heard and acknowledged to the last; nothing more is said."""
        for speaker in self._talking():
            speaker.held = 0
        until = perf_counter() + _SETTLE_S
        while open_ := sum(not _is_settled(speaker) for speaker in self._talking()):
            if perf_counter() > until:
                raise LoadError(f"{open_} clients were never told what became of their chats")
            self.listen(POLL_S)

    def _talking(self) -> list[Speaker]:
        return [self.speakers[player.fd] for player in self.players]

    def _answer(self, speaker: Speaker, count: int) -> None:
        """Let the partner say `count` chats, and what it owes; `speaker` owes from now on."""
        partner = speaker.partner
        if partner.spoken + count - partner.delivered > self._most_unconfirmed:
            partner.held += count
        else:
            self.say(speaker.partner_fd, self._next_words(partner, count))
        self._owe(speaker)

    def _say_held(self, speaker: Speaker) -> None:
        may_say = self._most_unconfirmed - (speaker.spoken - speaker.delivered)
        if count := min(speaker.held, may_say):
            speaker.held -= count
            self.say(speaker.fd, self._next_words(speaker, count))

    def _next_words(self, speaker: Speaker, count: int) -> bytes:
        lines = speaker.partner.lines
        assert lines is not None
        first = speaker.spoken
        speaker.spoken = last = first + count
        if last > len(lines.said):
            lines.reach(last)
        words = b"".join(lines.said[first:last])
        return words + self._receipt(speaker) if speaker.owes else words

    def _owe(self, speaker: Speaker) -> None:
        if not speaker.owes:
            speaker.owes = True
            self._owing.append(speaker)

    def _pay(self) -> None:
        for speaker in self._owing:
            if speaker.owes:
                self.say(speaker.fd, self._receipt(speaker))
        self._owing.clear()

    def _receipt(self, speaker: Speaker) -> bytes:
        assert speaker.lines is not None
        speaker.owes = False
        speaker.confirmed = speaker.number
        self.acknowledgements += 1
        return speaker.lines.receipts[speaker.number - 1]

    def _understand(self, speaker: Speaker, data: bytes | None) -> int:
        """Check what was read and return how many chats it brought."""
        if data is None:
            return 0
        if speaker.buffer or not data or speaker.lines is None:
            return self._take_apart(speaker, data)
        *chats, rest = AT.split(data)
        count, number = len(chats), speaker.number
        expected = speaker.lines.heard[number : number + count]
        if chats != expected:
            # What acknowledges earlier chats may stand before each of them.
            if len(expected) < count or not all(map(bytes.endswith, chats, expected)):
                return self._take_apart(speaker, data)
            rest = b"".join(map(bytes.removesuffix, chats, expected)) + rest
        if rest and not self._note(speaker, rest):
            return self._take_apart(speaker, data)
        speaker.number += count
        return count

    def _note(self, speaker: Speaker, data: bytes) -> bool:
        """Take note of acknowledgements; return False if `data` is anything else."""
        found = acknowledgements(data)
        if found is None:
            return False
        for type_, number in found:
            if type_ == b"sent":
                if not speaker.sent <= number <= speaker.spoken:
                    raise LoadError(f"the server holds {number} of {speaker.spoken} chats")
                speaker.sent = number
            else:
                if not speaker.delivered <= number <= speaker.partner.confirmed:
                    raise LoadError(f"{number} delivered, {speaker.partner.confirmed} received")
                speaker.delivered = number
                if speaker.held:
                    self._say_held(speaker)
        self.acknowledgements += len(found)
        return True

    def _take_apart(self, speaker: Speaker, data: bytes) -> int:
        """Do the same frame by frame, for heartbeats, tickets and parts of frames."""
        if not data:
            raise LoadError(BROKEN_OFF)
        try:
            frames, speaker.buffer = split(speaker.buffer + data)
        except FrameError as error:
            raise LoadError(f"the server sent {error}") from error
        count = 0
        for frame in frames:
            if self._answered(speaker, frame):
                continue
            if speaker.lines and _is_chat(speaker.lines, speaker.number, frame.raw):
                speaker.number += 1
                count += 1
            elif speaker.lines and self._note(speaker, frame.raw):
                continue
            elif speaker.link.dialect.decode(frame.payload.decode()).type != "ticket":
                raise LoadError(out_of_turn(frame))
        return count

    def _watch(self, player: Player) -> Player:
        assert isinstance(player, Speaker)
        self.speakers[player.fd] = player
        return super()._watch(player)


def _is_chat(lines: Lines, number: int, raw: bytes) -> bool:
    return [*lines.heard[number : number + 1], b""] == AT.split(raw)


def _is_settled(speaker: Speaker) -> bool:
    heard = speaker.partner.number == speaker.spoken
    return heard and speaker.sent == speaker.delivered == speaker.spoken
