"""A screen without a terminal, with a real server and a real partner behind it."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest
from tests.tui.stage import Stage
from textual.pilot import Pilot

from duologue.client import Client, connect
from duologue.server import Server
from duologue.terminal.page import page_link
from duologue.tui.app import ChatApp

SetStage = Callable[..., Awaitable[Stage]]


@pytest.fixture
async def set_stage(server: Server) -> AsyncIterator[SetStage]:
    """Let Alice sit at a screen; Bob comes in if he is wanted."""
    url = f"127.0.0.1:{server.port}"
    async with AsyncExitStack() as stack:

        async def set_stage(
            size: tuple[int, int] = (80, 24),
            *,
            is_met: bool = True,
            url: str = url,
            page: str | None = None,
        ) -> Stage:
            alice: Client = await stack.enter_async_context(connect(url, name="Alice"))
            bob: Client = await stack.enter_async_context(connect(url, name="Bob"))
            code = await alice.create_room()
            app = ChatApp(alice, lambda code: page_link(page or url, code))
            pilot: Pilot[None] = await stack.enter_async_context(app.run_test(size=size))
            stage = Stage(app, pilot, alice, bob)
            stack.callback(stage.end)
            if is_met:
                await bob.join_room(code)
                stage.bob_listens()
                await stage.until(lambda: "Bob came in" in stage.screen)
            return stage

        yield set_stage


@pytest.fixture
async def stage(set_stage: SetStage) -> Stage:
    """Alice at a screen, and Bob opposite."""
    return await set_stage()
