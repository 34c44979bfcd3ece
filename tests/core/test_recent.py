from hypothesis import given
from hypothesis import strategies as st

from duologue.core.recent import Recent


def test_what_was_noted_last_is_remembered_and_nothing_older() -> None:
    recent = Recent(2, 3)
    for number, key in enumerate((b"one", b"two", b"six")):
        recent.note(key, number)
    assert [recent.get(key) for key in (b"one", b"two", b"six", b"ten")] == [None, 1, 2, None]


def test_what_was_noted_last_for_a_key_counts() -> None:
    recent = Recent(2, 3)
    for number, key in enumerate((b"one", b"two", b"two", b"six")):
        recent.note(key, number)
    assert [recent.get(key) for key in (b"one", b"two", b"six")] == [None, 2, 3]


def test_bytes_that_look_like_a_key_are_none() -> None:
    recent = Recent(2, 2)
    recent.note(b"ab", int.from_bytes(b"-----key", "big"))
    recent.note(b"cd", 7)
    assert [recent.get(key) for key in (b"ke", b"ey", b"yc", b"cd")] == [None, None, None, 7]
    recent.note(b"ey", 8)
    assert recent.get(b"ey") == 8


@given(st.lists(st.tuples(st.sampled_from([b"ab", b"bc", b"ca", b"aa"]), st.integers(0, 9))))
def test_it_is_a_short_memory(notes: list[tuple[bytes, int]]) -> None:
    recent = Recent(3, 2)
    for at, (key, number) in enumerate(notes, 1):
        recent.note(key, number)
        known = {key: recent.get(key) for key in (b"ab", b"bc", b"ca", b"aa")}
        expected = dict(notes[max(0, at - 3) : at])
        assert {key: n for key, n in known.items() if n is not None} == expected
