"""The edge once more, over TLS: what was tested without it holds with it."""

import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from tests.conftest import Connect, StartServer
from tests.server import test_backpressure, test_carrier, test_connection, test_listener
from tests.support.certificate import self_signed
from tests.support.client import Client

from duologue.config import Settings
from duologue.server import Server


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate with its key."""
    self_signed(tmp_path)
    return tmp_path / "both.pem"


@pytest.fixture
async def start_server(anyio_backend: Any, certificate: Path) -> AsyncIterator[StartServer]:
    """Start servers that speak TLS."""
    async with AsyncExitStack() as running:

        async def start(**settings: Any) -> Server:
            settings.setdefault("address", "127.0.0.1:0")
            settings.setdefault("tls_cert", certificate)
            return await running.enter_async_context(Server(Settings(**settings)))

        yield start


@pytest.fixture
async def connect(server: Server, certificate: Path) -> AsyncIterator[Connect]:
    """Connect clients that trust it."""
    trusting = ssl.create_default_context(cafile=certificate)
    async with AsyncExitStack() as connected:

        async def connect(
            port: int | None = None, *, name: str | None = None, **options: Any
        ) -> Client:
            client = await Client.connect(port or server.port, tls=trusting, **options)
            if name is not None:
                await client.introduce(name)
            connected.push_async_callback(client.abort)
            return client

        yield connect


flooded = test_backpressure.flooded
couple = test_connection.couple

READ_ON = {
    "test_nobody_else_notices",
    "test_a_partner_that_does_not_read_for_too_long_is_closed_with_4003",
}
"""They need someone who reads nothing more; but asyncio's TLS, in the tests' client, reads
ahead. Such a one is in `test_tls`."""


def of(module: ModuleType) -> dict[str, Callable[..., Any]]:
    """Find the tests of a module that connect as they are told here."""
    return {
        name: test
        for name, test in vars(module).items()
        if name.startswith("test_") and name not in READ_ON
        if {"connect", "couple", "flooded"} & test.__annotations__.keys()
    }


globals().update(
    of(test_backpressure) | of(test_carrier) | of(test_connection) | of(test_listener)
)
