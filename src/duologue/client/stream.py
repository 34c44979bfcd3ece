"""The events that a program has not taken yet, in order and bounded.

Of what only says how things are now, the last word counts: an earlier one
that nobody has taken is dropped. What is left is bounded by `has_room`.
"""

import asyncio
from collections import OrderedDict

from msgspec.structs import astuple

from duologue.client import events
from duologue.errors import EventsInUse

_MOST_EVENTS = 4096
_MOST_BYTES = 8 * 1024 * 1024
"""Both are more than a server lets wait for someone who takes nothing."""

_SUPERSEDING: dict[type[events.Event], str] = {
    events.Online: "link",
    events.Offline: "link",
    events.PartnerAway: "presence",
    events.PartnerBack: "presence",
    events.PartnerRenamed: "name",
    events.PartnerTyping: "typing",
    events.PartnerStoppedTyping: "typing",
    events.PartnerBehind: "pace",
    events.PartnerCaughtUp: "pace",
    events.Knock: "knock",
    events.Sent: "sent",
    events.Delivered: "delivered",
    events.Read: "read",
}


class Stream:
    """Events on their way from the conversation to the program.

    Attributes:
        is_over: Whether the last event was taken.
    """

    def __init__(self) -> None:
        self.is_over = False
        self._waiting: OrderedDict[int, events.Event] = OrderedDict()
        self._latest: dict[str, int] = {}
        self._count = 0
        self._bytes = 0
        self._is_awaited = False
        self._some = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()

    def put(self, event: events.Event) -> None:
        """Add an event."""
        self._count += 1
        topic = _SUPERSEDING.get(type(event))
        if topic is not None:
            superseded = self._waiting.pop(self._latest.get(topic, 0), None)
            self._bytes -= 0 if superseded is None else _size(superseded)
            self._latest[topic] = self._count
        self._waiting[self._count] = event
        self._weigh(_size(event))

    @property
    def first(self) -> events.Event:
        """The event that comes next; there has to be one."""
        return next(iter(self._waiting.values()))

    def drop_first(self) -> None:
        """The program has taken it."""
        _, event = self._waiting.popitem(last=False)
        self.is_over = isinstance(event, events.Ended)
        self._weigh(-_size(event))

    def drop_chats(self) -> None:
        """Forget chats that can no longer be acknowledged: they may come again elsewhere."""
        for number, event in list(self._waiting.items()):
            if isinstance(event, events.Chat):
                del self._waiting[number]
                self._weigh(-_size(event))

    async def until_some(self) -> None:
        """Wait until there is an event. Cancelling it loses nothing.

        Raises:
            EventsInUse: Somebody else does.
        """
        if self._is_awaited:
            raise EventsInUse("somebody else waits for the next event")
        self._is_awaited = True
        try:
            await self._some.wait()
        finally:
            self._is_awaited = False

    async def until_room(self) -> None:
        """Wait while too many lie here. Cancelling it loses nothing."""
        await self._room.wait()

    def _weigh(self, bytes_more: int) -> None:
        self._bytes += bytes_more
        _set(self._some, bool(self._waiting))
        _set(self._room, len(self._waiting) < _MOST_EVENTS and self._bytes < _MOST_BYTES)


def _size(event: events.Event) -> int:
    """Return how much text an event carries, whoever has written it."""
    return sum(len(value) for value in astuple(event) if isinstance(value, str))


def _set(event: asyncio.Event, is_set: bool) -> None:
    if is_set:
        event.set()
    else:
        event.clear()
