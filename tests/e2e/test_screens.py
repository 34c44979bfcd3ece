"""Every screen, played once in a language and then looked at in every way there is.

The pictures go to build/screenshots/, for people to look at.
"""

import pytest

from tests.e2e.conftest import MakeScenery
from tests.e2e.dresses import put_on_small_phone
from tests.e2e.looking import barriers, blank, misfits, not_korean
from tests.e2e.scenes import SCENES
from tests.interop.tools import ROOT

FOLDER = ROOT / "build" / "screenshots"
DRAWN_IN_KOREAN = ("home", "invited", "waiting", "chat", "settings")


@pytest.mark.parametrize("scene", SCENES)
async def test_a_screen_can_be_seen_used_by_everyone_and_held_in_a_hand(
    scenery: MakeScenery, scene: str
) -> None:
    # The page's policy forbids scripts of others, axe among them.
    page = (await SCENES[scene](scenery(bypass_csp=True))).page
    seen = [await blank(page, FOLDER, f"{scene}-en"), await barriers(page)]
    await put_on_small_phone(page)
    assert [*seen, await misfits(page)] == [[], {}, []]


@pytest.mark.parametrize("scene", SCENES)
async def test_a_korean_browser_is_spoken_to_in_korean(
    scenery: MakeScenery, scene: str
) -> None:
    page = (await SCENES[scene](scenery("ko"))).page
    assert await not_korean(page) == []
    assert await page.evaluate("() => document.documentElement.lang") == "ko"
    if scene in DRAWN_IN_KOREAN:
        assert await blank(page, FOLDER, f"{scene}-ko") == []
