"""名录库: each register as a list, and one row of it with its history, to be kept by whose it is (Art. 4, 9, 10)."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from aiohttp import web

from models.procedure import register_entry
from models.procedure.register_entry import EntryOutcome
from models.queries import code_overrides, person, register_list, year_visits
from models.rules.actor import Role
from models.rules.registry.cells_out import COLUMNS
from models.rules.registry.entry import CHOICES, CODE, DERIVED, owners, seen
from models.rules.visit import local_day
from server import wrong_input
from server.access import KEEPERS, Routes
from server.app_keys import DISTRICT, WAKE, by, now
from server.pages import back_to, field, render

routes = Routes()
LONGEST = 4000
LONG = ("业务范围", "检查依据", "检查内容", "依据核对", "住所", "检查对象")


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
    expert = {"是否专家(仅协助)": "是"} if request.query.get("expert") == "yes" else {}
    return _form(request, _entered(request), expert if request.match_info["kind"] == "inspectors" else {})


@routes.post("/console/registers/{kind}/new", audience=KEEPERS)
async def enter(request: web.Request) -> web.Response:
    """A new row; what is wrong with it stands beside each cell, and nothing that was typed is lost."""
    kind, values = _entered(request), await _values(request)
    outcome = await register_entry.enter(
        kind, values, by=by(request), at=now(request), reason=await field(request, "reason", 500),
        confirmed=bool(await field(request, "confirmed", 3)),
    )  # fmt: skip
    if not outcome.taken:
        return _form(request, kind, values, outcome)
    request.config_dict[WAKE]()
    return back_to(_address(kind, outcome.code), done="kept")


@routes.get("/console/registers/{kind}/{code:.+}", audience=KEEPERS)
async def show(request: web.Request) -> web.Response:
    return await _entry(request, _kind(request), request.match_info["code"])


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
        outcome = await register_entry.edit(
            kind,
            code,
            values,
            seen_as=await field(request, "seen", 64),
            reason=await field(request, "reason", 500),
            by=actor,
            at=at,
        )
        if not outcome.taken:
            return await _entry(request, kind, code, values, outcome)
    else:
        raise wrong_input.choice("act", act)
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


def _form(
    request: web.Request, kind: str, values: dict[str, str], outcome: EntryOutcome | None = None
) -> web.Response:
    return render(request, "console/register_new.html", **_fields(kind, values, outcome))


def _fields(kind: str, values: dict[str, str], outcome: EntryOutcome | None) -> dict[str, Any]:
    """What a form needs: the columns, what stands in them, what is wrong with it."""
    return {
        "kind": kind, "columns": [value for value in COLUMNS[kind] if value not in DERIVED or kind == "departments"],
        "values": values, "kept": outcome, "own": CODE[kind], "long": LONG,
        "choices": {column: words for (of, column), words in CHOICES.items() if of == kind},
    }  # fmt: skip


async def _entry(
    request: web.Request,
    kind: str,
    code: str,
    values: dict[str, str] | None = None,
    outcome: EntryOutcome | None = None,
) -> web.Response:
    entry = await register_list.entry(kind, code, by=by(request))
    if entry is None:
        raise web.HTTPNotFound
    actor, district = by(request), request.config_dict[DISTRICT]
    year = local_day(now(request)).year
    visits = await year_visits.of_target(code, year, district.visits_a_year) if kind == "targets" else None
    may = actor.role == Role.OFFICE or actor.department in owners(kind, entry.row)
    return render(
        request, "console/register_entry.html", entry=entry, may=may, seen=seen(entry.marked), year=visits,
        override=await code_overrides.of_code(entry.row["credit_code"]) if kind == "targets" else None,
        by_status=kind in register_entry.GONE, **_fields(kind, dict(entry.cells) | (values or {}), outcome),
    )  # fmt: skip
