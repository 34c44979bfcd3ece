"""A program that is to be killed: it counts, and writes down what it hears.

Arguments: the server's port, a room code, the outbox file, and the log. It
counts on from where the last run of it has stopped.
"""

import asyncio
import sys
from pathlib import Path

from duologue.client import Chat, Client, connect
from tests.support.people import QUICK


async def count(chat: Client) -> None:
    """Say one number after the other."""
    seat = chat._conversation.seat
    assert seat is not None
    for number in range(seat.outbox.last, 1_000_000):
        await chat.send(str(number))


async def listen(chat: Client, log: Path) -> None:
    """Acknowledge each chat only once it is written down."""
    with log.open("a", buffering=1) as lines:
        async for event in chat.events(acknowledge=False):
            if isinstance(event, Chat):
                lines.write(f"{event.id} {event.content}\n")
                chat.acknowledge(event)


async def main(port: str, code: str, outbox: str, log: str) -> None:
    """Do both at once, until killed."""
    async with (
        connect(f"127.0.0.1:{port}", name="Robot", outbox=outbox, timing=QUICK) as chat,
        asyncio.TaskGroup() as tasks,
    ):
        if chat.room_code is None:
            await chat.join_room(code)
        tasks.create_task(count(chat))
        tasks.create_task(listen(chat, Path(log)))


asyncio.run(main(*sys.argv[1:]))
