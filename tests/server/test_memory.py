"""How much memory the program takes, measured from outside."""

import gc
import select
import socket

from tests.support.client import HANDSHAKE, Client, client_frame, meet, until
from tests.support.program import running

from duologue.config import Settings
from duologue.core.room import Room
from duologue.core.seat import Seat
from duologue.core.session import Session
from duologue.server import Server
from duologue.server.carrier import Carrier, Linger
from duologue.server.door import Door
from duologue.server.listener import Connection
from duologue.wire.frames import Opcode
from duologue.wire.messages import Said

CHAT = client_frame(Opcode.TEXT, b'{"type":"chat","content":"' + b"x" * 16_000 + b'"}')
NO_PROGRESS_S = 1.0


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
