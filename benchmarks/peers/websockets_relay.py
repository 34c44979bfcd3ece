"""The relay on `websockets`, its asyncio server on uvloop.

Switched from the defaults: compression off. Heartbeats (20 s) and limits are as they come.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys

import uvloop
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.peers.rooms import Guest, Rooms

ROOMS: Rooms[ServerConnection] = Rooms()


async def talk(socket: ServerConnection) -> None:
    """Serve one client until it goes away."""
    guest = Guest(socket)
    with contextlib.suppress(ConnectionClosed):
        await socket.send(ROOMS.greeting())
        async for text in socket:
            for told, answer in ROOMS.hear(guest, text):
                await told.socket.send(answer)
    for told, answer in ROOMS.leave(guest):
        with contextlib.suppress(ConnectionClosed):
            await told.socket.send(answer)


async def main(port: int) -> None:
    """Listen until the process is ended."""
    async with serve(talk, "127.0.0.1", port, compression=None) as server:
        await server.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt, asyncio.CancelledError):
        uvloop.run(main(int(sys.argv[1])))
