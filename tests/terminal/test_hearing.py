"""What happens is written and told in order, and confirmed once it is written."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from typing import cast

from duologue.client import (
    Chat,
    Client,
    Ended,
    Event,
    Failure,
    NotDelivered,
    PartnerJoined,
    PartnerLeft,
    PartnerRenamed,
    RoomCreated,
    RoomJoined,
    TicketRefused,
)
from duologue.client.outgoing import Counts, Outgoing
from duologue.errors import ConnectError, DuologueError
from duologue.terminal.hearing import Hearing
from duologue.terminal.ready import Output
from duologue.terminal.telling import as_json


class Happening:
    """What a client gives to hear: these events, then what ends it, or nothing more."""

    def __init__(self, *events: Event, failure: DuologueError | None = None) -> None:
        self.log: list[str] = []
        self._events = list(events)
        self._failure = failure

    def events(self, *, acknowledge: bool) -> "Happening":
        assert not acknowledge
        return self

    async def __anext__(self) -> Event:
        if self._events:
            return self._events.pop(0)
        if self._failure is not None:
            raise self._failure
        raise StopAsyncIteration

    def acknowledge(self, chat: Chat) -> None:
        self.log.append(f"confirmed {chat.id}")

    async def tell(self, line: str) -> None:
        self.log.append(line)


class Written:
    """A place to write to."""

    is_terminal = False

    def __init__(self, log: list[str], failure: OSError | None = None) -> None:
        self._log = log
        self._failure = failure

    async def write(self, text: bytes) -> None:
        if self._failure is not None:
            raise self._failure
        self._log.append(f"stdout {text!r}")


def chat(id_: int, content: str) -> Chat:
    return Chat("ABC123", 1, id_, "Bob", content, 0)


def lost(content: str) -> NotDelivered:
    outgoing = Outgoing(1, 1, content, Counts())
    outgoing.fail(Failure.PARTNER_LEFT)
    return NotDelivered((outgoing,))


def hearing(
    happening: Happening, failure: OSError | None = None, *, is_json: bool = False
) -> Hearing:
    tell: Callable[[str], Awaitable[None]] = happening.tell
    out = cast("Output", Written(happening.log, failure))
    return Hearing(cast("Client", happening), out, tell, is_json=is_json)


async def test_all_is_written_and_told_in_order_and_confirmed_together() -> None:
    happening = Happening(
        RoomCreated("ABC123"),
        PartnerJoined("Bob", 1),
        chat(1, "one"),
        chat(2, "안녕"),
        PartnerRenamed("Rob"),
        chat(3, "three"),
        lost("hi"),
        PartnerLeft(),
        PartnerJoined("Eve", 2),
    )
    heard = hearing(happening)
    assert await heard.hear() is None
    await heard.tell_the_rest()
    chats = "one\n안녕\n".encode()
    assert happening.log == [
        "Bob came in.",
        f"stdout {chats!r}",
        "confirmed 2",
        "Bob is now called Rob.",
        "stdout b'three\\n'",
        "confirmed 3",
        "Not delivered, your partner had left: hi",
        "Rob left.",
    ]
    assert (heard.is_over, heard.has_failed, heard.pairing.result()) == (True, True, 1)


async def test_what_cannot_be_written_is_not_confirmed() -> None:
    happening = Happening(chat(1, "one"), PartnerLeft(), lost("hi"))
    heard = hearing(happening, OSError(28, "No space left on device"))
    assert await heard.hear() is None
    await heard.tell_the_rest()
    assert happening.log == [
        "stdout cannot be written: No space left on device.",
        "Someone left.",
        "Not delivered, your partner had left: hi",
    ]
    assert heard.has_failed


async def test_who_does_not_read_is_told_on_stderr_in_the_end_all_the_same() -> None:
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    happening = Happening(chat(1, "x" * 500_000), lost("hi"))
    heard = Hearing(cast("Client", happening), Output(writing), happening.tell, is_json=False)
    task = asyncio.create_task(heard.hear())
    for _ in range(10):
        await asyncio.sleep(0)
    assert not task.done()
    task.cancel()
    await asyncio.wait({task})
    await heard.tell_the_rest()
    assert happening.log == ["Not delivered, your partner had left: hi"]
    os.close(reading)
    os.close(writing)


async def test_programs_get_every_event() -> None:
    happening = Happening(PartnerJoined("Bob", 1), chat(1, "one"), PartnerLeft())
    await hearing(happening, is_json=True).hear()
    assert happening.log == [
        f"stdout {as_json(PartnerJoined('Bob', 1))!r}",
        "Bob came in.",
        f"stdout {(as_json(chat(1, 'one')) + as_json(PartnerLeft()))!r}",
        "confirmed 1",
        "Bob left.",
    ]


async def test_who_came_too_late_to_meet_anyone_is_done() -> None:
    heard = hearing(Happening(RoomJoined("ABC123", 1, None), PartnerJoined("Eve", 2)))
    assert await heard.hear() is None
    assert heard.is_over
    assert not heard.pairing.done()


async def test_what_ended_it_is_returned_after_what_was_before() -> None:
    failure = ConnectError("ws://x", "no")
    happening = Happening(chat(1, "one"), Ended("rejected"), failure=failure)
    heard = hearing(happening)
    assert await heard.hear() is failure
    assert happening.log == ["stdout b'one\\n'", "confirmed 1"]


async def test_a_seat_that_is_lost_is_told() -> None:
    heard = hearing(Happening(TicketRefused()))
    await heard.hear()
    assert (heard.is_over, heard.has_lost_seat) == (True, True)
