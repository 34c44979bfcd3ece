"""Nothing kept: no message after its delivery, and no file but that of the secret."""

import asyncio
import gc
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import msgspec
import pytest
from tests.conftest import Connect
from tests.support.client import Client, meet
from tests.support.program import Program
from tests.support.v1_client import V1Client, open_couple, receipt

from duologue.server import Server

MARK = "🦊MARK"
"""In every content that is looked for. The tests take care to keep none themselves."""

SPELLINGS = (b"MARK 1", b"MARK 2")
"""What tells a content from the mark by itself, however JSON spells the fox."""

TEXTS = frozenset({str, bytes, bytearray, memoryview})

NUMBER = 20

WATCHED = """
import os, sys
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
CHANGES = {"os.rename", "os.link", "os.symlink", "os.mkdir", "os.truncate"}
report = os.open(sys.argv.pop(1), os.O_WRONLY | os.O_APPEND)
def watch(event, arguments):
    if event == "open" and arguments[2] & WRITES and not isinstance(arguments[0], int):
        os.write(report, f"open {os.fsdecode(arguments[0])}\\n".encode())
    elif event in CHANGES:
        for path in arguments:
            if isinstance(path, (str, bytes, os.PathLike)):
                os.write(report, f"{event} {os.fsdecode(path)}\\n".encode())
sys.addaudithook(watch)
from duologue.cli import main
main()
"""


def marked(number: int) -> str:
    """Make a content of a number; no two are the same object."""
    return f"{MARK} {number % 2 + 1}" + "x" * number


def referents(items: Iterable[object]) -> list[object]:
    """Return what objects refer to; msgspec keeps ours out of the collector's sight."""
    structs: list[msgspec.Struct] = []
    others: list[object] = []
    for item in items:
        # Not isinstance: it would ask proxies what they stand for.
        if issubclass(type(item), msgspec.Struct):
            structs.append(cast("msgspec.Struct", item))
        else:
            others.append(item)
    of_structs = (getattr(item, name) for item in structs for name in item.__struct_fields__)
    return [*of_structs, *gc.get_referents(*others)]


def is_marked(text: str | bytes) -> bool:
    """Say whether the mark is in a text, as it is or as JSON may spell it."""
    content = text.encode(errors="replace") if isinstance(text, str) else bytes(text)
    return content not in SPELLINGS and any(mark in content for mark in SPELLINGS)


def found() -> list[str]:
    """Tell of each text alive, at any depth, that holds the mark: its type and length."""
    gc.collect()
    seen: set[int] = set()
    held: list[str] = []
    layer: list[object] = gc.get_objects()
    # Layer by layer: the interpreter does most of it, and there are millions of objects.
    while layer:
        new = {key: item for item in layer if (key := id(item)) not in seen}
        seen.update(new)
        texts = [cast("str | bytes", item) for item in new.values() if type(item) in TEXTS]
        layer = referents(item for item in new.values() if type(item) not in TEXTS)
        held += [f"{type(text).__name__} of {len(text)}" for text in texts if is_marked(text)]
    return held


async def says_and_forgets(talker: Client, listener: Client, *, is_v1: bool) -> None:
    """Say all, and hear all, without keeping a word of it."""
    for number in range(1, NUMBER + 1):
        words = {"type": "chat", "content": marked(number)}
        await talker.says(words | ({"pairing": 1, "id": number} if is_v1 else {}))
    for number in range(1, NUMBER + 1):
        message = await listener.hears()
        assert message["content"] == marked(number)


async def settled(person: V1Client, kind: str, chat_id: int = NUMBER) -> None:
    """Wait until the server has said that something has come so far."""
    while await person.hears() != receipt(kind, chat_id):
        pass


def test_the_search_finds_what_is_held() -> None:
    before = found()
    kept = [{"deep": (marked(1), [marked(2).encode()])}]
    assert (before, sorted(found())) == ([], ["bytes of 12", "str of 8"])
    kept.clear()
    assert found() == []


