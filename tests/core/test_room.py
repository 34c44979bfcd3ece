from tests.support.stage import Stage

from duologue.core.line import Source
from duologue.core.room import Room
from duologue.wire.close import CloseCode
from duologue.wire.codes import RoomCode
from duologue.wire.messages import JoinRoom


def test_a_new_room_is_empty_and_its_seats_face_each_other() -> None:
    room = Room(Stage().lobby.house, RoomCode("ABC123"), b"", Source("192.0.2.1"))
    first, second = room.seats
    assert room.is_empty
    assert (first.partner, second.partner) == (second, first)


def test_a_stalled_peer_holds_its_partner_until_it_reads_again() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    carol, _dave = stage.seat("Carol", "Dave")
    bob.stalls()
    assert [person.is_held for person in (alice, bob, carol)] == [True, True, False]
    bob.drains()
    assert [person.is_held for person in (alice, bob)] == [False, False]


def test_both_are_held_until_both_read_again() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    bob.stalls()
    alice.stalls()
    bob.drains()
    assert (alice.is_held, bob.is_held) == (True, True)
    alice.drains()
    assert (alice.is_held, bob.is_held) == (False, False)


def test_a_stalled_peer_that_is_lost_lets_its_partner_go_on() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    bob.stalls()
    bob.goes()
    assert not alice.is_held
    assert stage.lobby.stalled == set()


def test_who_joins_a_stalled_peer_is_held_with_it() -> None:
    stage = Stage()
    (alice,) = stage.seat("Alice")
    alice.stalls()
    bob = stage.enter("Bob")
    bob.says(JoinRoom("000000"))
    assert bob.is_held


def test_a_closed_line_is_told_nothing_more() -> None:
    stage = Stage()
    _alice, bob = stage.seat("Alice", "Bob")
    bob.close(CloseCode.GOING_AWAY)
    assert stage.heard() == [("Bob", CloseCode.GOING_AWAY)]
