"""What every test may use: servers of its own on free ports, and clients."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
import uvloop

from duologue.config import Settings
from duologue.server import Server
from tests.support.client import Client

StartServer = Callable[..., Awaitable[Server]]
Connect = Callable[..., Awaitable[Client]]


@pytest.fixture(scope="session", autouse=True)
def _state_directory(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep the servers that a test starts out of the home of whoever runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path_factory.mktemp("state")))
        yield


@pytest.fixture(
    params=[
        pytest.param(("asyncio", {"use_uvloop": True}), id="uvloop"),
        pytest.param(("asyncio", {"use_uvloop": False}), id="asyncio"),
    ]
)
def anyio_backend(request: pytest.FixtureRequest) -> Any:
    """Run every test that needs an event loop on both that the server runs on."""
    return request.param


@pytest.fixture
async def start_server(anyio_backend: Any) -> AsyncIterator[StartServer]:
    """Start servers with the settings given; they stop when the test ends."""
    # A fixture that outlives its tests would keep its own loop running for all that follow.
    _, options = anyio_backend
    assert isinstance(asyncio.get_running_loop(), uvloop.Loop) == options["use_uvloop"]
    async with AsyncExitStack() as running:

        async def start(**settings: Any) -> Server:
            settings.setdefault("address", "127.0.0.1:0")
            return await running.enter_async_context(Server(Settings(**settings)))

        yield start


@pytest.fixture
async def server(start_server: StartServer) -> Server:
    """A server with default settings."""
    return await start_server()


@pytest.fixture
async def connect(server: Server) -> AsyncIterator[Connect]:
    """Connect clients to the default server or another, and let them give a name."""
    async with AsyncExitStack() as connected:

        async def connect(
            port: int | None = None, *, name: str | None = None, **options: Any
        ) -> Client:
            client = await Client.connect(port or server.port, **options)
            if name is not None:
                await client.introduce(name)
            connected.push_async_callback(client.abort)
            return client

        yield connect
