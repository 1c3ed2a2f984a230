"""Bad lines in a real browser: a hotel's sign-in page, connections that are cut."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from models.tables import Answer, Photo
from tests import district as sample
from tests.server.field.phone import Visit, jpeg, on_site, sha
from tests.server.field.screen import LOOK_AGAIN, Hand, loopback, path, picture, sign_in

pytestmark = pytest.mark.browser


@pytest.fixture
async def visit(db) -> AsyncIterator[Visit]:
    await sample.found()
    async with loopback() as site:
        yield await on_site(site, one_department=True)


class Portal:
    """A hotel's network: at first every address answers its own sign-in page, with 200."""

    def __init__(self, house: str) -> None:
        self.house, self.closed, self.caught = house, False, 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if self.closed and request.path.startswith("/field/api/"):
            self.caught += 1
            await request.read()
            return web.Response(text="<h1>Welcome to the hotel</h1>", content_type="text/html")
        headers = {k: v for k, v in request.headers.items() if k.lower() not in ("host", "accept-encoding")}
        async with (
            aiohttp.ClientSession(auto_decompress=False) as session,
            session.request(
                request.method, self.house + request.path_qs, headers=headers, data=await request.read(),
                allow_redirects=False,
            ) as answer,
        ):  # fmt: skip
            body = b"" if answer.content_type == "text/event-stream" else await answer.read()
            kept = {
                k: v
                for k, v in answer.headers.items()
                if k.lower() not in ("transfer-encoding", "content-length")
            }
            return web.Response(status=answer.status, body=body, headers=kept)


@asynccontextmanager
async def hotel(visit: Visit) -> AsyncIterator[tuple[Portal, str]]:
    portal = Portal(str(visit.site.server.make_url("")).rstrip("/"))
    app = web.Application(client_max_size=30 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", portal.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        yield portal, str(server.make_url("/"))


async def test_r8_a_hotels_sign_in_page_is_not_taken_for_a_receipt(visit, browser, tmp_path):
    async with hotel(visit) as (portal, address):
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        await sign_in(context, visit.site, visit.leader.officer)
        page = await context.new_page()
        await page.goto(address + "field/" + path(visit, "q", 1))
        await page.wait_for_selector("body.ready")
        await page.locator("[data-verdict=pass]").wait_for()
        portal.closed = True
        hand = Hand(page, tmp_path)
        await hand.photograph(1, jpeg(1))
        await hand.tap("[data-verdict=pass]")
        await page.locator(".banner", has_text="没有把内容送到").wait_for()
        await page.evaluate("location.hash = '#/queue'")
        await page.locator(".item[data-state=waiting]").nth(1).wait_for()
        for _ in range(3):
            await page.get_by_role("button", name="全部重试").click()
            await asyncio.sleep(0.3)
        assert portal.caught > 3
        assert await page.locator(".item[data-state=sent]").count() == 0
        assert await page.locator(".chip:text-is('已上传'), .tag:text-is('已上传')").count() == 0
        assert not await Answer.exists(task=visit.task)
        portal.closed = False
        await page.get_by_role("button", name="全部重试").click()
        await page.locator(".item[data-state=sent]").nth(1).wait_for()
        assert await page.locator(".item[data-state=waiting]").count() == 0
        assert await Answer.filter(task=visit.task).count() == 1
        assert await Photo.filter(task=visit.task).count() == 1
        await context.close()


class Line(Portal):
    """A bad line: every third connection is cut while a photo is on its way (R9)."""

    def __init__(self, house: str) -> None:
        super().__init__(house)
        self.bytes = self.parts = 0

    async def answer(self, request: web.Request) -> web.StreamResponse:
        if request.method == "PUT":
            self.parts += 1
            self.bytes += int(request.headers["Content-Length"])
            if self.parts % 3 == 0:
                assert request.transport
                request.transport.abort()
                return web.Response()
        return await super().answer(request)


async def test_r9_photos_arrive_over_a_line_that_is_cut_again_and_again(visit, browser, tmp_path):
    line = Line(str(visit.site.server.make_url("")).rstrip("/"))
    app = web.Application(client_max_size=30 * 1024 * 1024)
    app.router.add_route("*", "/{tail:.*}", line.answer)
    async with TestServer(app, host="127.0.0.1") as server:
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        await sign_in(context, visit.site, visit.leader.officer)
        page = await context.new_page()
        await page.goto(str(server.make_url("/field/")) + "#/me")
        await page.wait_for_selector("body.ready")
        await page.get_by_role("radio", name="一律保留原图").click()
        await page.goto(str(server.make_url("/field/")) + path(visit, "q", 9))
        shots = [jpeg(n, (1200, 900), noise=90 + n) for n in range(3)]
        for n, data in enumerate(shots):
            await page.locator("#gallery-9").set_input_files(picture(tmp_path, f"{n}.jpg", data))
            await page.locator(".thumb").nth(n).wait_for()
        await page.evaluate("location.hash = '#/queue'")
        async with asyncio.timeout(120):
            while await page.locator(".pill[data-waiting='0']").count() == 0:
                await page.evaluate(LOOK_AGAIN)
                await asyncio.sleep(0.3)
        await context.close()
    assert {one.sha256 for one in await Photo.filter(task=visit.task)} == {sha(data) for data in shots}
    whole = sum(map(len, shots))
    assert line.bytes <= 1.5 * whole
