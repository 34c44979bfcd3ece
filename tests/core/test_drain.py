"""Who is sent away when, before a planned stop."""

from typing import Any

from tests.support.stage import Person, Stage

from duologue.core.v1_session import V1Session
from duologue.wire import v1
from duologue.wire.close import CloseCode
from duologue.wire.messages import CreateRoom, JoinRoom, LeaveRoom

GOODBYE = [v1.Reconnect(0), CloseCode.RESTARTING]


def sent_away(stage: Stage) -> list[str]:
    """Name those who have heard goodbye since the last look, in order."""
    told: dict[str, list[Any]] = {}
    for name, message in stage.heard():
        told.setdefault(name, []).append(message)
    return [name for name, messages in told.items() if messages[-2:] == GOODBYE]


def couple(stage: Stage, *names: str) -> list[Person]:
    return stage.seat_v1(*names)


def test_the_two_of_a_pair_go_together_and_the_pairs_one_after_the_other() -> None:
    stage = Stage()
    for number in range(4):
        couple(stage, f"a{number}", f"b{number}")
    stage.lobby.begin_drain(now=100.0, until=110.0)
    turns = []
    for tenth in range(101):
        stage.lobby.wake_drain(100.0 + tenth / 10)
        if gone := sent_away(stage):
            turns.append((tenth / 10, {name[0] for name in gone}, {name[1] for name in gone}))
    assert [(at, who) for at, who, _ in turns] == [(at, {"a", "b"}) for at in (0, 2.5, 5, 7.5)]
    assert all(len(pair) == 1 for _, _, pair in turns)


def test_until_its_turn_a_pair_chats_on_and_then_nothing_more_is_taken_from_it() -> None:
    stage = Stage()
    couple(stage, "Ann", "Ben")
    cho, dan = couple(stage, "Cho", "Dan")
    stage.lobby.begin_drain(now=0.0, until=10.0)
    stage.lobby.wake_drain(0.0)
    first = sent_away(stage)
    assert len(first) == 2
    late = (cho, dan) if "Ann" in first else couple_of(stage, "Ann", "Ben")
    speaker, hearer = late
    speaker.says(v1.Chat(1, 1, "still here"))
    heard = [message for name, message in stage.heard() if name == hearer.name]
    assert [message.content for message in heard] == ["still here"]
    stage.lobby.wake_drain(5.0)
    assert set(sent_away(stage)) == {speaker.name, hearer.name}
    speaker.says(v1.Chat(1, 2, "gone"))
    assert stage.heard() == []


def couple_of(stage: Stage, *names: str) -> tuple[Person, Person]:
    people = [session.line for session in stage.lobby.sessions]
    found = {str(person): person for person in people if isinstance(person, Person)}
    first, second = (found[name] for name in names)
    return first, second


def test_what_is_due_is_said_before_goodbye() -> None:
    stage = Stage()
    ann, _ben = couple(stage, "Ann", "Ben")
    assert isinstance(ann.session, V1Session)
    ann.session.receive(v1.Chat(1, 1, "last words"))
    stage.heard()
    stage.lobby.begin_drain(now=0.0, until=1.0)
    stage.lobby.wake_drain(0.0)
    assert [message for name, message in stage.heard() if name == "Ann"] == [
        v1.Sent(1, 1),
        *GOODBYE,
    ]


def test_who_waits_alone_goes_before_the_pairs() -> None:
    stage = Stage()
    couple(stage, "Ann", "Ben")
    couple(stage, "Cho")
    stage.enter_v1("Dan")
    stage.lobby.begin_drain(now=0.0, until=9.0)
    order = []
    for now in range(9):
        stage.lobby.wake_drain(float(now))
        order += sent_away(stage)
    assert set(order[:2]) == {"Cho", "Dan"}
    assert set(order[2:]) == {"Ann", "Ben"}


def test_whose_partner_is_away_goes_first_of_all() -> None:
    stage = Stage()
    couple(stage, "Cho")
    _dan, eve = couple(stage, "Dan", "Eve")
    couple(stage, "Fay")
    couple(stage, "Ann", "Ben")
    eve.goes()
    stage.heard()
    stage.lobby.begin_drain(now=0.0, until=9.0)
    order = []
    for now in range(9):
        stage.lobby.wake_drain(float(now))
        order += sent_away(stage)
    assert order[0] == "Dan"
    assert set(order[1:3]) == {"Cho", "Fay"}
    assert set(order[3:]) == {"Ann", "Ben"}


def test_who_is_left_behind_by_a_dropped_connection_follows_at_once() -> None:
    stage = Stage()
    couples = [couple(stage, f"a{number}", f"b{number}") for number in range(3)]
    stage.lobby.begin_drain(now=0.0, until=9.0)
    stage.lobby.wake_drain(0.0)
    gone = sent_away(stage)
    ann, ben = next(pair for pair in couples if pair[0].name not in gone)
    ann.goes()
    assert stage.heard() == [(ben.name, v1.PartnerAway()), *((ben.name, x) for x in GOODBYE)]
    for now in range(9):
        stage.lobby.wake_drain(float(now))
    assert ben.name not in sent_away(stage)


def test_a_reference_client_and_who_sits_opposite_stay_to_the_end() -> None:
    stage = Stage()
    stage.seat("Rob", "Roy")
    stage.enter_v1("Ann").says(CreateRoom())
    stage.enter("Rex").says(JoinRoom("000001"))
    stage.heard()
    stage.lobby.begin_drain(now=0.0, until=1.0)
    stage.lobby.wake_drain(1.0)
    assert stage.heard() == []
    stage.lobby.dismiss()
    heard = stage.heard()
    assert {name for name, message in heard if message is CloseCode.GOING_AWAY} == {
        "Rob",
        "Roy",
        "Rex",
    }
    assert [message for name, message in heard if name == "Ann"] == GOODBYE


def test_who_comes_while_others_leave_is_sent_on_at_once() -> None:
    stage = Stage()
    stage.lobby.begin_drain(now=0.0, until=10.0)
    late = stage.connect_v1("Ann")
    heard = [message for _, message in stage.heard()]
    assert [type(message) for message in heard[:1]] == [v1.Connected]
    assert heard[1:] == GOODBYE
    late.goes()
    stage.connect("Rob")
    assert len(stage.heard()) == 1


def test_who_has_left_the_room_meanwhile_goes_all_the_same() -> None:
    stage = Stage()
    ann, _ben = couple(stage, "Ann", "Ben")
    stage.lobby.begin_drain(now=0.0, until=10.0)
    ann.says(LeaveRoom())
    stage.heard()
    stage.lobby.wake_drain(0.0)
    assert set(sent_away(stage)) == {"Ann", "Ben"}


def test_a_lobby_that_nobody_drains_sends_nobody_away() -> None:
    stage = Stage()
    couple(stage, "Ann", "Ben")
    stage.lobby.wake_drain(1000.0)
    assert stage.heard() == []


def test_at_once_the_two_of_a_pair_are_told_the_same_time() -> None:
    stage = Stage()
    for number in range(50):
        couple(stage, f"a{number}", f"b{number}")
    stage.lobby.dismiss()
    waits: dict[str, set[int]] = {}
    for name, message in stage.heard():
        if isinstance(message, v1.Reconnect):
            waits.setdefault(name[1:], set()).add(message.after_ms)
    assert all(len(each) == 1 for each in waits.values())
    assert len(set.union(*waits.values())) == 50
