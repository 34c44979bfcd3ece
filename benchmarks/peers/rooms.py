"""Rooms for two, for the peers that speak JSON messages: what is heard, and who is told what.

As plain as a first version by a good programmer would be: `json`, a dict of rooms, no limits.
"""

from __future__ import annotations

import json
import secrets
import uuid
from collections.abc import Iterator
from typing import Generic, TypeVar

_ALPHABET = "ABCDEFGHJKMNPQRSTVWXYZ0123456789"
Socket = TypeVar("Socket")


class Guest(Generic[Socket]):
    """One connected client; `socket` is what its library sends on."""

    def __init__(self, socket: Socket) -> None:
        """Welcome a client that has no name yet."""
        self.socket = socket
        self.name: str | None = None
        self.code: str | None = None
        self.partner: Guest[Socket] | None = None


Told = tuple[Guest[Socket], str]


class Rooms(Generic[Socket]):
    """All rooms of one server, by their codes."""

    def __init__(self) -> None:
        """Start without a room."""
        self._guests: dict[str, list[Guest[Socket]]] = {}

    def greeting(self) -> str:
        """Return what a client hears first."""
        return _text("connected", client_id=str(uuid.uuid4()))

    def hear(self, guest: Guest[Socket], text: str | bytes) -> Iterator[Told[Socket]]:
        """Carry one message out; yield who is to be told what, in order."""
        message = json.loads(text)
        match message["type"]:
            case "chat":
                if guest.partner:
                    content = message["content"]
                    yield (
                        guest.partner,
                        _text("chat", **{"from": guest.name, "content": content}),
                    )
            case "set_username":
                guest.name = message["username"]
                yield guest, _text("username_set", username=guest.name)
            case "create_room":
                guest.code = "".join(secrets.choice(_ALPHABET) for _ in range(6))
                self._guests[guest.code] = [guest]
                yield guest, _text("room_created", room_code=guest.code)
            case "join_room":
                yield from self._join(guest, message["room_code"].upper())
            case unknown:
                yield (
                    guest,
                    _text("error", code="invalid_message", message=f"What is {unknown}?"),
                )

    def leave(self, guest: Guest[Socket]) -> Iterator[Told[Socket]]:
        """Take a client that went away out of its room; yield who is to be told."""
        if guest.code:
            self._guests[guest.code].remove(guest)
            if not self._guests[guest.code]:
                del self._guests[guest.code]
        if guest.partner:
            guest.partner.partner = None
            yield guest.partner, _text("partner_left")

    def _join(self, guest: Guest[Socket], code: str) -> Iterator[Told[Socket]]:
        inside = self._guests.get(code, [])
        if len(inside) != 1:
            problem = "room_full" if inside else "room_not_found"
            yield guest, _text("error", code=problem, message="You cannot join this room")
            return
        partner = inside[0]
        inside.append(guest)
        guest.code, guest.partner, partner.partner = code, partner, guest
        yield guest, _text("room_joined", room_code=code, partner=partner.name)
        yield partner, _text("partner_joined", username=guest.name)


def _text(type_: str, **fields: object) -> str:
    return json.dumps({"type": type_, **fields}, ensure_ascii=False)
