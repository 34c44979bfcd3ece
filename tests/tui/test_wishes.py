"""What stands in the way is told in words, and what was not said is not lost."""

from tests.tui.stage import Stage


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
