"""A person of `duologue.v1` on a real socket: what tests of the edge say and hear."""

from typing import Any, Self

from duologue.wire.v1 import SUBPROTOCOL
from tests.support.client import Client


class V1Client(Client):
    """One connection of such a client.

    Attributes:
        ticket: The newest that it was given.
        room_code: Of the room that it was in last.
    """

    ticket = ""
    room_code = ""

    @classmethod
    async def open(cls, port: int, **options: Any) -> Self:
        """Connect, and hear the greeting."""
        client = await cls.connect(port, offers=SUBPROTOCOL, **options)
        assert f"sec-websocket-protocol: {SUBPROTOCOL}\r\n".encode() in client.head
        assert (await client.hears())["protocol"] == SUBPROTOCOL
        return client

    async def hears(self) -> Any:
        """Wait for the next message; keep the ticket that it brings, and the code."""
        message = await super().hears()
        self.ticket = message.pop("ticket", self.ticket)
        self.room_code = message.get("room_code", self.room_code)
        return message

    async def names(self, username: str) -> None:
        """Give a name."""
        await self.says({"type": "set_username", "username": username})
        assert await self.hears() == {"type": "username_set", "username": username}

    async def creates(self) -> str:
        """Open a room and return its code."""
        await self.says({"type": "create_room"})
        assert (await self.hears())["type"] == "room_created"
        return self.room_code

    async def joins(self, code: str) -> None:
        """Take the other seat of a room."""
        await self.says({"type": "join_room", "room_code": code})
        assert (await self.hears())["type"] == "room_joined"

    async def resumes(self, former: "V1Client", **counts: int) -> Any:
        """Show the ticket of a former connection, and return what is answered."""
        known = {"received": 0, "read": 0, "delivered": 0} | counts
        await self.says({"type": "resume", "ticket": former.ticket, **known})
        return await self.hears()

    async def chats(self, chat_id: int, content: str = "hi", *, pairing: int = 1) -> None:
        """Say something under a number."""
        await self.says({"type": "chat", "pairing": pairing, "id": chat_id, "content": content})

    async def hears_chat(self) -> tuple[int, str]:
        """Wait for a chat and return its number and content."""
        message = await self.hears()
        assert message["type"] == "chat", message
        return message["id"], message["content"]


async def open_couple(port: int) -> tuple[V1Client, V1Client]:
    """Let Alice and Bob meet in a new room."""
    alice, bob = await V1Client.open(port), await V1Client.open(port)
    await alice.names("Alice")
    await bob.names("Bob")
    await bob.joins(await alice.creates())
    assert (await alice.hears())["type"] == "partner_joined"
    return alice, bob


def receipt(kind: str, chat_id: int, *, pairing: int = 1) -> dict[str, object]:
    """Make a `sent`, `received`, `delivered`, `read` or `partner_read`."""
    return {"type": kind, "pairing": pairing, "id": chat_id}
