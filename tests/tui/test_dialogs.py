"""What asks before something is lost."""

from tests.tui.stage import Stage

from duologue.tui.dialogs import QuitDialog


async def ask(stage: Stage, texts: list[str]) -> list[bool | None]:
    answers: list[bool | None] = []
    stage.app.push_screen(QuitDialog(texts, "Bob"), answers.append)
    await stage.until_seen("Keep waiting")
    return answers


async def test_it_shows_the_beginnings_of_what_would_be_lost(stage: Stage) -> None:
    await ask(stage, ["one\nline", "x" * 100, "three", "four"])
    await stage.until_seen("4 messages are not delivered yet", "one line", "x…", "three", "…")
    assert "four" not in stage.screen


async def test_waiting_is_the_first_choice(stage: Stage) -> None:
    answers = await ask(stage, ["one"])
    await stage.pilot.press("enter")
    await stage.until(lambda: answers == [False])


async def test_arrows_lead_to_the_other(stage: Stage) -> None:
    answers = await ask(stage, ["one"])
    await stage.pilot.press("right", "enter")
    await stage.until(lambda: answers == [True])


async def test_the_key_that_ends_the_program_insists(stage: Stage) -> None:
    answers = await ask(stage, ["one"])
    await stage.pilot.press("ctrl+c")
    await stage.until(lambda: answers == [True])
