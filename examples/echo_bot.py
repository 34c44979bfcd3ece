"""Opens a room and says everything back: python examples/echo_bot.py [URL [FILE]]

With a file, it may be stopped, or crash: started again, it goes on with the
same partner, and whatever was said in between is still answered.
"""

import asyncio
import sys
from contextlib import suppress

from duologue.client import Chat, PartnerJoined, PartnerLeft, connect
from duologue.errors import NoPartner

URL = sys.argv[1] if len(sys.argv) > 1 else "ws://127.0.0.1:8080/ws"
FILE = sys.argv[2] if len(sys.argv) > 2 else None


async def main() -> None:
    async with connect(URL, name="Echo", outbox=FILE) as chat:
        print(f"Come to room {chat.room_code or await chat.create_room()}", flush=True)
        async for event in chat.events():
            with suppress(NoPartner):  # They may leave before they are answered.
                match event:
                    case PartnerJoined(username=name):
                        await chat.send(f"Hello, {name}! I say everything back.")
                    case Chat(content=content):
                        chat.mark_read(event)
                        await chat.send(content)
                    case PartnerLeft():
                        print("They left. The room stays open.", flush=True)


with suppress(KeyboardInterrupt):
    asyncio.run(main())
