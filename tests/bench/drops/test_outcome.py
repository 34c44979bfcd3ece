import json
from collections import Counter
from types import SimpleNamespace
from typing import Any

from duologue.bench.drops.outcome import Outcome, Spread, outcome
from duologue.bench.drops.record import Record
from duologue.bench.drops.replay import Replay
from duologue.bench.meter import Reading


def person(heard: int) -> Any:
    said = Record(1, 16)
    texts = [said.say(float(number)) for number in range(3)]
    for text in texts[:heard]:
        said.hear(text, 4.0)
    replays = SimpleNamespace(done=[Replay(0.5, 0.25, 7)], cut_short=1, resumes=[0.1])
    return SimpleNamespace(said=said, replays=replays, late=[0.01, 0.02])


def made(*heard: int, troubles: tuple[str, ...] = (), server: float | None = 1.0) -> Outcome:
    stage: Any = SimpleNamespace(troubles=list(troubles), counts=Counter(resets=4))
    around = (
        Reading(0.0, 0.0, server and 0.0, 0.0, 0.0),
        Reading(10.0, 2.0, server, 0.5, 4.0),
    )
    return outcome([person(each) for each in heard], stage, around, 1.23456)


def test_all_figures_are_put_together() -> None:
    whole = made(3, 3)
    assert whole.is_clean
    assert whole.delivered_percent == 100.0
    assert whole.ages == Spread(6, 3.0, 4.0, 4.0)
    assert whole.replays == Spread(2, 0.5, 0.5, 0.5)
    assert whole.replays_resumed == Spread(2, 0.25, 0.25, 0.25)
    assert (whole.replayed_chats, whole.replays_cut_short) == (14, 2)
    assert (whole.server_share, whole.generator_share, whole.others_share) == (0.1, 0.2, 0.1)
    assert whole.server_us_per_message == 166_666.7
    assert whole.drain_s == 1.235
    assert whole.is_disturbed


def test_without_the_servers_process_its_figures_are_not_known() -> None:
    whole = made(3, server=None)
    assert (whole.server_share, whole.server_us_per_message, whole.others_share) == (None,) * 3
    assert not whole.is_disturbed


def test_a_lost_chat_or_a_trouble_is_not_clean() -> None:
    assert not made(3, 2).is_clean
    assert not made(3, troubles=("ticket refused",)).is_clean
    assert not made(0).is_clean


def test_there_may_be_nothing_to_spread() -> None:
    assert Spread.of([]) is None
    assert made(0).ages is None


def test_it_comes_back_from_json() -> None:
    whole = made(3, 2, troubles=("odd",))
    assert Outcome.from_dict(json.loads(json.dumps(whole.as_dict()))) == whole
