"""A name and a telephone in every cell that a person fills: no public page, feed or file shows either (Art. 8)."""

import io
import json
import zipfile
from datetime import timedelta
from urllib.parse import urldefrag, urljoin, urlsplit

import pypdf
import pytest
from python_calamine import CalamineWorkbook

from models.tables import Draw
from server import access
from tests.server.pages import site
from tests.server.public.canary import CODED, LEFT, MADE, NAME, PHONE, SHAPES, names, plant, unplanted
from tests.support.district import VISIT, Clock
from tests.support.evidence import filled

UNREAD = {"/field", "/readyz", "/roots/{day}.tsr"}
"""The companion's frame, which anybody gets empty; whether the service is well; bytes of a stamping authority."""
NOT_PUBLIC = ("/console/", "/login", "/n/", "/r/", "/field/", "/static/", "/verify/")
STARTS = (
    "/",
    "/sitemap.xml",
    "/robots.txt",
    "/roots.json",
    "/results.json",
    "/results.csv",
    "/results.xlsx",
    "/results.atom",
    "/healthz",
    "/items/difference?from=1&to=1",
)


def readable(body: bytes, kind: str) -> str:
    """What a person or a program reads in an answer."""
    if kind == "application/pdf":
        return "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(body)).pages)
    if kind == "application/json":
        return json.dumps(json.loads(body), ensure_ascii=False)
    if body[:2] == b"PK" and "sheet" in kind:
        return str(CalamineWorkbook.from_filelike(io.BytesIO(body)).get_sheet_by_index(0).to_python())
    if body[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(body)) as pack:
            return "".join(pack.read(name).decode("utf-8", "replace") for name in pack.namelist())
    return body.decode("utf-8", "replace")


def unvisited(app, seen):
    """What anybody may ask for and the crawl did not, by its pattern."""
    routes = [
        (route.resource.canonical, route.resource)
        for resource in app.router.resources() for route in resource
        if route.method == "GET" and access.audience_of(route) is access.ANYONE
    ]  # fmt: skip
    paths = {urlsplit(address).path for address in seen}
    return {
        pattern for pattern, resource in routes
        if not pattern.startswith(NOT_PUBLIC) and not any(resource._match(path) is not None for path in paths)
    }  # fmt: skip


@pytest.mark.parametrize("empty", [False, True], ids=["what holds words", "every cell"])
async def test_no_public_page_feed_or_file_shows_a_name_or_a_telephone(db, empty):
    made = await filled()
    await plant(empty)
    # What a firm is called is public.
    assert not empty or await unplanted() == CODED | {"target.name"}
    shown, broken, seen, waiting = [], [], set(), [*STARTS]
    waiting += [f"/draws/{draw.code}/witness" for draw in await Draw.all()]
    async with site(Clock(VISIT + timedelta(days=90))) as world:  # what was drawn is public by then
        stranger = await world.browser()
        while waiting:
            address = waiting.pop()
            if address in seen or address.startswith(NOT_PUBLIC):
                continue
            seen.add(address)
            page = await stranger.get(address)
            broken += [address] if page.status >= 500 else []
            text = readable(page.body, page.response.content_type)
            shown += [
                (address, text[max(0, at - 60) : at + 20])
                for at in [text.find(NAME), text.find(PHONE)]
                if at >= 0
            ]
            for link in page.reader.links:
                target = urlsplit(urldefrag(urljoin(f"http://x{address}", link))[0])
                if target.netloc == "x":
                    waiting.append(target.path + (f"?{target.query}" if target.query else ""))
    assert broken == []
    assert any(made.whole in address for address in seen) and len(seen) > 15, sorted(seen)
    assert empty or unvisited(world.server.app, seen) == UNREAD
    assert shown == [], "\n".join(map(str, shown))


def test_what_the_canary_leaves_alone_is_there():
    there = names()
    assert there >= {*LEFT, *CODED, *SHAPES}
    assert {name for name in MADE if not any(one.rpartition(".")[2].endswith(name) for one in there)} == set()
