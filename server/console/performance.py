"""履职情况: how the tasks were done, from the event log, for the conference of the departments (Art. 5, 6, 21)."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import hdrs, web

from locales import Words
from models.queries import board
from models.queries.performance import PerformanceReport, performance
from models.refusal import Refusal
from models.rules.performance import MEASURES, Proportion
from server import wrong_input
from server.access import HOSTS, Routes
from server.app_keys import DISTRICT, by, now
from server.console.letters import XLSX
from server.documents.layout import rendered
from server.documents.list_paper import paper, performance_blocks, share_of
from server.documents.table_file import workbook_of
from server.pages import pdf, render, words_of

ASKED = frozenset({"month", "batch", "lang", "done"})

routes = Routes()


@routes.get("/console/performance", audience=HOSTS)
async def show(request: web.Request) -> web.Response:
    report, asked = await _report(request)
    return render(
        request, "console/performance.html", report=report, asked=asked, measures=MEASURES,
        share=lambda share: share_of(words_of(request), share),
    )  # fmt: skip


@routes.get("/console/performance.pdf", audience=HOSTS)
async def printed(request: web.Request) -> web.Response:
    """The same figures on paper, for the conference."""
    report, asked = await _report(request)
    words, at = words_of(request), now(request)
    chosen = words.joined(filter(None, asked.values())) or words("web.all")
    title = words("list_paper.performance", chosen=chosen)
    sheet = paper(title, performance_blocks(report, words), words, request.config_dict[DISTRICT].name, at)
    (body,) = await asyncio.to_thread(rendered, sheet)
    return pdf(body, "performance")


@routes.get("/console/performance.xlsx", audience=HOSTS)
async def workbook(request: web.Request) -> web.Response:
    report, _ = await _report(request)
    return web.Response(
        body=workbook_of(_sheets(report, words_of(request))), content_type=XLSX,
        headers={
            hdrs.CONTENT_DISPOSITION: 'attachment; filename="performance.xlsx"', hdrs.CACHE_CONTROL: "no-store",
        },
    )  # fmt: skip


async def _report(request: web.Request) -> tuple[PerformanceReport, dict[str, str]]:
    """The figures that the address asks for; what is not offered is refused, naming it (D66)."""
    wrong_input.asked_once(request)
    if unknown := sorted(set(request.query) - ASKED):
        raise Refusal("board.filter", name=unknown[0])
    asked = {name: request.query.get(name, "") for name in ("month", "batch")}
    report = await performance(board.sight_of(by(request)), now(request), **asked)
    for name, offered in (("month", report.months), ("batch", report.batches)):
        if asked[name] and asked[name] not in offered:
            raise Refusal("board.filter", name=name)
    return report, asked


def _sheets(report: PerformanceReport, words: Words) -> Mapping[str, list[list[str]]]:
    """Part, whole and percent each in a cell of its own; the definitions on a sheet of theirs."""
    head = [words(f"web.performance.column.{name}") for name in ("of", "measure", "part", "whole", "percent")]
    tables: dict[str, list[list[str]]] = {
        "departments": [
            [report.departments.get(code, code), words(f"web.performance.{name}"), *_cells(words, row[name])]
            for code, row in report.figures.departments.items()
            for name in MEASURES
        ],
        "channels": [
            [words(f"web.channel.{channel}"), words("web.performance.told"), *_cells(words, share)]
            for channel, share in report.figures.channels.items()
        ],
        "items": [
            [f"{code} {report.items.get(code, '')}".strip(), words("web.performance.problems"), *_cells(words, share)]
            for code, share in report.figures.items.items()
        ],
    }  # fmt: skip
    meant = [
        [words(f"web.performance.{name}"), words(f"web.performance.{name}.what")]
        for name in (*MEASURES, "problems")
    ]
    return {words(f"web.performance.by.{name}"): [head, *rows] for name, rows in tables.items()} | {
        words("web.performance.definitions"): meant
    }  # fmt: skip


def _cells(words: Words, share: Proportion) -> list[str]:
    percent = words("web.performance.none") if share.percent is None else f"{share.percent}%"
    return [str(share.part), str(share.whole), percent]
