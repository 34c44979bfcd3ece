"""What a person can do with any WebSocket client, whoever wrote it."""

import asyncio
import json
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from typing import Any

TIMEOUT_S = 60.0
"""After this long a test has failed; none waits for it otherwise."""

Message = dict[str, Any]


class Person(ABC):
    """Someone at a client that is connected; each kind of client is a subclass."""

    async def says(self, message: Message) -> None:
        """Type a message and send it."""
        async with asyncio.timeout(TIMEOUT_S):
            await self._type(json.dumps(message, ensure_ascii=False))

    async def hears(self) -> Message:
        """Wait for the next message and return what it says."""
        async with asyncio.timeout(TIMEOUT_S):
            return _parse(await self._read())

    async def hangs_up(self) -> tuple[list[Message], int]:
        """Close as the client does it; return what was not heard yet, and the close code."""
        async with asyncio.timeout(TIMEOUT_S):
            unread, code = await self._close()
            return [_parse(text) for text in unread], code

    @abstractmethod
    async def _type(self, text: str) -> None:
        """Make the client send a text message."""

    @abstractmethod
    async def _read(self) -> str:
        """Return the next text message that the client shows."""

    @abstractmethod
    async def _close(self) -> tuple[list[str], int]:
        """Make the client close; return what it showed until then, and the close code."""


Connect = Callable[[], AbstractAsyncContextManager[Person]]
"""Sits someone down at a client that is connected, until the block ends."""


def _parse(text: str) -> Message:
    message: Message = json.loads(text)
    return message
