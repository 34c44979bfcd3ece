"""Whole runs with drops, against a real server and against what lies."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.bench.test_run import SWITCHED, Acting, is_sound
from tests.support.answering import answering
from tests.support.certificate import self_signed
from tests.support.liar import Lie, Reordering, between, changing, doubling, losing
from tests.support.program import Program

from duologue.bench.drops import run
from duologue.bench.drops.measure import measure
from duologue.bench.load import Load
from duologue.errors import LoadError

MakeLoad = Callable[..., Load]


@pytest.fixture
def dropping(short: MakeLoad) -> MakeLoad:
    def make(*url: str, **options: object) -> Load:
        whole = {"drop_every_s": 0.3, "away_s": 0.1, "seconds": 1.0, **options}
        return short(*url, **whole)

    return make


@pytest.mark.parametrize("load", [{}, {"in_flight": 8}, {"rate": 200}])
def test_nothing_is_lost_though_every_connection_is(
    dropping: MakeLoad, program: Program, load: dict[str, float]
) -> None:
    report = measure(dropping(pid=program.process.pid, **load))
    assert report.drops is not None
    assert report.drops.is_clean
    assert report.drops.drops > 0
    assert report.drops.resumes > 0
    assert report.server_mb
    assert is_sound(report)
    assert report.jitter is not None
    assert report.jitter.of == ("message" if "rate" in load else "tick")


def test_wss(dropping: MakeLoad, program: Program, tmp_path: Path) -> None:
    with between(program.port, context=self_signed(tmp_path)) as port:
        report = measure(dropping(f"wss://127.0.0.1:{port}", insecure=True))
    assert report.drops is not None
    assert report.drops.is_clean
    assert report.drops.drops > 0


@pytest.mark.parametrize(
    "lie", [lambda: losing, lambda: doubling, lambda: changing, Reordering]
)
def test_a_server_that_lies_is_found_out(
    dropping: MakeLoad,
    program: Program,
    lie: Callable[[], Lie],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(run, "_NOTHING_CAME_S", 1.0)
    with between(program.port, lie) as port:
        report = measure(dropping(f"127.0.0.1:{port}", in_flight=8, drop_every_s=30.0))
    assert report.drops is not None
    if lie() is doubling:  # A client of v1 drops what it has already, as it should.
        assert report.drops.is_clean
    else:
        assert not report.drops.is_clean


def test_who_ends_it_gets_what_was_measured_so_far_and_nothing_is_lost(
    dropping: MakeLoad,
) -> None:
    progress = Acting(lambda: signal.raise_signal(signal.SIGINT))
    report = measure(dropping(seconds=5), progress)
    assert report.is_stopped
    assert report.seconds < 5
    assert report.drops is not None
    assert report.drops.is_clean


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"HTTP/1.1 503 Service Unavailable\r\n\r\n", "refused the WebSocket: .* 503"),
        (SWITCHED + b"\r\n", "speaks no subprotocol, not duologue.v1"),
    ],
)
def test_what_will_not_have_us_is_named_at_once(
    dropping: MakeLoad, answer: bytes, reason: str
) -> None:
    with answering(answer) as port, pytest.raises(LoadError, match=reason):
        measure(dropping(f"127.0.0.1:{port}"))
