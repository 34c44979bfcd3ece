"""Keeps a conversation connected, for as long as there is any sense in it.

One connection at a time, each with its tasks: one hears, one says, one sees
whether the server is there. When one ends, all do, and the next connection comes.
"""

import asyncio
import ssl as tls
from typing import Never

from duologue.client.conversation import Link
from duologue.client.driver import Driver
from duologue.client.link import LinkLost, LiveLink
from duologue.client.reconnecting import Backoff, Next, Timing, after
from duologue.errors import ConnectError, DuologueError, Rejected
from duologue.wire.close import CloseCode


class Keeper:
    """Connects, and connects again.

    Args:
        driver: What to keep connected.
        url: Where the server is.
        context: How to speak TLS; None for the usual way.
        timing: How patient to be.
    """

    def __init__(
        self, driver: Driver, url: str, context: tls.SSLContext | None, timing: Timing
    ) -> None:
        self._driver = driver
        self._url = url
        self._context = context
        self._timing = timing
        self._backoff = Backoff(timing.random)
        self._goodbye = asyncio.Event()
        self._is_linked = False

    async def run(self) -> None:
        """Keep the conversation connected until it is over.

        Cancelling it drops the connection without a goodbye.
        """
        try:
            while not self._driver.is_over and not self._goodbye.is_set():
                await self._driver.stream.until_room()
                await self._connect()
        except Exception:
            self._driver.end("fault", DuologueError("the client library has failed"))
            raise

    def say_goodbye(self, running: asyncio.Task[None]) -> None:
        """Let `run`, which is `running`, say what is due and come to its end."""
        self._goodbye.set()
        if not self._is_linked:
            running.cancel()

    async def _connect(self) -> None:
        """Have one connection, and wait as long as is fit before the next."""
        try:
            link = await LiveLink.open(self._url, self._context, self._timing)
        except ConnectError as error:
            await self._try_again(error, at_once=True)
        else:
            since = self._driver.now
            lost, requested_ms = await self._converse(link)
            if self._driver.now - since >= self._timing.proven_s:
                self._backoff.succeeded()
            await self._go_on_after(lost, requested_ms)

    async def _go_on_after(self, lost: LinkLost | None, requested_ms: int | None) -> None:
        if lost is None:
            return
        reason = "closed" if lost.code is None else f"closed with {lost.code}"
        match Next.BACK_OFF if lost.is_broken else after(lost.code):
            case Next.END:
                self._driver.end("closed")
            case Next.REPLACED:
                self._driver.end("replaced")
            case Next.REJECTED:
                self._driver.end("rejected", Rejected(self._url, reason))
            case then:
                error = ConnectError(self._url, reason)
                at_once = then is Next.RECONNECT
                await self._try_again(error, at_once=at_once, requested_ms=requested_ms)

    async def _try_again(
        self, error: ConnectError, *, at_once: bool, requested_ms: int | None = None
    ) -> None:
        """Wait before the next attempt; but who begins wants to know what is wrong.

        Something else may answer while a server restarts, and never will for good.
        """
        if not self._driver.was_online:
            is_rejected = isinstance(error, Rejected)
            self._driver.end("rejected" if is_rejected else "unreachable", error)
            return
        delay_s = self._backoff.delay_s(
            at_once=at_once, requested_ms=requested_ms, at_least_s=error.retry_after_s
        )
        await self._timing.sleep(delay_s)

    # One connection

    async def _converse(self, link: LiveLink) -> tuple[LinkLost | None, int | None]:
        """Use a connection up.

        Returns:
            Why it is gone, None if we said goodbye; and how many milliseconds
            later the server wants us back, None if it did not say.
        """
        conversation = self._driver.conversation
        try:
            self._is_linked = True
            # A task of its own: up to Python 3.11.2 a task whose group has failed is taken for
            # cancelled from then on, and no timeout in it works any more.
            lost = await asyncio.create_task(self._use(link))
            if lost is None:
                await self._say_last_words(link)
        except BaseException:
            await link.abort()
            raise
        finally:
            self._is_linked = False
            requested_ms = conversation.reconnect_after_ms
            conversation.closed()
            self._driver.stir()
        is_broken = lost is not None and lost.is_broken
        await link.close(CloseCode.PROTOCOL_ERROR if is_broken else CloseCode.NORMAL)
        return lost, requested_ms

    async def _use(self, link: LiveLink) -> LinkLost | None:
        """Hear and say until the connection is lost, or until we are to say goodbye."""
        driver = self._driver
        driver.conversation.opened()
        driver.stir()
        lost: LinkLost | None = None
        try:
            async with asyncio.TaskGroup() as tasks:
                tasks.create_task(self._hear(link))
                tasks.create_task(self._say(link))
                tasks.create_task(link.keep_alive())
                tasks.create_task(self._until_goodbye())
        except* LinkLost as group:
            lost = _most_telling(group)
        except* _Goodbye:
            pass
        return lost

    async def _hear(self, link: LiveLink) -> Never:
        try:
            async with asyncio.timeout(self._timing.connect_timeout_s):
                while self._driver.conversation.link is not Link.ONLINE:
                    await self._hear_one(link)
        except TimeoutError:
            raise LinkLost from None
        while True:
            await self._driver.stream.until_room()
            await self._hear_one(link)

    async def _hear_one(self, link: LiveLink) -> None:
        driver = self._driver
        message = await link.hear()
        if message is not None:
            driver.conversation.hear(message, driver.now)
            driver.stir()
            if driver.conversation.link is Link.BROKEN:
                raise LinkLost(is_broken=True)

    async def _say(self, link: LiveLink) -> Never:
        """Say what is due, once for all that was heard and done in the meantime."""
        driver = self._driver
        while True:
            await driver.is_due.wait()
            driver.is_due.clear()
            await link.say(driver.conversation.to_say())

    async def _until_goodbye(self) -> Never:
        await self._goodbye.wait()
        raise _Goodbye

    async def _say_last_words(self, link: LiveLink) -> None:
        try:
            async with asyncio.timeout(self._timing.close_timeout_s):
                await link.say(self._driver.conversation.to_say())
        except (TimeoutError, LinkLost):
            pass  # Nobody listens.


class _Goodbye(Exception):
    """The program wants no more of it."""


def _most_telling(group: BaseExceptionGroup[LinkLost]) -> LinkLost:
    """Return the reason that tells most of those that several tasks met with."""
    losses = [error for error in group.exceptions if isinstance(error, LinkLost)]
    return max(losses, key=lambda lost: (lost.code is not None, lost.is_broken))
