"""The real server as a process, and the clients that nobody here wrote."""

import asyncio
import re
import sys
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest
from playwright.async_api import Browser
from tools.node import NODE

from tests.interop import chromium_page, node_ws, tools, websockets_cli
from tests.interop.person import TIMEOUT_S, Connect
from tests.interop.processes import running

CLIENTS = ("at_websockets", "at_ws", "at_chromium")


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The event loop here is the test's own; the server brings another."""
    return "asyncio"


@pytest.fixture(scope="module")
async def address() -> AsyncIterator[str]:
    """Run the server as a user does, and tell its host and port."""
    command = (sys.executable, "-m", "duologue", "serve", "127.0.0.1:0")
    async with running(*command, stdout=PIPE) as server:
        assert server.stdout is not None
        async with asyncio.timeout(TIMEOUT_S):
            first_line = (await server.stdout.readline()).decode()
        says_where = re.search(r"listens on http://(\S+)", first_line)
        assert says_where, (
            f"the server said {first_line!r}; its errors are in the captured output"
        )
        yield says_where[1]
        server.terminate()
        async with asyncio.timeout(TIMEOUT_S):
            assert await server.wait() == 0


@pytest.fixture
def at_websockets(address: str) -> Connect:
    return partial(websockets_cli.connected, f"ws://{address}/ws")


@pytest.fixture(scope="session")
def node() -> Path:
    tools.install_node_modules()
    return NODE


@pytest.fixture
def at_ws(node: Path, address: str) -> Connect:
    return partial(node_ws.connected, node, f"ws://{address}/ws")


@pytest.fixture(scope="session")
def chromium() -> Path:
    return tools.find_chromium()


@pytest.fixture(scope="module")
async def browser(chromium: Path) -> AsyncIterator[Browser]:
    async with chromium_page.launched(chromium) as browser:
        yield browser


@pytest.fixture
def at_chromium(browser: Browser, address: str) -> Connect:
    # Any page of the server's own origin: Chromium blocks some others from loopback.
    page_url = f"http://{address}/healthz"
    return partial(chromium_page.connected, browser, page_url, f"ws://{address}/ws")


@pytest.fixture(params=CLIENTS)
def alice_sits_down(request: pytest.FixtureRequest) -> Connect:
    connect: Connect = request.getfixturevalue(request.param)
    return connect


@pytest.fixture(params=CLIENTS)
def bob_sits_down(request: pytest.FixtureRequest) -> Connect:
    connect: Connect = request.getfixturevalue(request.param)
    return connect
