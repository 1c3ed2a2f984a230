"""名录库: a file is brought in, looked at row by row, taken or left, and taken back (Art. 10)."""

from __future__ import annotations

from contextlib import suppress
from html import escape

from aiohttp import hdrs, web

from locales.refusals import explain
from models.procedure import register_import
from models.queries import register_import as queries
from models.queries.person import departments_in
from models.refusal import Refusal
from models.rules.registry.cells import Remark
from models.rules.registry.progress import ImportProgress
from server import wrong_input
from server.access import KEEPERS, KEEPERS_WITH_LISTS, Routes
from server.app_keys import WAKE, by, now
from server.console.import_work import IMPORT_WORK
from server.documents.table_file import workbook
from server.pages import back_to, field, html, render, words_of

routes = Routes()
MOST_SHOWN = 200
GROWS = "<!-- grows -->"
AGAIN = 1  # seconds until a page of work under way comes again
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@routes.post("/console/registers/imports", audience=KEEPERS_WITH_LISTS)
async def bring(request: web.Request) -> web.Response:
    """Keep the file and show what it would do."""
    kind, file = await field(request, "kind", 20), (await request.post()).get("file")
    if not isinstance(file, web.FileField):
        raise wrong_input.no_file()
    id = await register_import.bring(kind, file.filename, file.file.read(), by=by(request), at=now(request))
    return back_to(f"/console/registers/imports/{id}")


@routes.get("/console/registers/imports/{id}", audience=KEEPERS)
async def show(request: web.Request) -> web.Response:
    return await _page(request, _number(request))


@routes.post("/console/registers/imports/{id}", audience=KEEPERS)
async def decide(request: web.Request) -> web.StreamResponse:
    """Say where the table stands, what headings mean, take the file, or take it back."""
    id, act, actor, at = _number(request), await field(request, "act", 12), by(request), now(request)
    await _there(request, id)
    if act == "headings":
        form = await request.post()
        given = {
            name.removeprefix("as:"): await field(request, name, 40)
            for name in form
            if name.startswith("as:")
        }
        chosen = {heading: column for heading, column in given.items() if column}
        await register_import.name_headings(id, chosen, by=actor, at=at)
    elif act == "table":
        sheet, row = await field(request, "sheet", 200), await field(request, "heading_row", 7)
        await register_import.choose_table(id, sheet, heading_row(row), by=actor, at=at)
    elif act == "take":
        how = {name: bool(await field(request, name, 3)) for name in ("complete", "keep_good", "confirmed")}
        report = await request.config_dict[IMPORT_WORK].take(
            id, how, request.config_dict[WAKE], by=actor, at=at
        )
        if report and not report.taken:
            return await _page(request, id, refused=True)
        if report is None:
            return await _while_it_is_written(request, id)
    elif act == "back":
        await register_import.take_back(id, await field(request, "reason", 500), by=actor, at=at)
        request.config_dict[WAKE]()
    else:
        raise wrong_input.choice("act", act)
    return back_to(f"/console/registers/imports/{id}", done="kept")


@routes.get("/console/registers/imports/{id}/report.xlsx", audience=KEEPERS)
async def report(request: web.Request) -> web.Response:
    """Every remark with its row and column, as a workbook."""
    id = _number(request)
    await _there(request, id)
    preview, w = await queries.preview(id, by=by(request)), words_of(request)

    def row(kind: str, remark: Remark) -> tuple[object, ...]:
        return (
            w(f"web.register.{kind}"),
            remark.number,
            remark.column,
            remark.value,
            w(f"row.{remark.reason}", **remark.params),
        )

    rows = [row("bad", remark) for remark in preview.bad] + [row("asked", remark) for remark in preview.asked]
    rows += [row("warnings", warning) for warning in preview.warnings]
    rows += [(w("web.import.missing"), "", "", listed.code, listed.name) for listed in preview.missing]
    head = [w(f"web.import.report.{column}") for column in ("what", "row", "column", "value", "reason")]
    return web.Response(
        body=workbook(head, rows),
        headers={
            "Content-Type": XLSX,
            "Content-Disposition": f'attachment; filename="import-{id}.xlsx"',
            "Cache-Control": "no-store",
        },
    )


def heading_row(written: str) -> int:
    """The number of a row as a form gives it; 0 for an empty cell. Refuses what is no number."""
    if not written.strip():
        return 0
    if not (written.isascii() and written.isdigit()):
        raise wrong_input.number("heading_row", written)
    return int(written)


def _number(request: web.Request) -> int:
    written = request.match_info["id"]
    if not (written.isascii() and written.isdigit() and len(written) < 10):
        raise web.HTTPNotFound
    return int(written)


async def _there(request: web.Request, id: int) -> queries.ImportedFile:
    """The file, if there is one that this person may see."""
    try:
        return await queries.brought(id, by=by(request))
    except Refusal:
        raise web.HTTPNotFound from None


async def _page(request: web.Request, id: int, *, refused: bool = False) -> web.Response:
    imported, work = await _there(request, id), request.config_dict[IMPORT_WORK]
    if progress := work.writing(id):
        return _under_way(request, imported, progress)
    if report := await work.report(id):
        imported, refused = await _there(request, id), not report.taken
    preview = None if imported.taken_at else await work.preview(imported, by(request))
    if isinstance(preview, ImportProgress):
        return _under_way(request, imported, preview)
    no = preview.refused if preview else None
    return render(
        request, "console/register_import.html", brought=imported, preview=preview, most=MOST_SHOWN, refused=refused,
        columns=queries.columns(imported.kind),
        why=explain(no, words_of(request), await departments_in(no)) if no else "",
    )  # fmt: skip


def _under_way(
    request: web.Request, imported: queries.ImportedFile, progress: ImportProgress
) -> web.Response:
    """How far it is; the page comes again by itself, with or without scripts."""
    page = render(request, "console/import_progress.html", brought=imported, progress=progress)
    page.headers["Refresh"] = str(AGAIN)
    return page


async def _while_it_is_written(request: web.Request, id: int) -> web.StreamResponse:
    """A page that grows by a line a second until the list is written, then leads on: while an act writes, SQLite answers
    nobody else, a page that comes again by itself included."""
    w = words_of(request)
    head, tail = html(request, "console/import_writing.html", {"id": id}).split(GROWS)
    page = web.StreamResponse(headers={hdrs.CACHE_CONTROL: "no-store", "X-Accel-Buffering": "no"})
    page.content_type, page.charset = "text/html", "utf-8"
    await page.prepare(request)
    with suppress(ConnectionError):  # whoever leaves stops nothing
        await page.write(head.encode())
        async for progress in request.config_dict[IMPORT_WORK].ticks(id, AGAIN):
            key = f"import.progress.{progress.step}{'.of' * bool(progress.of)}"
            line = escape(w(key, rows=progress.rows, of=progress.of))
            await page.write(f"<p>{line}</p>\n".encode())
        on = f"/console/registers/imports/{id}"
        link = f'<p><a class="button" href="{on}">{escape(w("web.import.under_way.result"))}</a></p>'
        await page.write(f'{link}<meta http-equiv="refresh" content="0;url={on}">\n{tail}'.encode())
        await page.write_eof()
    return page
