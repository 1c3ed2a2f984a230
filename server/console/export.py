"""导出: the rows of a list of the console as CSV, as workbook or on paper, by the end of its address (D70)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime

from aiohttp import hdrs, web

from models.refusal import Refusal
from server.app_keys import DISTRICT, now
from server.documents.layout import rendered
from server.documents.list_paper import MOST, list_paper
from server.documents.table_file import shown, table_file, workbook
from server.pages import pdf, words_of

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Row = Sequence[object]
ON_PAPER = {
    "tasks": {0: 6, 1: 7, 3: 4, 4: 3, 5: 3, 6: 4, 10: 4, 11: 4},
    "calendar": {0: 6, 1: 7, 3: 3, 4: 4, 5: 4, 6: 3, 7: 6},
    "terms": {0: 6, 1: 7, 2: 5, 3: 4},
    "people": {0: 4, 1: 6, 2: 5, 3: 4, 4: 5},
    "dossiers": {0: 2, 1: 6, 2: 8, 4: 4, 5: 4, 6: 2},
}
"""By list the columns that stand on paper, with their shares of the line."""


async def exported(request: web.Request, name: str, head: Sequence[str], rows: Sequence[Row]) -> web.Response:
    """The list in the form that the address ends with; `name` is the file's."""
    form = request.path.rpartition(".")[2]
    if form == "pdf":
        return await _paper(request, name, head, rows)
    body = await asyncio.to_thread(table_file if form == "csv" else workbook, head, rows)
    return web.Response(
        body=body, content_type="text/csv" if form == "csv" else XLSX, charset="utf-8" if form == "csv" else None,
        headers={
            hdrs.CONTENT_DISPOSITION: f'attachment; filename="{name}.{form}"', hdrs.CACHE_CONTROL: "no-store",
        },
    )  # fmt: skip


def moment(at: datetime | None) -> str:
    """Without seconds, in the district's time."""
    return shown(at)[:16] if at else ""


async def _paper(request: web.Request, name: str, head: Sequence[str], rows: Sequence[Row]) -> web.Response:
    """What a sheet of paper has room for; a longer list is read on a screen."""
    if len(rows) > MOST:
        raise Refusal("list.too_long", n=len(rows), most=MOST)
    words, at = words_of(request), now(request)
    columns = ON_PAPER[name]
    sheet = list_paper(
        words(f"list_paper.{name}"), [head[n] for n in columns], tuple(columns.values()),
        [[row[n] for n in columns] for row in rows], words, request.config_dict[DISTRICT].name, at,
    )  # fmt: skip
    (body,) = await asyncio.to_thread(rendered, sheet)
    return pdf(body, name)
