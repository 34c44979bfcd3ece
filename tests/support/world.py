"""Two halves back to back: conversations, the codec and a lobby, without sockets.

What either end says is JSON text on its way until it is let arrive. Everything
that a network and a machine can do to it is a call here.
"""

from collections import deque
from dataclasses import replace
from typing import Any

from duologue.client import events
from duologue.client.conversation import Conversation
from duologue.client.conversation import Link as LinkState
from duologue.client.outgoing import Outgoing
from duologue.core.house import House
from duologue.core.limits import UNLIMITED
from duologue.core.line import Source
from duologue.core.lobby import Lobby
from duologue.core.ticket import Tickets
from duologue.core.v1_session import V1Session
from duologue.errors import DuologueError
from duologue.wire import v1
from duologue.wire.close import CloseCode
from duologue.wire.codec import decode_reply, decode_v1, encode
from duologue.wire.messages import Message

DRAIN_S = 10.0

SECRET = "a secret that outlives every server in here"


class Link:
    """One connection and what is on its way over it. To the core it is a `Line`.

    Attributes:
        has_server: Whether the server's end is still there.
        has_client: Whether the client's end is.
        passed_on: The last chat of each pairing that the client has, or was
            passed on here: the next is one more, or a server repeats itself.
    """

    session: V1Session

    def __init__(self) -> None:
        self.to_server: deque[str] = deque()
        self.to_client: deque[str | CloseCode] = deque()
        self.source = Source("192.0.2.1")
        self.is_held = False
        self.is_stalled = False
        self.is_closing = False
        self.has_server = True
        self.has_client = True
        self.passed_on: dict[int, int] = {}

    def send(self, message: Message) -> None:
        if not self.is_closing:
            self.to_client.append(encode(message).decode())

    def ping(self) -> None:
        if self.has_client:
            self.session.pong()

    def hold(self, is_held: bool) -> None:
        self.is_held = is_held

    def close(self, code: CloseCode) -> None:
        if not self.is_closing:
            self.is_closing = True
            self.to_client.append(code)


class Player:
    """A person with a client program.

    Attributes:
        sent: All messages, each with the name of whom it was meant for.
        heard: The chats that the program has, in the order in which it took them.
        arrived: Those that the library has and the program does not, yet.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.conversation = Conversation(name)
        self.link: Link | None = None
        self.sent: list[tuple[Outgoing, str]] = []
        self.heard: list[events.Chat] = []
        self.arrived: deque[events.Chat] = deque()
        self.code: str | None = None

    def __repr__(self) -> str:
        return self.name

    @property
    def partner(self) -> str | None:
        seat = self.conversation.seat
        return None if seat is None else seat.partner

    def says(self, content: str) -> None:
        """Send something, if there is anybody to send it to."""
        partner = self.partner
        try:
            message = self.conversation.send(content)
        except DuologueError:
            return
        assert partner is not None
        self.sent.append((message, partner))
        self.acts()

    def takes(self) -> None:
        """Let the program have the next chat that has come."""
        if self.arrived:
            chat = self.arrived.popleft()
            self.heard.append(chat)
            self.conversation.take(chat)
            self.acts()

    def acts(self) -> None:
        """Do what follows from what happened."""
        for message in self.conversation.to_say():
            assert self.link is not None
            self.link.to_server.append(encode(message).decode())
            if isinstance(message, v1.Resume) and self.conversation.seat is not None:
                self.link.passed_on[self.conversation.seat.pairing] = message.received
        for event in self.conversation.happened():
            if isinstance(event, events.Chat):
                self.arrived.append(event)
            elif isinstance(event, events.RoomCreated | events.RoomJoined):
                self.code = event.room_code
        assert self.conversation.link is not LinkState.BROKEN

    def hangs_up(self) -> None:
        """The client's end of the connection is gone."""
        if self.link is not None:
            self.link.has_client = False
            self.link = None
            self.conversation.closed()
            self.acts()


