"""What can be seen of a page by who looks closely: at every part, in every dress."""

import re
from pathlib import Path

from playwright.async_api import Page

from tests.e2e.dresses import DRESSES
from tests.e2e.pictures import Picture
from tests.e2e.scenes import NAMES, TALK
from tests.interop.tools import NODE_MODULES, install_node_modules

MOST_LINES_OF_NOTHING = 20
"""An empty page has so many different lines of pixels at most; a screen has hundreds."""

LEAST_TARGET_PX = 44
"""What a finger hits (WCAG 2.2, target size, level AAA)."""

RULES = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22a",
    "wcag22aa",
    "best-practice",
]

FIND = """async (rules) => {
  const { violations, passes } = await axe.run({ runOnly: rules });
  const found = violations.map(({ id, nodes }) => [id, ...nodes.map((node) => node.html)]);
  return passes.length > 10 ? found : ["nothing was looked at"];
}"""

# Colours fade: axe must see them where they arrive.
FADED = """() => {
  for (const one of document.getAnimations()) {
    if (one instanceof CSSTransition) one.finish();
  }
}"""

TOO_WIDE = """() => {
  const { scrollWidth, clientWidth } = document.scrollingElement;
  const inside = [...document.querySelectorAll("#log, dialog[open]")]
    .filter((part) => part.scrollWidth > part.clientWidth)
    .map((part) => part.id);
  return scrollWidth > clientWidth ? ["page", ...inside] : inside;
}"""

TOO_SMALL = """(least) => {
  const dialog = document.querySelector("dialog[open]");
  const targets = "button, input[type=text], textarea, label";
  return [...(dialog ?? document).querySelectorAll(targets)]
    .filter((part) => part.checkVisibility() && !(part.matches("label[for]")))
    .map((part) => [part, part.getBoundingClientRect()])
    .filter(([, box]) => box.width < least || box.height < least)
    .map(([part, box]) => `${part.id || part.textContent} ${box.width} x ${box.height}`);
}"""

SHOWN = """() => [
  document.body.innerText,
  ...[...document.querySelectorAll("*")].filter((part) => part.checkVisibility()).flatMap(
    (part) =>
      ["aria-label", "title", "placeholder"].map((name) => part.getAttribute(name) ?? ""),
  ),
].join("\\n")"""

NOT_TRANSLATED = re.compile(
    r"https?://\S+|(?i:Duologue)|English|ABC 123|QR|\b[0-9A-Z]{3} [0-9A-Z]{3}\b"
)


async def blank(page: Page, folder: Path, name: str) -> list[str]:
    """Draw a page in every dress; return the dresses in which there is nothing to see."""
    empty = []
    for dress in DRESSES:
        await dress.put_on(page)
        path = folder / f"{name}-{dress.name}.png"
        picture = Picture.read(await page.screenshot(path=path, animations="disabled"))
        is_empty = len(set(picture.lines)) <= MOST_LINES_OF_NOTHING
        if is_empty or (picture.width, picture.height) != (dress.width, dress.height):
            empty.append(dress.name)
    return empty


async def barriers(page: Page) -> dict[str, list[object]]:
    """Return what axe finds wrong in each dress; the page's policy has to be bypassed."""
    install_node_modules()
    await page.evaluate((NODE_MODULES / "axe-core" / "axe.min.js").read_text())
    found = {}
    for dress in DRESSES:
        await dress.put_on(page)
        await page.evaluate(FADED)
        found[dress.name] = await page.evaluate(FIND, RULES)
    return {dress: wrong for dress, wrong in found.items() if wrong}


async def misfits(page: Page) -> list[str]:
    """Return what is wider than the page, or too small for a finger."""
    too_wide: list[str] = await page.evaluate(TOO_WIDE)
    too_small: list[str] = await page.evaluate(TOO_SMALL, LEAST_TARGET_PX)
    return too_wide + too_small


async def not_korean(page: Page) -> list[str]:
    """Return the words on a page that are not in the language in which all is said."""
    shown = NOT_TRANSLATED.sub("", await page.evaluate(SHOWN))
    for said in (*TALK["ko"], *NAMES["ko"]):
        shown = shown.replace(said, "")
    return re.findall(r"[A-Za-z]{2,}", shown)
