"""The whole screen: what a person sees and does, with a real partner behind a real server."""

from unittest.mock import patch

import pytest
from tests.conftest import StartServer
from tests.support.proxy import Proxy
from tests.tui.conftest import SetStage
from tests.tui.stage import Stage
from textual import events
from textual.widgets import Button

from duologue.client import Progress, connect
from duologue.errors import RoomFull, RoomNotFound
from duologue.server import Server
from duologue.tui import words
from duologue.tui.dialogs import CodeDialog, HelpDialog, QuitDialog
from duologue.tui.spelling import grouped


async def test_who_waits_sees_code_words_link_and_picture(set_stage: SetStage) -> None:
    stage = await set_stage(is_met=False)
    code = stage.alice.room_code
    assert code is not None
    await stage.until_seen("nobody yet", f"/#{code}", "▀▀▀▀▀", "Say this code to someone")
    await stage.bob.join_room(code)
    await stage.until_seen("Bob came in", "Bob · here", "Write to Bob")
    assert "Say this code" not in stage.screen


async def test_two_talk_and_see_how_far_it_has_come(stage: Stage) -> None:
    await stage.bob.send("안녕, Alice!")
    await stage.until_seen("안녕, Alice!", "Bob")
    await stage.type("Hello, Bob\n")
    await stage.until_seen("Hello, Bob", "You", "✓✓ read")
    assert stage.heard == ["Hello, Bob"]


async def test_several_lines_are_one_message(stage: Stage) -> None:
    await stage.type("one")
    await stage.pilot.press("alt+enter")
    await stage.type("two")
    await stage.pilot.press("ctrl+j")
    await stage.type("three\n")
    await stage.until(lambda: stage.heard == ["one\ntwo\nthree"])


async def test_what_is_typed_fast_is_sent_in_order(stage: Stage) -> None:
    for key in "ab\ncd\nef\n":
        stage.app.post_message(
            events.Key("enter", "\r") if key == "\n" else events.Key(key, key)
        )
    await stage.until(lambda: stage.heard == ["ab", "cd", "ef"])


async def test_typing_is_seen_and_ends(stage: Stage) -> None:
    stage.bob.typing()
    await stage.until_seen("Bob is typing …")
    stage.bob.stop_typing()
    await stage.until_gone("Bob is typing …")


async def test_own_typing_is_told_but_no_command_is(stage: Stage) -> None:
    with patch.object(stage.alice, "typing") as typing:
        await stage.type("/he")
        assert typing.call_count == 0
        await stage.pilot.press("backspace", "backspace", "backspace")
        await stage.type("hi")
    assert typing.call_count == 2


async def test_chats_count_as_read_when_somebody_looks(stage: Stage) -> None:
    with patch.object(stage.alice, "mark_read") as read:
        stage.app.post_message(events.AppBlur())
        await stage.until(lambda: not stage.app.app_focus)
        await stage.bob.send("are you there?")
        await stage.until_seen("are you there?")
        assert read.call_count == 0
        stage.app.post_message(events.AppFocus())
        await stage.until(lambda: read.call_count == 1)


async def test_away_and_a_knock_are_told_and_the_seat_can_be_given_away(
    stage: Stage, server: Server
) -> None:
    assert stage.bob._running is not None
    stage.bob._running.cancel()  # as if his program were killed
    await stage.until_seen("Bob is away", "Bob · away")
    async with connect(f"127.0.0.1:{server.port}", name="Carol") as carol:
        with pytest.raises(RoomFull):
            await carol.join_room(stage.alice.room_code or "")
        await stage.until_seen("Carol is at the door while Bob is away")
        await stage.type("/free\n")
        await stage.until_seen("Bob left")
        await carol.join_room(stage.alice.room_code or "")
        await stage.until_seen("Carol came in")


async def test_trouble_is_told_when_it_lasts_and_nothing_is_lost(
    set_stage: SetStage,
    server: Server,
) -> None:
    async with Proxy(server.port) as proxy:
        stage = await set_stage(url=f"127.0.0.1:{proxy.port}")
        proxy.refuse()
        proxy.reset()
        await stage.type("kept\n")
        await stage.until_seen("kept", "⋯", "No connection.", "no connection")
        proxy.refuse(False)
        await stage.until(lambda: stage.heard == ["kept"])
        await stage.until_seen("✓✓ read")
        await stage.until_gone("No connection.")


async def test_a_name_is_changed(stage: Stage) -> None:
    await stage.type("/na")
    await stage.until_seen("/name NAME", "take another name")
    await stage.pilot.press("tab")
    await stage.type("Alicia\n")
    await stage.until_seen("You are now called Alicia")
    await stage.until(lambda: stage.bob.partner == "Alicia")


