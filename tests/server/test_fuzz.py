"""A hundred thousand random, mutated and truncated messages and frames.

Whatever comes, in either protocol, the server answers or closes with the right
code, logs no traceback, disturbs nobody and still serves. The seed is fixed: a
failure can be had again.
"""

import asyncio
import json
import logging
import random
from typing import Any

import pytest
from tests.conftest import Connect, StartServer
from tests.support.client import Client, client_frame, meet
from tests.support.v1_client import open_couple

from duologue.server import Server
from duologue.server.hearing import Dialect
from duologue.wire.frames import Opcode
from duologue.wire.v1 import SUBPROTOCOL

MESSAGES = 5_000  # times 10 seeds, times 2 event loops: 100,000 that the server has read
A_CONNECTION = 500

WORDS = [
    b'{"type":"set_username","username":"Mallory"}',
    b'{"type":"create_room"}',
    b'{"type":"join_room","room_code":"ABC123"}',
    b'{"type":"chat","content":"\xed\x95\x9c\xea\xb8\x80 \\ud83d\\ude00"}',
    b'{"type":"typing"}',
    b'{"type":"stop_typing"}',
    b'{"type":"leave_room"}',
    b'{"type":"chat","content":{"deep":[[[[]]]]}}',
    b'{"type":"chat","content":"\\u0000\\ud800"}',
]
V1_WORDS = [
    b'{"type":"join_room","room_code":"ABC123","client_id":"0"}',
    b'{"type":"chat","pairing":1,"id":1,"content":"hi"}',
    b'{"type":"chat","pairing":1,"id":2,"content":"\xed\x95\x9c"}',
    b'{"type":"chat","pairing":0,"id":9007199254740991,"content":""}',
    b'{"type":"chat","pairing":9007199254740992,"id":0,"content":""}',
    b'{"type":"received","pairing":1,"id":1}',
    b'{"type":"received","pairing":1,"id":9007199254740991}',
    b'{"type":"read","pairing":1,"id":1e3}',
    b'{"type":"resume","ticket":"AAAA","received":0,"read":0,"delivered":0}',
    b'{"type":"free_seat"}',
    b'{"type":"ping"}',
]
STRANGE = [
    b"\x00",
    b"\xff",
    b"\xed\xa0\x80",
    b'"',
    b"\\u",
    b"{",
    b"}" * 9,
    b"[" * 3000,
    b"1e999",
]


def mutated(dice: random.Random, message: bytes) -> bytes:
    """Spoil a message in one of the ways in which messages get spoilt."""
    at = dice.randrange(len(message))
    match dice.randrange(5):
        case 0:
            return message[:at]
        case 1:
            return message[:at] + dice.choice(STRANGE) + message[at:]
        case 2:
            return message[:at] + bytes([dice.randrange(256)]) + message[at + 1 :]
        case 3:
            return dice.randbytes(dice.randrange(200))
        case _:
            return message


def random_frame(dice: random.Random, words: list[bytes]) -> bytes:
    """Make a frame: mostly a proper one, with anything in it, and sometimes anything at all."""
    payload = mutated(dice, dice.choice(words))
    kind = dice.random()
    if kind < 0.9:
        return client_frame(Opcode.TEXT, payload.decode(errors="replace").encode())
    if kind < 0.99:
        return dice.choice(
            [fragmented(dice, payload), client_frame(Opcode.PING, payload[:125])]
        )
    if kind < 0.994:
        return client_frame(dice.choice(list(Opcode)), payload, fin=dice.random() < 0.5)
    if kind < 0.998:
        masked, rsv = dice.random() < 0.5, dice.randrange(8)
        return client_frame(dice.randrange(16), payload, rsv=rsv, masked=masked)
    return dice.randbytes(dice.randrange(1, 40))


