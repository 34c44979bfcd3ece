"""Who says much at once waits for the others: how, and on real sockets whom it concerns."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Callable

import pytest
from tests.conftest import Connect
from tests.support.client import Client, client_frame, meet, until

from duologue.server import Server
from duologue.server.connection import Connection
from duologue.server.turns import Turns
from duologue.wire.frames import Opcode

GoOn = Callable[[], None]

FLOOD = client_frame(Opcode.PING) * 20_000


class Endless:
    """Has more to say each time, a few times."""

    def __init__(self, turns: Turns, name: str, heard: list[str]) -> None:
        self.turns, self.name, self.heard = turns, name, heard

    def go_on(self) -> None:
        self.heard.append(self.name)
        if len(self.heard) < 6:
            self.turns.wait(self.go_on)


async def test_one_of_those_who_wait_goes_on_in_each_round() -> None:
    heard: list[str] = []
    turns = Turns(asyncio.get_running_loop())
    for name in "abc":
        turns.wait(Endless(turns, name, heard).go_on)
    rounds = []
    while len(heard) < 8:
        rounds.append(len(heard))
        await asyncio.sleep(0)
    assert "".join(heard) == "abcabcab"
    assert max(after - before for before, after in itertools.pairwise(rounds)) == 1


async def test_several_go_on_in_a_round_that_has_time_for_them() -> None:
    went: list[int] = []
    loop = asyncio.get_running_loop()
    patient, hurried = Turns(loop, round_s=60), Turns(loop, round_s=0.01)
    for number in range(3):
        patient.wait(lambda number=number: went.append(number))  # type: ignore[misc]
        hurried.wait(lambda: time.sleep(0.01))
        hurried.wait(lambda number=number: went.append(-number))  # type: ignore[misc]
    await asyncio.sleep(0)
    assert went == [0, 1, 2]
    await until(lambda: went == [0, 1, 2, 0, -1, -2])


async def test_a_fault_in_a_turn_is_its_own() -> None:
    loop, faults, went = asyncio.get_running_loop(), list[object](), list[str]()
    loop.set_exception_handler(lambda _loop, context: faults.append(context["exception"]))
    turns = Turns(loop, round_s=60)
    for turn in (lambda: went.append("a"), lambda: went.remove("b"), lambda: went.append("c")):
        turns.wait(turn)
    await until(lambda: went == ["a", "c"])
    assert [type(fault) for fault in faults] == [ValueError]


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[GoOn]:
    """Who had to wait, each time."""
    waited: list[GoOn] = []
    wait = Turns.wait

    def noted(turns: Turns, go_on: GoOn) -> None:
        waited.append(go_on)
        wait(turns, go_on)

    monkeypatch.setattr(Turns, "wait", noted)
    return waited


async def test_who_says_thousands_of_things_at_once_waits_and_is_heard_in_order(
    connect: Connect, waited: list[GoOn]
) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    await alice.says(*({"type": "chat", "content": str(number)} for number in range(3000)))
    heard = [(await bob.hears())["content"] for _ in range(3000)]
    assert heard == [str(number) for number in range(3000)]
    assert waited


async def test_who_says_very_much_is_read_in_sips_and_every_byte_of_it(
    server: Server, connect: Connect
) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    await alice.says(*({"type": "typing"} for _ in range(500)))
    long = [str(number) * 4_000 for number in range(10, 20)]
    await alice.says(*({"type": "chat", "content": content} for content in long))
    heard = [message async for message in chats(bob, len(long))]
    assert heard == long
    lines = {person.username: person.line for person in server.lobby.sessions}
    assert isinstance(lines["Alice"], Connection)
    assert lines["Alice"]._carrier._is_sipping
    await alice.abort()
    while (await bob.hears())["type"] != "partner_left":
        pass


async def chats(client: Client, count: int) -> AsyncIterator[str]:
    while count:
        message = await client.hears()
        if message["type"] == "chat":
            count -= 1
            yield message["content"]


@pytest.mark.parametrize(
    "said", [["x" * 12_000, "y" * 12_000], [str(number) for number in range(12)]]
)
async def test_a_long_message_or_a_few_short_ones_need_not_wait(
    connect: Connect, waited: list[GoOn], said: list[str]
) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    await alice.says(*({"type": "chat", "content": content} for content in said))
    assert [(await bob.hears())["content"] for _ in said] == said
    assert waited == []


async def leave_in_the_midst(client: Client, waited: list[GoOn]) -> None:
    client.writer.write(FLOOD)
    before = len(waited)
    await until(lambda: len(waited) > before)
    await client.abort()


async def test_who_goes_while_it_waits_keeps_nobody_else_from_going_on(
    server: Server, connect: Connect, waited: list[GoOn]
) -> None:
    carol = await connect(name="Carol")
    for _ in range(3):
        await leave_in_the_midst(await connect(), waited)
    carol.writer.write(client_frame(Opcode.PING, b"x") * 5_000)
    for _ in range(5_000):
        assert (await carol.hears_frame()).payload == b"x"
    await until(lambda: len(server.lobby.sessions) == 1)