async def test_the_partner_is_renamed_and_leaves(stage: Stage) -> None:
    stage.bob.rename("Robert")
    await stage.until_seen("Bob is now called Robert", "Robert · here")
    await stage.bob.leave()
    await stage.until_seen("Robert left. The room stays open", "nobody yet")
    await stage.type("anybody?\n")
    await stage.until_seen("Nobody is here to read this yet", "anybody?")
    assert stage.app.composer.text == "anybody?"


async def test_one_leaves_opens_another_room_and_goes_back(stage: Stage) -> None:
    first = stage.alice.room_code
    await stage.type("/leave\n")
    await stage.until_seen("You left the room", "in no room")
    await stage.type("hello\n")
    await stage.until_seen("You are in no room: /new opens one")
    await stage.pilot.press("ctrl+u")
    await stage.type("/new\n")
    await stage.until_seen("Say this code to someone")
    assert stage.alice.room_code not in {None, first}
    await stage.type(f"/join {first}\n")
    await stage.until_seen("You are talking with Bob")


async def test_a_code_that_leads_nowhere_is_told(stage: Stage) -> None:
    await stage.type("/join ZZZZZZ\n")
    await stage.until_seen("Room 'ZZZZZZ' not found")


async def test_who_tries_too_many_codes_is_told_and_may_try_again(
    set_stage: SetStage, start_server: StartServer
) -> None:
    server = await start_server(wrong_codes_per_source_min=0.1)
    stage = await set_stage(url=f"127.0.0.1:{server.port}")
    async with connect(f"127.0.0.1:{server.port}", name="Carol") as carol:
        for _ in range(10):
            with pytest.raises(RoomNotFound):
                await carol.join_room("ZZZZZZ")
    await stage.type("/join ABC123\n")
    await stage.until_seen("Too many wrong room codes: try again in", "in no room")
    assert stage.app.composer.text == "/join ABC123"


async def test_a_room_to_which_nobody_comes_is_closed_and_another_can_be_opened(
    set_stage: SetStage, start_server: StartServer
) -> None:
    server = await start_server(lone_room_s=0.2)
    stage = await set_stage(url=f"127.0.0.1:{server.port}", is_met=False)
    await stage.until_seen("Nobody came for a long time, so the room was closed", "in no room")
    with patch.object(stage.alice, "create_room") as create_room:
        await stage.type("/new\n")
        await stage.until(lambda: create_room.called)


async def test_a_command_that_is_none_goes_back_to_where_it_was_typed(stage: Stage) -> None:
    await stage.type("/dance now\n")
    await stage.until_seen("There is no command /dance")
    assert stage.app.composer.text == "/dance now"


async def test_a_command_says_what_it_lacks(stage: Stage) -> None:
    await stage.type("/name\n")
    await stage.until_seen("Say which: /name NAME")


async def test_the_code_is_shown_again(stage: Stage) -> None:
    await stage.type("/code\n")
    await stage.until(lambda: isinstance(stage.app.screen, CodeDialog))
    await stage.until_seen(f"/#{stage.alice.room_code}", "▀▀▀▀▀")
    await stage.pilot.press("escape")
    await stage.until_seen("Bob came in")


async def test_help_lists_keys_and_commands(set_stage: SetStage) -> None:
    stage = await set_stage((60, 24))
    await stage.type("/help\n")
    await stage.until(lambda: isinstance(stage.app.screen, HelpDialog))
    await stage.until_seen("Alt+Enter", "/quit", "/name NAME", "delivered", "Esc closes this")
    await stage.pilot.press("escape")
    await stage.until_seen("Bob came in")


async def test_what_the_partner_said_last_is_copied(stage: Stage) -> None:
    await stage.type("/copy\n")
    await stage.until_seen("Your partner has said nothing yet")
    await stage.bob.send("two\nlines")
    await stage.until_seen("lines")
    await stage.type("/copy\n")
    await stage.until_seen("Copied")
    assert stage.app.clipboard == "two\nlines"


async def test_what_is_marked_with_the_mouse_is_copied(stage: Stage) -> None:
    await stage.bob.send("mark my words")
    await stage.until_seen("mark my words")
    row = next(y for y, line in enumerate(stage.screen.split("\n")) if "mark my words" in line)
    await stage.pilot.mouse_down(offset=(7, row))
    await stage.pilot.hover(offset=(9, row))
    await stage.pilot.mouse_up(offset=(9, row))
    await stage.pilot.press("ctrl+c")
    await stage.until_seen("Copied")
    assert stage.app.clipboard.strip() == "my"
    assert stage.app.is_running


async def test_what_was_sent_comes_back_with_the_arrow_keys(stage: Stage) -> None:
    await stage.type("one\ntwo\n")
    await stage.pilot.press("up", "up")
    assert stage.app.composer.text == "one"
    await stage.pilot.press("down", "down")
    assert stage.app.composer.text == ""


