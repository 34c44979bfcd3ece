"""The fuzzer's targets: seeds that do no harm, faults that are noticed, a moment of Atheris."""

import importlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from fuzzing.campaign import TARGETS, Result, again, fuzz
from fuzzing.engine import is_to_be_had
from fuzzing.targets import (
    codec,
    codes,
    conversations,
    fragments,
    frames,
    handshake,
    sources,
    tickets,
)

from duologue.core.lobby import Lobby
from duologue.core.room import Room
from duologue.core.ticket import Tickets
from duologue.server import connection, site, websocket
from duologue.wire import codes as wire_codes
from duologue.wire.fragments import Fragments

pytestmark = pytest.mark.timeout(1800)  # To install Atheris takes what it takes.
RUNS = {"conversations": 100, "frames": 300, "handshake": 150}
OTHERS_RUNS = 10_000
PLANTED = "tests.fuzzing.planted"


def returns(value: object) -> Callable[..., object]:
    """Stand in for a function with a fault: it returns this, whatever it is asked."""
    return lambda *_, **__: value


def raises(text: str) -> Callable[..., object]:
    """Stand in for a function with a fault: it fails."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError(text)

    return fail


def try_all(target: Any) -> None:
    """Try a target's seeds."""
    for seed in target.seeds():
        target.try_one(seed)


@pytest.fixture
def fuzzes(tmp_path: Path) -> Callable[..., Result]:
    """Let Atheris look for findings, always in the same order."""

    def run(target: str, runs: int) -> Result:
        if not is_to_be_had():
            pytest.skip("there is no Atheris for this Python: only the seeds are tried")
        options = (f"-runs={runs}", "-seed=1")
        return fuzz(target, *options, corpus=tmp_path / "corpus", findings=tmp_path / "found")

    return run


def test_there_is_a_target_for_everything_that_strangers_send() -> None:
    assert {"codec", "codes", "conversations", "fragments"} <= set(TARGETS)
    assert {"frames", "handshake", "sources", "tickets"} <= set(TARGETS)


@pytest.mark.parametrize("target", TARGETS)
def test_no_seed_does_harm(target: str) -> None:
    module = importlib.import_module(f"fuzzing.targets.{target}")
    assert max(map(len, module.seeds())) <= module.MOST_BYTES
    module.try_one(b"")
    try_all(module)


@pytest.mark.parametrize("target", TARGETS)
def test_atheris_finds_nothing_in_a_moment(target: str, fuzzes: Callable[..., Result]) -> None:
    runs = RUNS.get(target, OTHERS_RUNS)
    result = fuzzes(target, runs)
    assert result.finding is None, result.log
    assert result.executions >= runs
    assert result.coverage >= result.first_coverage > 10


def test_atheris_finds_a_fault_step_by_step(fuzzes: Callable[..., Result]) -> None:
    result = fuzzes(PLANTED, 1_000_000)
    assert "the planted fault" in result.log
    assert result.finding is not None
    assert result.finding.read_bytes().startswith(b"DUET")
    with pytest.raises(AssertionError, match="the planted fault"):
        again(PLANTED, [str(result.finding)])


class Fault(NamedTuple):
    """What is wrong with the server, and how the target tells of it."""

    target: Any
    owner: Any
    name: str
    stand_in: object
    told: str


OTHER_KEY = websocket._BARE_REQUEST.replace(b"%b", b"AAAAAAAAAAAAAAAAAAAAAA==%.0b")

FAULTS = [
    Fault(conversations, Room, "join", raises("a bug"), "an input failed"),
    Fault(conversations, Lobby, "forget", returns(None), "a session outlives its connection"),
    Fault(conversations, Lobby, "_drop", returns(None), "a room outlives everyone"),
    Fault(frames, connection, "pong_frame", returns(b"\x8a\x7e\x00\x01x"), "not the shortest"),
    Fault(frames, connection, "close_frame", returns(b"\x88\x00\x8a\x00"), "after the CLOSE"),
    Fault(handshake, site, "NOT_FOUND", site.Response(500, ()), "our fault"),
    Fault(handshake, websocket, "_BARE_REQUEST", OTHER_KEY, "not the answer to this key"),
    Fault(tickets, Tickets, "_unseal", returns(None), "a ticket is good"),
    Fault(codec, codec, "explain", returns(""), "an explanation of no use"),
    Fault(sources, sources, "parse_source", str, "in IPv6.s dress"),
    Fault(fragments, Fragments, "whole", returns(""), "it is not what it was"),
    Fault(codes, wire_codes, "ALPHABET", "0123456789ABCDEFGHIJKMNPQRSTVWXZ", "not understood"),
]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_noticed(fault: Fault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fault.owner, fault.name, fault.stand_in)
    with pytest.raises(AssertionError, match=fault.told):
        try_all(fault.target)
