from tests.support.stage import NEW_ID, TICKET, Stage

from duologue.core.heartbeat import SLOTS
from duologue.wire import refusals, v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import (
    CreateRoom,
    JoinRoom,
    LeaveRoom,
    PartnerLeft,
    RoomCreated,
)


def test_no_two_rooms_have_the_same_code() -> None:
    stage = Stage(random=bytes(6) + bytes(6) + bytes(6) + bytes([1]) * 6)
    stage.seat("Alice")
    stage.enter("Bob").says(CreateRoom())
    assert stage.heard() == [("Bob", RoomCreated("111111"))]


def test_a_room_lives_as_long_as_someone_is_in_it() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    alice.says(LeaveRoom())
    assert list(stage.lobby.rooms) == ["000000"]
    alice.says(JoinRoom("000000"), LeaveRoom())
    bob.says(LeaveRoom())
    assert stage.lobby.rooms == {}


def test_a_condemned_room_does_not_take_a_new_one_of_its_code_with_it() -> None:
    stage = Stage(random=bytes(12))
    alice, _bob = stage.seat("Alice", "Bob")
    alice.session.fail()
    stage.seat("Carol")
    alice.goes()
    assert list(stage.lobby.rooms) == ["000000"]


def test_everyone_is_pinged_once_a_round() -> None:
    stage = Stage()
    stage.enter("Alice")
    for turn in range(2 * SLOTS):
        stage.lobby.wake(now=float(turn))
    assert stage.heard() == [("Alice", "ping"), ("Alice", CloseCode.HEARTBEAT_LOST)]


def test_a_peer_that_does_not_read_is_given_up_in_time() -> None:
    stage = Stage(stall_timeout_s=30.0)
    _alice, bob = stage.seat("Alice", "Bob")
    bob.stalls(now=100.0)
    stage.lobby.wake(now=129.9)
    assert stage.heard() == []
    stage.lobby.wake(now=130.0)
    bob.goes()
    assert stage.heard() == [("Bob", CloseCode.TOO_SLOW), ("Alice", PartnerLeft())]


def test_a_peer_that_reads_again_is_not_given_up() -> None:
    stage = Stage(stall_timeout_s=30.0)
    _alice, bob = stage.seat("Alice", "Bob")
    bob.stalls(now=100.0)
    bob.drains()
    stage.lobby.wake(now=200.0)
    assert stage.heard() == []


def test_everyone_hears_that_the_server_stops() -> None:
    stage = Stage()
    stage.seat("Alice", "Bob")
    stage.lobby.dismiss()
    assert sorted(stage.heard()) == [
        ("Alice", CloseCode.GOING_AWAY),
        ("Bob", CloseCode.GOING_AWAY),
    ]


def test_the_tally_counts_what_has_happened() -> None:
    stage = Stage()
    alice, bob = stage.seat("Alice", "Bob")
    alice.goes()
    bob.goes()
    tally = stage.lobby.tally
    assert (tally.connections, tally.rooms_created) == (2, 1)
    assert (len(stage.lobby.sessions), stage.lobby.rooms) == (0, {})


def test_nothing_is_kept_of_v1_clients_who_are_gone() -> None:
    stage = Stage()
    alice, bob = stage.seat_v1("Alice", "Bob")
    carol, dave = stage.seat_v1("Carol", "Dave")
    alice.says(v1.Chat(1, 1, "unforgettable"))
    bob.stalls()
    for person in (alice, bob, carol, dave):
        person.says(*([LeaveRoom()] if person is carol else []))
        person.goes()
    for moment in (2.0, 100.0, 4000.0):
        stage.lobby.wake(moment)
    lobby = stage.lobby
    assert (lobby.rooms, len(lobby.sessions), lobby.stalled) == ({}, 0, set())
    assert (list(lobby.house.absences), lobby.house.unsettled) == ([], [])


def test_a_look_after_a_condemned_room_does_no_harm_to_a_new_one_of_its_code() -> None:
    stage = Stage(random=bytes(12))
    alice, bob = stage.seat_v1("Alice", "Bob")
    alice.goes()
    bob.session.fail()
    stage.seat_v1("Carol")
    stage.lobby.wake(2.0)
    assert [room.seats[0].username for room in stage.lobby.rooms.values()] == ["Carol"]


def test_a_ticket_is_for_its_room_alone() -> None:
    stage = Stage()
    alice, _bob = stage.seat_v1("Alice", "Bob")
    carol, _dave = stage.seat_v1("Carol", "Dave")
    alice.goes()
    stage.heard()
    carol.says(LeaveRoom())
    carol.says(v1.Resume(alice.ticket, 0, 0, 0))
    assert [entry for entry in stage.heard() if entry[0] == "Carol"] == [
        ("Carol", v1.RoomLeft(NEW_ID)),
        ("Carol", v1.Resumed("1", "000000", TICKET, 1, "Bob", True, 0, 0, 0)),
    ]


def test_a_client_that_can_come_back_is_told_when() -> None:
    stage = Stage()
    (alice,) = stage.seat_v1("Alice")
    stage.lobby.dismiss()
    assert stage.heard() == [
        ("Alice", v1.Reconnect(0)),
        ("Alice", CloseCode.RESTARTING),
    ]
    alice.goes()
    assert len(stage.lobby.sessions) == 0


def test_a_server_without_anyone_stops_in_silence() -> None:
    stage = Stage()
    stage.lobby.dismiss()
    assert stage.heard() == []


def test_so_many_rooms_are_looked_after_at_a_time_that_nobody_has_to_wait() -> None:
    stage = Stage()
    for number in range(700):
        (person,) = stage.seat_v1(f"person {number}")
        person.goes()
    counts = []
    for moment in (2.0, 4000.0, 4000.1, 4000.2):
        stage.lobby.wake(moment)
        counts.append(len(stage.lobby.rooms))
    assert counts == [700, 200, 0, 0]


def test_an_old_ticket_of_someone_who_left_ends_no_newer_pairing() -> None:
    stage = Stage()
    ann, ben = stage.seat_v1("Ann", "Ben")
    stale = ben.ticket
    ben.says(LeaveRoom())
    cho = stage.enter_v1("Cho")
    cho.says(v1.JoinRoom("000000"))
    stage.restart()
    ghost = stage.connect_v1("Ben")
    ghost.says(v1.Resume(stale, 0, 0, 0), v1.FreeSeat(), LeaveRoom())
    stage.heard()
    again = stage.connect_v1("Ann")
    again.says(v1.Resume(ann.ticket, 0, 0, 0))
    assert [type(message).__name__ for _, message in stage.heard()] == ["Connected", "Resumed"]
    ghost = stage.connect_v1("Ben")
    ghost.says(v1.Resume(stale, 0, 0, 0))
    assert stage.heard()[-1] == ("Ben", refusals.TICKET_REFUSED)
    assert cho.ticket
