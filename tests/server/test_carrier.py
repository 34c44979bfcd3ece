"""How connections end: the last words arrive, and nothing lingers for ever."""

import asyncio
from unittest.mock import Mock

import pytest
from tests.conftest import Connect
from tests.support.client import client_frame, meet, until

from duologue.server import Server, carrier
from duologue.server.carrier import Carrier
from duologue.wire.frames import Opcode


async def test_the_close_code_reaches_a_peer_that_is_still_sending(connect: Connect) -> None:
    alice = await connect()
    alice.writer.write(client_frame(Opcode.TEXT, b"x" * 4_000_000))
    assert (await alice.hears_until_closed())[1] == 1009


async def test_who_has_hung_up_does_not_linger(server: Server, connect: Connect) -> None:
    alice = await connect()
    await alice.frame(Opcode.TEXT, b"\xff")
    assert (await alice.hears_until_closed())[1] == 1007
    await until(lambda: not server._listener.lingering)


async def test_who_does_not_hang_up_is_hung_up_on(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "LINGER_S", 0.1)
    alice = await connect()
    await alice.hears()
    await alice.frame(Opcode.CLOSE)
    assert (await alice.hears_frame()).opcode == Opcode.CLOSE
    assert server._listener.lingering
    await until(lambda: not server._listener.lingering)


async def test_a_session_ends_when_the_goodbye_begins(server: Server, connect: Connect) -> None:
    alice = await connect()
    await alice.frame(Opcode.CLOSE)
    await alice.hears_until_closed()
    assert len(server.lobby.sessions) == 0


async def test_who_was_not_read_can_still_say_goodbye(
    server: Server, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(carrier, "LINGER_S", 1000.0)
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    for person in server.lobby.sessions:
        person.line.hold(True)
    server.lobby.dismiss()
    server._listener.flush()
    for client in (alice, bob):
        assert (await client.hears_until_closed())[1] == 1001
    await until(lambda: not server._listener.lingering)


async def test_a_reason_is_told_before_the_connection_ends() -> None:
    """The library may end a connection right after it has found it broken."""
    told: list[int | str] = []

    class Owner:
        def on_violation(self, code: int) -> None:
            told.append(code)

        def on_closing(self) -> None:
            told.append("closing")

        def on_more(self) -> None:
            told.append("more")

    transport = Mock(asyncio.Transport)
    carrier = Carrier(transport, set())
    carrier.owner = Owner()
    carrier.write(b"\x88\x02\x03\xf1")
    carrier.close()
    assert told == [1009]
    assert transport.method_calls == []
