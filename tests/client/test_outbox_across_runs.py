"""Programs that end, or are killed, and go on in their next run."""

import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tests.support.client import TIMEOUT_S
from tests.support.people import QUICK, Join, next_chats, next_event, rest
from tests.support.program import running

from duologue import errors
from duologue.client import (
    Chat,
    Client,
    Ended,
    Failure,
    NotDelivered,
    PartnerAway,
    PartnerBack,
    PartnerLeft,
    Progress,
    TicketRefused,
    connect,
)
from duologue.server import Server

ROOT = Path(__file__).parents[2]
ROBOT = "tests.support.robot"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox"


def kept(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


async def met(join: Join, port: int, path: Path) -> tuple[Client, Client]:
    """Let Alice, who has an outbox file, join Bob."""
    bob = await join(port, "Bob")
    alice = await join(port, "Alice", outbox=path)
    await alice.join_room(await bob.create_room())
    return alice, bob


async def test_a_program_that_is_closed_goes_on_in_its_next_run(
    server: Server, join: Join, path: Path
) -> None:
    alice = await join(server.port, "Alice", outbox=path)
    bob = await join(server.port, "Bob")
    code = await alice.create_room()
    await bob.join_room(code)
    await bob.send("one")
    await bob.send("two")
    assert await next_chats(alice, 1) == ["one"]
    await alice.send("three")
    await next_event(bob, Chat)
    await alice.close()
    await next_event(bob, PartnerAway)
    async with connect(
        f"127.0.0.1:{server.port}", name="Al", outbox=path, timing=QUICK
    ) as again:
        assert (again.room_code, again.partner, again.name) == (code, "Bob", "Al")
        assert await next_chats(again, 1) == ["two"]
        await again.send("four")
        await next_event(bob, PartnerBack)
        assert (await next_event(bob, Chat)).content == "four"
        await again.flush()
        assert again.unsettled == ()
        await again.leave()
        assert kept(path) == b""
    assert kept(path) is None
    await next_event(bob, PartnerLeft)


async def test_what_was_not_delivered_is_sent_by_the_next_run(
    server: Server, join: Join, path: Path
) -> None:
    alice, bob = await met(join, server.port, path)
    messages = [await alice.send(str(number)) for number in range(600)]
    await alice.close()
    assert messages[-1].failure is None
    for wait in (alice.flush(), messages[-1].until(), anext_but_one(messages[-1].watch())):
        with pytest.raises(errors.ConversationEnded):
            await wait
    assert not [event for event in await rest(alice) if isinstance(event, NotDelivered)]
    again = await join(server.port, "Alice", outbox=path)
    left = again.unsettled
    assert [message.content for message in left] == [str(number) for number in range(600)]
    assert await next_chats(bob, 600) == [str(number) for number in range(600)]
    await left[-1].until(Progress.DELIVERED)
    await again.flush()


async def anext_but_one(steps: AsyncIterator[Progress]) -> None:
    await anext(steps)
    await anext(steps)


async def test_what_is_delivered_is_watched_to_the_end_of_the_run(
    server: Server, join: Join, path: Path
) -> None:
    alice, bob = await met(join, server.port, path)
    message = await alice.send("hi")
    await next_chats(bob, 1)
    await message.until()
    await alice.close()
    assert [progress async for progress in message.watch()] == [Progress.DELIVERED]


async def test_a_copy_of_an_old_file_calls_nothing_delivered_that_it_did_not_say(
    server: Server, join: Join, path: Path
) -> None:
    alice, bob = await met(join, server.port, path)
    await alice.send("one")
    copy = path.with_name("copy")
    copy.write_bytes(kept(path) or b"")
    await alice.send("two")
    assert await next_chats(bob, 2) == ["one", "two"]
    again = await join(server.port, "Alice", outbox=copy)
    told = await next_event(again, NotDelivered)
    assert [message.content for message in told.messages] == ["one"]
    await next_event(again, TicketRefused)
    assert again.room_code is None
    assert (await rest(alice))[-1] == Ended("replaced")


async def test_a_room_that_is_gone_is_told_to_the_next_run(join: Join, path: Path) -> None:
    with running() as first:
        alice, bob = await met(join, first.port, path)
        await alice.send("too late")
        await alice.close()
        await bob.close()
    with running(DUOLOGUE_SECRET="another" * 6) as second:
        again = await join(second.port, "Alice", outbox=path)
        assert again.room_code is None
        told = await next_event(again, NotDelivered)
        assert [message.content for message in told.messages] == ["too late"]
        assert kept(path) == b""
        await next_event(again, TicketRefused)
        with pytest.raises(errors.NotDelivered):
            await again.flush()
        await again.close()


async def test_a_failure_that_nobody_was_told_is_told_by_the_next_run(
    server: Server, join: Join, path: Path
) -> None:
    alice, bob = await met(join, server.port, path)
    message = await alice.send("hi")
    await message.until(Progress.SENT)
    await bob.leave()
    with pytest.raises(errors.NotDelivered):
        await message.until()
    await alice.close()
    for run in range(2):
        again = await join(server.port, "Alice", outbox=path)
        if run == 0:
            told = await next_event(again, NotDelivered)
            (failed,) = told.messages
            assert (failed.content, failed.failure) == ("hi", Failure.PARTNER_LEFT)
        await again.close()
        assert not [event for event in await rest(again) if isinstance(event, NotDelivered)]


async def test_a_file_that_is_in_use_is_refused(server: Server, join: Join, path: Path) -> None:
    await join(server.port, "Alice", outbox=path)
    with pytest.raises(errors.OutboxError, match="another program"):
        await join(server.port, "Alice", outbox=path)


async def test_a_server_that_is_not_there_costs_nothing(
    server: Server, join: Join, path: Path, free_port: int
) -> None:
    alice = await join(server.port, "Alice", outbox=path)
    await alice.create_room()
    await alice.close()
    before = kept(path)
    with pytest.raises(errors.ConnectError):
        await join(free_port, "Alice", outbox=path)
    assert before
    assert kept(path) == before


async def test_a_full_disk_is_told_to_who_sends_and_who_takes(
    server: Server, join: Join, path: Path, full: list[bool]
) -> None:
    alice = await join(server.port, "Alice", outbox=path)
    bob = await join(server.port, "Bob")
    await bob.join_room(await alice.create_room())
    message = await bob.send("hi")
    await message.until(Progress.SENT)
    full.append(True)
    with pytest.raises(errors.OutboxError, match="No space"):
        await next_event(alice, Chat)
    with pytest.raises(errors.OutboxError, match="No space"):
        await alice.send("hello")
    assert message.progress is Progress.SENT
    full.clear()
    assert await next_chats(alice, 1) == ["hi"]
    await message.until(Progress.DELIVERED)
    await alice.send("hello")
    assert await next_chats(bob, 1) == ["hello"]


async def test_a_program_that_is_killed_loses_nothing_and_repeats_nothing(
    server: Server, join: Join, path: Path
) -> None:
    """The robot counts; it is killed again and again, by us and in the middle of things."""
    bob = await join(server.port, "Bob")
    code = await bob.create_room()
    heard: list[str] = []
    log = path.with_name("log")
    log.touch()
    for count in (20, 1, 50, 5, 100):
        goal = log.read_text().count("\n") + count
        with subprocess.Popen(  # noqa: ASYNC220 - started and killed, never waited for long
            [sys.executable, "-m", ROBOT, str(server.port), code, str(path), str(log)],
            cwd=ROOT,
            stderr=subprocess.PIPE,
        ) as robot:
            while log.read_text().count("\n") < goal:
                heard += await next_chats(bob, 1)
                await bob.send(f"answer {len(heard)}")
            robot.kill()
            assert robot.wait(TIMEOUT_S) == -9, robot.stderr and robot.stderr.read()
    assert heard == [str(number) for number in range(len(heard))]
    taken = [line.split(" ", 1) for line in log.read_text().splitlines()]
    once = {int(number): text for number, text in taken}
    assert len(once) >= 150
    assert list(once) == sorted(once) == list(range(1, len(once) + 1))
    assert list(once.values()) == [f"answer {number}" for number in once]
    assert len(taken) - len(once) <= 5
