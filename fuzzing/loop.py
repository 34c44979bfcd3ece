"""Stands in for an event loop: a turn is a call, and time passes when it is told to.

So an input always has the same effect, however slow the machine is, and half a
minute of patience costs nothing. It knows of no sockets: what a server listens
on becomes a way to open connections to it.
"""

import asyncio
import contextvars
import heapq
import itertools
import socket
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

T = TypeVar("T")

_MOST_TURNS = 10_000
"""Whoever is not done by then never will be."""


class NeverRests(Exception):
    """Something keeps the event loop busy for ever."""


class _Timer(asyncio.TimerHandle):
    def __init__(self, when: float, call: Callable[..., object], loop: "Loop") -> None:
        super().__init__(when, call, (), loop)
        self.number = next(loop.numbers)

    def __lt__(self, other: object) -> bool:
        assert isinstance(other, _Timer)
        return (self.when(), self.number) < (other.when(), other.number)


class _Acceptor:
    """What a server listens on."""

    def __init__(self, listening: socket.socket) -> None:
        self._listening = listening

    def close(self) -> None:
        self._listening.close()


class Loop(asyncio.AbstractEventLoop):
    """An event loop as far as a server needs one.

    Attributes:
        protocols: Make what hears a new connection, for each acceptor one.
        faults: What was reported to the event loop, as asyncio does with bugs.
    """

    def __init__(self) -> None:
        self.now = 1000.0
        self.numbers = itertools.count()
        self.protocols: list[Callable[[], asyncio.BaseProtocol]] = []
        self._acceptors: list[_Acceptor] = []
        self.faults: list[dict[str, Any]] = []
        self._ready: deque[asyncio.Handle] = deque()
        self._timers: list[_Timer] = []

    # What whoever plays with it calls

    @contextmanager
    def running(self) -> Iterator[None]:
        """Be the running loop of this thread; close what was listened on in the end."""
        asyncio._set_running_loop(self)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)
            for acceptor in self._acceptors:
                acceptor.close()

    def turn(self) -> None:
        """Take one turn."""
        for _ in range(len(self._ready)):
            handle = self._ready.popleft()
            if not handle.cancelled():
                handle._run()

    def rest(self) -> None:
        """Take turns until nothing is left to be done now.

        Raises:
            NeverRests: It does not come to an end.
        """
        for _ in range(_MOST_TURNS):
            if not self._ready:
                return
            self.turn()
        raise NeverRests

    def wait(self, seconds: float) -> None:
        """Let time go by, with all that is due meanwhile."""
        until = self.now + seconds
        self.rest()
        while self._timers and self._timers[0].when() <= until:
            timer = heapq.heappop(self._timers)
            self.now = max(self.now, timer.when())
            if not timer.cancelled():
                timer._run()
                self.rest()
        self.now = until

    def oversleep(self, seconds: float) -> None:
        """Let time go by as on a machine that was asleep: all that was due is late."""
        self.now += seconds
        self.wait(0)

    def finish(self, coroutine: Coroutine[Any, Any, T], most_s: float = 60.0) -> T:
        """Run a coroutine to its end, and let as much time go by as it takes."""
        task = asyncio.Task(coroutine, loop=self)
        until = self.now + most_s
        self.rest()
        while not task.done() and self._timers and self.now < until:
            self.wait(max(0.0, self._timers[0].when() - self.now))
        if not task.done():
            raise NeverRests
        return task.result()

    # What asyncio and the server call

    def call_soon(  # type: ignore[override]  # the stubs have a type variable for args
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        handle = asyncio.Handle(callback, args, self, context)
        self._ready.append(handle)
        return handle

    def call_later(  # type: ignore[override]
        self, delay: float, callback: Callable[..., object], *args: Any, **_options: Any
    ) -> asyncio.TimerHandle:
        return self.call_at(self.now + delay, callback, *args)

    def call_at(  # type: ignore[override]
        self, when: float, callback: Callable[..., object], *args: Any, **_options: Any
    ) -> asyncio.TimerHandle:
        timer = _Timer(when, lambda: callback(*args), self)
        heapq.heappush(self._timers, timer)
        return timer

    async def create_server(  # type: ignore[override]
        self,
        protocol_factory: Callable[[], asyncio.BaseProtocol],
        *_args: Any,
        sock: socket.socket,
        **_options: Any,
    ) -> Any:
        self.protocols.append(protocol_factory)
        self._acceptors.append(_Acceptor(sock))
        return self._acceptors[-1]

    def create_future(self) -> asyncio.Future[Any]:
        return asyncio.Future(loop=self)

    def create_task(self, coro: Any, **options: Any) -> asyncio.Task[Any]:
        return asyncio.Task(coro, loop=self, **options)

    def time(self) -> float:
        return self.now

    def get_debug(self) -> bool:
        return False

    def is_running(self) -> bool:
        return True

    def is_closed(self) -> bool:
        return False

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.faults.append(context)

    def _timer_handle_cancelled(self, _handle: asyncio.TimerHandle) -> None:
        """A cancelled timer stays in line until its time, and then does nothing."""
