"""The relay on python-socketio, as events in a Socket.IO room, served by uvicorn on uvloop.

Switched from the defaults: WebSocket transport only, compression off, no access log, and
`async_handlers` off, which keeps one client's events in order and is a third faster. Everything
else, the heartbeat of 25 s included, is as it comes.
"""

from __future__ import annotations

import secrets
import sys
from typing import Any

import socketio
import uvicorn

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
SIO = socketio.AsyncServer(async_mode="asgi", transports=["websocket"], async_handlers=False)
NAMES: dict[str, str] = {}
ROOMS: dict[str, str] = {}
INSIDE: dict[str, list[str]] = {}


async def set_username(sid: str, data: dict[str, Any]) -> None:
    """Note a client's name."""
    NAMES[sid] = data["username"]
    await SIO.emit("username_set", {"username": NAMES[sid]}, to=sid)


async def create_room(sid: str, _data: object = None) -> None:
    """Open a room and tell its code."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(6))
    INSIDE[code] = []
    await enter(sid, code)
    await SIO.emit("room_created", {"room_code": code}, to=sid)


async def join_room(sid: str, data: dict[str, Any]) -> None:
    """Enter a room where someone waits, and tell both."""
    code = data["room_code"].upper()
    if len(INSIDE.get(code, [])) != 1:
        await SIO.emit("error", {"code": "room_not_found"}, to=sid)
        return
    partner = NAMES.get(INSIDE[code][0])
    await enter(sid, code)
    await SIO.emit("room_joined", {"room_code": code, "partner": partner}, to=sid)
    await SIO.emit("partner_joined", {"username": NAMES.get(sid)}, room=code, skip_sid=sid)


async def chat(sid: str, data: dict[str, Any]) -> None:
    """Pass a chat on to everybody else in the room."""
    if code := ROOMS.get(sid):
        said = {"from": NAMES[sid], "content": data["content"]}
        await SIO.emit("chat", said, room=code, skip_sid=sid)


async def disconnect(sid: str, _reason: str) -> None:
    """Forget a client and tell its partner."""
    NAMES.pop(sid, None)
    if code := ROOMS.pop(sid, None):
        INSIDE[code].remove(sid)
        if not INSIDE[code]:
            del INSIDE[code]
        await SIO.emit("partner_left", {}, room=code, skip_sid=sid)


async def enter(sid: str, code: str) -> None:
    """Put a client into a room."""
    INSIDE[code].append(sid)
    ROOMS[sid] = code
    await SIO.enter_room(sid, code)


def main(port: int) -> None:
    """Listen until the process is ended."""
    for handler in (set_username, create_room, join_room, chat, disconnect):
        SIO.on(handler.__name__, handler)
    uvicorn.run(
        socketio.ASGIApp(SIO),
        host="127.0.0.1",
        port=port,
        loop="uvloop",
        ws_per_message_deflate=False,
        access_log=False,
        log_level="warning",
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
