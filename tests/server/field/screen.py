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
from server.app import make_app
from tests import district as sample
from tests.district import Clock, district
from tests.server.pages import Site, letter


@asynccontextmanager
async def loopback(clock: Clock | None = None) -> AsyncIterator[Site]:
    """The house at an address that a browser trusts (127.0.0.1), so that it keeps things offline."""
    clock = clock or Clock()
    app = make_app(district=district(), now=clock, wake=clock.wake, letter=letter, random=sample.salts())
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


async def sign_in(context: Any, site: Site, officer: str) -> None:
    account = await sample.account(Role.INSPECTOR, officer, site.clock())
    token = secrets.token_urlsafe(32)
    await enrolment.sign_in(account, token, secrets.token_urlsafe(16), at=site.clock())
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


async def installed(page: Any) -> None:
    """The worker has the app on the phone."""
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    await page.wait_for_function("navigator.serviceWorker.controller !== null")


def picture(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)
