"""The words fit where they are shown."""

import string

from duologue.client import Progress
from duologue.tui import words
from duologue.tui.layout import MARK_CELLS


def test_every_step_has_a_mark_that_fits() -> None:
    marks = [*words.PROGRESS.values(), words.FAILED]
    assert set(words.PROGRESS) == set(Progress)
    assert len(set(marks)) == len(marks)
    assert all(len(mark) < MARK_CELLS for mark in marks)


def test_one_and_many() -> None:
    forms = {1: "one thing", 2: "{count} things"}
    assert [words.counted(forms, count) for count in (1, 2, 7)] == [
        "one thing",
        "2 things",
        "7 things",
    ]


def test_no_text_asks_for_what_nobody_gives() -> None:
    known = {
        "name",
        "code",
        "old",
        "new",
        "guest",
        "reason",
        "size",
        "limit",
        "message",
        "usage",
    }
    texts = [text for text in vars(words).values() if isinstance(text, str)]
    asked = {
        field for text in texts for _, field, _, _ in string.Formatter().parse(text) if field
    }
    assert asked <= known
