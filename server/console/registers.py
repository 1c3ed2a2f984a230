"""名录库: registers, streets and the year's days off come in here, whole or not at all (Art. 9, 10, 16 (3))."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import web

from models.procedure.register_import import KINDS
from models.queries import calendar, register_import, streets
from models.refusal import Refusal
from models.rules.registry.table import TablePlace
from server import wrong_input
from server.access import KEEPERS, OFFICE_WITH_LISTS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.console.register_imports import heading_row
from server.pages import field, render
from server.registers import REGISTERS, export, template, xlsform

routes = Routes()
MOST_SHOWN = 100
PART = 256 * 1024
TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@routes.get("/console/registers", audience=KEEPERS)
async def show(request: web.Request) -> web.Response:
    return await _page(request)


@routes.get("/console/registers/empty", audience=KEEPERS)
async def empty(request: web.Request) -> web.Response:
    """An empty list to fill in."""
    kind, form = request.query.get("kind", "targets"), request.query.get("form", "xlsx")
    if kind not in REGISTERS or form not in TYPES:
        raise web.HTTPNotFound
    return web.Response(
        body=template(kind, form),
        headers={
            "Content-Type": TYPES[form],
            "Content-Disposition": f'attachment; filename="{kind}.{form}"',
            "Cache-Control": "no-store",
        },
    )


@routes.get("/console/registers/export", audience=KEEPERS)
async def leave(request: web.Request) -> web.StreamResponse:
    """A register as a file, every code as text; written beside the answer, so that it is never whole in memory."""
    kind, form = request.query.get("kind", ""), request.query.get("form", "xlsx")
    if kind not in REGISTERS or form not in TYPES:
        raise web.HTTPNotFound
    with TemporaryDirectory(prefix="ssj-export-") as room:
        path = Path(room, f"{kind}.{form}")
        await export(kind, form, path, by=by(request))
        return await _sent(request, path, TYPES[form])


@routes.get("/console/registers/xlsform", audience=KEEPERS)
async def form(request: web.Request) -> web.Response:
    """One checklist in the field's own form."""
    try:
        body = await xlsform(request.query.get("code", ""))
    except Refusal:
        raise web.HTTPNotFound from None
    return web.Response(
        body=body,
        headers={
            "Content-Type": TYPES["xlsx"],
            "Content-Disposition": 'attachment; filename="xlsform.xlsx"',
            "Cache-Control": "no-store",
        },
    )


async def _sent(request: web.Request, path: Path, kind: str) -> web.StreamResponse:
    """A file in parts; it may be gone when this has ended."""
    answer = web.StreamResponse(
        headers={
            "Content-Type": kind,
            "Content-Disposition": f'attachment; filename="{path.name}"',
            "Cache-Control": "no-store",
        }
    )
    await answer.prepare(request)
    with await asyncio.to_thread(path.open, "rb") as file:
        while part := await asyncio.to_thread(file.read, PART):
            await answer.write(part)
    await answer.write_eof()
    return answer


@routes.post("/console/registers", audience=OFFICE_WITH_LISTS)
async def take(request: web.Request) -> web.Response:
    """Bring one file in, and say what became of every row that was not taken."""
    kind, form = await field(request, "kind", 20), await request.post()
    register, file = REGISTERS.get(kind), form.get("file")
    notice = await field(request, "notice", 20_000)
    if register is None:
        raise wrong_input.choice("kind", kind)
    data, name = (
        (file.file.read(), file.filename) if isinstance(file, web.FileField) else (notice.encode(), "")
    )
    if not data:
        raise Refusal("registry.empty", "10")
    place = TablePlace(
        await field(request, "sheet", 200), heading_row(await field(request, "heading_row", 7))
    )
    params: dict[str, Any] = {"place": place}
    if register.sourced:
        dated = await field(request, "dated", 10)
        params |= {"source": await field(request, "source", 200) or name[:200], "dated": _day(dated)}
    if register.confirms:
        params |= {"confirmed": bool(await field(request, "confirmed", 3))}
    report = await register.take(data, by=by(request), at=now(request), **params)
    if kind == "calendar":
        await calendar.refresh(request.config_dict[DISTRICT])
        request.config_dict[WAKE]()
    return await _page(request, report=report, chosen=kind, notice="" if report.taken else notice)


async def _page(request: web.Request, **result: Any) -> web.Response:
    return render(
        request, "console/registers.html", looked_at=KINDS,
        imports=await register_import.latest(by(request)), kinds=list(REGISTERS), years=await calendar.announced(),
        streets=await streets.count(), most=MOST_SHOWN, **({"report": None, "chosen": "targets", "notice": ""} | result),
    )  # fmt: skip


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written) if written else None
    except ValueError:
        raise Refusal("registry.bad_date", "10", value=written) from None
