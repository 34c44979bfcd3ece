from tests.support.phrases import chat, comes_back
from tests.support.stage import Person, Stage

from duologue.core.line import NOBODY
from duologue.core.seat import DELIVERED, PARTNER_READ, SENT, Seat
from duologue.core.v1_session import V1Session
from duologue.wire import v1
from duologue.wire.messages import LeaveRoom


def seat_of(person: Person) -> Seat:
    seat = person.session.seat
    assert seat is not None
    return seat


def claims(seat: Seat) -> tuple[bool, bool]:
    return seat.is_free, seat.is_away


def test_a_seat_is_either_free_or_someones() -> None:
    stage = Stage()
    (alice,) = stage.seat("Alice")
    seat = seat_of(alice)
    assert (claims(seat), claims(seat.partner)) == ((False, False), (True, False))
    alice.goes()
    assert claims(seat) == (True, False)


def test_a_seat_outlives_the_connection_of_a_v1_client() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    seat = seat_of(alice)
    alice.goes()
    assert claims(seat) == (False, True)
    alice = comes_back(stage, alice)
    assert (claims(seat), seat_of(alice)) == ((False, False), seat)


def test_nothing_stays_of_who_has_left() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    seat = seat_of(alice)
    alice.says(v1.Typing(), chat(1), LeaveRoom())
    fresh = Seat(seat.room, seat.place)
    kept = {"room", "partner", "place"}
    assert {name: getattr(seat, name) for name in Seat.__slots__ if name not in kept} == {
        name: getattr(fresh, name) for name in Seat.__slots__ if name not in kept
    }
    assert seat_of(bob).out is None


def test_what_is_due_is_said_once_however_often_it_is_owed() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    seat = seat_of(alice)
    for _ in range(3):
        for acknowledgement in (PARTNER_READ, DELIVERED, SENT):
            seat.owe(acknowledgement)
    assert stage.lobby.house.unsettled == [seat]
    stage.lobby.settle()
    stage.lobby.settle()
    assert stage.heard() == [
        ("Alice", v1.Sent(1, 0)),
        ("Alice", v1.Delivered(1, 0)),
        ("Alice", v1.PartnerRead(1, 0)),
    ]
    assert stage.lobby.house.unsettled == []


def test_nothing_is_due_to_a_reference_client() -> None:
    stage = Stage()
    (rob,) = stage.seat("Rob")
    seat_of(rob).owe(SENT)
    assert (stage.lobby.house.unsettled, stage.heard()) == ([], [])


def test_what_is_due_when_a_pairing_is_over_is_due_no_more() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    seat_of(alice).owe(SENT)
    stage.lobby.settle()
    assert stage.heard() == []


def test_what_is_due_to_someone_who_drops_is_left_to_the_resumption() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    assert isinstance(alice.session, V1Session)
    alice.session.receive(chat(1))
    stage.heard()
    seat = seat_of(alice)
    alice.session.lost()
    stage.lobby.settle()
    assert (seat.owed, seat.line) == (0, NOBODY)
    assert stage.heard() == [("Bob", v1.PartnerAway())]
