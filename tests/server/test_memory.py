"""How much memory the program takes, measured from outside."""

import asyncio
import contextlib
import ctypes
import gc
import select
import socket
import time
from collections.abc import Iterator
from itertools import chain, repeat

import pytest
from tests.support.client import HANDSHAKE, TIMEOUT_S, Client, client_frame, meet, until
from tests.support.program import Program, running

from duologue.bench.link import RESET_ON_CLOSE
from duologue.config import Settings
from duologue.core.room import Room
from duologue.core.seat import Seat
from duologue.core.session import Session
from duologue.server import Server, memory
from duologue.server.carrier import Carrier, Linger
from duologue.server.connection import Connection
from duologue.server.door import Door
from duologue.wire.frames import Opcode
from duologue.wire.messages import Said

CHAT = client_frame(Opcode.TEXT, b'{"type":"chat","content":"' + b"x" * 16_000 + b'"}')
NO_PROGRESS_S = 1.0
CREATE = '{"type":"create_room"}'


def dial(port: int, *first_words: str) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port))
    connection.sendall(HANDSHAKE.format(path="/ws").encode())
    for words in first_words:
        connection.sendall(client_frame(Opcode.TEXT, words.encode()))
    return connection


def read_until(connection: socket.socket, words: bytes) -> bytes:
    heard = b""
    while words not in heard:
        heard += connection.recv(65536)
    return heard


def flood(connection: socket.socket) -> int:
    """Send until nothing more is taken; return how many bytes were."""
    connection.setblocking(False)
    sent = 0
    while select.select([], [connection], [], NO_PROGRESS_S)[1]:
        sent += connection.send(CHAT[sent % len(CHAT) :])
    return sent


def test_a_pair_whose_reader_stalls_takes_less_than_two_mebibytes() -> None:
    with (
        running() as program,
        dial(
            program.port, '{"type":"set_username","username":"A"}', '{"type":"create_room"}'
        ) as a,
        dial(program.port, '{"type":"set_username","username":"B"}') as b,
    ):
        code = read_until(a, b'room_code":"').partition(b'room_code":"')[2][:6].decode()
        b.sendall(
            client_frame(Opcode.TEXT, b'{"type":"join_room","room_code":"%b"}' % code.encode())
        )
        read_until(a, b"partner_joined")
        before = program.resident_bytes
        flood(a)
        assert program.resident_bytes - before < 2 * 1024 * 1024


@contextlib.contextmanager
def crowd(program: Program, size: int) -> Iterator[None]:
    """Let many people open rooms; they go with a reset."""
    with contextlib.ExitStack() as connected:
        for _ in range(size):
            person = connected.enter_context(
                dial(program.port, '{"type":"set_username","username":"A"}', CREATE)
            )
            person.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
            read_until(person, b"room_created")
        yield


def test_what_a_crowd_took_is_given_back() -> None:
    with running("--log", "warning") as program:
        with crowd(program, 10):
            before = program.resident_bytes
        with crowd(program, 1_000):
            peak = program.resident_bytes
            time.sleep(2 * memory.LOOK_S)  # Until the program has seen how many there are.
        assert peak > before * 1.1
        give_up = time.monotonic() + TIMEOUT_S
        while program.resident_bytes > before * 1.1:
            assert time.monotonic() < give_up
            time.sleep(0.05)


async def test_what_nobody_needs_is_looked_for_when_a_crowd_has_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def collect() -> int:
        done.append("collected")
        return 0

    done: list[str] = []
    monkeypatch.setattr(memory, "LOOK_S", 0)
    monkeypatch.setattr(memory, "_trim", lambda: lambda: done.append("trimmed"))
    monkeypatch.setattr(gc, "collect", collect)
    counts = chain([500, 500, 5], repeat(0))
    watching = asyncio.create_task(memory.watch(lambda: (next(counts), 500)))
    await until(lambda: done)
    watching.cancel()
    assert done == ["collected", "trimmed"]


def test_a_c_library_without_trimming_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    memory._trim()()
    monkeypatch.setattr(ctypes, "CDLL", lambda _name: object())
    memory._trim()()


def test_a_crowd_has_left_when_few_of_many_are_there() -> None:
    ebb = memory.Ebb()
    seen = (10, 299, 0, 400, 51, 50, 0, 8, 2_000, 251, 250, 250, 31, 0)
    given = [here for here in seen if ebb.look(here)]
    assert given == [50, 0, 8, 250, 250, 31]


async def meet_and_part(server: Server) -> None:
    alice, bob = [await Client.connect(server.port) for _ in "ab"]
    await alice.introduce("Alice")
    await bob.introduce("Bob")
    await meet(alice, bob)
    await alice.says({"type": "chat", "content": "unforgettable"})
    await bob.hears()
    await alice.frame(Opcode.CLOSE)
    await alice.is_disconnected()
    for client in (alice, bob):
        await client.abort()
    await until(lambda: len(server.lobby.sessions) == 0)


async def test_nothing_stays_of_people_who_are_gone() -> None:
    async with Server(Settings(address="127.0.0.1:0")) as server:
        for _ in range(3):
            await meet_and_part(server)
        assert server.lobby.rooms == {}
    gc.collect()
    ours = (Session, Room, Seat, Connection, Carrier, Door, Linger, Said)
    assert [item for item in gc.get_objects() if type(item) in ours] == []


@pytest.mark.parametrize("last", [Opcode.CLOSE, 3])
async def test_a_connection_is_freed_without_a_garbage_collector(last: int) -> None:
    async with Server(Settings(address="127.0.0.1:0")) as server:
        gc.disable()
        try:
            client = await Client.connect(server.port)
            await client.frame(Opcode.TEXT, b"x", fin=False)
            await client.frame(last)
            await client.is_disconnected()
            await client.abort()
            await until(lambda: not server.count()[0])
            ours = (Connection, Carrier)
            await until(lambda: not [o for o in gc.get_objects() if type(o) in ours])
        finally:
            gc.enable()
