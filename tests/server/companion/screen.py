"""The companion in a real browser: a phone with a screen, signed in, for the tests."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from aiohttp.test_utils import TestServer

from models.procedure import enrolment
from models.rules.actor import Role
from models.tables import Question
from server.app import make_app
from tests.server.companion.phone import Visit
from tests.server.pages import Site, letter
from tests.support import district as sample
from tests.support.district import Clock, district, written


@asynccontextmanager
async def loopback(clock: Clock | None = None, answered: Any = None, **how: Any) -> AsyncIterator[Site]:
    """The house at an address that a browser trusts (127.0.0.1), so that it keeps things offline.

    `answered(request, response)` hears of every answer before it goes out.
    """
    clock = clock or Clock()
    app = make_app(
        district=district(), now=clock, wake=clock.wake, letter=letter, random=sample.salts(), **how
    )
    if answered:
        app.on_response_prepare.append(answered)
    server = TestServer(app, host="127.0.0.1")
    made = Site(server, clock)
    await server.start_server()
    try:
        yield made
    finally:
        for client in made.clients:
            await client.close()
        await server.close()


async def signed_in(browser: Any, site: Site, officer: str, **how: Any) -> Any:
    """A browser context that holds the officer's session."""
    context = await browser.new_context(
        **({"viewport": {"width": 390, "height": 844}, "locale": "zh-CN"} | how)
    )
    await sign_in(context, site, officer)
    return context


async def sign_in(context: Any, site: Site, of: str, role: Role = Role.INSPECTOR) -> None:
    account = await sample.account(role, of, site.clock())
    token = secrets.token_urlsafe(32)
    await enrolment.sign_in(account.id, token, secrets.token_urlsafe(16), at=site.clock())
    await context.add_cookies([{"name": "ssj", "value": token, "url": str(site.server.make_url("/"))}])


async def open_app(context: Any, site: Site, path: str = "") -> tuple[Any, list[str]]:
    """The app, begun; with everything the browser complains of."""
    page = await context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: said.type in ("error", "warning") and complaints.append(said.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(str(site.server.make_url("/field/")) + path)
    await page.wait_for_selector("body.ready")
    return page, complaints


CONTROLLED = """() => navigator.serviceWorker.controller || new Promise(
    (done) => navigator.serviceWorker.addEventListener("controllerchange", () => done(), { once: true })
)"""


async def installed(page: Any) -> None:
    """The worker has the app on the phone.

    Not by wait_for_function: what it repeats it evaluates in the page, and the page's own policy (CSP) refuses eval.
    """
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.evaluate(CONTROLLED)


def picture(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


LOOK_AGAIN = "() => dispatchEvent(new Event('online'))"


class Hand:
    """A hand on the screen: every tap, every line typed, every picture taken is one act."""

    def __init__(self, page: Any, folder: Path) -> None:
        self.page, self.folder, self.acts = page, folder, 0

    async def tap(self, selector: str) -> None:
        await self.page.locator(selector).first.click()
        self.acts += 1

    async def type(self, selector: str, said: str) -> None:
        await self.page.locator(selector).fill(said)
        self.acts += 1

    async def photograph(self, question: int, data: bytes) -> None:
        async with self.page.expect_file_chooser() as chooser:
            await self.page.locator("button.camera").click()
        await (await chooser.value).set_files(picture(self.folder, f"{question}.jpg", data))
        await self.page.locator(".thumb").first.wait_for()
        self.acts += 1

    @property
    async def question(self) -> int:
        await self.page.locator(".question .number").wait_for()
        return int(await self.page.locator(".question .number").inner_text())

    async def at(self, question: int) -> None:
        await self.page.locator(f".question .number:text-is('{question}')").wait_for()


def path(visit: Visit, *rest: object) -> str:
    return "#/t/" + "/".join([visit.number, *map(str, rest)])


async def only_ticks(visit: Visit, photographed: tuple[int, ...]) -> None:
    """Twelve questions to tick, four of them with a photo: the measure of the sheet's length."""
    async with written():
        await Question.all().update(answer="TRI", photo="on_fail", fill_in="")
        await Question.filter(number__in=photographed).update(photo="always")
        await Question.filter(number=13).update(department="XX")
