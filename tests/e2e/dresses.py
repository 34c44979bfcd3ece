"""How the page is looked at: on what, and in which light."""

from typing import Any, NamedTuple

from playwright.async_api import Page


class Dress(NamedTuple):
    """A size of the window and a colour scheme."""

    name: str
    width: int
    height: int
    light: str

    async def put_on(self, page: Page) -> None:
        """Let a page be looked at so."""
        scheme: Any = self.light
        await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        await page.set_viewport_size({"width": self.width, "height": self.height})


DRESSES = tuple(
    Dress(f"{name}-{light}", width, height, light)
    for name, width, height in (("phone", 390, 844), ("desktop", 1280, 800))
    for light in ("light", "dark")
)


async def put_on_small_phone(page: Page) -> None:
    """Let a page that is open be looked at as on `SMALL_PHONE`."""
    size = SMALL_PHONE["viewport"]
    metrics = {"deviceScaleFactor": SMALL_PHONE["device_scale_factor"], "mobile": True}
    devtools = await page.context.new_cdp_session(page)
    await devtools.send("Emulation.setDeviceMetricsOverride", {**size, **metrics})
    await devtools.send("Emulation.setTouchEmulationEnabled", {"enabled": True})


SMALL_PHONE: dict[str, Any] = {
    "viewport": {"width": 320, "height": 568},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}

PHONE: dict[str, Any] = {
    "viewport": {"width": 390, "height": 664},
    "device_scale_factor": 3,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) "
    "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1",
}
