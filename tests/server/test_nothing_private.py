"""Whatever happens in an evening: no log line and no metric tells of a person.

The server here is the program, with a fault planted in it that quotes what it
is given, as msgspec and Python do. Whatever it wrote, to stderr, to stdout and
to whoever asked for metrics, is searched for all that anybody said or is.
"""

import asyncio
import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.client import TIMEOUT_S, Client, client_frame, meet
from tests.support.program import Program
from tests.support.scrape import fetch
from tests.support.v1_client import V1Client, receipt

from duologue.wire.frames import Opcode

FAULTY = """
import asyncio
from duologue.core.room import Room
from duologue.server.app import Server
say, post = Room.say, Room.post
def quote(content):
    if "fault" in content:
        try:
            {}[content]
        except KeyError as error:
            error.add_note(content)
            raise ValueError(f"cannot deal with {content}") from error
def faulty_say(self, seat, content):
    quote(content)
    say(self, seat, content)
def faulty_post(self, seat, chat):
    quote(chat.content)
    asyncio.get_running_loop().call_soon(int, chat.content)
    class Broken:
        def __del__(self, words=chat.content):
            raise ValueError(words)
    Broken()
    post(self, seat, chat)
Room.say, Room.post = faulty_say, faulty_post
from duologue.cli import main
main()
"""

NAMES = ("Namea-Quill", "Nameb-Quill", "Namec-Quill", "Named-Quill")
TEXT = "Textual Quillings"
ODD = f"{TEXT} \U0001f600 é"
FAULT = f"{TEXT} fault"


