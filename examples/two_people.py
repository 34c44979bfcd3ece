"""Two people talk, both in this program: python examples/two_people.py [URL]"""

import asyncio
import sys

from duologue.client import Chat, Client, connect

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080/ws"


async def listen(chat: Client) -> None:
    async for event in chat.events():
        match event:
            case Chat(sender=sender, content=content):
                print(f"{chat.name} hears from {sender}: {content}")


async def main() -> None:
    async with (
        asyncio.TaskGroup() as tasks,
        connect(URL, name="Alice") as alice,
        connect(URL, name="Bob") as bob,
    ):
        code = await alice.create_room()
        print(f"Bob joins {await bob.join_room(code)}")
        tasks.create_task(listen(alice))
        tasks.create_task(listen(bob))

        await alice.send("Hello, Bob!")
        await alice.flush()
        answer = await bob.send("안녕, Alice 👋")
        await answer.until()


asyncio.run(main())
