"""Someone at the page talks with someone in a real terminal, while the server dies."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.interop.tools import find
from tests.support.tmux import Terminals, terminals


@pytest.fixture
def tty() -> Iterator[Terminals]:
    with tempfile.TemporaryDirectory() as folder, terminals(find("tmux"), Path(folder)) as tty:
        yield tty


async def test_page_and_terminal_talk_through_a_server_that_is_killed(
    visit: Visit, place: Place, tty: Terminals
) -> None:
    alice = await visit()
    code = await alice.create_room("Alice")
    bob = tty.chat(place.network.port, "Bob", code)
    await alice.meets("Bob")
    await bob.until_seen("You are talking with Alice")
    await alice.say("Hello, terminal! 안녕")
    await bob.until_seen("Hello, terminal! 안녕")
    await alice.progress("read")
    bob.type("Hello, page!", "C-j")
    bob.type("two lines", "Enter")
    await alice.reads("Hello, terminal! 안녕", "Hello, page!\ntwo lines")
    await bob.until_seen("✓✓ read")
    place.kill()
    bob.type("said into the dark", "Enter")
    await bob.until_seen("said into the dark", "⋯")
    await place.start_again()
    await alice.reads("Hello, terminal! 안녕", "Hello, page!\ntwo lines", "said into the dark")
    await bob.until_seen("✓✓ read")
    bob.type("/leave", "Enter")
    await bob.until_seen("You left the room")
