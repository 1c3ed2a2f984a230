"""公示数据 for machines: published results as JSON, CSV, XLSX and Atom, and the addresses of all pages (Art. 8).

Every page of a list costs what it shows. A list grows at its beginning, so whoever reads on misses nothing. What was
withdrawn stays as a tombstone. The language is `?lang=en`, else Chinese: what is kept by a cache hangs on the address alone.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote, urlencode
from xml.etree import ElementTree

from aiohttp import hdrs, web

from locales import Words, closest, words
from models.queries import public, public_search
from models.queries.public import ResultLine
from models.rules.public.result import PublicPart
from server.access import ANYONE, Routes
from server.app_keys import DISTRICT
from server.documents.table_file import table_file, workbook
from server.pages import day
from server.public.cacheable import cacheable
from server.public.results import asked, chosen, page_of

PER_PAGE, IN_A_SITEMAP = 200, 10_000
ATOM, TOMBSTONE, SITEMAP = (
    "http://www.w3.org/2005/Atom", "http://purl.org/atompub/tombstones/1.0", "http://www.sitemaps.org/schemas/sitemap/0.9",
)  # fmt: skip
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    "number", "name", "code", "inspection", "standing", "types", "items", "online", "departments", "by_department",
    "visited", "published", "since", "disputed", "rectification", "reason", "address",
)  # fmt: skip
PLACES = ("/", "/items", "/plans", "/draws", "/results", "/results/figures", "/roots")

routes = Routes()


@routes.get("/results.json", audience=ANYONE)
async def as_json(request: web.Request) -> web.Response:
    lines, count, links = await _page(request)
    body = {
        "count": count, "page": page_of(request), "per_page": PER_PAGE, **links,
        "results": [_object(line, _words(request), address(request, line.number)) for line in lines],
    }  # fmt: skip
    data = json.dumps(body, ensure_ascii=False, indent=1).encode()
    return cacheable(request, data, "application/json; charset=utf-8", _link(links))


@routes.get("/results.csv", audience=ANYONE)
async def as_csv(request: web.Request) -> web.Response:
    lines, _, links = await _page(request)
    data = table_file(*_table(request, lines))
    named: dict[str, str] = {hdrs.CONTENT_DISPOSITION: 'attachment; filename="results.csv"'}
    return cacheable(request, data, "text/csv; charset=utf-8", {**named, **_link(links)})


@routes.get("/results.xlsx", audience=ANYONE)
async def as_workbook(request: web.Request) -> web.Response:
    """Every cell is text: a spreadsheet changes no code and drops no zero."""
    lines, _, links = await _page(request)
    data = workbook(*_table(request, lines))
    return cacheable(
        request, data, XLSX, {hdrs.CONTENT_DISPOSITION: 'attachment; filename="results.xlsx"', **_link(links)}
    )


@routes.get("/results.atom", audience=ANYONE)
async def as_feed(request: web.Request) -> web.Response:
    """Newest changes first (RFC 4287, paged by RFC 5005); a withdrawn result is a deleted entry (RFC 6721)."""
    w, page, district = _words(request), page_of(request), request.config_dict[DISTRICT]
    count = await public_search.count()
    lines = await public.changed(page=page, per_page=PER_PAGE)
    links = _links(request, page, count)
    feed = ElementTree.Element("feed", {"xmlns": ATOM, "xmlns:at": TOMBSTONE})
    _say(feed, "id", district.link("/results.atom"))
    _say(feed, "title", f"{district.name} {w('web.results')}")
    _say(
        feed,
        "updated",
        (lines[0].result.since if lines else datetime.fromtimestamp(0).astimezone()).isoformat(),
    )
    _say(ElementTree.SubElement(feed, "author"), "name", district.name)
    for rel, href in {"self": district.link(request.path_qs), **links}.items():
        ElementTree.SubElement(feed, "link", {"rel": rel, "href": href})
    for line in lines:
        _entry(feed, line, w, address(request, line.number))
    return cacheable(request, _xml(feed), "application/atom+xml; charset=utf-8")


@routes.get("/sitemap.xml", audience=ANYONE)
async def sitemap(request: web.Request) -> web.Response:
    """The public pages and every result with its newest change; an index of such lists where one does not hold all."""
    district, count = request.config_dict[DISTRICT], await public_search.count()
    if count > IN_A_SITEMAP and "page" not in request.query:
        index = ElementTree.Element("sitemapindex", {"xmlns": SITEMAP})
        for number in range(1, -(-count // IN_A_SITEMAP) + 1):
            _say(
                ElementTree.SubElement(index, "sitemap"), "loc", district.link(f"/sitemap.xml?page={number}")
            )
        return cacheable(request, _xml(index), "application/xml; charset=utf-8")
    page, urls = page_of(request), ElementTree.Element("urlset", {"xmlns": SITEMAP})
    for place in PLACES if page == 1 else ():
        _say(ElementTree.SubElement(urls, "url"), "loc", district.link(place))
    for change in await public_search.changes(page, IN_A_SITEMAP):
        url = ElementTree.SubElement(urls, "url")
        _say(url, "loc", address(request, change.number))
        _say(url, "lastmod", change.since.isoformat())
    return cacheable(request, _xml(urls), "application/xml; charset=utf-8")


def address(request: web.Request, number: str) -> str:
    """Where a result is read for as long as it is public."""
    return str(request.config_dict[DISTRICT].link(f"/results/{quote(number, safe='')}"))


async def _page(request: web.Request) -> tuple[Sequence[ResultLine], int, dict[str, str]]:
    """One page of what is searched for, how many there are, and where the neighbours are."""
    page = page_of(request)
    lines, count = await public.results(page=page, per_page=PER_PAGE, search=asked(request))
    return lines, count, _links(request, page, count)


def _links(request: web.Request, page: int, count: int) -> dict[str, str]:
    """Raises HTTPNotFound for a page after the last."""
    last = max(1, -(-count // PER_PAGE))
    if page > last:
        raise web.HTTPNotFound
    beside = {"previous": page - 1, "next": page + 1}
    named = {**chosen(asked(request)), **({"lang": "en"} if _words(request).language == "en" else {})}
    return {
        rel: request.config_dict[DISTRICT].link(f"{request.path}?{urlencode({**named, 'page': number})}")
        for rel, number in beside.items()
        if 0 < number <= last
    }


def _link(links: dict[str, str]) -> dict[str, str]:
    """RFC 8288."""
    written = ", ".join(f'<{href}>; rel="{rel}"' for rel, href in links.items())
    return {hdrs.LINK: written} if written else {}


def _words(request: web.Request) -> Words:
    return words(closest(request.query.get("lang") or "zh"))


def _object(line: ResultLine, w: Words, place: str) -> dict[str, Any]:
    """A result for machines; of a withdrawn one name, day and reason alone."""
    result = line.result
    shown: dict[str, Any] = {
        "number": line.number, "address": place, "name": line.target, "code": line.code,
        "numbered": line.numbered.value, "standing": result.kind,
        "since": result.since.isoformat(), "reason": result.reason,
    }  # fmt: skip
    if result.withdrawn:
        return shown
    named = [*zip(result.on_site, line.on_site, strict=True), *zip(result.online, line.online, strict=True)]
    return shown | {
        "inspection": line.title, "types": [{"code": code, "name": w(f"web.result.{code}")} for code in result.types],
        "items": [{"code": code, "name": name, "online": code in result.online} for code, name in named],
        "departments": list(line.departments), "by_department": [_part(line, part, w) for part in result.parts],
        "visited": result.visited.isoformat() if result.visited else None,
        "published": day(result.first).isoformat(), "objection": result.objection, "correcting": result.correcting,
        "rectification": _rectification(line),
    }  # fmt: skip


def _table(request: web.Request, lines: Sequence[ResultLine]) -> tuple[list[str], list[list[object]]]:
    w = _words(request)
    return [w(f"web.results.column.{name}") for name in COLUMNS], [
        _row(line, w, address(request, line.number)) for line in lines
    ]


def _row(line: ResultLine, w: Words, place: str) -> list[object]:
    result, shown = line.result, not line.result.withdrawn
    return [
        line.number, line.target, line.code, line.title if shown else "", w(f"web.results.standing.{result.kind}"),
        w.joined(w(f"web.result.{code}") for code in result.types), w.joined(line.on_site) if shown else "",
        w.joined(line.online) if shown else "", w.joined(line.departments) if shown else "", _parts(line, w),
        result.visited if shown else None, day(result.first), day(result.since), _disputed(line, w),
        _rectified(line, w), result.reason, place,
    ]  # fmt: skip


def _part(line: ResultLine, part: PublicPart, w: Words) -> dict[str, Any]:
    """A department's own result; `done` is false where it counts as 视为未完成."""
    return {
        "code": part.department, "name": line.called[part.department], "done": part.done, "late": part.late,
        "types": [{"code": code, "name": w(f"web.result.{code}")} for code in part.types],
        "measures": [{"code": code, "name": w(f"measure.{code}")} for code in part.measures],
    }  # fmt: skip


