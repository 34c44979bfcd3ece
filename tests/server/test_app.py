import asyncio
import socket

import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import Client, meet, until
from tests.support.v1_client import V1Client, open_couple

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
        await until(lambda: server._hall.doors)
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


async def test_while_it_drains_plain_requests_are_answered_and_chat_is_refused(
    start_server: StartServer,
) -> None:
    server = await start_server(drain_s=300.0)
    client = await Client.connect(server.port)
    assert await ask(server.port, "/readyz") == (200, b"ready\n")
    draining = asyncio.create_task(server.drain())
    await until(lambda: server.lobby.drain)
    assert await ask(server.port, "/readyz") == (503, b"draining\n")
    assert await ask(server.port, "/healthz") == (200, b"ok\n")
    status, words = await ask(server.port, "/ws", "Upgrade: websocket", *UPGRADE)
    assert (status, words) == (503, b"This server is about to stop.\n")
    await client.abort()
    await draining


async def test_a_drain_ends_with_the_last_who_goes(start_server: StartServer) -> None:
    server = await start_server(drain_s=300.0)
    couple = await open_couple(server.port)
    draining = asyncio.create_task(server.drain())
    heard = await asyncio.gather(*(person.hears_until_closed() for person in couple))
    assert heard == [([{"type": "reconnect", "after_ms": 0}], 1012)] * 2
    await draining


async def test_pairs_leave_one_after_the_other_and_the_last_before_the_time_is_up(
    start_server: StartServer,
) -> None:
    server = await start_server(drain_s=1.0)
    couples = [await open_couple(server.port) for _ in range(10)]
    begun = asyncio.get_running_loop().time()
    draining = asyncio.create_task(server.drain())

    async def leaves(person: V1Client) -> float:
        _, code = await person.hears_until_closed()
        assert code == 1012
        return asyncio.get_running_loop().time() - begun

    times = await asyncio.gather(*(leaves(person) for couple in couples for person in couple))
    assert max(times) >= 0.8
    await draining


async def test_reference_clients_chat_until_the_time_is_up(start_server: StartServer) -> None:
    async with Server(Settings(address="127.0.0.1:0", drain_s=0.5)) as server:
        alice, bob = await Client.connect(server.port), await Client.connect(server.port)
        await alice.introduce("Alice")
        await bob.introduce("Bob")
        await meet(alice, bob)
        draining = asyncio.create_task(server.drain())
        await until(lambda: server.lobby.drain)
        await alice.says({"type": "chat", "content": "still here"})
        assert (await bob.hears())["content"] == "still here"
        await draining
        goodbyes = asyncio.gather(*(each.hears_until_closed() for each in (alice, bob)))
    assert [code for _, code in await goodbyes] == [1001, 1001]


async def test_with_no_time_to_drain_everyone_is_told_at_once() -> None:
    async with Server(Settings(address="127.0.0.1:0", drain_s=0)) as server:
        couple = await open_couple(server.port)
        await server.drain()
        goodbyes = asyncio.gather(*(person.hears_until_closed() for person in couple))
    assert [code for _, code in await goodbyes] == [1012, 1012]


async def test_a_connection_between_requests_is_hung_up_on_when_the_drain_begins(
    start_server: StartServer,
) -> None:
    server = await start_server()
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    await reader.readuntil(b"ok\n")
    await server.drain()
    assert await reader.read() == b""
    writer.close()


UPGRADE = (
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
)


async def ask(port: int, target: str, *headers: str) -> tuple[int, bytes]:
    """Ask for something, and return the status and the body of the answer."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = (f"GET {target} HTTP/1.1", "Host: 127.0.0.1", *headers, "", "")
    writer.write("\r\n".join(head).encode())
    status = await reader.readline()
    fields = await reader.readuntil(b"\r\n\r\n")
    size = int(fields.lower().partition(b"content-length: ")[2].split()[0])
    assert (b"Retry-After: " in fields) == (target == "/ws")
    body = await reader.readexactly(size)
    writer.close()
    return int(status.split()[1]), body
