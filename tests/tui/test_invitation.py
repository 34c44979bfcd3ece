"""The way in is shown whole, or without its picture; never cut off."""

import pytest
from tests.conftest import StartServer
from tests.tui.conftest import SetStage

PICTURE = "█▀▀▀▀▀█"


@pytest.mark.parametrize(
    ("size", "has_picture"),
    [((80, 24), True), ((62, 20), True), ((50, 24), False), ((80, 14), False)],
)
async def test_the_picture_goes_where_there_is_no_place_for_it(
    set_stage: SetStage, size: tuple[int, int], has_picture: bool
) -> None:
    stage = await set_stage(size, is_met=False)
    code = stage.alice.room_code
    assert code is not None
    await stage.until_seen("Say this code to someone", "  ".join(code[:3]), f"/#{code}")
    await stage.until(lambda: (PICTURE in stage.screen) == has_picture)


@pytest.mark.parametrize(
    ("size", "has_picture"), [((80, 24), True), ((60, 24), False), ((60, 15), False)]
)
async def test_a_code_of_ten_characters_is_shown_whole(
    set_stage: SetStage, start_server: StartServer, size: tuple[int, int], has_picture: bool
) -> None:
    server = await start_server(code_length=10)
    url = f"127.0.0.1:{server.port}"
    stage = await set_stage(size, url=url, is_met=False)
    code = stage.alice.room_code or ""
    shown = " ".join(f"{code[:4]} {code[4:7]} {code[7:]}")
    await stage.until_seen("Say this code to someone", shown, f"{url}/#{code}")
    await stage.until(lambda: (PICTURE in stage.screen) == has_picture)
