"""Chat without a screen: stdin's lines are sent, the partner's go to stdout.

Here lives how it begins and ends; see `speaking` and `hearing` for what comes
between. All that is neither is told on stderr.
"""

import asyncio
import math
import signal
from contextlib import suppress

from duologue.client import Client, connect
from duologue.errors import ConversationError, DuologueError, NotDelivered
from duologue.terminal.exit_code import ExitCode
from duologue.terminal.hearing import Hearing
from duologue.terminal.options import ChatOptions
from duologue.terminal.page import page_link
from duologue.terminal.ready import Output
from duologue.terminal.speaking import Speaking
from duologue.terminal.visible import visible_line

_STDIN, _STDOUT, _STDERR = 0, 1, 2
_ENDS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GOODBYE_S = 5.0
"""So long a server may take to hear that we leave; then we go without a word."""
_LAST_WORDS_S = 2.0
"""So long a signal leaves for deliveries, and for who reads stdout."""


def run(options: ChatOptions) -> int:
    """Talk until stdin has ended and all is delivered, or the partner leaves.

    Returns:
        An `ExitCode`, or 128 and the number of the signal that ended it.

    Raises:
        DuologueError: It cannot begin, or the server ends it.
    """
    return asyncio.run(_run(options))


async def _run(options: ChatOptions) -> int:
    chat = LineChat(options)
    talking = asyncio.create_task(chat.talk())
    signals: list[int] = []

    def end(number: int) -> None:
        signals.append(number)
        if not chat.stop() or len(signals) > 1:
            talking.cancel()  # Whoever insists is not kept waiting for last words.

    for number in _ENDS:
        if signal.getsignal(number) is not signal.SIG_IGN:  # as nohup wants it
            asyncio.get_running_loop().add_signal_handler(number, end, number)
    try:
        code = await talking
    except asyncio.CancelledError:
        if not signals:
            raise
    return 128 + signals[0] if signals else code


class LineChat:
    """One conversation by lines, from its beginning to its end."""

    def __init__(self, options: ChatOptions) -> None:
        self._options = options
        self._out, self._errors = Output(_STDOUT), Output(_STDERR)
        self._has_failed = False
        self._is_seated = False
        self._stopped = asyncio.Event()

    def stop(self) -> bool:
        """Leave soon; False if there is nothing yet to leave."""
        self._stopped.set()
        return self._is_seated

    async def talk(self) -> int:
        """Talk to the end and return the exit code. Cancelling it cuts it short.

        Raises:
            DuologueError: It cannot begin, or the server ends it.
        """
        options = self._options
        async with connect(options.server_url, name=options.own_name) as client:
            await self._sit_down(client)
            self._is_seated = True
            hearing = Hearing(client, self._out, self._tell, is_json=options.json)
            speaking = Speaking(client, _STDIN, self._tell)
            error = await self._go_on(client, hearing, speaking)
        await hearing.tell_the_rest()
        await speaking.tell_the_rest()
        if hearing.has_failed or speaking.has_failed:
            if error is not None:
                await self._tell(str(error))
            return ExitCode.NOT_DELIVERED
        if error is not None:
            raise error
        return ExitCode.NO_SEAT if hearing.has_lost_seat else ExitCode.DONE

    async def _sit_down(self, client: Client) -> None:
        code = self._options.room_code
        if code is not None:
            await client.join_room(code)
            return
        code = await client.create_room()
        await self._tell(f"Room {code} is open: {page_link(self._options.server_url, code)}")

    async def _go_on(
        self, client: Client, hearing: Hearing, speaking: Speaking
    ) -> DuologueError | None:
        """Talk until either of the two has had enough, and say goodbye.

        Returns:
            What has ended it, if that was nobody's wish.
        """
        to_hear = asyncio.create_task(hearing.hear())
        to_say = asyncio.create_task(self._say_all(client, hearing, speaking, to_hear))
        to_stop = asyncio.create_task(self._stopped.wait())
        try:
            await asyncio.wait({to_hear, to_say, to_stop}, return_when=asyncio.FIRST_COMPLETED)
            await _ended(to_say)
            if not hearing.is_over:
                await self._leave(client)
                # What has come is written first, unless somebody wants an end of it.
                limit_s = _LAST_WORDS_S if self._stopped.is_set() else None
                await asyncio.wait({to_hear}, timeout=limit_s)
        finally:
            await _ended(to_hear, to_say, to_stop)
        return None if to_hear.cancelled() else to_hear.result()

    async def _say_all(
        self,
        client: Client,
        hearing: Hearing,
        speaking: Speaking,
        to_hear: asyncio.Task[DuologueError | None],
    ) -> None:
        """Say all of stdin, and stay as long as is wanted."""
        try:
            await speaking.speak(await hearing.pairing)
            with suppress(NotDelivered):  # The event tells.
                await client.flush()
        except ConversationError:  # The partner has left, and hearing ends with that too.
            await asyncio.wait({to_hear})
            return
        linger_s = self._options.linger_s
        if linger_s is None:
            linger_s = math.inf if speaking.has_had_nothing else 0.0
        now = asyncio.get_running_loop().time
        since = now()
        while (rest_s := max(since, hearing.heard_at) + linger_s - now()) > 0:
            await asyncio.wait({to_hear}, timeout=None if rest_s == math.inf else rest_s)
            if to_hear.done():
                return

    async def _leave(self, client: Client) -> None:
        """Leave, and end the conversation even if no server can be told."""
        limit_s = _LAST_WORDS_S if self._stopped.is_set() else _GOODBYE_S
        with suppress(ConversationError, TimeoutError):
            async with asyncio.timeout(limit_s):
                await client.leave(flush_s=limit_s / 2)
        await client.close()

    async def _tell(self, line: str) -> None:
        """Say something to people, if anyone wants to know."""
        with suppress(OSError):
            await self._errors.write(f"{visible_line(line)}\n".encode(errors="replace"))


async def _ended(*tasks: asyncio.Task[object]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)
