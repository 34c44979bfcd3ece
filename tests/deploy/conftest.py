"""A server as its operator runs it: behind a real proxy."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import NamedTuple

import pytest

from duologue.config import Settings
from duologue.server import Server
from tests.deploy.proxies import RECIPES, before


class Site(NamedTuple):
    """A server and the proxy before it.

    Attributes:
        server: Listens on loopback.
        port: Of the proxy.
        folder: Has the proxy's certificate, as cert.pem.
    """

    server: Server
    port: int
    folder: Path

    @property
    def origin(self) -> str:
        """Where the page is from."""
        return f"https://127.0.0.1:{self.port}"


@pytest.fixture(scope="package")
def anyio_backend() -> str:
    """The event loop here is the test's own."""
    return "asyncio"


@pytest.fixture(scope="module", params=RECIPES)
async def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Site]:
    """Start them as the samples say."""
    folder = tmp_path_factory.mktemp(request.param)
    settings = Settings(address="127.0.0.1:0", trust_proxy=("127.0.0.1",))
    async with (
        Server(settings) as server,
        before(server.port, request.param, folder) as port,
    ):
        yield Site(server, port, folder)
