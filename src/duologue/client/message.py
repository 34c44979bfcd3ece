"""What a program holds of a message that it has sent, and of all that wait."""

from collections import deque
from collections.abc import AsyncIterator

from duologue.client.driver import Driver
from duologue.client.outgoing import Failure, Outgoing, Progress
from duologue.errors import NotDelivered, NotRead

_MOST_MESSAGES = 1000
_MOST_BYTES = 4 * 1024 * 1024


class Message:
    """A message of yours, on its way to the partner.

    Example:
        message = await chat.send("hi")
        await message.until(Progress.READ)
    """

    __slots__ = ("_driver", "_outgoing")

    def __init__(self, outgoing: Outgoing, driver: Driver) -> None:
        self._outgoing = outgoing
        self._driver = driver

    def __repr__(self) -> str:
        return f"<Message {self.pairing}/{self.id} {self.failure or self.progress.name}>"

    @property
    def content(self) -> str:
        """What it says."""
        return self._outgoing.content

    @property
    def pairing(self) -> int:
        """The meeting that it belongs to: nobody but who is in it ever gets it."""
        return self._outgoing.pairing

    @property
    def id(self) -> int:
        """Its number among your messages in that pairing: 1, 2, 3 and so on."""
        return self._outgoing.id

    @property
    def progress(self) -> Progress:
        """How far it has come, or had come when it failed."""
        return self._outgoing.progress

    @property
    def failure(self) -> Failure | None:
        """Why it will not be delivered; None as long as it may be."""
        return self._outgoing.failure

    @property
    def is_settled(self) -> bool:
        """Whether it is known to be delivered, or known not to be."""
        return self._outgoing.is_settled

    async def until(self, progress: Progress = Progress.DELIVERED) -> None:
        """Wait until it has come so far. Cancelling it changes nothing.

        Args:
            progress: How far.

        Raises:
            NotDelivered: It never will; `reason` says why, as `failure` does.
            NotRead: It was delivered, but the partner is gone and cannot tell any more.
            ConversationEnded: It goes on in the next run, from the outbox file.
        """
        if not self._is_final:
            await self._driver.until(lambda: self.progress >= progress or self._is_final)
        if self.progress < progress:
            raise NotRead if self.failure is None else NotDelivered(self.failure)

    async def watch(self) -> AsyncIterator[Progress]:
        """Yield how far it has come, now and with each change, to the end.

        It can fall from SENT to QUEUED, when a server was restarted.
        Cancelling it changes nothing.

        Raises:
            NotDelivered: It goes no further; `reason` says why.
            ConversationEnded: It goes on in the next run, from the outbox file.
        """
        told: Progress | None = None
        while True:
            if told is None or self.progress is not told:
                told = self.progress
                yield told
            elif self._is_final:
                break
            else:
                await self._until_changed(told)
        if self.failure is not None:
            raise NotDelivered(self.failure)

    async def _until_changed(self, progress: Progress) -> None:
        await self._driver.until(lambda: self.progress is not progress or self._is_final)

    @property
    def _is_final(self) -> bool:
        """Whether no more will be heard of it."""
        if self.failure is not None or self.progress is Progress.READ:
            return True
        if self._driver.is_over and self.is_settled:
            return True
        seat = self._driver.conversation.seat
        return seat is None or seat.partner is None or seat.pairing != self.pairing


class Backlog:
    """The messages that are not settled yet, in the order they were sent."""

    def __init__(self) -> None:
        self._messages: deque[Outgoing] = deque()
        self._bytes = 0
        self._failure: Failure | None = None

    @property
    def has_room(self) -> bool:
        """Whether one more may be sent."""
        self._drop_settled()
        return len(self._messages) < _MOST_MESSAGES and self._bytes < _MOST_BYTES

    @property
    def is_empty(self) -> bool:
        """Whether all are settled."""
        self._drop_settled()
        return not self._messages

    def add(self, message: Outgoing) -> None:
        """Count a message."""
        self._messages.append(message)
        self._bytes += len(message.content)

    def take_failure(self) -> Failure | None:
        """Return why the first failed of those that have since the last call."""
        self._drop_settled()
        failure, self._failure = self._failure, None
        return failure

    def _drop_settled(self) -> None:
        while self._messages and self._messages[0].is_settled:
            message = self._messages.popleft()
            self._bytes -= len(message.content)
            self._failure = self._failure or message.failure
