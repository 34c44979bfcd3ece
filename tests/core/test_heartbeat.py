from hypothesis import given
from hypothesis import strategies as st

from duologue.core.heartbeat import SLOTS, Wheel


def first_turn(wheel: Wheel[str], member: str) -> int:
    return next(turn for turn in range(1, SLOTS + 1) if member in wheel.turn())


def test_a_new_member_comes_in_half_a_round_or_more_and_then_once_a_round() -> None:
    for _ in range(SLOTS):
        wheel: Wheel[str] = Wheel()
        wheel.add("Alice")
        assert SLOTS // 2 < first_turn(wheel, "Alice") <= SLOTS
        assert first_turn(wheel, "Alice") == SLOTS


def test_a_crowd_is_spread() -> None:
    wheel: Wheel[int] = Wheel()
    for number in range(10 * SLOTS):
        wheel.add(number)
    assert max(len(wheel.turn()) for _ in range(SLOTS)) == 20


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
