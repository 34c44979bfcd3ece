"""What the partner says goes to stdout, or every event as JSON; people are told the rest.

A chat counts as received once it is written, and no event is taken while stdout
takes nothing: who does not read it is a slow reader to the partner as well.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress

from duologue.client import (
    Chat,
    Client,
    Event,
    Events,
    NotDelivered,
    PartnerJoined,
    PartnerLeft,
    RoomExpired,
    RoomJoined,
    RoomLeft,
    TicketRefused,
)
from duologue.errors import DuologueError
from duologue.terminal.ready import Output
from duologue.terminal.telling import Teller, as_json
from duologue.terminal.visible import visible

_MOST_EVENTS = 256
"""So many are dealt with at once: as many as are confirmed at once."""


class Hearing:
    """Takes the events of a client.

    Attributes:
        pairing: Which meeting this is, once there is a partner.
        heard_at: When the partner last said something, by the event loop's clock.
        is_over: Whether the partner, or our seat, is gone.
        has_lost_seat: Whether that was nobody's wish.
        has_failed: Whether something is not delivered, or could not be written.
    """

    def __init__(
        self,
        client: Client,
        out: Output,
        tell: Callable[[str], Awaitable[None]],
        *,
        is_json: bool,
    ) -> None:
        self.pairing: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self.heard_at = 0.0
        self.is_over = self.has_lost_seat = self.has_failed = False
        self._client = client
        self._out = out
        self._tell = tell
        self._is_json = is_json
        self._teller = Teller()
        self._taken: deque[Event] = deque()
        self._words: deque[str] = deque()

    async def hear(self) -> DuologueError | None:
        """Take events until it is over, or stdout is. `tell_the_rest` follows.

        Cancelling it loses nothing that people have to be told.

        Returns:
            What has ended the conversation, if that was nobody's wish.
        """
        events = self._client.events(acknowledge=False)
        try:
            while not self.is_over and await self._gather(events):
                while self._taken and not self.is_over:
                    await self._deal()
        except OSError as error:
            self.has_failed = True
            self._words.appendleft(f"stdout cannot be written: {error.strerror}.")
        except DuologueError as error:
            self.is_over = True
            return error
        return None

    async def tell_the_rest(self) -> None:
        """Once the client is closed, tell what is not delivered and was not told yet."""
        with suppress(DuologueError):
            while await self._gather(self._client.events(acknowledge=False)):
                while self._taken:
                    event = self._taken.popleft()
                    if isinstance(event, NotDelivered):
                        self._note(event)
        await self._say_words()

    async def _gather(self, events: Events) -> bool:
        """Wait for an event, and take with it what else has happened; False at the end."""
        try:
            self._taken.append(await anext(events))
            with suppress(TimeoutError):
                async with asyncio.timeout(0):  # Strikes once there is something to wait for.
                    while len(self._taken) < _MOST_EVENTS:
                        self._taken.append(await anext(events))
        except StopAsyncIteration:
            pass
        except DuologueError:
            if not self._taken:
                raise  # It comes again once what was before it is dealt with.
        return bool(self._taken)

    async def _deal(self) -> None:
        """Deal with events up to one that people are told of, so that all is in order."""
        text, chat = bytearray(), None
        while self._taken and not self._words and not self.is_over:
            event = self._taken.popleft()
            text += self._text(event)
            if isinstance(event, Chat):
                chat = event
            self._note(event)
        if text:
            await self._out.write(bytes(text))
        if chat is not None:
            self.heard_at = asyncio.get_running_loop().time()
            self._client.acknowledge(chat)
        await self._say_words()

    def _text(self, event: Event) -> bytes:
        if self._is_json:
            return as_json(event)
        if not isinstance(event, Chat):
            return b""
        content = visible(event.content) if self._out.is_terminal else event.content
        return content.encode(errors="replace") + b"\n"

    def _note(self, event: Event) -> None:
        self._words += self._teller.tell(event)
        match event:
            case PartnerJoined(pairing=pairing) | RoomJoined(pairing=pairing, partner=str()):
                if not self.pairing.done():
                    self.pairing.set_result(pairing)
            case RoomJoined() | PartnerLeft() | RoomLeft():
                self.is_over = True
            case TicketRefused() | RoomExpired():
                self.is_over = self.has_lost_seat = True
            case NotDelivered():
                self.has_failed = True

    async def _say_words(self) -> None:
        while self._words:
            await self._tell(self._words[0])
            self._words.popleft()
