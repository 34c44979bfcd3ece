"""The loop at work is in test_run.py; here is what becomes of acknowledgements."""

import socket
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
from tests.bench.test_numbered import said

from duologue.bench import acknowledged
from duologue.bench.acknowledged import AcknowledgedTraffic, Speaker
from duologue.bench.dialects import DIALECTS
from duologue.bench.frames import plain
from duologue.errors import LoadError

NINE = [b""] * 9
LINES: Any = SimpleNamespace(heard=NINE, said=NINE, receipts=NINE)


class Stage:
    """Two who sit in a room and have each said their sample and one chat more."""

    def __init__(self) -> None:
        self.sockets = socket.socketpair()
        self.traffic = AcknowledgedTraffic(512, 1)
        self.people = [Speaker(self._link(each), self._link(each), LINES) for each in (0, 1)]
        for one, other in (self.people, self.people[::-1]):
            one.partner = other
            one.spoken = 2
            self.traffic.players.append(self.traffic._watch(one))

    def _link(self, number: int) -> Any:
        sock = self.sockets[number]
        return SimpleNamespace(socket=sock, fd=sock.fileno(), dialect=DIALECTS["v1"])


@pytest.fixture
def stage() -> Iterator[Stage]:
    stage = Stage()
    with stage.sockets[0], stage.sockets[1]:
        yield stage


def test_they_are_noted_and_counted(stage: Stage) -> None:
    alice, bob = stage.people
    bob.confirmed = 2
    assert stage.traffic._understand(alice, said(b"sent", 2) + said(b"delivered", 2)) == 0
    assert (alice.sent, alice.delivered, stage.traffic.acknowledgements) == (2, 2, 2)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (said(b"sent", 3), "the server holds 3 of 2 chats"),
        (said(b"delivered", 2), "2 delivered, 1 received"),
        (plain(b'{"type":"error","code":"partner_behind"}'), "did not keep up"),
        (plain(b'{"type":"error","code":"no_partner"}'), "out of turn: .*no_partner"),
        (b"", "closed a connection"),
        (b"\x01\x00", "a fragmented frame"),
    ],
)
def test_what_cannot_be_is_an_error(stage: Stage, data: bytes, reason: str) -> None:
    with pytest.raises(LoadError, match=reason):
        stage.traffic._understand(stage.people[0], data)


def test_a_new_ticket_is_no_message(stage: Stage) -> None:
    ticket = plain(b'{"type":"ticket","ticket":"x"}')
    assert stage.traffic._understand(stage.people[0], ticket) == 0
    assert stage.traffic._understand(stage.people[0], None) == 0


def test_who_is_never_told_ends_the_run(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(acknowledged, "_SETTLE_S", 0.0)
    with pytest.raises(LoadError, match="2 clients were never told"):
        stage.traffic.settle()


def test_who_does_not_know_enough_to_be_delivered_waits_with_the_next(stage: Stage) -> None:
    alice, bob = stage.people
    alice.spoken = 4
    bob.confirmed = 4
    stage.traffic._answer(bob, 2)
    assert (alice.held, alice.spoken) == (2, 4)
    stage.traffic._understand(alice, said(b"sent", 4) + said(b"delivered", 2))
    assert (alice.held, alice.spoken) == (1, 5)
    stage.traffic._understand(alice, said(b"delivered", 4))
    assert (alice.held, alice.spoken) == (0, 6)
