"""One conversation on a screen, from sitting down to the last words.

What can go wrong before the first word goes wrong before the screen is touched.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING

from duologue.client import Client, Message, connect
from duologue.errors import ConversationError, DuologueError
from duologue.terminal.exit_code import ExitCode
from duologue.terminal.options import ChatOptions
from duologue.terminal.page import page_link
from duologue.terminal.visible import visible

if TYPE_CHECKING:
    from duologue.tui.app import ChatApp

_SLOW_S = 1.0
_LAST_WORDS_S = 2.0
_WATCH_S = 1.0
_STDIN = 0
_ENDS = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


def run(options: ChatOptions) -> int:
    """Talk on a screen until one has had enough; return the exit code.

    Raises:
        DuologueError: It cannot begin.
    """
    gc.disable()  # What is loaded at the start stays: looking through it would cost a tenth.
    with asyncio.Runner() as runner:
        lost, code = runner.run(_talk(options))
    if not lost:
        return code
    with suppress(OSError):  # The terminal may be gone.
        print("Not delivered:", *map(visible, lost), sep="\n  ", file=sys.stderr, flush=True)
    return ExitCode.NOT_DELIVERED


async def _talk(options: ChatOptions) -> tuple[list[str], int]:
    """Return what was written and not delivered, and how the screen has ended."""
    url = options.server_url
    patience = asyncio.get_running_loop().call_later(
        _SLOW_S, print, f"Connecting to {visible(url)} …"
    )
    async with connect(url, name=options.own_name) as client:
        code = options.room_code
        await (client.create_room() if code is None else client.join_room(code))
        patience.cancel()
        return await _show(client, url)


async def _show(client: Client, url: str) -> tuple[list[str], int]:
    # The library takes a quarter of a second to load: after all that could go wrong.
    from duologue.tui.app import ChatApp

    app = ChatApp(client, lambda code: page_link(url, code))
    gc.freeze()
    gc.enable()
    async with _ending(app):
        await app.run_async()
    waiting = client.unsettled
    never_sent = app.undelivered[len(waiting) :]
    with suppress(ConversationError, DuologueError, TimeoutError):
        async with asyncio.timeout(_LAST_WORDS_S):
            if waiting and client.is_online:
                await client.leave(flush_s=_LAST_WORDS_S / 2)
    await client.close()
    lost = [*(message.content for message in waiting if not _arrived(message)), *never_sent]
    return lost, app.return_code or ExitCode.DONE


def _arrived(message: Message) -> bool:
    return message.failure is None and message.is_settled


@asynccontextmanager
async def _ending(app: "ChatApp") -> AsyncIterator[None]:
    """Let signals end the program as its own key does; the terminal is put in order.

    Then a second one ends it at once. Not so SIGHUP: a window that is closed
    sends several, and the last words have seconds to go.
    """
    loop = asyncio.get_running_loop()
    for number in _ENDS:
        loop.add_signal_handler(number, app.exit)
    watching = asyncio.create_task(_watch_terminal(app))
    try:
        yield
    finally:
        watching.cancel()
        for number in _ENDS:
            loop.remove_signal_handler(number)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)


async def _watch_terminal(app: "ChatApp") -> None:
    """End the program with a terminal of which no signal tells: it is not ours to control."""
    while True:
        await asyncio.sleep(_WATCH_S)
        if not os.isatty(_STDIN):
            app.exit()