async def test_scrolling_back_is_not_disturbed_by_what_comes(stage: Stage) -> None:
    for number in range(60):
        await stage.bob.send(f"line {number}")
    await stage.until_seen("line 59")
    await stage.pilot.press("ctrl+home")
    await stage.until_seen("line 0")
    await stage.bob.send("something new")
    await stage.until_seen("New messages below")
    assert "something new" not in stage.screen
    await stage.pilot.press("pagedown", "ctrl+end")
    await stage.until_seen("something new")
    await stage.pilot.press("pageup")
    await stage.until_gone("something new")


@pytest.mark.parametrize("width", [60, 200])
async def test_it_fits_every_width(set_stage: SetStage, width: int) -> None:
    stage = await set_stage((width, 24))
    text = "wide 한국어 characters are two cells each, " * 6
    await stage.bob.send(text.strip())
    await stage.type("short\n")
    await stage.until_seen("✓✓ read")
    assert all(len(line) <= width for line in stage.screen.split("\n"))
    await stage.pilot.resize_terminal(60, 15)
    await stage.until_seen("short", "✓✓ read")


async def test_hostile_text_is_shown_as_text(stage: Stage) -> None:
    await stage.bob.send("[bold]no[/] \x1b[2J\x07\u202eevil [@click=app.exit]x[/]")
    await stage.until_seen("[bold]no[/] ␛[2J␇evil [@click=app.exit]x[/]")


async def test_ctrl_c_ends_it_where_nothing_is_lost(stage: Stage) -> None:
    await stage.type("heard\n")
    await stage.until_seen("✓✓ read")
    await stage.pilot.press("ctrl+c")
    await stage.until(lambda: not stage.app.is_running)


async def test_ctrl_c_asks_where_something_would_be_lost(
    set_stage: SetStage,
    server: Server,
) -> None:
    async with Proxy(server.port) as proxy:
        stage = await set_stage(url=f"127.0.0.1:{proxy.port}")
        proxy.refuse()
        proxy.reset()
        await stage.type("precious\n")
        await stage.until_seen("precious")
        await stage.pilot.press("ctrl+c")
        await stage.until(lambda: isinstance(stage.app.screen, QuitDialog))
        await stage.until_seen("One message is not delivered yet", "precious", "Keep waiting")
        await stage.pilot.press("escape")
        await stage.until(lambda: not isinstance(stage.app.screen, QuitDialog))
        assert stage.app.undelivered == ["precious"]
        await stage.type("/quit\n")
        await stage.until(lambda: isinstance(stage.app.screen, QuitDialog))
        stage.app.screen.query_one("#go", Button).press()
        await stage.until(lambda: not stage.app.is_running)
        assert stage.app.undelivered == ["precious"]


async def test_a_conversation_that_goes_on_elsewhere_says_so(stage: Stage) -> None:
    stage.alice._driver.end("replaced")
    await stage.until_seen("The conversation has ended: it goes on somewhere else")
    await stage.type("hello?\n")
    await stage.until(lambda: stage.app.composer.text == "hello?")


@pytest.mark.parametrize("name", ["[/x]", "[reverse]R", "[@click=app.exit]hit[/]"])
async def test_a_name_is_no_markup(stage: Stage, name: str) -> None:
    stage.bob.rename(name)
    await stage.until_seen(f"Write to {name}", f"Bob is now called {name}")


async def test_a_name_that_is_long_leaves_room_for_the_code(set_stage: SetStage) -> None:
    stage = await set_stage(size=(60, 15))
    stage.bob.rename("한" * 64)
    await stage.until_seen("Write to 한", "한 …")
    code = stage.alice.room_code or ""
    assert f"{words.TITLE}  {grouped(code)} " in stage.screen


async def test_all_commands_leave_room_to_write_one(set_stage: SetStage) -> None:
    stage = await set_stage(size=(60, 15))
    await stage.type("/")
    await stage.until_seen("/code", "/copy")
    assert stage.screen.splitlines()[-1].strip() == "/"


async def test_what_lies_under_help_is_not_read(stage: Stage) -> None:
    await stage.type("/help\n")
    await stage.until_seen("Keys and commands")
    message = await stage.bob.send("look here")
    await stage.until(lambda: stage.app.story.last_heard == "look here")
    await stage.pilot.pause()
    assert message.progress is not Progress.READ
    await stage.pilot.press("escape")
    await stage.until(lambda: message.progress is Progress.READ)


async def test_trouble_is_told_over_what_was_told_before(stage: Stage) -> None:
    await stage.type("/copy\n")
    await stage.until_seen("Your partner has said nothing yet")
    assert stage.bob._running is not None
    stage.bob._running.cancel()  # as if his program were killed
    await stage.until_seen("Bob is away")
    await stage.until_gone("Your partner has said nothing yet")
