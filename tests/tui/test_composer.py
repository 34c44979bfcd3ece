"""Where one writes: it grows, and takes back what could not be sent."""

from tests.tui.stage import Stage
from textual import events


async def test_it_grows_with_its_text_to_a_bound(stage: Stage) -> None:
    composer = stage.app.composer
    assert composer.size.height == 1
    for _ in range(3):
        await stage.type("x")
        await stage.pilot.press("ctrl+j")
    await stage.until(lambda: composer.size.height == 4)
    composer.text = "\n" * 50
    await stage.until(lambda: 4 < composer.size.height < 9)


async def test_what_could_not_be_sent_goes_before_what_was_typed_since(stage: Stage) -> None:
    composer = stage.app.composer
    await stage.type("since")
    composer.give_back("before")
    assert composer.text == "before\nsince"
    assert composer.cursor_location == (1, 5)


async def test_nothing_is_not_sent(stage: Stage) -> None:
    await stage.type(" \n\nreal\n")
    await stage.until(lambda: stage.heard == [" real"])


async def test_a_pasted_text_is_one_message(stage: Stage) -> None:
    stage.app.post_message(events.Paste("a\nb\n\tc"))
    await stage.until(lambda: "c" in stage.app.composer.text)
    await stage.pilot.press("enter")
    await stage.until(lambda: stage.heard == ["a\nb\n\tc"])
