import asyncio
import socket

import pytest
from tests.conftest import Connect
from tests.support.client import Client, meet, until

from duologue.config import Settings
from duologue.errors import ListenError
from duologue.server import Server


async def test_a_server_in_a_program_serves_as_long_as_its_block_lasts() -> None:
    async with Server(Settings(address="127.0.0.1:0")) as server:
        client = await Client.connect(server.port)
        assert (await client.hears())["type"] == "connected"
        goodbye = asyncio.ensure_future(client.hears_until_closed())
    assert await goodbye == ([], 1001)
    with pytest.raises(ConnectionRefusedError):
        await Client.connect(server.port)


async def test_who_does_not_hang_up_cannot_keep_a_server_from_stopping(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("duologue.server.app._GOODBYE_S", 0.1)
    async with Server(Settings(address="127.0.0.1:0")) as server:
        deaf = await Client.connect(server.port)
        _, half_open = await asyncio.open_connection("127.0.0.1", server.port)
        await until(lambda: server._doors)
    assert await deaf.is_disconnected()
    await deaf.abort()
    half_open.close()


async def test_a_crowd_is_dismissed_as_well_as_one_client() -> None:
    async with Server(Settings(address="127.0.0.1:0")) as server:
        crowd = [await Client.connect(server.port) for _ in range(400)]
        goodbyes = asyncio.gather(*(client.hears_until_closed() for client in crowd))
    assert {code for _, code in await goodbyes} == {1001}


async def test_two_servers_do_not_share_rooms_or_ports() -> None:
    async with (
        Server(Settings(address="127.0.0.1:0")) as one,
        Server(Settings(address="127.0.0.1:0")) as other,
    ):
        assert one.port != other.port
        alice = await Client.connect(one.port)
        bob = await Client.connect(other.port)
        await alice.introduce("Alice")
        await bob.introduce("Bob")
        await alice.says({"type": "create_room"})
        code = (await alice.hears())["room_code"]
        await bob.says({"type": "join_room", "room_code": code})
        assert (await bob.hears())["code"] == "room_not_found"
        await alice.abort()
        await bob.abort()


async def test_ipv6() -> None:
    if not socket.has_ipv6:
        pytest.fail("this machine has no IPv6")
    async with Server(Settings(address="[::1]:0")) as server:
        client = await Client.connect(server.port, host="::1")
        assert (await client.hears())["type"] == "connected"
        assert str(server.address) == f"[::1]:{server.port}"
        await client.abort()


async def test_a_port_that_is_taken_says_so(server: Server) -> None:
    with pytest.raises(ListenError) as caught:
        async with Server(Settings(address=f"127.0.0.1:{server.port}")):
            pass
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1:{server.port}: Address already in use"
    )


@pytest.mark.parametrize("address", ["192.0.2.1:0", "no-such-host.invalid:0"])
async def test_an_address_that_is_not_ours_says_so(address: str) -> None:
    with pytest.raises(ListenError, match="cannot listen on"):
        async with Server(Settings(address=address)):
            pass


@pytest.mark.parametrize("path", ["/", "/ws", "/ws?from=poster"])
async def test_chat_is_at_both_paths(connect: Connect, path: str) -> None:
    client = await connect(path=path)
    assert (await client.hears())["type"] == "connected"


async def test_many_people_come_at_once(connect: Connect) -> None:
    people = await asyncio.gather(*(connect(name=str(number)) for number in range(200)))
    codes = [await meet(people[at], people[at + 1]) for at in range(0, 200, 2)]
    assert len(set(codes)) == 100
    for person in people:
        await person.says({"type": "chat", "content": "hello"})
    heard = [(await person.hears())["from"] for person in people]
    assert heard == [str(number ^ 1) for number in range(200)]


async def test_a_settings_free_server_has_the_defaults() -> None:
    assert Server().settings == Settings()
    assert Server().port == 8080
