"""Pages looked at in a real browser: judged by axe-core, for their width, and kept as pictures for who wants to look."""

from __future__ import annotations

import os
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from models.rules.actor import Role
from tests.server.companion.screen import sign_in

SHOTS = os.environ.get("SHOTS", "")
"""A folder for pictures of the pages, for who wants to look."""
JUDGE = """async () => (await axe.run(document, {resultTypes: ["violations"]})).violations
    .filter((one) => ["serious", "critical"].includes(one.impact))
    .map((one) => [one.id, one.nodes.slice(0, 3).map((node) => node.target.join(" "))])"""
OPEN = """() => document.querySelectorAll("details:not([open])").forEach((one) => one.setAttribute("open", ""))"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


async def judged(page: Any) -> list[Any]:
    """The serious findings on the page as it stands."""
    await page.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8"))
    return list(await page.evaluate(JUDGE))


async def opened(page: Any) -> list[Any]:
    """What is wrong with the page as it stands, all its forms open: the serious findings, and that it is too wide."""
    await page.evaluate(OPEN)
    return await judged(page) + (["wider than the screen"] if await page.evaluate(SIDEWAYS) > 0 else [])


async def pictured(page: Any, *name: object) -> None:
    """Keep a picture of the whole page, where SHOTS names a folder."""
    if SHOTS:
        file = re.sub(r"[/?=&]+", "-", "-".join(str(part).strip("/") for part in name))
        await page.screenshot(path=Path(SHOTS, f"{file}.png"), full_page=True)


class Looks:
    """Pages of one site looked at on one screen; `wrong` holds what was found, by who looked and where."""

    def __init__(self, browser: Any, site: Any, width: int, language: str) -> None:
        self.browser, self.site, self.width, self.language = browser, site, width, language
        self.wrong: dict[tuple[object, str], list[Any]] = {}

    async def look(self, *addresses: str, by: Role | None = None, of: str = "", name: str = "") -> None:
        """Each page by one person, or by somebody who is not signed in; by night on a narrow screen."""
        context = await self.browser.new_context(
            viewport={"width": self.width, "height": 844},
            locale=self.language,
            color_scheme="dark" if self.width < 500 else "light",
        )
        if by:
            await sign_in(context, self.site, of, by)
        page = await context.new_page()
        for address in addresses:
            await page.goto(str(self.site.server.make_url("/")).rstrip("/") + address)
            if findings := await opened(page):
                self.wrong[by, address] = findings
            await pictured(page, name or f"{by}-{address}", self.width, self.language)
        await context.close()
