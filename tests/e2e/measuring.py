"""What a page costs: bytes, requests, moments. Figures are printed, to be read by people."""

from dataclasses import dataclass, field
from typing import Any

from playwright.async_api import BrowserContext, CDPSession, Page

# When the first screen is shown, its listeners are live: a click is answered at once.
NOTE_WHEN_USABLE = """new MutationObserver((_, observer) => {
  const home = document.getElementById("home");
  if (home === null || home.hidden) return;
  observer.disconnect();
  globalThis.usableAtMs = performance.now();
  document.getElementById("create").click();
  globalThis.answers = !document.getElementById("name-error").hidden;
}).observe(document, { subtree: true, childList: true, attributes: true });"""


@dataclass
class Request:
    """One request of a page, as the browser's own network panel has it.

    Attributes:
        kind: Document, Script, Stylesheet, …
        named_by: What made the browser ask: `parser` for a file that the page itself names.
        head_bytes: Of the answer.
        body_bytes: Of the answer, as it came over the wire.
    """

    path: str
    kind: str
    named_by: str
    head_bytes: int = 0
    body_bytes: int = 0


@dataclass
class Requests:
    """All that a page asks for."""

    by_id: dict[str, Request] = field(default_factory=dict)

    @property
    def all(self) -> list[Request]:
        """In the order in which they were made."""
        return list(self.by_id.values())

    @property
    def bytes(self) -> int:
        """How much was transferred for them."""
        return sum(request.head_bytes + request.body_bytes for request in self.all)

    def by_kind(self) -> dict[str, tuple[int, int, int]]:
        """Return how many of each kind there are, with the bytes of heads and of bodies."""
        kinds: dict[str, tuple[int, int, int]] = {}
        for each in self.all:
            count, heads, bodies = kinds.get(each.kind, (0, 0, 0))
            kinds[each.kind] = (count + 1, heads + each.head_bytes, bodies + each.body_bytes)
        return kinds

    def asked(self, event: dict[str, Any]) -> None:
        """`Network.requestWillBeSent`."""
        url, how = event["request"]["url"], event["initiator"]["type"]
        path = "/" + url.split("/", 3)[3]
        self.by_id[event["requestId"]] = Request(path, event.get("type", "Other"), how)

    def answered(self, event: dict[str, Any]) -> None:
        """`Network.responseReceived`: the head is there."""
        if request := self.by_id.get(event["requestId"]):
            request.head_bytes = event["response"]["encodedDataLength"]

    def loaded(self, event: dict[str, Any]) -> None:
        """`Network.loadingFinished`: all of it is there."""
        if request := self.by_id.get(event["requestId"]):
            request.body_bytes = event["encodedDataLength"] - request.head_bytes


async def watched(context: BrowserContext, page: Page) -> Requests:
    """Take down all that a page asks for, from now on."""
    requests = Requests()
    devtools = await context.new_cdp_session(page)
    devtools.on("Network.requestWillBeSent", requests.asked)
    devtools.on("Network.responseReceived", requests.answered)
    devtools.on("Network.loadingFinished", requests.loaded)
    await devtools.send("Network.enable")
    return requests


@dataclass(frozen=True)
class Costs:
    """What a page has done since it was opened.

    Attributes:
        work_ms: How long a processor has worked for it.
        layouts: How often something was laid out.
    """

    work_ms: float
    layouts: int

    def since(self, before: "Costs") -> "Costs":
        """Return what was done after a moment."""
        return Costs(self.work_ms - before.work_ms, self.layouts - before.layouts)


async def costs(devtools: CDPSession) -> Costs:
    """Tell what a page has done."""
    now = await _metrics(devtools)
    return Costs(now["ProcessTime"] * 1000, int(now["LayoutCount"]))


@dataclass(frozen=True)
class Weight:
    """What a page holds, with all garbage gone."""

    nodes: int
    heap_bytes: int
    listeners: int


async def weight(devtools: CDPSession) -> Weight:
    """Weigh a page."""
    await devtools.send("HeapProfiler.collectGarbage")
    now = await _metrics(devtools)
    return Weight(int(now["Nodes"]), int(now["JSHeapUsedSize"]), int(now["JSEventListeners"]))


async def _metrics(devtools: CDPSession) -> dict[str, float]:
    await devtools.send("Performance.enable")
    told = (await devtools.send("Performance.getMetrics"))["metrics"]
    return {each["name"]: each["value"] for each in told}
