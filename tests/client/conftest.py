"""Clients for tests, and a network before their server that can fail."""

import errno
import os
import socket
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from tests.support.people import QUICK, Join, together
from tests.support.proxy import Proxy

from duologue.client import Client, connect
from duologue.server import Server


@pytest.fixture
async def join() -> AsyncIterator[Join]:
    """Connect people to a port; they close when the test ends."""
    async with AsyncExitStack() as clients:

        async def join(port: int, name: str, **options: Any) -> Client:
            options.setdefault("timing", QUICK)
            return await clients.enter_async_context(
                connect(f"127.0.0.1:{port}", name=name, **options)
            )

        yield join


@pytest.fixture
async def proxy(server: Server) -> AsyncIterator[Proxy]:
    """A network before the default server."""
    async with Proxy(server.port) as proxy:
        yield proxy


@pytest.fixture
def free_port() -> Iterator[int]:
    """A port where nobody listens, and nobody else will."""
    with socket.socket() as reserved:
        reserved.bind(("127.0.0.1", 0))
        yield reserved.getsockname()[1]


@pytest.fixture
def silent_port() -> Iterator[int]:
    """A port where connections are taken, but nothing is ever said."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture
async def pair(server: Server, join: Join) -> tuple[Client, Client]:
    """Alice and Bob in a room of the default server."""
    return await together(join, server.port)


@pytest.fixture
def full(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """A disk that is full while the list holds something; it takes 10 bytes more."""
    is_full: list[bool] = []
    write = os.write

    def short_write(descriptor: int, text: bytes) -> int:
        if not is_full:
            return write(descriptor, text)
        if len(is_full) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        is_full.append(True)
        return write(descriptor, text[:10])

    monkeypatch.setattr(os, "write", short_write)
    return is_full
