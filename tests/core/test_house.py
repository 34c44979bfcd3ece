from tests.support.stage import Stage

from duologue.core.house import House


def test_a_new_house_has_nothing_to_do() -> None:
    house = Stage().lobby.house
    assert (house.now, house.unsettled, list(house.absences)) == (0.0, [], [])


def test_no_two_houses_share_what_is_to_be_done() -> None:
    one = Stage().lobby.house
    other = House(limits=one.limits, tickets=one.tickets, clock_ms=one.clock_ms)
    assert one.unsettled is not other.unsettled
    assert one.absences is not other.absences


def test_waking_the_lobby_moves_the_houses_clock() -> None:
    stage = Stage()
    stage.lobby.wake(7.5)
    assert stage.lobby.house.now == 7.5
