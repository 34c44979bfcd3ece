"""Drives a conversation: after each input, sees to all that follows from it.

It writes nothing to a connection (see `keeper`) and adds no rule of its own.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from duologue.client import events
from duologue.client.conversation import Conversation, Link
from duologue.client.outbox_file import OutboxFile
from duologue.client.stream import Stream
from duologue.errors import ConversationEnded, ConversationError, DuologueError

Held = TypeVar("Held")

_GREETED = frozenset({Link.ONLINE, Link.BROKEN})
"""A connection is broken by what comes over it once it is good for something."""


class Driver:
    """A conversation, those who wait for something in it, and its clock.

    Attributes:
        conversation: Call `stir` after each input to it.
        stream: What has happened, for the program.
        was_online: Whether there ever was a connection that is good for something.
        failure: Why the conversation has ended, if that was nobody's wish.
        is_due: Set when there may be something to say.
        notice: Called with each event, before anyone takes it.
    """

    def __init__(self, conversation: Conversation) -> None:
        self.conversation = conversation
        self.stream = Stream()
        self.was_online = False
        self.failure: DuologueError | None = None
        self.is_due = asyncio.Event()
        self.notice: Callable[[events.Event], None] = lambda _event: None
        self._file: OutboxFile | None = None
        self._is_started = False
        self._waiters: dict[asyncio.Future[None], Callable[[], object]] = {}
        self._alarm: asyncio.Handle | None = None
        self._alarm_at: float | None = None

    def start(self, conversation: Conversation, file: OutboxFile | None) -> None:
        """Begin, on the running event loop.

        Args:
            conversation: The one to drive from now on.
            file: Where it is kept.
        """
        self.conversation = conversation
        self._file = file
        self._is_started = True
        for event in () if file is None else file.unreported:
            self.stream.put(event)
        self.stir()

    @property
    def now(self) -> float:
        """The moment, for inputs that want it."""
        return asyncio.get_running_loop().time()

    @property
    def is_over(self) -> bool:
        """Whether there will be no other connection."""
        return self.conversation.link is Link.ENDED

    def stir(self) -> None:
        """See to what follows from the inputs since the last time."""
        self.was_online = self.was_online or self.conversation.link in _GREETED
        for event in self.conversation.happened():
            if isinstance(event, events.NotDelivered) and self._file is not None:
                self._file.failed(event)
            self.notice(event)
            self.stream.put(event)
        if self.is_over:
            self.stream.drop_chats()
        if self._file is not None:
            self._file.record(self.conversation)
        self.is_due.set()
        self._set_alarm()
        for waiter, holds in self._waiters.items():
            if not waiter.done() and (self.is_over or holds()):
                waiter.set_result(None)

    def told(self, event: events.Event) -> None:
        """The program has taken this event."""
        if isinstance(event, events.NotDelivered) and self._file is not None:
            self._file.reported(event)
            self._file.record(self.conversation)

    def let_go(self) -> None:
        """Keep nothing any more: the file is about to be closed."""
        self._file = None

    def end(self, reason: str, failure: DuologueError | None = None) -> None:
        """There will be no other connection."""
        if not self.is_over:
            self.failure = failure
            self.conversation.end(reason, is_saved=self._file is not None)
            self.stir()

    def check(self) -> None:
        """Raise what has ended the conversation, if that was nobody's wish."""
        if self.failure is not None:
            raise self.failure

    async def until(self, holds: Callable[[], Held]) -> Held:
        """Wait until something holds, and return it. Cancelling it changes nothing.

        Raises:
            ConversationError: The client was not entered.
            ConversationEnded: It does not hold, and never will.
            DuologueError: Likewise, and this is why the conversation has ended.
        """
        if not self._is_started:
            raise ConversationError("enter the `async with` block first")
        loop = asyncio.get_running_loop()
        while not (held := holds()):
            if self.is_over:
                self.check()
                raise ConversationEnded("there will be no other connection")
            waiter = loop.create_future()
            self._waiters[waiter] = holds
            try:
                await waiter
            finally:
                del self._waiters[waiter]
        return held

    def _set_alarm(self) -> None:
        """See to it that `tick` comes when the conversation wants it."""
        wakes_at = self.conversation.wakes_at
        if wakes_at == self._alarm_at:
            return
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None
        self._alarm_at = wakes_at
        if wakes_at is not None:
            self._alarm = asyncio.get_running_loop().call_at(wakes_at, self._ring, wakes_at)

    def _ring(self, moment: float) -> None:
        self._alarm = self._alarm_at = None
        # An event loop's timers may be early by a hair, and would then be so again and again.
        self.conversation.tick(max(self.now, moment))
        self.stir()
