"""Pictures of each screen, for people to look at: they go to build/screenshots/."""

import re
from pathlib import Path

import pytest
from tests.tui.conftest import SetStage
from tests.tui.stage import Stage

from duologue.tui.dialogs import HelpDialog, QuitDialog

FOLDER = Path(__file__).parents[2] / "build" / "screenshots"


@pytest.fixture
def anyio_backend() -> tuple[str, dict[str, bool]]:
    """One loop is enough for a picture."""
    return "asyncio", {"use_uvloop": False}


def take(stage: Stage, name: str) -> str:
    """Write the screen to a file, as an SVG; return that."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    picture = stage.app.export_screenshot()
    # The file would load fonts from another host; any monospaced font will do.
    picture = re.sub(r"@font-face\s*\{.*?\}\s*", "", picture, flags=re.DOTALL)
    (FOLDER / name).write_text(picture)
    return picture


async def test_pictures_of_waiting_and_of_an_invitation_in_small(set_stage: SetStage) -> None:
    for name, size in (("terminal-waiting.svg", (80, 24)), ("terminal-small.svg", (60, 15))):
        stage = await set_stage(size, is_met=False, page="https://chat.example")
        await stage.until_seen("Say this code to someone")
        assert "Say" in take(stage, name)


async def test_pictures_of_a_conversation(set_stage: SetStage) -> None:
    stage = await set_stage()
    await stage.bob.send("Hello Alice! Have you seen the terminal program?")
    await stage.bob.send("It works over ssh, too: https://example.org/duologue")
    await stage.until_seen("over ssh")
    await stage.type("Yes, I am writing in it\n")
    await stage.until_seen("✓✓ read")
    await stage.type("안녕! 한글도 잘 보이네요\n")
    await stage.until(lambda: len(stage.heard) == 2)
    stage.bob.typing()
    await stage.until_seen("Bob is typing …", "✓✓ read")
    picture = take(stage, "terminal-chat.svg")
    assert "http://" not in picture.replace("http://www.w3.org", "")
    await stage.type("/")
    await stage.until_seen("/quit")
    take(stage, "terminal-commands.svg")
    await stage.pilot.press("backspace")
    await stage.type("/help\n")
    await stage.until(lambda: isinstance(stage.app.screen, HelpDialog))
    await stage.until_seen("Keys and commands")
    take(stage, "terminal-help.svg")
    await stage.pilot.press("escape")
    stage.app.push_screen(QuitDialog(["See you tomorrow at nine"], "Bob"))
    await stage.until_seen("Keep waiting")
    take(stage, "terminal-quit.svg")
