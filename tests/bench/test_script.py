import pytest

from duologue.bench.script import Script, Scripts
from duologue.errors import LoadError

SCRIPT = Script([b"h0", b"h1", b"h2", b"h3"], [b"s0", b"s1", b"s2", b"s3"], window=2)


def test_it_opens_with_the_whole_window() -> None:
    assert SCRIPT.opening() == b"s0s1"


def test_what_was_heard_makes_room_for_as_many_a_window_further_on() -> None:
    step = SCRIPT.step(SCRIPT.places[1], 2)
    assert (step.chats, step.answer) == (2, b"s3s0")
    assert step.then is SCRIPT.places[3]


def test_slots_run_round() -> None:
    assert SCRIPT.step(SCRIPT.places[3], 1).then is SCRIPT.places[0]


def test_a_place_remembers_so_much_and_no_more() -> None:
    place = SCRIPT.places[0]
    for number in range(1000):
        SCRIPT.learn(place, b"%d" % number, SCRIPT.step(place, 1))
    assert len(place) == 64
    assert place[b"0"] == SCRIPT.step(place, 1)


def test_contents_have_room_for_their_slots() -> None:
    with pytest.raises(LoadError, match="at least 4 bytes"):
        Scripts(window=1, payload_bytes=3)
