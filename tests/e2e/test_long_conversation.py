"""A conversation of thousands of messages: as quick to read and to go on with as a short one.

How long something takes depends on the machine and on what else it does, so each time is held
against the same in a short conversation, far beyond what chance makes of it and far below what
a page would need that goes through all messages. The figures are printed (pytest -s).
"""

from collections.abc import Awaitable, Callable
from statistics import median

import pytest
from playwright.async_api import CDPSession

from tests.e2e.bursts import say_all
from tests.e2e.measuring import costs, weight
from tests.e2e.visitor import Visitor

SHORT, LONG, TOO_LONG = 100, 5_000, 20_000
MOST_LINES = 10_000
MOST_KEPT_CHARS = 3_500_000
MOST_NODES_A_LINE = 13
"""Its elements, the texts in them, and its share of a group."""
MOST_TIMES = 10
SCROLLS = 3
LEAST_SHARE_OF_FRAMES = 50 / 60
BURST = 50

# As the page keeps it: said in an earlier pairing, so that no number of it is awaited.
REMEMBER = """count => {
  const entries = Array.from({ length: count }, (_, number) => ({
    kind: "chat", mine: number % 2 === 0, pairing: 0, id: number + 1,
    content: `Message ${number}` + " and some more".repeat(number % 7),
    at: Date.now() - (count - number) * 1000,
  }));
  for (let first = 0, chunk = 1; first < count; first += 64, chunk += 1) {
    const text = JSON.stringify(entries.slice(first, first + 64));
    sessionStorage.setItem(`duologue.history.${chunk}`, text);
  }
}"""
NOTE_WHEN_SHOWN = """new MutationObserver((_, observer) => {
  const chat = document.getElementById("chat");
  if (chat === null || chat.hidden) return;
  observer.disconnect();
  requestAnimationFrame(() => setTimeout(() => { globalThis.shownAtMs = performance.now(); }));
}).observe(document, { subtree: true, childList: true, attributes: true });"""
IS_SHOWN = """text => {
  const texts = document.querySelectorAll("#log .bubble .text");
  return texts[texts.length - 1]?.textContent === text;
}"""
ALL_READ = """() =>
  document.querySelector("#log .mark:not([data-progress='read'])") === null"""
# There and back, as fast as a hand on a scroll bar; returns how long each frame took, and
# how many lines were laid out at most.
SCROLL = """async frames => {
  const log = document.getElementById("log");
  const lines = document.querySelectorAll("#log .line");
  const range = log.scrollHeight - log.clientHeight;
  const end = log.scrollTop;
  const times = [];
  let before = await new Promise(requestAnimationFrame);
  let mostLaidOut = 0;
  for (let frame = 1; frame <= 2 * frames; frame += 1) {
    const part = frame <= frames ? frame / frames : 2 - frame / frames;
    log.scrollTop = end - part * range;
    const now = await new Promise(requestAnimationFrame);
    times.push(now - before);
    before = now;
    if (frame % 20 === 0) {
      const laidOut = [...lines].filter(line =>
        line.checkVisibility({ contentVisibilityAuto: true }));
      mostLaidOut = Math.max(mostLaidOut, laidOut.length);
      before = await new Promise(requestAnimationFrame);
    }
  }
  return { times, mostLaidOut, reachedTop: range };
}"""
ALL_BUILT = "count => document.querySelectorAll('#log .bubble').length === count"
KEPT = "() => Object.entries({ ...sessionStorage }).join('').length"

Couple = tuple[Visitor, Visitor]


async def remember(visitor: Visitor, count: int) -> float:
    """Let a tab have a conversation of so many messages; return when it was shown, in ms."""
    await visitor.page.evaluate(REMEMBER, count)
    await visitor.page.reload()
    await visitor.page.wait_for_function("() => globalThis.shownAtMs !== undefined")
    return float(await visitor.page.evaluate("globalThis.shownAtMs"))


async def built(visitor: Visitor, count: int) -> None:
    """Wait until all lines are there: the older ones are made in idle time."""
    await visitor.page.wait_for_function(ALL_BUILT, arg=count)


