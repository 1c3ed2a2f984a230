"""The browser that the other browser tests stand on: it starts, draws, and speaks to nobody but the test."""

import pytest

pytestmark = pytest.mark.browser


async def test_a_page_is_drawn_from_the_loopback_alone(browser, aiohttp_page):
    page = await browser.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    await page.goto(aiohttp_page)
    assert await page.title() == "双随机"
    assert len(await page.screenshot()) > 1000
    assert {url.split("/")[2].split(":")[0] for url in asked} == {"127.0.0.1"}


@pytest.fixture
async def aiohttp_page():
    from aiohttp import web
    from aiohttp.test_utils import TestServer

    async def page(request):
        return web.Response(text="<title>双随机</title><h1>检查告知书</h1>", content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    async with TestServer(app, host="127.0.0.1") as server:
        yield str(server.make_url("/"))
