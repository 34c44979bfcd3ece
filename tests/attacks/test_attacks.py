"""Each attack in small: what it gets, what a pair beside it notices, and what is left."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from attacks.catalogue import ATTACKS, Attack
from tests.conftest import StartServer
from tests.support.client import TIMEOUT_S, until
from tests.support.v1_client import V1Client, open_couple

from duologue.server import Server, carrier
from duologue.wire.frames import Opcode

LONG_ENOUGH_S = 0.5
"""How long an attack goes on, unless it ends by itself or has not seen enough yet."""

FEWEST_CHATS = 10


@pytest.fixture(autouse=True)
def _impatience(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Shorten what takes long, and let threads take turns often: attackers never rest."""
    monkeypatch.setattr(carrier, "LINGER_S", 0.3)
    before = sys.getswitchinterval()
    sys.setswitchinterval(0.0005)
    yield
    sys.setswitchinterval(before)


@pytest.fixture
async def couple(start_server: StartServer, attack: Attack) -> AsyncIterator[Any]:
    """A server set for the attack, with a pair in a room."""
    server = await start_server(**attack.settings)
    alice, bob = await open_couple(server.port)
    yield server, alice, bob
    for client in (alice, bob):
        await client.abort()


async def chat(alice: V1Client, bob: V1Client, number: int) -> None:
    """Say one thing, and hear it in its turn."""
    await alice.chats(number, f"chat {number}")
    message = await hears(bob, "chat")
    assert (message["id"], message["content"]) == (number, f"chat {number}")
    await bob.says({"type": "received", "pairing": 1, "id": number})
    await hears(alice, "delivered")


async def hears(client: V1Client, type_: str) -> Any:
    """Answer PINGs until such a message comes; only `sent` may come before."""
    while (frame := await client.hears_frame()).opcode == Opcode.PING or (
        b'{"type":"sent"' in frame.payload
    ):
        if frame.opcode == Opcode.PING:
            await client.frame(Opcode.PONG, frame.payload)
    assert frame.opcode == Opcode.TEXT, frame
    message = json.loads(frame.payload)
    assert message["type"] == type_
    return message


async def is_rid_of_them(server: Server) -> None:
    """Wait until nothing is left but the pair and its room."""
    await until(lambda: not server._hall.doors)
    await until(lambda: not server._listener.lingering)
    await until(lambda: len(server.lobby.sessions) == 2)
    await until(lambda: not server.lobby.stalled)
    assert not server._listener.marked


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
async def test_a_pair_chats_through_an_attack_of_which_nothing_stays(
    attack: Attack, couple: tuple[Server, V1Client, V1Client]
) -> None:
    server, alice, bob = couple
    seconds = TIMEOUT_S if attack.most_small else LONG_ENOUGH_S
    striking = asyncio.ensure_future(
        asyncio.to_thread(attack.run_small, server.port, seconds, TIMEOUT_S)
    )
    said = 0
    while not striking.done() or said < FEWEST_CHATS:
        said += 1
        await chat(alice, bob, said)
    tally = await striking
    assert tally.opened > 0
    assert not attack.sees or set(attack.sees) & set(tally.counts), tally.summary()
    await is_rid_of_them(server)
    await chat(alice, bob, said + 1)