async def test_a_v1_pairs_messages_are_held_until_they_are_received_and_not_after(
    server: Server,
) -> None:
    alice, bob = await open_couple(server.port)
    await says_and_forgets(alice, bob, is_v1=True)
    await settled(alice, "sent")
    (room,) = server.lobby.rooms.values()
    channel = room.seats[0].out
    assert channel is not None
    assert len(channel.waiting) == NUMBER
    assert len(found()) >= NUMBER
    await bob.says(receipt("received", NUMBER))
    await settled(alice, "delivered")
    await says_and_forgets(bob, alice, is_v1=True)
    await alice.says(receipt("received", NUMBER))
    await settled(bob, "delivered")
    assert found() == []
    for person in (alice, bob):
        await person.abort()


async def test_a_message_that_waited_for_someone_away_is_not_held_after_its_delivery(
    server: Server,
) -> None:
    alice, bob = await open_couple(server.port)
    await bob.reset()
    assert (await alice.hears())["type"] == "partner_away"
    for number in range(1, NUMBER + 1):
        await alice.chats(number, marked(number))
    await settled(alice, "sent")
    again = await V1Client.open(server.port)
    await again.resumes(bob)
    for _ in range(NUMBER):
        await again.hears_chat()
    await again.says(receipt("received", NUMBER))
    await settled(alice, "delivered")
    assert found() == []
    for person in (alice, again):
        await person.abort()


async def test_a_message_to_someone_who_leaves_is_not_held_after_that(server: Server) -> None:
    alice, bob = await open_couple(server.port)
    await says_and_forgets(alice, bob, is_v1=True)
    await bob.says({"type": "leave_room"})
    while (await alice.hears())["type"] != "partner_left":
        pass
    assert found() == []
    for person in (alice, bob):
        await person.abort()


async def test_a_reference_pairs_messages_are_not_held(connect: Connect) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    await says_and_forgets(alice, bob, is_v1=False)
    await says_and_forgets(bob, alice, is_v1=False)
    assert found() == []


async def test_a_mixed_pairs_messages_are_not_held(server: Server, connect: Connect) -> None:
    alice = await V1Client.open(server.port)
    await alice.names("Alice")
    rob = await connect(name="Rob")
    await rob.says({"type": "join_room", "room_code": await alice.creates()})
    assert (await rob.hears())["type"] == "room_joined"
    assert (await alice.hears())["type"] == "partner_joined"
    await says_and_forgets(alice, rob, is_v1=True)
    await settled(alice, "delivered")
    await says_and_forgets(rob, alice, is_v1=False)
    await alice.says(receipt("received", NUMBER), {"type": "ping"})
    assert await alice.hears() == {"type": "pong"}
    assert found() == []
    await alice.abort()


@contextmanager
def watched(state: Path) -> Iterator[tuple[Program, Path]]:
    """Start a server that reports each file that it opens to write, or changes."""
    report = state / "report"
    report.touch()
    with subprocess.Popen(
        [sys.executable, "-B", "-c", WATCHED, str(report), "serve", "127.0.0.1:0"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "XDG_STATE_HOME": str(state)},
    ) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            port = int(line.partition("http://127.0.0.1:")[2].split()[0])
            yield Program(process, port), report
        finally:
            process.kill()


@pytest.mark.parametrize("is_first_start", [True, False])
async def test_the_one_file_that_a_server_writes_is_that_of_its_secret(
    tmp_path: Path, is_first_start: bool
) -> None:
    secret = tmp_path / "duologue" / "secret"
    if not is_first_start:
        secret.parent.mkdir()
        secret.write_text("a secret of quite enough characters")
        secret.chmod(0o600)
    with watched(tmp_path) as (program, report):
        alice, bob = await open_couple(program.port)
        await says_and_forgets(alice, bob, is_v1=True)
        await bob.reset()
        await settled(alice, "sent")
        assert (await alice.hears())["type"] == "partner_away"
        again = await V1Client.open(program.port)
        await again.resumes(bob, received=NUMBER)
        while (await alice.hears())["type"] != "delivered":
            pass
        for person in (alice, again):
            await person.abort()
        assert (await asyncio.to_thread(program.stop))[0] == 0
        written = [
            line.partition(" ")[2]
            for line in report.read_text().splitlines()
            if os.devnull not in line
        ]
    assert {Path(path).parent for path in written} <= {secret.parent, tmp_path}
    assert bool(written) is is_first_start
    assert [path.name for path in secret.parent.iterdir()] == ["secret"]
    assert MARK not in secret.read_text()
