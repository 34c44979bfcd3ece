"""Where people meet: a server process that can be killed, behind networks that can fail."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager

from tests.support.program import Program, running
from tests.support.proxy import Proxy


class Servers(ExitStack):
    """Starts a server when there is none that runs: to start one costs more than most tests."""

    _latest: Program | None = None

    def running(self) -> Program:
        """Return the one that runs."""
        if self._latest is None or self._latest.process.poll() is not None:
            # Nobody reads what it writes; a line a connection would fill the pipe in the end.
            self._latest = self.enter_context(running(DUOLOGUE_LOG="error"))
        return self._latest


class Place:
    """A server and the networks before it; pages are opened through one of these.

    Attributes:
        network: Carries everyone's connections but those of who has one of their own.
    """

    def __init__(
        self, processes: ExitStack, networks: AsyncExitStack, network: Proxy, program: Program
    ) -> None:
        self.network = network
        self._processes = processes
        self._networks = networks
        self._program = program

    @property
    def url(self) -> str:
        """Where the page is."""
        return url_by(self.network)

    @property
    def websocket_url(self) -> str:
        """Where a client that is no page connects."""
        return f"ws://127.0.0.1:{self.network.port}/ws"

    async def lay_network(self) -> Proxy:
        """Make another way to the server, that fails for those alone who use it."""
        return await self._networks.enter_async_context(Proxy(self._program.port))

    def kill(self) -> None:
        """End the server as a crash would."""
        self._program.process.kill()
        self._program.process.wait()

    async def start_again(self, **environment: str) -> None:
        """Start it again, on the same port, and with the same secret unless one is given."""
        server = running(port=self._program.port, DUOLOGUE_LOG="error", **environment)
        self._program = await asyncio.to_thread(self._processes.enter_context, server)


def url_by(network: Proxy) -> str:
    """Where the page is, by this way."""
    return f"http://127.0.0.1:{network.port}/"


@asynccontextmanager
async def opened(shared: Servers | None = None) -> AsyncIterator[Place]:
    """Go to a server that others share, or else start one; it ends with the block."""
    with Servers() as processes:
        program = await asyncio.to_thread((shared or processes).running)
        async with AsyncExitStack() as networks:
            network = await networks.enter_async_context(Proxy(program.port))
            yield Place(processes, networks, network, program)
