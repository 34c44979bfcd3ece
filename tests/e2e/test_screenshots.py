"""Draws every screen into build/screenshots/, for people to look at."""

import pytest

from tests.e2e.conftest import MakeScenery
from tests.e2e.dresses import DRESSES
from tests.e2e.pictures import Picture
from tests.e2e.scenes import SCENES
from tests.interop.tools import ROOT

FOLDER = ROOT / "build" / "screenshots"
KOREAN = ("home", "invited", "waiting", "chat", "settings")

MOST_LINES_OF_NOTHING = 20
"""An empty page has so many different lines of pixels at most; a screen has hundreds."""


@pytest.mark.parametrize(
    ("language", "scene"),
    [("en", scene) for scene in SCENES] + [("ko", scene) for scene in KOREAN],
)
async def test_a_screen_is_drawn(scenery: MakeScenery, language: str, scene: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    visitor = await SCENES[scene](scenery(language))
    sizes, blank = [], []
    for dress in DRESSES:
        await dress.put_on(visitor.page)
        png = await visitor.page.screenshot(
            path=FOLDER / f"{scene}-{language}-{dress.name}.png", animations="disabled"
        )
        picture = Picture.read(png)
        sizes.append((picture.width, picture.height))
        blank.append(len(set(picture.lines)) <= MOST_LINES_OF_NOTHING)
    assert sizes == [(dress.width, dress.height) for dress in DRESSES]
    assert blank == [False] * len(DRESSES)