@pytest.fixture
async def reader(couple: Couple) -> tuple[Visitor, Visitor, CDPSession]:
    """Alice, whose page is measured, and Bob."""
    alice, bob = couple
    await alice.page.add_init_script(NOTE_WHEN_SHOWN)
    return alice, bob, await alice.context.new_cdp_session(alice.page)


Reader = tuple[Visitor, Visitor, CDPSession]


async def cost_of_hearing(reader: Reader, name: str) -> float:
    """Return how long the page works for each message that comes, in ms."""
    _, bob, devtools = reader
    texts = [f"{name} {number}" for number in range(BURST)]
    before = await costs(devtools)
    await say_all(bob.page, texts)
    # To look at the long conversation would cost more than the page does.
    await bob.page.wait_for_function(ALL_READ)
    return (await costs(devtools)).since(before).work_ms / BURST


async def cost_of_saying(reader: Reader, name: str) -> float:
    """Return how long the page works for each message that is said, in ms."""
    alice, bob, devtools = reader
    texts = [f"{name} {number}" for number in range(BURST)]
    before = await costs(devtools)
    await say_all(alice.page, texts)
    await bob.page.wait_for_function(IS_SHOWN, arg=texts[-1])
    return (await costs(devtools)).since(before).work_ms / BURST


@pytest.mark.parametrize("cost", [cost_of_hearing, cost_of_saying])
async def test_a_message_costs_the_same_in_a_long_conversation(
    reader: Reader, cost: Callable[[Reader, str], Awaitable[float]]
) -> None:
    alice, _, _ = reader
    figures = {}
    for count in (SHORT, LONG, MOST_LINES):
        shown_ms = await remember(alice, count)
        await cost(reader, f"warm {count}")
        figures[count] = await cost(reader, f"measured {count}")
        print(f"\n{cost.__name__}: {figures[count]:.1f} ms at {count}, shown {shown_ms:.0f} ms")
    assert figures[LONG] < MOST_TIMES * figures[SHORT]
    assert figures[MOST_LINES] < MOST_TIMES * figures[SHORT]


async def test_a_long_conversation_scrolls_as_a_short_one(reader: Reader) -> None:
    alice, _, _ = reader
    await remember(alice, SHORT)
    await built(alice, SHORT)
    enough = LEAST_SHARE_OF_FRAMES * max([await frame_rate(alice) for _ in range(SCROLLS)])
    await remember(alice, LONG)
    await built(alice, LONG)
    # What else a machine does comes and goes: a page that can, does so sooner or later.
    for _ in range(8 * SCROLLS):
        if await frame_rate(alice) >= enough:
            return
    pytest.fail(f"never {enough:.1f} frames/s")


async def frame_rate(alice: Visitor) -> float:
    """Scroll through all of it; return the frames a second."""
    scroll = await alice.page.evaluate(SCROLL, 100)
    rate = frames_a_second(scroll["times"])
    print(
        f"\n{rate:.1f} frames/s, median {median(scroll['times']):.1f} ms, "
        f"at most {scroll['mostLaidOut']} lines laid out"
    )
    assert scroll["mostLaidOut"] <= 4 * SHORT
    return rate


def frames_a_second(times_ms: list[float]) -> float:
    """Return how many frames came in a second, on the average."""
    return 1000 * len(times_ms) / sum(times_ms)


async def test_a_very_long_conversation_takes_no_more_room(reader: Reader) -> None:
    alice, _, devtools = reader
    weights, kept = {}, {}
    for count in (LONG, MOST_LINES, TOO_LONG):
        shown_ms = await remember(alice, count)
        await built(alice, min(count, MOST_LINES))
        weights[count] = await weight(devtools)
        kept[count] = await alice.page.evaluate(KEPT)
        print(f"\n{count}: {weights[count]}, {kept[count]} chars kept, shown {shown_ms:.0f} ms")
    assert weights[TOO_LONG].nodes <= MOST_NODES_A_LINE * MOST_LINES
    assert weights[TOO_LONG].heap_bytes <= 1.5 * weights[MOST_LINES].heap_bytes
    assert kept[TOO_LONG] <= MOST_KEPT_CHARS
