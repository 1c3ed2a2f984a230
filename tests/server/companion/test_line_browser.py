"""Bad lines in a real browser: a hotel's sign-in page, connections that are cut."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image, ImageChops, ImageDraw, ImageFilter

from models import store
from models.tables import Answer, Photo
from server.companion.policy import POLICY
from tests.server.companion.badline import badline
from tests.server.companion.phone import Visit, jpeg, on_site
from tests.server.companion.screen import Hand, loopback, path, picture, sign_in
from tests.support import district as sample
from tests.support.waiting import until

pytestmark = pytest.mark.browser
HEADERS = 4_000  # bytes of one call around its part
ROUND_ABOUT = 100_000  # bytes of everything that is no photo: headers, announcements, looks at the tasks


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
        await page.wait_for_url(lambda url: not url.endswith("/q/1"))
        await page.evaluate("location.hash = '#/queue'")
        await page.locator(".item[data-state=waiting]").nth(1).wait_for()
        for _ in range(3):
            before = portal.caught
            await page.get_by_role("button", name="全部重试").click()
            await until(lambda before=before: portal.caught > before)
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


def shot(n: int, size: tuple[int, int], grain: int = 24) -> bytes:
    """A photo as a camera gives it: broad colours, fine grain; 12 megapixels of it are about 4 MB."""
    dice = random.Random(n)
    broad = [Image.effect_noise((size[0] // w, size[1] // w), 90).resize(size) for w in (40, 48, 56)]
    grainy = Image.effect_noise(size, grain).filter(ImageFilter.GaussianBlur(0.8))
    picture = ImageChops.add(
        Image.merge("RGB", broad), Image.merge("RGB", [grainy] * 3), scale=1, offset=-128
    )
    pen = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, wide = dice.randrange(size[0]), dice.randrange(size[1]), dice.randrange(20, 600)
        pen.rectangle((x, y, x + wide, y + wide // 2), outline=(dice.randrange(256), 90, 90), width=6)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=92)
    return out.getvalue()


@pytest.mark.timeout(2400)
async def test_r9_photos_arrive_over_a_slow_line_that_is_cut_and_falls_silent(
    visit, browser, tmp_path, full_size
):
    """2 s ± 1 there and back, 20 kB/s for everything, 30 % of the stretches cut, slices, silent connections.

    Full size: twelve photos of 4 MB as the district's policy sends them, in real time. Small: the same line twenty
    times quicker, three photos of 400 kB as they are: too few for a share to mean anything. At either size what was
    answered is not sent again; at full size a connection that ends, whoever ends it, costs one first part at most.
    """
    times, count, size = (1.0, 12, (4032, 3024)) if full_size else (20.0, 3, (1250, 940))
    house = visit.site.server
    async with badline(house.host, house.port, times=times) as (line, address):
        context = await browser.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
        await sign_in(context, visit.site, visit.leader.officer)
        page = await context.new_page()
        await page.goto(address + "field/" + path(visit, "q", 9))
        await page.wait_for_selector("body.ready")
        line.bad = True
        shots = [picture(tmp_path, f"{n}.jpg", shot(n, size)) for n in range(count)]
        began = asyncio.get_running_loop().time()
        for n, one in enumerate(shots):
            await page.locator("#gallery-9").set_input_files(one)
            await page.locator(".thumb").nth(n).wait_for(timeout=60_000)
        await until(lambda: arrived(visit, count), 15 * 60 if full_size else 200)
        took = asyncio.get_running_loop().time() - began
        await context.close()
    kept = await Photo.filter(task=visit.task)
    assert len({one.sha256 for one in kept}) == len(kept) == count
    assert await stored_sizes(kept) == [one.size for one in kept]
    whole = sum(one.size for one in kept)
    print(
        f"R9: {count} photos, {whole:,} bytes kept, {line.up:,} sent ({line.up / whole:.2f} x), {took:.0f} s,"
        f" {line.connections} connections, {line.resets} cut, {line.silences} silent,"
        f" {sum(line.unanswered):,} unanswered, at most {max(line.unanswered):,}"
    )
    assert line.resets > 0
    assert line.up <= whole + sum(line.unanswered) + ROUND_ABOUT
    if full_size:
        assert max(line.unanswered) <= POLICY["part"] + HEADERS
        assert line.up <= 1.3 * whole


async def arrived(visit, count: int) -> bool:
    return await Photo.filter(task=visit.task).count() == count


async def stored_sizes(kept) -> list[int]:
    """The bytes that are stored under the names of the rows; `get` proves each hash."""
    return [len(await store.objects.get(one.sha256)) for one in kept]
