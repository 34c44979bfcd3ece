from dataclasses import replace
from typing import Any

import pytest
from tests.bench.figures import DROPS, LOAD, REPORT, replaced, with_drops

from duologue.bench.remarks import remarks

WITHOUT_PID = replace(LOAD, pid=None)
AT_A_RATE = replace(LOAD, rate=200_000.0)


def test_a_good_run_needs_no_remark() -> None:
    assert remarks(LOAD, REPORT) == []
    assert remarks(LOAD, with_drops()) == []


def test_the_generator_was_the_limit() -> None:
    assert remarks(LOAD, replaced(generator_share=0.99, server_share=0.6)) == [
        (
            "The generator used up its core while the server had time left: the true figure is "
            "higher."
        )
    ]


def test_both_used_up_their_cores() -> None:
    assert remarks(LOAD, replaced(generator_share=0.99, server_share=0.99)) == []


def test_without_the_servers_process_it_may_have_been_the_limit() -> None:
    report = replaced(generator_share=0.99, server_share=None, others_share=None)
    assert remarks(WITHOUT_PID, report) == [
        (
            "The generator used up its core and may be the limit: the true figure may be "
            "higher. With --pid it knows more."
        )
    ]


@pytest.mark.parametrize(
    ("figures", "beginning"),
    [
        (
            {"said_per_s": 200_000.0},
            "The server did not keep up with the rate: of 200,000 messages/s it passed on",
        ),
        (
            {"said_per_s": 123_456.7},
            "The generator said only 123,457 of 200,000 messages/s: it could not do more.",
        ),
    ],
)
def test_a_rate_was_too_much(figures: dict[str, Any], beginning: str) -> None:
    (remark,) = remarks(AT_A_RATE, replaced(**figures))
    assert remark.startswith(beginning)


@pytest.mark.parametrize(
    ("figures", "reason"),
    [
        ({"others_share": 0.4}, "other programs used 40% of a core"),
        ({"stolen_share": 0.2}, "the host took 20% of a core"),
    ],
)
def test_the_machine_was_disturbed(figures: dict[str, Any], reason: str) -> None:
    (remark,) = remarks(LOAD, replaced(**figures))
    assert remark.startswith("The machine was disturbed: ")
    assert reason in remark


def test_not_all_connections_were_possible() -> None:
    (remark,) = remarks(replace(LOAD, idle=20), replaced(idle=10))
    assert remark == "There were only 10 idle connections: the limit of open files (ulimit -n)."


def test_it_was_stopped() -> None:
    assert remarks(LOAD, replaced(is_stopped=True)) == ["Stopped after 100.0 s of measuring."]


def test_messages_went_wrong() -> None:
    report = with_drops(lost=1, doubled=2, troubles=["TicketRefused()"])
    assert report.drops != DROPS
    assert remarks(LOAD, report) == [
        (
            "NOT EVERY MESSAGE CAME ONCE AND IN ORDER: 1 lost, 2 doubled, 0 out of order, "
            "0 strange."
        ),
        "A client was told: TicketRefused()",
    ]
