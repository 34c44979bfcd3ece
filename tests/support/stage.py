"""A lobby without a server: people at pretend lines, and all they were told."""

import itertools
from typing import Any

from duologue.core.limits import Limits
from duologue.core.lobby import Lobby
from duologue.core.session import Session
from duologue.wire.close import CloseCode
from duologue.wire.messages import (
    ClientMessage,
    Connected,
    CreateRoom,
    JoinRoom,
    RoomCreated,
    ServerMessage,
    SetUsername,
    UsernameSet,
)


class Person:
    """Someone at a line; it writes down what it is told. To the core it is a `Line`."""

    def __init__(self, name: str, transcript: list[Any]) -> None:
        self.name = name
        self.transcript = transcript
        self.is_held = False
        self.is_stalled = False
        self.is_closed = False
        self.session: Session

    def __repr__(self) -> str:
        return self.name

    def send(self, message: ServerMessage) -> None:
        if not self.is_closed:
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

    def says(self, *messages: ClientMessage) -> None:
        for message in messages:
            self.session.receive(message)

    def stalls(self, now: float = 0.0) -> None:
        self.is_stalled = True
        self.session.stall(now)

    def drains(self) -> None:
        self.is_stalled = False
        self.session.drain()

    def goes(self) -> None:
        self.is_closed = True
        self.session.lost()


class Stage:
    """A lobby, the people in it, and one transcript of all that was said to them.

    Client ids are 1, 2, 3 …; codes are made of the bytes given, then of
    counting ones: 000000, 000001 and so on.
    """

    def __init__(self, *, random: bytes = b"", **limits: Any) -> None:
        ids = itertools.count(1)
        codes = itertools.count()
        draws = iter([random[at : at + 6] for at in range(0, len(random), 6)])
        self.lobby = Lobby(
            limits=Limits(**limits),
            random_bytes=lambda count: next(draws, None) or self._draw(next(codes), count),
            new_client_id=lambda: str(next(ids)),
        )
        self.transcript: list[Any] = []

    @staticmethod
    def _draw(number: int, count: int) -> bytes:
        return bytes(number >> (5 * place) & 31 for place in reversed(range(count)))

    def connect(self, name: str) -> Person:
        """Greet someone, who thus has heard `Connected`."""
        person = Person(name, self.transcript)
        person.session = self.lobby.greet(person)
        return person

    def enter(self, name: str) -> Person:
        """Greet someone who gives a name; the transcript starts after that."""
        person = self.connect(name)
        person.says(SetUsername(name))
        client_id = person.session.client_id
        assert self.heard()[-2:] == [(name, Connected(client_id)), (name, UsernameSet(name))]
        return person

    def seat(self, *names: str) -> list[Person]:
        """Let people meet in a new room; the transcript starts after that."""
        people = [self.enter(name) for name in names]
        people[0].says(CreateRoom())
        message = self.heard()[-1][1]
        assert isinstance(message, RoomCreated)
        for person in people[1:]:
            person.says(JoinRoom(message.room_code))
        self.heard()
        return people

    def heard(self) -> list[Any]:
        """Return all that was said since the last call, with who heard it."""
        heard = list(self.transcript)
        self.transcript.clear()
        return heard
