"""Entries as rows: headings, breaks, links and what belongs together."""

import pytest
from textual.content import Content
from textual.style import Style

from duologue.client import Failure, Message
from duologue.client.outgoing import Counts, Outgoing
from duologue.tui.layout import Row, mark_of, rows_of
from duologue.tui.story import Entry, Note, Said

NAMES = {True: Style(bold=True), False: Style(italic=True)}


def mine(text: str, *, at: int = 0, counts: Counts | None = None) -> Said:
    outgoing = Outgoing(1, 1, text, counts or Counts())
    return Said(at, "You", text, Message(outgoing, None))  # type: ignore[arg-type]


def rows(entry: Entry, before: Entry | None = None, width: int = 40) -> list[Row]:
    return rows_of(entry, before, width, NAMES)


def texts(rows: list[Row]) -> list[str]:
    return [row.content.plain for row in rows]


def test_the_first_entry_stands_at_the_top() -> None:
    heading, text = texts(rows(Said(0, "Bob", "hi")))
    assert heading.startswith("Bob  ")
    assert text == "hi"


def test_a_change_of_speakers_is_headed_and_set_apart() -> None:
    blank, heading, text = texts(rows(mine("hi"), Said(0, "Bob", "hi")))
    assert (blank, heading[:5], text) == ("", "You  ", "hi")


def test_what_one_says_in_a_row_stands_together_until_a_pause() -> None:
    before = Said(0, "Bob", "hi")
    assert texts(rows(Said(60_000, "Bob", "there"), before)) == ["there"]
    assert len(rows(Said(600_000, "Bob", "there"), before)) == 3


def test_a_partner_who_calls_itself_you_is_not_taken_for_oneself() -> None:
    assert len(rows(mine("hi"), Said(0, "You", "hi"))) == 3


def test_notes_stand_together() -> None:
    assert len(rows(Note(0, "a"))) == len(rows(Note(0, "b"), Note(0, "a"))) == 1
    assert len(rows(Note(0, "b"), Said(0, "Bob", "hi"))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "one two three four five six seven",
        "x" * 70,
        "한국어로 쓴 긴 문장도 칸에 맞게 나뉜다",
        "a\n\nb  c\n d",
    ],
)
def test_rows_fit_and_can_be_put_together_again(text: str) -> None:
    found = rows(Said(0, "Bob", text), width=30)[1:]
    assert all(row.content.cell_length <= 19 for row in found)
    again = "".join(
        row.content.plain + ("\n" if row.glue is None else row.glue) for row in found
    )
    assert again == text + "\n"


def test_only_the_last_row_of_ones_own_bears_a_mark() -> None:
    marks = [row.bears_mark for row in rows(mine("x" * 70), width=30)]
    assert marks == [False] * (len(marks) - 1) + [True]
    assert not any(row.bears_mark for row in rows(Said(0, "Bob", "hi")))


def test_links_lead_where_they_say() -> None:
    (_, row) = rows(Said(0, "Bob", "see https://a.example"))
    style = row.content.get_style_at_offset(6)
    assert (style.link, style.underline) == ("https://a.example", True)
    assert isinstance(row.content, Content)


def test_marks_tell_how_far_it_has_come() -> None:
    counts = Counts()
    said = mine("hi", counts=counts)
    marks = [mark_of(said)]
    for step in ("sent", "delivered", "read"):
        setattr(counts, step, 1)
        marks.append(mark_of(said))
    assert marks == ["⋯", "✓", "✓✓", "✓✓ read"]
    assert [mark_of(Note(0, "a")), mark_of(Said(0, "Bob", "hi"))] == ["", ""]


def test_a_failure_is_marked() -> None:
    outgoing = Outgoing(1, 1, "hi", Counts())
    outgoing.fail(Failure.YOU_LEFT)
    assert mark_of(Said(0, "You", "hi", Message(outgoing, None))) == "✗ failed"  # type: ignore[arg-type]
