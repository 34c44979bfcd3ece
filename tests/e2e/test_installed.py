"""The page as an app: installed, opened without a network, and followed by its next version."""

import json
import re
import shutil
import struct
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Page, expect

from duologue.server.assets import SERVICE_WORKER, SHELL, WEB, assets
from tests.e2e.conftest import Visit
from tests.e2e.place import Place, opened
from tests.e2e.visitor import meet
from tests.e2e.words import say

# Resolves once everything is kept.
WORKER_READY = "() => navigator.serviceWorker.ready.then(() => {})"
LOOK_FOR_NEWS = (
    "() => navigator.serviceWorker.getRegistration().then(worker => worker.update())"
)
CACHES = "() => caches.keys()"
CACHED = """async () => {
  const cached = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      cached[new URL(request.url).pathname] = await answer.text();
    }
  }
  return cached;
}"""
HAS_CHANGED = """async old => {
  const names = await caches.keys();
  return names.length === 1 && names[0] !== old;
}"""
IS_WAITING = """async () => {
  const { waiting } = await navigator.serviceWorker.getRegistration();
  return waiting !== null;
}"""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the page in a copy of the package, from which the server is started."""
    copy = tmp_path / "duologue"
    shutil.copytree(WEB.parent, copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return copy / "web"


@pytest.fixture
async def place(web: Path) -> AsyncIterator[Place]:
    """A server whose page may be changed."""
    async with opened() as place:
        yield place


async def publish(web: Path, place: Place) -> None:
    """Let the server have a new version of the page: it calls a room a chamber."""
    words = web / "words" / "en.js"
    changed = re.sub(r'("home.create": )"[^"]*"', r'\1"Open a chamber"', words.read_text())
    words.write_text(changed)
    place.kill()
    await place.start_again()


async def installed(page: Page) -> str:
    """Wait until the page is kept, and lives by what is kept; return the name of the cache."""
    await page.evaluate(WORKER_READY)
    await page.reload()
    await page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    [name] = await page.evaluate(CACHES)
    return str(name)


def size_of(png: bytes) -> str:
    """Return the width and height of a picture, as a manifest has them."""
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return f"{width}x{height}"


def test_the_icons_are_as_large_as_the_manifest_says() -> None:
    manifest = json.loads((WEB / "manifest.webmanifest").read_text())
    pictures = [icon for icon in manifest["icons"] if icon["type"] == "image/png"]
    sizes = {icon["src"]: size_of((WEB / icon["src"][1:]).read_bytes()) for icon in pictures}
    assert sizes == {icon["src"]: icon["sizes"] for icon in pictures}
    assert {"192x192", "512x512"} <= set(sizes.values())
    assert "maskable" in {icon.get("purpose") for icon in pictures}


async def test_the_page_can_be_installed(visit: Visit) -> None:
    alice = await visit()
    await alice.page.evaluate(WORKER_READY)
    devtools = await alice.context.new_cdp_session(alice.page)
    told = await devtools.send("Page.getAppManifest")
    against = await devtools.send("Page.getInstallabilityErrors")
    manifest: dict[str, Any] = json.loads(told["data"])
    assert told["errors"] == []
    assert {name: manifest[name] for name in ("name", "start_url", "scope", "display")} == {
        "name": "Duologue",
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
    }
    # A visitor's profile here is one that forgets, in which nothing can be installed.
    errors = {error["errorId"] for error in against["installabilityErrors"]}
    assert errors <= {"in-incognito"}


async def test_the_whole_page_is_kept_and_nothing_else(visit: Visit) -> None:
    alice = await visit()
    await alice.page.evaluate(WORKER_READY)
    cached = await alice.page.evaluate(CACHED)
    served = {path.decode() for path in assets()} - {SERVICE_WORKER}
    assert set(cached) == served - {SHELL}


async def test_without_a_network_the_page_still_opens(visit: Visit, place: Place) -> None:
    alice = await visit()
    await installed(alice.page)
    place.kill()
    await alice.context.set_offline(True)
    await alice.page.reload()
    await expect(alice.page.locator("#create")).to_have_text(say("home.create"))
    await alice.page.locator("#name").fill("Alice")
    await alice.page.locator("#create").click()
    await expect(alice.page.locator("#asking-status")).to_have_text(say("home.offline"))
    await place.start_again()
    await alice.context.set_offline(False)
    await expect(alice.page.locator("#waiting")).to_be_visible()


async def test_an_idle_page_changes_to_a_new_version_by_itself(
    visit: Visit, place: Place, web: Path
) -> None:
    alice = await visit()
    old = await installed(alice.page)
    await publish(web, place)
    # The page comes anew while it is asked, which ends the question.
    await alice.page.evaluate(f"() => {{ ({LOOK_FOR_NEWS})(); }}")
    await expect(alice.page.locator("#create")).to_have_text("Open a chamber")
    await alice.page.wait_for_function(HAS_CHANGED, arg=old)


async def test_a_conversation_is_not_disturbed_by_a_new_version(
    visit: Visit, place: Place, web: Path
) -> None:
    alice, bob = await visit(), await visit()
    old = await installed(alice.page)
    await meet(alice, bob)
    await alice.page.evaluate("() => { globalThis.isSame = true; }")
    await publish(web, place)
    await alice.page.evaluate(LOOK_FOR_NEWS)
    await alice.page.wait_for_function(IS_WAITING)
    await alice.say("Still here")
    await bob.reads("Still here")
    assert await alice.page.evaluate("globalThis.isSame") is True
    await alice.leave()
    await alice.page.reload()
    await expect(alice.page.locator("#create")).to_have_text("Open a chamber")
    await alice.page.wait_for_function(HAS_CHANGED, arg=old)


async def test_nothing_of_a_conversation_goes_to_the_service_worker(visit: Visit) -> None:
    alice, bob = await visit(), await visit()
    before = await installed(alice.page)
    kept = await alice.page.evaluate(CACHED)
    asked: list[str] = []
    alice.context.on("request", lambda request: asked.append(request.url))
    code = await meet(alice, bob)
    await alice.say("a secret of mine")
    await bob.say("a secret of yours")
    await alice.reads("a secret of mine", "a secret of yours")
    # A browser may want the icon again when the address changes.
    assert {urlsplit(url).path for url in asked} <= set(kept)
    assert [url for url in asked if code in url] == []
    assert await alice.page.evaluate(CACHES) == [before]
    assert await alice.page.evaluate(CACHED) == kept
    assert code not in json.dumps(kept)
