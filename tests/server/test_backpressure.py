"""What happens when someone stops reading while their partner talks on."""

import asyncio

import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import TIMEOUT_S, Client, client_frame, meet

from duologue.server import Server
from duologue.wire.frames import Opcode

CHAT = client_frame(Opcode.TEXT, b'{"type":"chat","content":"' + b"x" * 8000 + b'"}')
FLOOD = 100


@pytest.fixture
async def flooded(connect: Connect) -> tuple[Client, Client]:
    """Alice, who talks, and Bob, whose computer takes little before he reads."""
    alice = await connect(name="Alice")
    bob = await connect(name="Bob", receive_buffer=4096)
    await meet(alice, bob)
    bob.stops_reading()
    return alice, bob


async def flood(alice: Client, server: Server) -> int:
    """Let Alice talk until the server stops reading from her; return how much she said."""
    said = 0
    async with asyncio.timeout(TIMEOUT_S):
        while not server.lobby.stalled:
            alice.writer.write(CHAT)
            said += 1
            await asyncio.sleep(0)
    return said


async def test_who_talks_to_a_stalled_partner_is_not_read_and_loses_nothing(
    server: Server, flooded: tuple[Client, Client]
) -> None:
    alice, bob = flooded
    said = await flood(alice, server)
    for _ in range(FLOOD):
        alice.writer.write(CHAT)
    bob.reads_again()
    heard = [len((await bob.hears())["content"]) for _ in range(said + FLOOD)]
    assert heard == [8000] * (said + FLOOD)
    assert not server.lobby.stalled


async def test_nobody_else_notices(
    server: Server, connect: Connect, flooded: tuple[Client, Client]
) -> None:
    alice, _bob = flooded
    await flood(alice, server)
    carol, dave = await connect(name="Carol"), await connect(name="Dave")
    await meet(carol, dave)
    for number in range(200):
        await carol.says({"type": "chat", "content": str(number)})
        assert (await dave.hears())["content"] == str(number)
    assert len(server.lobby.stalled) == 1


async def test_a_partner_that_does_not_read_for_too_long_is_closed_with_4003(
    start_server: StartServer, connect: Connect
) -> None:
    server = await start_server(stall_timeout_s=0.2, heartbeat_s=5)
    alice = await connect(server.port, name="Alice")
    bob = await connect(server.port, name="Bob", receive_buffer=4096)
    await meet(alice, bob)
    bob.stops_reading()
    said = await flood(alice, server)
    assert await alice.hears() == {"type": "partner_left"}
    bob.reads_again()
    messages, code = await bob.hears_until_closed()
    assert code == 4003
    assert 0 < len(messages) <= said


async def test_a_stalled_partner_that_vanishes_lets_the_other_go_on(
    server: Server, flooded: tuple[Client, Client]
) -> None:
    alice, bob = flooded
    await flood(alice, server)
    await bob.abort()
    assert await alice.hears() == {"type": "partner_left"}
    assert not server.lobby.stalled


async def test_who_reads_nothing_but_talks_nonsense_is_not_read_either(
    server: Server, connect: Connect
) -> None:
    alice = await connect(name="Alice", receive_buffer=4096)
    alice.stops_reading()
    said = 0
    async with asyncio.timeout(TIMEOUT_S):
        while not server.lobby.stalled:
            alice.writer.write(client_frame(Opcode.PING, b"x" * 125))
            said += 1
            await asyncio.sleep(0)
    alice.reads_again()
    for _ in range(said):
        assert (await alice.hears_frame()).opcode == Opcode.PONG
