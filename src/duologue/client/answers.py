"""Who waits for the server's answer to `create_room`, `join_room` or `leave`."""

import asyncio
from collections.abc import Callable

from duologue.client.driver import Driver
from duologue.client.events import Event, Refused, RoomCreated, RoomJoined, RoomLeft
from duologue.errors import (
    DuologueError,
    NotInRoom,
    RequestRefused,
    RoomFull,
    RoomNotFound,
    SlowDown,
)
from duologue.wire.messages import ErrorCode

_REFUSALS: dict[ErrorCode, type[RequestRefused]] = {
    ErrorCode.ROOM_NOT_FOUND: RoomNotFound,
    ErrorCode.ROOM_FULL: RoomFull,
    ErrorCode.USERNAME_REQUIRED: RequestRefused,
    ErrorCode.ALREADY_IN_ROOM: RequestRefused,
    ErrorCode.INVALID_MESSAGE: RequestRefused,
}

_USUAL_WAIT_S = 60
"""Where a server says that one should slow down, but not for how long."""

Seated = RoomCreated | RoomJoined


class Answers:
    """Looks out for answers among the events of a conversation."""

    def __init__(self, driver: Driver) -> None:
        self._driver = driver
        self._is_asked = False
        self._answer: Seated | DuologueError | None = None
        self._departures = 0
        driver.notice = self._notice

    async def seated(self, stand_up: Callable[[], None]) -> Seated:
        """Wait for the seat that was asked for, or raise why there is none.

        Args:
            stand_up: Takes the wish back, and gives up the seat that may have
                come of it. Done when this is cancelled.
        """
        self._is_asked, self._answer = True, None
        try:
            self._driver.stir()
            answer = await self._driver.until(lambda: self._answer)
        except asyncio.CancelledError:
            stand_up()
            raise
        finally:
            self._is_asked = False
        if isinstance(answer, Seated):
            return answer
        raise answer or NotInRoom("the wish was taken back")

    async def departed(self, stand_up: Callable[[], None]) -> None:
        """Wait until the seat is given up that `stand_up` gives up."""
        departures = self._departures
        stand_up()
        if self._is_asked:
            self._answer = NotInRoom("the wish was taken back")
        self._driver.stir()
        await self._driver.until(lambda: self._departures > departures)

    def _notice(self, event: Event) -> None:
        if isinstance(event, RoomLeft):
            self._departures += 1
        elif self._is_asked:
            if self._driver.conversation.has_wish:
                pass  # It was about a name, or a room that is being left: the answer comes yet.
            elif isinstance(event, Seated):
                self._answer = event
            elif isinstance(event, Refused):
                self._answer = _error(event) or self._answer


def _error(event: Refused) -> RequestRefused | None:
    """Return what to raise; None if it is no answer to what was asked for."""
    code, message = event.code, event.message
    if code is ErrorCode.SLOW_DOWN:
        return SlowDown(code, message, event.retry_after_s or _USUAL_WAIT_S)
    kind = _REFUSALS.get(code)
    return None if kind is None else kind(code, message)
