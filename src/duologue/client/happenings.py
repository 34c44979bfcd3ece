"""The iterator from which a program takes what happens."""

from collections.abc import Callable
from typing import Self

from duologue.client.driver import Driver
from duologue.client.events import Chat, Event


class Events:
    """The events of a client, in order. One at a time may wait for the next."""

    def __init__(self, driver: Driver, acknowledge: Callable[[Chat], None] | None) -> None:
        self._driver = driver
        self._acknowledge = acknowledge

    def __aiter__(self) -> Self:
        """Return itself."""
        return self

    async def __anext__(self) -> Event:
        """Wait for the next event. Cancelling it loses none.

        Raises:
            EventsInUse: Somebody else waits for it.
            OutboxError: A chat cannot be kept as received; it stays the next.
            DuologueError: Why the conversation has ended, if that was nobody's wish.
        """
        stream = self._driver.stream
        if stream.is_over:
            self._driver.check()
            raise StopAsyncIteration
        await stream.until_some()
        event = stream.first
        if self._acknowledge is not None and isinstance(event, Chat):
            self._acknowledge(event)
        stream.drop_first()
        self._driver.told(event)
        return event
