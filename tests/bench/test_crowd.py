import resource

import pytest
from tests.support.program import Program

from duologue.bench import crowd
from duologue.bench.crowd import Crowd, affordable_idle
from duologue.bench.dialects import DIALECTS
from duologue.bench.target import Target
from duologue.errors import LoadError


def test_everybody_gets_a_seat_batch_by_batch(
    program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "_BATCH", 2)
    counts: list[int] = []
    people = Crowd(
        Target.find(f"127.0.0.1:{program.port}"), DIALECTS["reference"], counts.append
    )
    try:
        pairs = people.seat(3)
        people.connect(1)
        pairs[2].first.say("chat", content="hi")
        assert pairs[2].second.hear("chat")["content"] == "hi"
    finally:
        people.close()
    assert counts == [2, 4, 6, 7]
    assert people.links == []


def test_no_more_idle_connections_than_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (10, 1000))
    monkeypatch.setattr(resource, "setrlimit", lambda _what, _limits: None)
    assert affordable_idle(10_000, pairs=100) == 700
    assert affordable_idle(10, pairs=100) == 10
    with pytest.raises(LoadError, match="500 pairs need more than the 1000 open files"):
        affordable_idle(0, pairs=500)
    monkeypatch.setattr(resource, "getrlimit", lambda _what: (10, resource.RLIM_INFINITY))
    assert affordable_idle(10_000, pairs=100) == 10_000
