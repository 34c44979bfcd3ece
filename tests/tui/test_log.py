"""The log draws what is in view, and gives out what is marked as it was said."""

from tests.tui.stage import Stage
from textual.geometry import Offset
from textual.selection import Selection

TEXT = (
    "a sentence that is longer than one row of this narrow screen, and goes on https://"
    + "x" * 90
)


async def test_what_is_marked_comes_out_as_it_was_said_whatever_the_width(stage: Stage) -> None:
    await stage.bob.send(f"{TEXT}\n\nsecond")
    await stage.until_seen("second")
    log = stage.app.log_view
    rows = [row.content.plain for row in log._rows]
    first, last = rows.index(next(r for r in rows if r.startswith("a sent"))), len(rows) - 1
    marked = log.get_selection(Selection(Offset(0, first), Offset(2 + 3, last)))
    assert marked == (f"{TEXT}\n\nsec", "\n")


async def test_all_can_be_marked(stage: Stage) -> None:
    await stage.bob.send("one")
    await stage.until_seen("one")
    text, _ = stage.app.log_view.get_selection(Selection(None, None)) or ("", "")
    assert text.startswith("— Bob came in")
    assert text.endswith("\none")


async def test_thousands_are_held_and_only_those_in_view_are_drawn(stage: Stage) -> None:
    for number in range(3000):
        await stage.bob.send(f"message {number}")
    await stage.until_seen("message 2999")
    log = stage.app.log_view
    assert len(log._rows) > 3000
    await stage.pilot.press("ctrl+home")
    await stage.until_seen("message 0")
    await stage.pilot.press("ctrl+end")
    await stage.until_seen("message 2999")


async def test_the_newest_is_in_view_before_there_is_a_scroll_bar(stage: Stage) -> None:
    await stage.bob.send("one")
    await stage.until_seen("one")
    log = stage.app.log_view
    assert not log.show_vertical_scrollbar
    for number in range(60):
        log._story.note(f"note {number}", 0)
    log.catch_up()
    assert not log.show_vertical_scrollbar
    assert log.scroll_y == log.max_scroll_y > 0
    await stage.until_seen("note 59")