def fragmented(dice: random.Random, payload: bytes) -> bytes:
    """Cut a message in two, anywhere, with a PONG between."""
    at = dice.randrange(len(payload) + 1)
    whole = payload.decode(errors="replace").encode()
    opcode = dice.choice([Opcode.TEXT, Opcode.BINARY])
    return b"".join(
        (
            client_frame(opcode, whole[:at], fin=False),
            client_frame(Opcode.PONG),
            client_frame(Opcode.CONTINUATION, whole[at:]),
        )
    )


class Loot:
    """What the server has said that may be of use against it."""

    def __init__(self) -> None:
        self.words: dict[str, list[bytes]] = {}

    def take(self, message: dict[str, Any]) -> None:
        """Learn what can be said with the newest ticket, code and id."""
        if "ticket" in message:
            counts = {"received": 1, "read": 1, "delivered": 1}
            self._keep("ticket", {"type": "resume", "ticket": message["ticket"], **counts})
        if message["type"] == "room_created":
            self._keep("code", {"type": "join_room", "room_code": message["room_code"]})
        if message["type"] == "connected":
            code = {"room_code": "ABC123", "client_id": message["client_id"]}
            self._keep("id", {"type": "join_room", **code})

    def all(self) -> list[bytes]:
        """Return all that was learnt."""
        return [word for words in self.words.values() for word in words]

    def _keep(self, kind: str, said: dict[str, Any]) -> None:
        newest = [json.dumps(said).encode(), *self.words.get(kind, [])]
        self.words[kind] = newest[:4]


async def last_words(client: Client, loot: Loot) -> int | None:
    """Read what the server has to say until it hangs up; every text must be a message."""
    code = None
    try:
        while True:
            frame = await client.hears_frame()
            if frame.opcode == Opcode.TEXT:
                loot.take(json.loads(frame.payload))
            elif frame.opcode == Opcode.CLOSE:
                code = frame.close_code or 1000
    except (asyncio.IncompleteReadError, ConnectionError):
        return code


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    """A server that does not mind how often it is spoken to, nor how foolishly."""
    limits = (
        "messages_per_s",
        "bytes_per_s",
        "errors_per_s",
        "wrong_codes_per_source_min",
        "wrong_codes_per_s",
    )
    return await start_server(**dict.fromkeys(limits, "off"))


@pytest.mark.parametrize("seed", range(10))
async def test_no_input_does_harm(
    server: Server,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    carol, dave = await open_couple(server.port)
    codes = [await meet(alice, bob), carol.room_code]
    joins = [b'{"type":"join_room","room_code":"%b"}' % code.encode() for code in codes]
    read: list[str] = []

    def counting(dialect: Dialect) -> Dialect:
        def decode(text: str) -> object:
            read.append(text)
            return dialect.decode(text)

        return dialect._replace(decode=decode)

    for name, dialect in list(server._dialects.items()):
        monkeypatch.setitem(server._dialects, name, counting(dialect))
    dice, loot = random.Random(seed), Loot()
    while len(read) < MESSAGES:
        is_v1 = dice.random() < 0.6
        mallory = await Client.connect(server.port, offers=SUBPROTOCOL if is_v1 else "")
        words = [*WORDS, *joins, *(V1_WORDS + 2 * loot.all() if is_v1 else [])]
        ending = asyncio.ensure_future(last_words(mallory, loot))
        for word in (WORDS[0], dice.choice([WORDS[1], *(loot.all() if is_v1 else [])])):
            mallory.writer.write(client_frame(Opcode.TEXT, word))
        for _ in range(A_CONNECTION):
            mallory.writer.write(random_frame(dice, words))
        mallory.writer.write_eof()
        code = await ending
        # A random CLOSE may carry any code; none of ours for our own faults or for silence.
        assert code not in {1001, 1011, 4002, 4003}
        await mallory.abort()
    await alice.says({"type": "chat", "content": "still there?"})
    assert await bob.hears() == {"type": "chat", "from": "Alice", "content": "still there?"}
    await carol.chats(1, "and you?")
    assert await dave.hears_chat() == (1, "and you?")
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
    await carol.abort()
    await dave.abort()
