"""What stdin brings is sent line by line; what cannot be sent is told."""

import asyncio
import os
from pathlib import Path
from typing import cast

import pytest

from duologue.client import Client
from duologue.errors import EmptyMessage, MessageTooLong, NoPartner
from duologue.terminal.speaking import Speaking


class Partner:
    """Takes as many messages as it is patient, as a client's `send` does."""

    def __init__(self, patience: int = 1000) -> None:
        self.heard: list[str] = []
        self.came = asyncio.Event()
        self.patience = patience

    async def send(self, content: str, *, pairing: int) -> None:
        assert pairing == 7
        if not content:
            raise EmptyMessage
        if len(content) > 9:
            raise MessageTooLong(len(content), 9)
        if len(self.heard) >= self.patience:
            raise NoPartner
        self.heard.append(content)
        self.came.set()


async def spoken(partner: Partner, descriptor: int) -> tuple[Speaking, list[str]]:
    """Let it speak to that partner; return what people were told."""
    told: list[str] = []

    async def tell(line: str) -> None:
        told.append(line)

    speaking = Speaking(cast("Client", partner), descriptor, tell)
    try:
        await speaking.speak(7)
    except NoPartner:
        told.append("(the partner is gone)")
    await speaking.tell_the_rest()
    return speaking, told


def pipe(text: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, text)
    os.close(writing)
    return reading


async def test_every_line_is_sent_and_what_cannot_be_is_told() -> None:
    partner = Partner()
    descriptor = pipe(b"one\r\n\ntoo long to send\n\xff\n\ntwo")
    speaking, told = await spoken(partner, descriptor)
    os.close(descriptor)
    assert partner.heard == ["one", "two"]
    assert told == [
        "Line 3 is not sent: 16 bytes are more than 9.",
        "Line 4 is not sent: it is not UTF-8.",
        "Empty lines are not sent; there were 2.",
    ]
    assert (speaking.has_failed, speaking.has_had_nothing) == (True, False)


async def test_nothing_at_all_is_no_failure() -> None:
    descriptor = os.open(os.devnull, os.O_RDONLY)
    speaking, told = await spoken(Partner(), descriptor)
    os.close(descriptor)
    assert (told, speaking.has_failed, speaking.has_had_nothing) == ([], False, True)


async def test_an_empty_line_is_something() -> None:
    descriptor = pipe(b"\n")
    speaking, told = await spoken(Partner(), descriptor)
    os.close(descriptor)
    assert told == ["Empty lines are not sent; there were 1."]
    assert (speaking.has_failed, speaking.has_had_nothing) == (False, False)


async def test_the_line_is_told_at_which_the_partner_left() -> None:
    descriptor = pipe(b"one\ntwo\nthree\n")
    speaking, told = await spoken(Partner(patience=2), descriptor)
    os.close(descriptor)
    assert told == ["(the partner is gone)", "Line 3 and what follows it is not sent."]
    assert speaking.has_failed


@pytest.mark.parametrize(
    ("first", "more", "told"),
    [
        (b"one\n", b"two\n", ["What follows line 1 is not sent."]),
        (b"one\ntw", b"", ["What follows line 1 is not sent."]),
        (b"", b"one\n", ["What is on stdin is not sent."]),
        (b"one\n", b"", []),
    ],
)
async def test_what_is_left_on_stdin_when_it_is_called_off_is_told(
    first: bytes, more: bytes, told: list[str]
) -> None:
    reading, writing = os.pipe()
    heard: list[str] = []

    async def tell(line: str) -> None:
        heard.append(line)

    partner = Partner()
    speaking = Speaking(cast("Client", partner), reading, tell)
    task = asyncio.create_task(speaking.speak(7))
    os.write(writing, first)
    if first:
        await partner.came.wait()
    task.cancel()
    await asyncio.wait({task})
    os.write(writing, more)
    await speaking.tell_the_rest()
    assert heard == told
    os.close(reading)
    os.close(writing)


async def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    descriptor = os.open(tmp_path, os.O_RDONLY)
    speaking, told = await spoken(Partner(), descriptor)
    os.close(descriptor)
    assert told == ["stdin cannot be read: Is a directory."]
    assert (speaking.has_failed, speaking.has_had_nothing) == (True, False)
