"""Every screen and dialog of the page, with a believable conversation in it.

`SCENES` names them; each is reached as a person reaches it. The partner is a
program, which costs less than a second browser.
"""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack, suppress
from typing import Any

from playwright.async_api import expect

from duologue.client import Chat, Client, connect
from duologue.errors import RoomFull
from tests.e2e.place import Place
from tests.e2e.visitor import Visitor
from tests.support.people import next_event
from tests.support.proxy import Proxy

NAMES = {"en": ("Alice", "Robert", "Carol"), "ko": ("서연", "민준", "지우")}

TALK = {
    "en": (
        "Hi! Did you find the place?",
        "Yes, I am sitting by the window. The one with the blue curtains.",
        "I am still on the train, ten minutes late as always. What shall I bring?",
        "Nothing. Or the book that you told me of?\nIt is somewhere on your desk, I think.",
        "This one? https://en.wikipedia.org/wiki/The_Dispossessed",
        "👍",
        "It is in my bag already. See you in a moment!",
    ),
    "ko": (
        "안녕! 잘 찾아갔어?",
        "응, 창가에 앉아 있어. 파란 커튼 있는 자리.",
        "나는 아직 기차 안이야. 늘 그렇듯 십 분 늦어. 뭐 사 갈까?",
        "괜찮아. 아니면 저번에 말한 책?\n아마 책상 위 어딘가에 있을 거야.",
        "이거? https://ko.wikipedia.org/wiki/빼앗긴_자들",
        "👍",
        "벌써 가방에 넣었어. 곧 보자!",
    ),
}


class Scenery:
    """What a scene is made with: someone at the page, and programs for the others.

    Attributes:
        language: In which they all talk.
        place: Where they meet.
    """

    def __init__(
        self,
        visit: Callable[..., Awaitable[Visitor]],
        place: Place,
        programs: AsyncExitStack,
        language: str = "en",
        **device: Any,
    ) -> None:
        self.language = language
        self.place = place
        self._visit = visit
        self._programs = programs
        self._device = {"locale": {"en": "en-GB", "ko": "ko-KR"}[language], **device}

    @property
    def names(self) -> tuple[str, str, str]:
        """Who is at the page, their partner, and who knocks."""
        return NAMES[self.language]

    async def arrive(self, where: str = "", **how: Any) -> Visitor:
        """Open the page."""
        how.setdefault("has_clock", True)
        return await self._visit(where, **self._device, **how)

    async def program(self, name: str, network: Proxy) -> Client:
        """Let somebody connect with a program."""
        client = connect(f"127.0.0.1:{network.port}", name=name)
        return await self._programs.enter_async_context(client)

    async def talk(self, **how: Any) -> tuple[Visitor, Client]:
        """Let two people have talked."""
        visitor = await self.arrive(**how)
        mine, other, _ = self.names
        code = await visitor.create_room(mine)
        self._partners_network = await self.place.lay_network()
        partner = await self.program(other, self._partners_network)
        await partner.join_room(code)
        await visitor.meets(other)
        for number, text in enumerate(TALK[self.language]):
            if number % 2 == 0 and number != 4:
                await partner.send(text)
            else:
                await visitor.say(text)
                partner.mark_read(await next_event(partner, Chat))
            await expect(visitor.texts).to_have_count(number + 1)
        return visitor, partner

    async def lose_partner(self, visitor: Visitor) -> None:
        """Let the partner's network fail, and whoever is at the page see it."""
        self._partners_network.refuse()
        self._partners_network.reset()
        await visitor.sees_partner("away_since", self.language)


Scene = Callable[[Scenery], Awaitable[Visitor]]


async def home(scenery: Scenery) -> Visitor:
    return await scenery.arrive()


async def home_with_problems(scenery: Scenery) -> Visitor:
    visitor = await scenery.arrive()
    await visitor.enter(scenery.names[0], "ABC123")
    await expect(visitor.page.locator("#home-notice")).to_be_visible()
    for name in ("", scenery.names[0]):
        await visitor.enter(name, "ABC12")
    await expect(visitor.page.locator("#name-error")).to_be_hidden()
    await expect(visitor.page.locator("#code-error")).to_be_visible()
    return visitor


async def home_that_remembers(scenery: Scenery) -> Visitor:
    visitor, _ = await scenery.talk()
    url = visitor.page.url.partition("#")[0]
    await visitor.page.close()
    await visitor.open_tab(url)
    await expect(visitor.page.locator("#returning")).to_be_visible()
    return visitor


async def invited(scenery: Scenery) -> Visitor:
    return await scenery.arrive("#8RZ0MQ")


async def waiting(scenery: Scenery) -> Visitor:
    visitor = await scenery.arrive()
    await visitor.create_room(scenery.names[0])
    return visitor


async def chat(scenery: Scenery) -> Visitor:
    visitor, partner = await scenery.talk()
    partner.typing()
    await expect(visitor.typing).not_to_be_empty()
    return visitor


async def chat_in_trouble(scenery: Scenery) -> Visitor:
    network = await scenery.place.lay_network()
    visitor, _ = await scenery.talk(network=network)
    network.refuse()
    network.reset()
    await visitor.say({"en": "Are you there?", "ko": "거기 있어?"}[scenery.language])
    await visitor.page.clock.fast_forward(4_000)
    await expect(visitor.banners).to_have_count(1)
    return visitor


async def chat_with_one_away(scenery: Scenery) -> Visitor:
    visitor, _ = await scenery.talk()
    await scenery.lose_partner(visitor)
    await visitor.page.clock.fast_forward(20_000)
    await expect(visitor.banners).to_have_count(1)
    return visitor


async def chat_with_a_knock(scenery: Scenery) -> Visitor:
    visitor, _ = await scenery.talk()
    await scenery.lose_partner(visitor)
    third = await scenery.program(scenery.names[2], scenery.place.network)
    with suppress(RoomFull):
        await third.join_room(visitor.page.url.partition("#")[2])
    await expect(visitor.banners).to_have_count(1)
    return visitor


def dialog_of(button: str) -> Scene:
    """Make a scene in which somebody, having talked, presses a button that opens a dialog."""

    async def dialog(scenery: Scenery) -> Visitor:
        visitor, _ = await scenery.talk()
        await visitor.press(button)
        return visitor

    return dialog


async def left_by_the_partner(scenery: Scenery) -> Visitor:
    visitor, partner = await scenery.talk()
    await partner.leave()
    await expect(visitor.banners).to_have_count(1)
    return visitor


async def over(scenery: Scenery) -> Visitor:
    visitor, _ = await scenery.talk()
    first = visitor.page
    await visitor.open_tab(first.url)
    await expect(first.locator("#over")).to_be_visible()
    visitor.page = first
    return visitor


SCENES: dict[str, Scene] = {
    "room_dialog": dialog_of("chat-room"),
    "settings": dialog_of("chat-settings"),
    "leave_dialog": dialog_of("chat-leave"),
} | {
    scene.__name__: scene
    for scene in (
        home,
        home_with_problems,
        home_that_remembers,
        invited,
        waiting,
        chat,
        chat_in_trouble,
        chat_with_one_away,
        chat_with_a_knock,
        left_by_the_partner,
        over,
    )
}
