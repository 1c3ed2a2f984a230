"""名录库: each register as a list, and one row of it with its history, to be kept by whose it is (Art. 4, 9, 10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aiohttp import web

from models.procedure import register_entry
from models.procedure.register_entry import Kept
from models.queries import person, register_list
from models.rules.actor import Role
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.entry import CHOICES, CODE, DERIVED, owners, seen
from server.access import KEEPERS, Routes
from server.app_keys import WAKE, by, now
from server.pages import back_to, field, render

routes = Routes()
LONGEST = 4000
LONG = ("检查依据", "检查内容", "依据核对", "住所", "检查对象")


@routes.get("/console/registers/{kind}", audience=KEEPERS)
async def listed(request: web.Request) -> web.Response:
    kind = _kind(request)
    asked = register_list.read_filter(kind, request.query)
    return render(
        request, "console/register_list.html", kind=kind, asked=asked, kinds=list(register_list.TABLES),
        page=await register_list.page(kind, asked, by=by(request)), departments=await person.departments(),
        heads=register_list.SHOWN[kind], may_enter=kind in CODE and (by(request).role == Role.OFFICE or kind != "streets"),
        kept={name: value for name, value in request.query.items() if name not in ("after", "name", "done")},
    )  # fmt: skip


@routes.get("/console/registers/{kind}/new", audience=KEEPERS)
async def new(request: web.Request) -> web.Response:
    return _form(request, _entered(request), {})


@routes.post("/console/registers/{kind}/new", audience=KEEPERS)
async def enter(request: web.Request) -> web.Response:
    """A new row; what is wrong with it stands beside each cell, and nothing that was typed is lost."""
    kind, values = _entered(request), await _values(request)
    kept = await register_entry.enter(
        kind, values, by=by(request), at=now(request), reason=await field(request, "reason", 500),
        confirmed=bool(await field(request, "confirmed", 3)),
    )  # fmt: skip
    if not kept.taken:
        return _form(request, kind, values, kept)
    request.config_dict[WAKE]()
    return back_to(_address(kind, kept.code), done="kept")


@routes.get("/console/registers/{kind}/{code:.+}", audience=KEEPERS)
async def show(request: web.Request) -> web.Response:
    kind, code = _kind(request), request.match_info["code"]
    if kind == "checklists":
        points = await register_list.points(code)
        if points is None:
            raise web.HTTPNotFound
        return render(
            request, "console/register_points.html", kind=kind, code=code, name=points[0], points=points[1]
        )
    return await _entry(request, kind, code)


@routes.post("/console/registers/{kind}/{code:.+}", audience=KEEPERS)
async def keep(request: web.Request) -> web.Response:
    """Edit the row, take it out of the register, or restore it."""
    kind, code, act = _entered(request), request.match_info["code"], await field(request, "act", 12)
    actor, at = by(request), now(request)
    if await register_list.entry(kind, code, by=actor) is None:
        raise web.HTTPNotFound
    if act in ("retire", "restore"):
        deed = register_entry.take_out if act == "retire" else register_entry.restore
        await deed(kind, code, await field(request, "reason", 500), by=actor, at=at)
    elif act == "keep":
        values = await _values(request)
        kept = await register_entry.edit(
            kind,
            code,
            values,
            seen_as=await field(request, "seen", 64),
            reason=await field(request, "reason", 500),
            by=actor,
            at=at,
        )
        if not kept.taken:
            return await _entry(request, kind, code, values, kept)
    else:
        raise web.HTTPBadRequest
    request.config_dict[WAKE]()
    return back_to(_address(kind, code), done="kept")


def _kind(request: web.Request) -> str:
    kind = request.match_info["kind"]
    if kind not in register_list.TABLES:
        raise web.HTTPNotFound
    return kind


def _entered(request: web.Request) -> str:
    """A register whose rows are kept by hand too."""
    kind = _kind(request)
    if kind not in CODE:
        raise web.HTTPNotFound
    return kind


async def _values(request: web.Request) -> dict[str, str]:
    """What the form says of each column that it has."""
    form, kind = await request.post(), request.match_info["kind"]
    return {name: await field(request, name, LONGEST) for name in COLUMNS[kind] if name in form}


def _address(kind: str, code: str) -> str:
    return f"/console/registers/{kind}/{quote(code)}"


def _form(request: web.Request, kind: str, values: dict[str, str], kept: Kept | None = None) -> web.Response:
    return render(request, "console/register_new.html", **_fields(kind, values, kept))


def _fields(kind: str, values: dict[str, str], kept: Kept | None) -> dict[str, Any]:
    """What a form needs: the columns, what stands in them, what is wrong with it."""
    return {
        "kind": kind, "columns": [one for one in COLUMNS[kind] if one not in DERIVED or kind == "departments"],
        "values": values, "kept": kept, "own": CODE[kind], "long": LONG,
        "choices": {column: words for (of, column), words in CHOICES.items() if of == kind},
    }  # fmt: skip


async def _entry(
    request: web.Request, kind: str, code: str, values: dict[str, str] | None = None, kept: Kept | None = None
) -> web.Response:
    found = await register_list.entry(kind, code, by=by(request))
    if found is None:
        raise web.HTTPNotFound
    actor = by(request)
    may = actor.role == Role.OFFICE or actor.department in owners(kind, found.row)
    return render(
        request, "console/register_entry.html", entry=found, may=may, seen=seen(found.marked),
        by_status=kind in register_entry.GONE, **_fields(kind, dict(found.cells) | (values or {}), kept),
    )  # fmt: skip
