"""How things stand is one line: the gravest first, trouble only when it lasts."""

import pytest

from duologue.client import (
    Ended,
    Event,
    Knock,
    Offline,
    Online,
    PartnerAway,
    PartnerBack,
    PartnerBehind,
    PartnerCaughtUp,
    PartnerJoined,
    PartnerLeft,
    PartnerStoppedTyping,
    PartnerTyping,
)
from duologue.tui.standing import LASTING_S, Standing


def line(*events: Event, later_s: float = 0.0) -> str:
    standing = Standing()
    for event in events:
        standing.hear(event, 100.0)
    return standing.line("Bob", 100.0 + later_s)


@pytest.mark.parametrize(
    ("events", "beginning"),
    [
        ([], ""),
        ([PartnerTyping()], "Bob is typing …"),
        ([PartnerTyping(), PartnerStoppedTyping()], ""),
        ([PartnerTyping(), PartnerAway()], "Bob is away."),
        ([PartnerAway(), PartnerBack()], ""),
        ([PartnerAway(), Knock("Eve")], "Eve is at the door while Bob is away."),
        ([PartnerAway(), Knock("\x1b"), PartnerBack()], ""),
        ([Knock("Eve"), PartnerLeft(), PartnerJoined("Eve", 2), PartnerAway()], "Bob is away."),
        ([PartnerBehind()], "Bob has much to catch up on."),
        ([PartnerBehind(), PartnerCaughtUp()], ""),
        (
            [PartnerAway(), Ended("replaced")],
            "The conversation has ended: it goes on somewhere",
        ),
        ([Ended("closed")], "The conversation has ended: the server has closed it."),
    ],
)
def test_what_is_most_worth_saying(events: list[Event], beginning: str) -> None:
    said = line(*events)
    assert said.startswith(beginning)
    assert bool(said) == bool(beginning)


def test_trouble_is_told_when_it_lasts() -> None:
    assert line(Offline()) == ""
    assert line(Offline(), later_s=LASTING_S).startswith("No connection.")
    assert line(Offline(), Online(), later_s=LASTING_S) == ""
    assert line(PartnerTyping(), Offline(), Online()) == ""


def test_somebody_typing_is_not_grave_but_all_else_is() -> None:
    standing = Standing()
    standing.hear(PartnerTyping(), 0.0)
    assert not standing.is_grave
    standing.hear(PartnerAway(), 0.0)
    assert standing.is_grave
