import pytest

from duologue.client.entrance import Entrance, trimmed
from duologue.errors import InvalidUsername
from duologue.wire import v1
from duologue.wire.messages import ErrorCode


def test_a_name_is_trimmed_and_has_something_in_it() -> None:
    assert trimmed("  Ann ") == "Ann"
    with pytest.raises(InvalidUsername):
        trimmed(" \n")


def test_name_and_wish_are_said_once_a_connection() -> None:
    entrance = Entrance("Ann")
    entrance.wish = v1.CreateRoom()
    once = [v1.SetUsername("Ann"), v1.CreateRoom()]
    assert entrance.to_say(is_seated=False, may_ask=False) == []
    assert entrance.to_say(is_seated=False, may_ask=True) == once
    assert entrance.to_say(is_seated=False, may_ask=True) == []
    entrance.closed()
    assert entrance.to_say(is_seated=False, may_ask=True) == once


def test_a_join_names_the_first_attempt_since_the_last_answer() -> None:
    entrance = Entrance("Ann")
    asked_as = []
    for client_id, is_answered in [("a", False), ("b", False), ("c", True), ("d", False)]:
        entrance.client_id = client_id
        entrance.wish = v1.JoinRoom("ABC123")
        *_, join = entrance.to_say(is_seated=False, may_ask=True)
        assert isinstance(join, v1.JoinRoom)
        asked_as.append(join.client_id)
        if is_answered:
            entrance.forget_wish()
        entrance.closed()
    assert asked_as == [None, "a", "a", None]


def test_an_error_is_heard_by_who_still_waits_for_the_answer() -> None:
    entrance = Entrance("Ann")
    assert not entrance.refused(ErrorCode.ROOM_FULL)
    entrance.wish = v1.CreateRoom()
    entrance.to_say(is_seated=False, may_ask=True)
    assert entrance.refused(ErrorCode.ROOM_FULL)
    assert entrance.wish is None
    assert entrance.refused(ErrorCode.NOT_AWAY)


def test_a_refused_name_gives_way_to_the_one_before_but_not_to_a_newer_one() -> None:
    entrance = Entrance("Ann")
    names = []
    for newer in ("", "Anna"):
        entrance.known("Ann")
        entrance.username = "Ann\0"
        entrance.to_say(is_seated=True, may_ask=False)
        entrance.username = newer or entrance.username
        entrance.refused(ErrorCode.INVALID_MESSAGE)
        names.append(entrance.username)
    assert names == ["Ann", "Anna"]
    assert entrance.to_say(is_seated=True, may_ask=False) == [v1.SetUsername("Anna")]


def test_a_refused_name_ends_a_wish_only_if_there_is_none_to_ask_by() -> None:
    wishes = []
    for known in (True, False):
        entrance = Entrance("Ann\0")
        if known:
            entrance.known("Ann")
        entrance.wish = v1.CreateRoom()
        entrance.to_say(is_seated=False, may_ask=True)
        assert entrance.refused(ErrorCode.INVALID_MESSAGE)
        wishes.append(entrance.wish)
    assert wishes == [v1.CreateRoom(), None]


def test_who_is_known_by_its_ticket_need_not_say_its_name() -> None:
    entrance = Entrance("Ann")
    entrance.known("Ann")
    entrance.recognized()
    assert entrance.to_say(is_seated=True, may_ask=False) == []
    entrance.forgotten()
    entrance.closed()
    entrance.recognized()
    assert entrance.to_say(is_seated=True, may_ask=False) == [v1.SetUsername("Ann")]


def test_who_has_left_asks_by_its_new_id_for_a_seat_that_was_lost() -> None:
    entrance = Entrance("Alice")
    entrance.client_id = "id"
    entrance.left("new id")
    entrance.wish = v1.JoinRoom("ABC123")
    entrance.to_say(is_seated=False, may_ask=True)
    entrance.closed()
    assert entrance.to_say(is_seated=False, may_ask=True) == [
        v1.SetUsername("Alice"),
        v1.JoinRoom("ABC123", client_id="new id"),
    ]
