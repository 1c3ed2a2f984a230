"""What a phone asks for until the first screen stands and the app is on it, in one language: counted at the server."""

from __future__ import annotations

import pytest
from aiohttp import web

from tests.server.companion.phone import on_site
from tests.server.companion.screen import installed, loopback, open_app, signed_in
from tests.support import district as sample

pytestmark = pytest.mark.browser
REQUESTS, BYTES = 25, 100_000


async def test_the_first_screen_takes_few_requests_and_few_bytes(db, browser):
    answers: list[tuple[str, int, int]] = []

    async def count(request: web.Request, response: web.StreamResponse) -> None:
        answers.append((request.path, response.status, response.content_length or 0))

    await sample.found()
    async with loopback(answered=count) as site:
        visit = await on_site(site, one_department=True)
        context = await signed_in(browser, site, visit.leader.officer)
        answers.clear()
        page, _ = await open_app(context, site)
        await page.locator(".card.task").first.wait_for()
        await installed(page)
        assert len(answers) <= REQUESTS, answers
        assert sum(size for _, _, size in answers) <= BYTES, "\n".join(map(str, answers))
        assert {path for path, _, _ in answers if "/words-" in path} == {"/field/words-zh_Hans.json"}