@contextlib.contextmanager
def faulty_server(*arguments: str) -> Iterator[tuple[Program, int]]:
    with subprocess.Popen(
        [
            *(sys.executable, "-B", "-c", FAULTY, "serve", "127.0.0.1:0", *arguments),
            *("--log", "debug", "--ops-address", "127.0.0.1:0", "--heartbeat-s", "300"),
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stderr is not None
            port = int(process.stdout.readline().partition("http://127.0.0.1:")[2].split()[0])
            while "metrics on" not in (line := process.stderr.readline()):
                assert line
            found = re.search(r"metrics on 127\.0\.0\.1:(\d+)", line)
            assert found is not None
            yield Program(process, port), int(found[1])
        finally:
            process.kill()


async def everything_wrong(client: Client) -> None:
    """Say what is no message, in many ways that a decoder may want to quote."""
    wrong = [
        f'"{TEXT}"',
        f'{{"type":"{TEXT}"}}',
        f'{{"type":"chat","content":{{"{TEXT}":1}}}}',
        f'{{"type":"chat","{TEXT}":1}}',
        f'{{"type":"set_username","username":"{NAMES[0]}\\u0007x"}}',
        f'{{"type":"join_room","room_code":"{TEXT}"}}',
        f'{{"type":"chat","content":"{TEXT}',
        f"[{TEXT}]",
        "[" * 100_000,
    ]
    for text in wrong:
        await client.says(text)
        assert (await client.hears())["type"] == "error"
    await client.frame(Opcode.BINARY, TEXT.encode())
    assert (await client.hears())["type"] == "error"


async def reference_evening(port: int) -> set[str]:
    """Two reference clients meet, talk and provoke; return what must not be found."""
    alice, bob = await Client.connect(port), await Client.connect(port)
    ids = {(await person.hears())["client_id"] for person in (alice, bob)}
    for person, name in ((alice, NAMES[0]), (bob, NAMES[1])):
        await person.says({"type": "set_username", "username": name})
        await person.hears()
    code = await meet(alice, bob)
    await alice.says({"type": "chat", "content": ODD})
    assert (await bob.hears())["content"] == ODD
    stranger = await Client.connect(port)
    ids.add((await stranger.hears())["client_id"])
    await stranger.says({"type": "set_username", "username": NAMES[2]})
    await stranger.hears()
    await stranger.says({"type": "join_room", "room_code": code})
    assert (await stranger.hears())["code"] == "room_full"
    await everything_wrong(stranger)
    stranger.writer.write(client_frame(Opcode.TEXT, TEXT.encode() + b"\xff"))
    await stranger.hears_until_closed()
    await alice.says({"type": "chat", "content": FAULT})
    assert await alice.hears_until_closed() == ([], 1011)
    assert await bob.hears_until_closed() == ([], 1011)
    return {code, *ids}


async def v1_evening(port: int) -> set[str]:
    """Two v1 clients meet, lose each other, come back, and provoke."""
    secrets: set[str] = set()
    ann, ben = await V1Client.open(port), await V1Client.open(port)
    await ann.names(NAMES[2])
    await ben.names(NAMES[3])
    code = await ann.creates()
    await ben.joins(code)
    assert (await ann.hears())["type"] == "partner_joined"
    await ann.chats(1, ODD)
    assert (await ben.hears_chat())[1] == ODD
    await ben.says(receipt("received", 1), receipt("read", 1))
    await ben.reset()
    while (await ann.hears())["type"] != "partner_away":
        pass
    again = await V1Client.open(port)
    resumed = await again.resumes(ben, received=1)
    secrets |= {code, ann.ticket, ben.ticket, again.ticket, resumed["client_id"]}
    forger = await V1Client.open(port)
    for ticket in (f"{ben.ticket}x", TEXT, "x" * 20_000):
        claim = {"received": 0, "read": 0, "delivered": 0}
        await forger.says({"type": "resume", "ticket": ticket, **claim})
        assert (await forger.hears())["code"] == "ticket_refused"
    await everything_wrong(forger)
    await ann.chats(2, FAULT)
    assert (await ann.hears_until_closed())[1] == 1011
    await again.hears_until_closed()
    await forger.abort()
    return secrets


async def http_evening(port: int) -> None:
    """Ask for things that quote, too."""
    for path in (f"/{TEXT.replace(' ', '+')}", f"/?{NAMES[0]}"):
        await fetch(port, path, f"Cookie: {NAMES[1]}")
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"{TEXT}\r\n\r\n".encode())
    async with asyncio.timeout(TIMEOUT_S):
        await reader.read()
    writer.close()


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
@pytest.mark.parametrize("addresses", ["hashed", "plain", "none"])
@pytest.mark.parametrize("form", ["text", "json"])
async def test_what_a_server_writes_tells_of_nobody(form: str, addresses: str) -> None:
    with faulty_server("--log-format", form, "--log-addresses", addresses) as (
        program,
        ops_port,
    ):
        secrets = await reference_evening(program.port) | await v1_evening(program.port)
        await http_evening(program.port)
        openmetrics = "Accept: application/openmetrics-text; version=1.0.0"
        metrics = (await fetch(ops_port, "/metrics")).text
        metrics += (await fetch(ops_port, "/metrics", openmetrics)).text
        code, log = await asyncio.to_thread(program.stop)
    assert code == 0
    assert {"chat", "resume", "typing"} & set(re.findall(r"says (\w+)", log))
    # Both faults are told, that in the loop and the one that Python ignores are, too.
    assert log.count("an input failed") == 2
    assert log.count("KeyError") >= 2
    assert "an exception was ignored" in log
    assert "the event loop: " in log
    written = (log + metrics).casefold()
    for secret in (*secrets, "quill", "ud83d", "\U0001f600"):
        assert len(secret) >= 1
        assert secret.casefold() not in written, secret
    told = log.replace(f"127.0.0.1:{program.port}", "")
    assert ("127.0.0.1" in told) is (addresses == "plain")
    assert "127.0.0.1" not in metrics
    if form == "json":
        check_json(log, addresses)


def check_json(log: str, addresses: str) -> None:
    """See that every line is an object, and what it says of addresses."""
    lines: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines()]
    assert all({"time", "level", "message"} <= set(line) for line in lines)
    sources = {line.get("source") for line in lines if line.get("event") == "opened"}
    assert len(sources) == 1  # All came from one place.
    (source,) = sources
    if addresses == "hashed":
        assert re.fullmatch(r"[0-9a-f]{10}", str(source))
    else:
        assert source == {"plain": "127.0.0.1", "none": None}[addresses]
