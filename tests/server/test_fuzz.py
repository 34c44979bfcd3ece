"""A hundred thousand random, mutated and truncated messages and frames.

Whatever comes, the server answers or closes with the right code, logs no
traceback, disturbs nobody and still serves. The seed is fixed: a failure can
be had again.
"""

import asyncio
import json
import logging
import random

import pytest
from tests.conftest import Connect
from tests.support.client import Client, client_frame, meet

from duologue.server import Server
from duologue.wire.codec import decode
from duologue.wire.frames import Opcode
from duologue.wire.messages import ClientMessage

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


def random_frame(dice: random.Random) -> bytes:
    """Make a frame: mostly a proper one, with anything in it, and sometimes anything at all."""
    payload = mutated(dice, dice.choice(WORDS))
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


async def last_words(client: Client) -> int | None:
    """Read what the server has to say until it hangs up; every text must be a message."""
    code = None
    try:
        while True:
            frame = await client.hears_frame()
            if frame.opcode == Opcode.TEXT:
                assert "type" in json.loads(frame.payload)
            elif frame.opcode == Opcode.CLOSE:
                code = frame.close_code or 1000
    except (asyncio.IncompleteReadError, ConnectionError):
        return code


@pytest.mark.parametrize("seed", range(10))
async def test_no_input_does_harm(
    server: Server,
    connect: Connect,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    seed: int,
) -> None:
    alice, bob = await connect(name="Alice"), await connect(name="Bob")
    await meet(alice, bob)
    read: list[str] = []

    def counting_decode(text: str) -> ClientMessage:
        read.append(text)
        return decode(text)

    monkeypatch.setattr(server._listener, "decode", counting_decode)
    dice = random.Random(seed)
    while len(read) < MESSAGES:
        mallory = await Client.connect(server.port)
        ending = asyncio.ensure_future(last_words(mallory))
        for _ in range(A_CONNECTION):
            mallory.writer.write(random_frame(dice))
        mallory.writer.write_eof()
        code = await ending
        # A random CLOSE may carry any code; none of ours for our own faults or for silence.
        assert code not in {1001, 1011, 4002, 4003}
        await mallory.abort()
    await alice.says({"type": "chat", "content": "still there?"})
    assert await bob.hears() == {"type": "chat", "from": "Alice", "content": "still there?"}
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []
