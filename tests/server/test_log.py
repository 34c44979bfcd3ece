"""The log tells what happened, and never what was said, by whom or where."""

import re
import signal

import pytest
from tests.conftest import Connect
from tests.support.client import Client, meet
from tests.support.program import running

from duologue.server.log import MUFFLED


async def converse(port: int) -> str:
    """Say secrets and nonsense in a room; return its code."""
    alice, bob = await Client.connect(port), await Client.connect(port)
    await alice.introduce("Secretia")
    await bob.introduce("Secretius")
    code = await meet(alice, bob)
    await alice.says(
        {"type": "chat", "content": "secret words"}, "secret nonsense", {"type": "typing"}
    )
    await bob.hears()
    assert (await alice.hears())["code"] == "invalid_message"
    await alice.frame(3)
    await alice.hears_until_closed()
    await bob.abort()
    return code


async def test_a_whole_conversation_leaves_two_lines_a_connection() -> None:
    with running() as program:
        code = await converse(program.port)
        _, log = program.stop()
    bare = re.sub(
        r"(?<=from )[0-9a-f]{10}$|(?<=after )[0-9.]+(?= s$)", "…", log, flags=re.MULTILINE
    )
    assert sorted(re.sub(r"^[-\d]+ [:\d]+ INFO +", "", line) for line in bare.splitlines()) == [
        "connection 1 closed with 1002 after … s",
        "connection 1 opened from …",
        "connection 2 closed with 1006 after … s",
        "connection 2 opened from …",
        f"listening on 127.0.0.1:{program.port}",
        "stopped after 2 connections, 1 rooms, 12 frames sent",
    ]
    assert code not in log


async def test_at_debug_every_input_is_told_and_still_no_secret() -> None:
    with running(DUOLOGUE_LOG="debug") as program:
        code = await converse(program.port)
        _, log = program.stop(signal.SIGINT)
    assert {"set_username", "create_room", "join_room", "chat", "typing"} <= set(
        re.findall(r"says (\w+)", log)
    )
    assert "says what is no message" in log
    assert code not in log
    assert "ecret" not in log
    assert "Traceback" not in log


def test_a_librarys_complaints_about_peers_are_not_events(
    caplog: pytest.LogCaptureFixture,
) -> None:
    MUFFLED.error("WS parser error: %s", "a peer's fault")
    assert caplog.records == []
    try:
        int("no number")
    except ValueError:
        MUFFLED.exception("a bug: %s", "of ours")
    (record,) = caplog.records
    assert record.exc_info is not None


async def test_an_embedding_program_finds_the_lines_under_one_logger(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="duologue")
    await connect()
    assert {record.name for record in caplog.records} == {"duologue"}
