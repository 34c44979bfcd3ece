"""What stands in the way is told in words, and what was not said is not lost."""

import pytest
from tests.support.proxy import Proxy
from tests.tui.conftest import SetStage
from tests.tui.stage import Stage

from duologue.server import Server


async def test_what_is_too_long_goes_back(stage: Stage) -> None:
    stage.app.composer.text = "x" * 16_385
    await stage.pilot.press("enter")
    await stage.until_seen("Too long for one message: 16385 of 16384 bytes")
    assert len(stage.app.composer.text) == 16_385
    await stage.pilot.press("backspace")
    await stage.until_gone("Too long")
    await stage.pilot.press("enter")
    await stage.until(lambda: stage.heard == ["x" * 16_384])


async def test_a_second_slash_says_the_first(stage: Stage) -> None:
    await stage.type("//etc/hosts\n")
    await stage.until(lambda: stage.heard == ["/etc/hosts"])


async def test_to_free_a_seat_somebody_has_to_be_away(stage: Stage) -> None:
    await stage.type("/free\n")
    await stage.until_seen("The server refused: ")
    await stage.bob.leave()
    await stage.until_seen("Bob left")
    await stage.type("/free\n")
    await stage.until_seen("Nobody who is away sits opposite")


async def test_the_code_of_no_room_is_not_shown(stage: Stage) -> None:
    await stage.type("/leave\n")
    await stage.until_seen("You left the room")
    await stage.type("/code\n")
    await stage.until_seen("You are in no room")


async def test_a_name_that_the_server_refuses_is_told(stage: Stage) -> None:
    await stage.type("/name " + "x" * 70 + "\n")
    await stage.until_seen("The server refused: ")


async def test_what_need_not_wait_does_not(set_stage: SetStage, server: Server) -> None:
    async with Proxy(server.port) as proxy:
        stage = await set_stage(url=f"127.0.0.1:{proxy.port}")
        proxy.stall()
        await stage.type("/leave\n")
        await stage.until_seen("Leaving …")
        await stage.type("/help\n")
        await stage.until_seen("Keys and commands")
        await stage.pilot.press("escape")
        await stage.until_gone("Keys and commands")
        await stage.type("/quit\n")
        await stage.until(lambda: not stage.app.is_running)


@pytest.mark.parametrize("is_ours", [True, False])
async def test_a_link_leads_into_a_room_of_this_server(stage: Stage, is_ours: bool) -> None:
    link = stage.app.link_to(stage.alice.room_code or "")
    if is_ours:
        await stage.type(f"/leave\n/join {link}\n")
        await stage.until_seen("You are talking with Bob")
    else:
        await stage.type(f"/join {link.replace('127', '128')}\n")
        await stage.until_seen("This link leads to another server", "Bob · here")


async def test_a_full_room_says_so_beside_its_code(stage: Stage) -> None:
    await stage.type("/code\n")
    await stage.until_seen("Both seats are taken")
    assert "Waiting for someone" not in stage.screen