def _parts(line: ResultLine, w: Words) -> str:
    """The departments' own results in one cell."""
    return w("list.clause").join(_clause(line.called[part.department], part, w) for part in line.result.parts)


def _clause(name: str, part: PublicPart, w: Words) -> str:
    if not part.done:
        return w("department_part.silent.short", name=name)
    return w(
        "department_part.entered", name=name, types=w.joined(w(f"web.result.{code}") for code in part.types)
    )


def _rectification(line: ResultLine) -> dict[str, str] | None:
    """How far the problems are put right; None where nothing was ordered."""
    told = line.result.rectification
    if not (told.ordered and told.day):
        return None
    return {"standing": told.rectified.value, "day": told.day.isoformat()}


def _rectified(line: ResultLine, w: Words) -> str:
    """The same in words."""
    told = line.result.rectification
    return w(f"web.results.rectification.{told.rectified.value}", day=told.day) if told.ordered else ""


def _disputed(line: ResultLine, w: Words) -> str:
    """异议 and a correction under way, as the page says them."""
    result = line.result
    objected = [w(f"entity.objected.{result.objection}")] if result.objection else []
    return w.joined([*objected, *([w("web.results.correcting")] if result.correcting else [])])


def _entry(feed: ElementTree.Element, line: ResultLine, w: Words, place: str) -> None:
    result = line.result
    if result.withdrawn:
        gone = ElementTree.SubElement(
            feed, "at:deleted-entry", {"ref": place, "when": result.since.isoformat()}
        )
        _say(gone, "at:comment", w("web.results.withdrawn.why", day=day(result.since), reason=result.reason))
        return
    entry = ElementTree.SubElement(feed, "entry")
    types = w.joined(w(f"web.result.{code}") for code in result.types)
    _say(entry, "id", place)
    _say(entry, "title", f"{line.target} · {types}")
    _say(entry, "updated", result.since.isoformat())
    _say(entry, "published", result.first.isoformat())
    ElementTree.SubElement(entry, "link", {"rel": "alternate", "href": place})
    called = w(f"number.{line.numbered}")
    told = [
        f"{called} {line.code}", line.title, w.joined((*line.on_site, *line.online)), _parts(line, w), _disputed(line, w),
        _rectified(line, w),
    ]  # fmt: skip
    _say(entry, "summary", " · ".join(text for text in told if text))


def _say(under: ElementTree.Element, tag: str, value: str) -> None:
    ElementTree.SubElement(under, tag).text = "".join(c for c in value if c.isprintable() or c in "\t\n\r")


def _xml(root: ElementTree.Element) -> bytes:
    return bytes(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True))
