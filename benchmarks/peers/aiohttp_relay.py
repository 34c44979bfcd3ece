"""The relay on `aiohttp`'s server, on uvloop.

Switched from the defaults: compression off, a heartbeat of 25 s on (as everyone else has one),
and no access log.
"""

from __future__ import annotations

import contextlib
import sys

import uvloop
from aiohttp import WSMsgType, web

from benchmarks.peers.rooms import Guest, Rooms

ROOMS: Rooms[web.WebSocketResponse] = Rooms()


async def talk(request: web.Request) -> web.WebSocketResponse:
    """Serve one client until it goes away."""
    socket = web.WebSocketResponse(compress=False, heartbeat=25)
    await socket.prepare(request)
    guest = Guest(socket)
    with contextlib.suppress(ConnectionError):
        await socket.send_str(ROOMS.greeting())
        async for message in socket:
            if message.type is WSMsgType.TEXT:
                for told, answer in ROOMS.hear(guest, message.data):
                    await told.socket.send_str(answer)
    for told, answer in ROOMS.leave(guest):
        with contextlib.suppress(ConnectionError):
            await told.socket.send_str(answer)
    return socket


def main(port: int) -> None:
    """Listen until the process is ended."""
    app = web.Application()
    app.router.add_get("/ws", talk)
    web.run_app(
        app,
        host="127.0.0.1",
        port=port,
        access_log=None,
        print=None,
        loop=uvloop.new_event_loop(),
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
