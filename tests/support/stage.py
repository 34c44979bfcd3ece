"""A lobby without a server: people at pretend lines, and all they were told."""

import itertools
from dataclasses import replace
from typing import Any

import msgspec

from duologue.core.house import House
from duologue.core.limits import UNLIMITED
from duologue.core.line import Source
from duologue.core.lobby import Lobby
from duologue.core.reference_session import ReferenceSession
from duologue.core.ticket import Tickets
from duologue.core.v1_session import V1Session
from duologue.wire import v1
from duologue.wire.close import CloseCode
from duologue.wire.codes import CODE_LENGTH
from duologue.wire.messages import (
    Connected,
    CreateRoom,
    JoinRoom,
    Message,
    RoomCreated,
    SetUsername,
    UsernameSet,
)

TICKETED = (v1.RoomCreated, v1.RoomJoined, v1.PartnerJoined, v1.Resumed, v1.Ticket)
SECRET = "a secret that seals what these tests need"
TICKET = "…"
"""What a transcript shows for every ticket: no two are the same."""


NEW_ID = "…"
"""What a transcript shows for the new id of someone who has left."""


SOMEWHERE = Source("192.0.2.1")
"""Where people are if nothing else is said."""


class Person:
    """Someone at a line; it writes down what it is told. To the core it is a `Line`.

    Attributes:
        ticket: The newest that it was given.
        new_id: What it was called when it last left a room.
    """

    def __init__(self, name: str, transcript: list[Any], source: Source = SOMEWHERE) -> None:
        self.name = name
        self.transcript = transcript
        self.source = source
        self.is_held = False
        self.is_stalled = False
        self.is_closed = False
        self.ticket = ""
        self.new_id = ""
        self.session: ReferenceSession | V1Session

    def __repr__(self) -> str:
        return self.name

    def send(self, message: Message) -> None:
        if not self.is_closed:
            if isinstance(message, TICKETED):
                self.ticket = message.ticket
                message = msgspec.structs.replace(message, ticket=TICKET)
            if isinstance(message, v1.RoomLeft):
                self.new_id = message.client_id
                message = v1.RoomLeft(NEW_ID)
            self.transcript.append((self.name, message))

    def ping(self) -> None:
        if not self.is_closed:
            self.transcript.append((self.name, "ping"))

    def hold(self, is_held: bool) -> None:
        if not self.is_closed:
            self.is_held = is_held

    def close(self, code: CloseCode) -> None:
        if not self.is_closed:
            self.is_closed = True
            self.transcript.append((self.name, code))

    def says(self, *messages: Any) -> None:
        """Let messages arrive that came with one read."""
        for message in messages:
            if not self.is_closed:
                self.session.receive(message)
        self.session._lobby.settle()

    def stalls(self, now: float = 0.0) -> None:
        self.is_stalled = True
        self.session.stall(now)

    def drains(self) -> None:
        self.is_stalled = False
        self.session.drain()

    def goes(self) -> None:
        self.is_closed = True
        self.session.lost()
        self.session._lobby.settle()


class Stage:
    """A lobby, the people in it, and one transcript of all that was said to them.

    Client ids are 1, 2, 3 …; codes are made of the bytes given, then of
    counting ones: 000000, 000001 and so on. The wall clock stands still
    unless `clock_ms` is moved.
    """

    def __init__(self, *, random: bytes = b"", **limits: Any) -> None:
        ids = itertools.count(1)
        bounds = replace(UNLIMITED, **limits)
        self._codes = itertools.count()
        self._others = itertools.count(1)
        self._draws = iter([random[at : at + 6] for at in range(0, len(random), 6)])
        self.clock_ms = 0
        self.lobby = Lobby(
            house=House(
                limits=bounds,
                tickets=Tickets([SECRET], self._random_bytes, bounds.ticket_life_s),
                clock_ms=lambda: self.clock_ms,
            ),
            random_bytes=self._random_bytes,
            new_client_id=lambda: str(next(ids)),
        )
        self.transcript: list[Any] = []

    def _random_bytes(self, count: int) -> bytes:
        if count != CODE_LENGTH:
            return next(self._others).to_bytes(count, "big")
        return next(self._draws, None) or self._draw(next(self._codes), count)

    @staticmethod
    def _draw(number: int, count: int) -> bytes:
        return bytes(number >> (5 * place) & 31 for place in reversed(range(count)))

    def connect(self, name: str, *source: Source) -> Person:
        """Greet someone, who thus has heard `Connected`."""
        person = Person(name, self.transcript, *source)
        person.session = self.lobby.greet(person)
        return person

    def connect_v1(self, name: str) -> Person:
        """Greet someone who speaks `duologue.v1`."""
        person = Person(name, self.transcript)
        person.session = self.lobby.greet_v1(person)
        return person

    def enter_v1(self, name: str) -> Person:
        """Greet such a one, who gives a name; the transcript starts after that."""
        person = self.connect_v1(name)
        person.says(SetUsername(name))
        assert self.heard()[-1:] == [(name, UsernameSet(name))]
        return person

    def seat_v1(self, *names: str) -> list[Person]:
        """Let such people meet in a new room; the transcript starts after that."""
        return self._seat([self.enter_v1(name) for name in names])

    def enter(self, name: str, *source: Source) -> Person:
        """Greet someone who gives a name; the transcript starts after that."""
        person = self.connect(name, *source)
        person.says(SetUsername(name))
        client_id = person.session.client_id
        assert self.heard()[-2:] == [(name, Connected(client_id)), (name, UsernameSet(name))]
        return person

    def seat(self, *names: str) -> list[Person]:
        """Let people meet in a new room; the transcript starts after that."""
        return self._seat([self.enter(name) for name in names])

    def restart(self) -> None:
        """Forget everything, as a server does that is killed; the secret stays."""
        old = self.lobby
        self.lobby = Lobby(
            house=House(
                limits=old.house.limits,
                tickets=old.house.tickets,
                clock_ms=old.house.clock_ms,
                now=old.house.now,
            ),
            random_bytes=old._random_bytes,
            new_client_id=old.new_client_id,
        )

    def _seat(self, people: list[Person]) -> list[Person]:
        people[0].says(CreateRoom())
        message = self.heard()[-1][1]
        assert isinstance(message, RoomCreated)
        for person in people[1:]:
            join = v1.JoinRoom if isinstance(person.session, V1Session) else JoinRoom
            person.says(join(message.room_code))
        self.heard()
        return people

    def heard(self) -> list[Any]:
        """Return all that was said since the last call, with who heard it."""
        heard = list(self.transcript)
        self.transcript.clear()
        return heard
