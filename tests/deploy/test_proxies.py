"""What chat needs of a proxy, and what it must not let its clients do."""

import asyncio
import ssl
from contextlib import AsyncExitStack
from http.client import HTTPSConnection
from pathlib import Path

import pytest
from websockets.exceptions import InvalidStatus

from duologue.config import Settings
from duologue.server import Server
from duologue.server.assets import assets
from duologue.server.door import MOST_REQUESTS
from duologue.wire.close import CloseCode
from tests.deploy.conftest import Site
from tests.deploy.guest import arriving, couple, talk
from tests.deploy.proxies import IMPATIENT_S, RECIPES, SAMPLES, before
from tests.support.client import TIMEOUT_S, until

pytestmark = pytest.mark.timeout(900)  # The first may have a proxy installed before it.

SPOOFED = {
    "X-Forwarded-For": "198.51.100.1",
    "Forwarded": "for=198.51.100.1;host=evil.example",
    "X-Forwarded-Host": "evil.example",
}


def sources(site: Site) -> set[str]:
    return {session.line.source for session in site.server.lobby.sessions}


async def nobody_is_there(site: Site) -> None:
    """Wait for those of the test before to be gone."""
    await until(lambda: not len(site.server.lobby.sessions))


def ask(site: Site, path: str, times: int) -> set[tuple[int, bytes]]:
    """Ask for something again and again, on one connection; return the different answers."""
    context = ssl.create_default_context(cafile=site.folder / "cert.pem")
    connection = HTTPSConnection("127.0.0.1", site.port, context=context, timeout=TIMEOUT_S)
    answers = set()
    for _ in range(times):
        connection.request("GET", path)
        answer = connection.getresponse()
        answers.add((answer.status, answer.read()))
    connection.close()
    return answers


async def test_the_page_comes_through_however_often_it_is_asked_for(site: Site) -> None:
    page = assets()[b"/"].plain.body
    asked = asyncio.to_thread(ask, site, "/", 2 * MOST_REQUESTS + 1)
    assert await asked == {(200, page)}


async def test_two_people_chat_and_the_longest_message_passes(site: Site) -> None:
    async with couple(site.port, site.folder) as (alice, bob):
        await talk(alice, bob, 1, "Hello, Bob!")
        await talk(bob, alice, 1, "안녕, Alice!")
        longest = "x" * site.server.settings.max_content_bytes
        await talk(alice, bob, 2, longest)
        await talk(bob, alice, 2, longest)


async def test_the_server_sees_where_people_really_are(site: Site) -> None:
    await nobody_is_there(site)
    async with (
        arriving(site.port, site.folder, address="127.0.0.5"),
        arriving(site.port, site.folder, address="127.0.0.6"),
    ):
        assert sources(site) == {"127.0.0.5", "127.0.0.6"}


@pytest.mark.parametrize("names", [[name] for name in SPOOFED] + [list(SPOOFED)], ids=str)
async def test_nobody_passes_for_somebody_else(site: Site, names: list[str]) -> None:
    await nobody_is_there(site)
    headers = {name: SPOOFED[name] for name in names}
    async with arriving(site.port, site.folder, headers=headers):
        assert sources(site) == {"127.0.0.5"}


async def test_a_page_from_here_may_chat(site: Site) -> None:
    async with arriving(site.port, site.folder, page=site.origin) as guest:
        await guest.names("Alice")


@pytest.mark.parametrize("headers", [{}, SPOOFED], ids=["plainly", "spoofing"])
@pytest.mark.parametrize("page", ["https://evil.example", "https://127.0.0.1", "null"])
async def test_a_page_from_elsewhere_may_not(
    site: Site, page: str, headers: dict[str, str]
) -> None:
    with pytest.raises(InvalidStatus) as caught:
        async with arriving(site.port, site.folder, page=page, headers=headers):
            pass
    assert caught.value.response.status_code == 403
    assert b"--allow-origin" in (caught.value.response.body or b"")


async def test_who_is_replaced_is_told(site: Site) -> None:
    async with (
        couple(site.port, site.folder) as (alice, _bob),
        arriving(site.port, site.folder) as again,
    ):
        await again.says(kind="resume", ticket=alice.ticket, received=0, read=0, delivered=0)
        await again.hears("resumed")
        assert await alice.is_closed_with() == CloseCode.REPLACED


async def test_people_hear_that_the_server_restarts(site: Site) -> None:
    await nobody_is_there(site)
    async with arriving(site.port, site.folder) as alice:
        (session,) = site.server.lobby.sessions
        session.line.close(CloseCode.RESTARTING)
        site.server._listener.flush()
        assert await alice.is_closed_with() == CloseCode.RESTARTING


async def test_the_partner_hears_when_somebody_vanishes(site: Site) -> None:
    async with couple(site.port, site.folder) as (alice, bob):
        await alice.resets()
        await bob.hears("partner_away")


@pytest.mark.parametrize("anyio_backend", ["asyncio"])
async def test_a_silent_chat_outlives_what_the_proxies_wait(tmp_path: Path) -> None:
    """Heartbeats alone keep it. All proxies at once: nobody has to wait for each."""
    heartbeat_s = IMPATIENT_S / 4
    settings = Settings(
        address="127.0.0.1:0", trust_proxy=("127.0.0.1",), heartbeat_s=heartbeat_s
    )
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(Server(settings))
        couples = []
        for name in RECIPES:
            folder = tmp_path / name
            folder.mkdir()
            port = await stack.enter_async_context(
                before(server.port, name, folder, is_impatient=True)
            )
            couples.append(await stack.enter_async_context(couple(port, folder)))
        await silence()
        for alice, bob in couples:
            await talk(alice, bob, 1, "Are you still there?")
            await talk(bob, alice, 1, "I am.")


async def silence() -> None:
    """Let more time pass than a proxy lets a connection be silent."""
    await asyncio.sleep(1.5 * IMPATIENT_S)


@pytest.mark.parametrize("name", RECIPES)
def test_a_proxy_waits_longer_than_any_heartbeat(name: str) -> None:
    sample = (SAMPLES / RECIPES[name].sample).read_text()
    for text in RECIPES[name].patience:
        assert text in sample
        assert int(text.split()[-1].removesuffix("m")) * 60 > 300
