"""Someone opens the page for the first time: how much comes, and how soon it is of use."""

import posixpath
import re

from playwright.async_api import Browser

from duologue.server.assets import WEB
from tests.e2e.measuring import NOTE_WHEN_USABLE, watched
from tests.e2e.place import Place
from tests.e2e.tap import Tap

MOST_BYTES = 80_000
FAR_TOO_SLOW_MS = 10_000
"""A page that takes so long is broken, however slow the machine."""
FOR_THE_BROWSER = {"/manifest.webmanifest", "/icons/icon.svg"}
"""What a browser with a window asks for, and one without does not."""
FETCH = "paths => Promise.all(paths.map(path => fetch(path).then(answer => answer.text())))"

_IMPORTED = re.compile(r"""(?:\bfrom\s+|\bimport\s+)"(?P<name>[^"]+)\"""")
_IMPORTED_EVER = re.compile(r"""(?:\bfrom\s+|\bimport\s+|\bimport\()"(?P<name>[^"]+)\"""")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_PRELOADED = re.compile(r'<link rel="modulepreload" href="(?P<path>[^"]+)">')
_PRELOADED_AFTER = re.compile(
    r'<link rel="modulepreload" fetchpriority="low" href="(?P<path>[^"]+)">'
)


async def test_a_first_visit_transfers_little(browser: Browser, place: Place) -> None:
    async with await browser.new_context(service_workers="block") as context:
        page = await context.new_page()
        requests = await watched(context, page)
        await page.goto(place.url, wait_until="networkidle")
        asked = {request.path for request in requests.all}
        await page.evaluate(FETCH, sorted(FOR_THE_BROWSER - asked))
        await page.wait_for_load_state("networkidle")
        print(f"\nfirst load: {requests.bytes} bytes, {len(requests.all)} requests")
        for kind, (count, heads, bodies) in requests.by_kind().items():
            print(f"  {kind}: {count}, heads {heads}, bodies {bodies}")
        assert requests.all[0].path == "/"
        assert all(request.body_bytes for request in requests.all)
        assert requests.bytes <= MOST_BYTES


async def test_all_files_are_asked_for_in_one_round(browser: Browser, place: Place) -> None:
    async with await browser.new_context(service_workers="block") as context:
        page = await context.new_page()
        requests = await watched(context, page)
        await page.goto(place.url, wait_until="networkidle")
        named = set(re.findall(r'(?:href|src)="(/[^"]+)"', (WEB / "index.html").read_text()))
        # The icon of a tab is not the parser's business.
        found_later = [
            request.path
            for request in requests.all[1:]
            if request.named_by != "parser" and request.kind != "Other"
        ]
        assert {request.path for request in requests.all[1:]} <= named
        assert found_later == []


async def test_what_is_kept_for_later_is_not_fetched_twice(
    browser: Browser, place: Place
) -> None:
    async with Tap(place.network.port) as tap, await browser.new_context() as context:
        page = await context.new_page()
        requests = await watched(context, page)
        await page.goto(tap.url)
        await page.evaluate("navigator.serviceWorker.ready.then(() => {})")
        unchanged = sum(wire.answered.count(b"HTTP/1.1 304 ") for wire in tap.wires)
        print(f"\nand kept for later: {tap.answered_bytes} bytes, {len(tap.requests)} requests")
        assert unchanged == len(requests.all)


async def test_the_first_screen_is_of_use_as_soon_as_it_is_shown(
    browser: Browser, place: Place
) -> None:
    async with await browser.new_context() as context:
        page = await context.new_page()
        await page.add_init_script(NOTE_WHEN_USABLE)
        await page.goto(place.url)
        await page.wait_for_function("() => globalThis.usableAtMs !== undefined")
        usable_ms, answers = await page.evaluate("[usableAtMs, answers]")
        print(f"\nusable after {usable_ms:.0f} ms")
        assert answers is True
        assert usable_ms < FAR_TOO_SLOW_MS


def test_the_page_names_all_its_modules() -> None:
    document = (WEB / "index.html").read_text()
    waited_for = sorted(_modules("/page/main.js", _IMPORTED) - {"/page/main.js"})
    others = sorted(_modules("/page/main.js", _IMPORTED_EVER) - {*waited_for, "/page/main.js"})
    assert others
    assert _PRELOADED.findall(document) == waited_for
    assert _PRELOADED_AFTER.findall(document) == others


def _modules(start: str, imported: re.Pattern[str]) -> set[str]:
    """Return a module and all that it imports, directly or not."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        path = ahead.pop()
        if path not in found:
            found.add(path)
            code = _COMMENT.sub("", (WEB / path[1:]).read_text())
            ahead += [_resolved(path, match["name"]) for match in imported.finditer(code)]
    return found


def _resolved(importer: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(importer), name))
