"""Lines from stdin go to the partner, the partner's go to stdout.

    python examples/stdin_bridge.py URL         opens a room; its code goes to stderr
    python examples/stdin_bridge.py URL CODE    joins that room

Ends when stdin has ended and all of it is delivered, and says so if it cannot be.
"""

import asyncio
import sys

from duologue.client import Chat, Client, PartnerJoined, connect
from duologue.errors import DuologueError


async def write_lines(chat: Client, has_partner: asyncio.Event) -> None:
    async for event in chat.events():
        match event:
            case PartnerJoined():
                has_partner.set()
            case Chat(content=content):
                print(content, flush=True)


async def read_lines(chat: Client) -> None:
    while line := await asyncio.to_thread(sys.stdin.readline):
        if text := line.rstrip("\n"):
            await chat.send(text)  # Waits while a thousand lines are on their way.
    await chat.flush()


async def main(url: str, code: str | None = None) -> None:
    has_partner = asyncio.Event()
    async with asyncio.TaskGroup() as tasks, connect(url, name="Bridge") as chat:
        if code is None:
            print(await chat.create_room(), file=sys.stderr, flush=True)
        else:
            await chat.join_room(code)
            has_partner.set()
        tasks.create_task(write_lines(chat, has_partner))
        await has_partner.wait()
        await read_lines(chat)
        await chat.leave()


problems: list[str] = []
try:
    asyncio.run(main(*sys.argv[1:]))
except* DuologueError as group:
    problems = [f"{type(error).__name__}: {error}" for error in group.exceptions]
sys.exit("\n".join(problems) or 0)