class World:
    """One server after the other, and everybody's connections.

    Attributes:
        lobby: The server that takes connections.
        leaving: The one before it, while it sends its clients there.
    """

    def __init__(self, **limits: Any) -> None:
        self.limits = replace(UNLIMITED, **limits)
        self.now = 0.0
        self.drawn = 0
        self.links: list[Link] = []
        self.lobby = self._new_lobby()
        self.leaving: Lobby | None = None

    def _new_lobby(self) -> Lobby:
        life_s = self.limits.ticket_life_s
        lobby = Lobby(
            house=House(
                limits=self.limits,
                tickets=Tickets([SECRET], self._draw, life_s),
                clock_ms=lambda: round(self.now * 1000),
            ),
            random_bytes=self._draw,
            new_client_id=lambda: self._draw(16).hex(),
        )
        lobby.wake(self.now)
        return lobby

    def _draw(self, count: int) -> bytes:
        self.drawn += 1
        return bytes(self.drawn >> (5 * place) & 31 for place in range(count))

    # What people and networks do

    def connect(self, player: Player) -> None:
        """Open a connection. Whatever became of the last one, the client let go of it."""
        player.hangs_up()
        link = player.link = Link()
        self.links.append(link)
        link.session = self.lobby.greet_v1(link)
        player.conversation.opened()
        player.acts()
        self.settle()

    def let_server_hear(self, link: Link, count: int) -> None:
        """Let the next of what a client said arrive, as one batch."""
        if link.has_server and not link.is_held:
            for _ in range(min(count, len(link.to_server))):
                text = link.to_server.popleft()
                if not link.is_closing:
                    link.session.receive(decode_v1(text))
            self.settle()

    def let_client_hear(self, player: Player, count: int) -> None:
        """Let the next of what the server said arrive, as one batch."""
        link = player.link
        if link is None or link.is_stalled:
            return
        for _ in range(min(count, len(link.to_client))):
            text = link.to_client.popleft()
            if isinstance(text, CloseCode):
                player.hangs_up()
                break
            reply = decode_reply(text)
            if isinstance(reply, v1.RoomCreated | v1.RoomJoined):
                link.passed_on.clear()  # Each room counts its pairings from 1.
            if isinstance(reply, v1.Said):
                assert reply.id == link.passed_on.get(reply.pairing, 0) + 1
                link.passed_on[reply.pairing] = reply.id
            player.conversation.hear(reply, self.now)
        player.acts()

    def cut(self, link: Link) -> None:
        """Let the server notice that a connection is gone, or lose it by itself."""
        if link.has_server:
            link.has_server = False
            link.session.lost()
            self.settle()

    def stall(self, link: Link) -> None:
        """Let a client stop reading, so that the server's buffers are full."""
        if link.has_server and not link.is_closing and not link.is_stalled:
            link.is_stalled = True
            link.session.stall(self.now)
            self.settle()

    def drain(self, link: Link) -> None:
        """Let it read again."""
        if link.is_stalled:
            link.is_stalled = False
            if link.has_server and not link.is_closing:
                link.session.drain()
                self.settle()

    def kill(self) -> None:
        """Kill the server and start another. What it had written still arrives."""
        for link in self.links:
            link.has_server = False
        self.lobby = self._new_lobby()
        self.leaving = None

    def take_over(self) -> None:
        """Start another server beside this one, which begins to send its clients there."""
        self.end_drain()
        self.leaving, self.lobby = self.lobby, self._new_lobby()
        self.leaving.begin_drain(self.now, self.now + DRAIN_S)

    def go_on_draining(self) -> None:
        """Let those go whose turn it is."""
        if self.leaving is not None:
            self.leaving.wake_drain(self.now)
            self.settle()

    def end_drain(self) -> None:
        """Let the older of two servers send everyone away who is still there, and end."""
        if self.leaving is not None:
            self.leaving.dismiss()
            self.settle()
            self.leaving = None

    def wait(self, seconds: float) -> None:
        """Let time go by, in the steps that the server takes it in."""
        self.now += seconds
        for _ in range(3):
            for lobby in self._lobbies:
                lobby.wake(self.now)
            self.settle()
        self.go_on_draining()

    @property
    def _lobbies(self) -> list[Lobby]:
        return [self.lobby] if self.leaving is None else [self.leaving, self.lobby]

    def settle(self) -> None:
        """Do what a server does after a batch: acknowledge, and hang up on who is closed."""
        for lobby in self._lobbies:
            lobby.settle()
        for link in self.links:
            if link.is_closing and link.has_server:
                self.cut(link)
        self.links = [link for link in self.links if link.has_server or link.has_client]

    def calm(self, players: list[Player]) -> None:
        """Let everybody be connected long enough: until nothing more happens."""
        for link in list(self.links):
            self.drain(link)
        self.end_drain()
        for _ in range(100):
            is_quiet = True
            for player in players:
                if player.link is None or not player.link.has_server:
                    self.let_client_hear(player, 10**6)
                    self.connect(player)
                    is_quiet = False
            for player in players:
                link = player.link or Link()
                is_quiet &= not (link.to_server or link.to_client or player.arrived)
                self.let_server_hear(link, 10**6)
                self.let_client_hear(player, 10**6)
                while player.arrived:
                    player.takes()
            if is_quiet:
                return
        raise AssertionError("they never come to rest")
