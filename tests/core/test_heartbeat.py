from hypothesis import given
from hypothesis import strategies as st

from duologue.core.heartbeat import SLOTS, Wheel


def test_a_new_member_comes_last_and_then_once_a_round() -> None:
    wheel: Wheel[str] = Wheel()
    wheel.turn()
    wheel.add("Alice")
    turns = [wheel.turn() for _ in range(2 * SLOTS)]
    assert [at for at, members in enumerate(turns, 1) if members] == [SLOTS, 2 * SLOTS]


def test_who_is_taken_out_is_not_visited() -> None:
    wheel: Wheel[str] = Wheel()
    slot = wheel.add("Alice")
    assert (list(wheel), len(wheel)) == (["Alice"], 1)
    wheel.discard("Alice", slot)
    wheel.discard("Alice", slot)
    assert (list(wheel), len(wheel)) == ([], 0)


@given(st.lists(st.integers(min_value=0, max_value=3 * SLOTS)))
def test_everyone_is_visited_once_a_round(arrivals: list[int]) -> None:
    wheel: Wheel[int] = Wheel()
    for at in range(3 * SLOTS + 1):
        for member in [number for number, arrival in enumerate(arrivals) if arrival == at]:
            wheel.add(member)
        wheel.turn()
    visited = [member for _ in range(SLOTS) for member in wheel.turn()]
    assert sorted(visited) == list(range(len(arrivals)))
