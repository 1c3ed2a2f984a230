"""A register as a list, a page at a time, and one row of it with its history (Art. 4, 9, 10).

A page begins where the last one ended, in an order that an index has: it costs what it shows. A search for part of a
name reads on in that order until a page is full.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from models import store
from models.fields import json_value
from models.queries import person
from models.queries.register import CODED, PERSONAL, Row, owned, sight
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role
from models.rules.registry.cells import first_words
from models.rules.registry.cells_out import COLUMNS, cells
from models.rules.registry.entry import by_column, shown
from models.rules.registry.inspectors import STATUSES as POSTS
from models.rules.registry.rows import InspectorStatus, TargetStatus
from models.rules.registry.targets import STATUSES
from models.tables import RegisterChange

PER_PAGE = 50
SHOWN: Mapping[str, tuple[str, ...]] = {
    "departments": ("unit", "phone"), "items": ("field", "initiating"), "checklists": ("version",),
    "targets": ("credit_code", "industry_name", "street_name", "status"),
    "inspectors": ("department", "certificate", "status"), "streets": ("district",),
    "agencies": ("scope", "departments", "certificate_until"),
}  # fmt: skip
"""What a line of each list shows beside code and name."""
TABLES = {
    "departments": "department", "items": "item", "checklists": "checklist", "targets": "target",
    "inspectors": "inspector", "streets": "street", "agencies": "agency",
}  # fmt: skip
STANDING = {
    "targets": ("status = ?", TargetStatus.OPERATING.value), "inspectors": ("status <> ?", InspectorStatus.LEFT.value),
}  # fmt: skip
"""When a row stands in its register; the others are retired by a time of their own."""
WORDS = {"targets": first_words(STATUSES), "inspectors": first_words(POSTS)}
SORTS = ("code", "name")
STATES = ("", "standing", "gone")
EXPERTS = ("", "yes", "no")


@dataclass(frozen=True, slots=True)
class RegisterFilter:
    """What an address asks for. `expert`: of the officers' register the experts alone (yes) or the officers alone (no);
    `after`: code and name of the last line before."""

    search: str = ""
    sort: str = "code"
    state: str = ""
    department: str = ""
    after: tuple[str, str] = ("", "")
    expert: str = ""


@dataclass(frozen=True, slots=True)
class RegisterLine:
    code: str
    name: str
    cells: tuple[str, ...]
    standing: bool


@dataclass(frozen=True, slots=True)
class RegisterPage:
    """`more`: where the next page begins; None at the end."""

    lines: tuple[RegisterLine, ...]
    more: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Past:
    """One change of a row. `cells`: column, as it was, as it is since."""

    at: datetime
    by: str
    act: str
    source: str
    reason: str
    cells: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One row: its cells by column as a person reads them, `seen_as` what a form is filled in from."""

    kind: str
    code: str
    name: str
    standing: bool
    cells: Mapping[str, str]
    marked: tuple[str, ...]
    row: Row
    past: tuple[Past, ...]


def read_filter(kind: str, asked: Mapping[str, str]) -> RegisterFilter:
    """The filter in an address; refuses what is not offered (D66)."""
    allowed = {"search", "sort", "state", "department", "after", "name", "lang", "done"} | (
        {"expert"} if kind == "inspectors" else set()
    )
    if unknown := sorted(set(asked) - allowed):
        raise Refusal("board.filter", name=unknown[0])
    sort, state = asked.get("sort") or "code", asked.get("state", "")
    expert = asked.get("expert", "")
    wrong = [
        name
        for name, value, offered in (
            ("sort", sort, SORTS),
            ("state", state, STATES),
            ("expert", expert, EXPERTS),
        )
        if value not in offered
    ]
    if wrong:
        raise Refusal("board.filter", name=wrong[0])
    return RegisterFilter(
        text.visible(asked.get("search", "")).strip()[:80], sort, state, asked.get("department", "")[:16],
        (asked.get("after", "")[:64], asked.get("name", "")[:400]), expert,
    )  # fmt: skip


async def page(kind: str, asked: RegisterFilter, *, by: Actor) -> RegisterPage:
    """One page of a register. A liaison sees the own department's targets and officers."""
    sql, values = statement(kind, asked, sight(kind, by) or asked.department)
    results = await store.run_one(sql, *values)
    called = await person.departments() if kind in ("inspectors", "items", "agencies") else {}
    lines = tuple(_line(kind, stored, called) for stored in results[:PER_PAGE])
    return RegisterPage(lines, (lines[-1].code, lines[-1].name) if len(results) > PER_PAGE else None)


def statement(kind: str, asked: RegisterFilter, department: str) -> tuple[str, tuple[Any, ...]]:
    """The page in plain SQL."""
    where, values = ["1 = 1"], list[Any]()
    if kind == "checklists":
        where.append("version = (SELECT MAX(n.version) FROM checklist n WHERE n.code = t.code)")
    if department and kind in ("inspectors", "targets", "items", "agencies"):
        column = {"inspectors": "department = ?", "items": "';' || initiating || ';' LIKE ?"}.get(
            kind, "CAST(departments AS TEXT) LIKE ?"
        )
        where.append(column)
        values.append({"inspectors": department, "items": f"%;{department};%"}.get(kind, f'%"{department}"%'))
    if asked.expert:
        where.append("expert = ?")
        values.append(asked.expert == "yes")
    if asked.state:
        stands, given = STANDING.get(kind, ("retired_at IS NULL", ""))
        where.append(stands if asked.state == "standing" else f"NOT ({stands})")
        values += [given] if given else []
    if asked.search:
        part, like = _escaped(asked.search.lower()), "LIKE ? ESCAPE '!'"
        columns = [
            "LOWER(name)",
            "LOWER(code)",
            *(["LOWER(credit_code)"] if kind in ("targets", "agencies") else []),
        ]
        columns += [] if kind == "checklists" else ["initials"]
        where.append(f"({' OR '.join(f'{column} {like}' for column in columns)})")
        values += [f"%{part}%"] * len(columns)
    code, name = asked.after
    if asked.sort == "name" and (code or name):
        where.append("(name, code) > (?, ?)")
        values += [name, code]
    elif code:
        where.append("code > ?")
        values.append(code)
    state = {"targets": "", "inspectors": ""}.get(kind, ", retired_at")
    sql = (
        f"SELECT {', '.join(('code', 'name', *SHOWN[kind]))}{state} FROM {TABLES[kind]} t "  # noqa: S608
        f"WHERE {' AND '.join(where)} ORDER BY {'name, code' if asked.sort == 'name' else 'code'} LIMIT {PER_PAGE + 1}"
    )
    return sql, tuple(values)


def _escaped(part: str) -> str:
    return part.replace("!", "!!").replace("%", "!%").replace("_", "!_")


def _line(kind: str, result: Any, called: Mapping[str, str]) -> RegisterLine:
    shown_ = [str(result[name] if result[name] is not None else "") for name in SHOWN[kind]]
    if kind in WORDS:
        shown_[-1] = WORDS[kind].get(shown_[-1], shown_[-1])
    if kind == "inspectors":
        shown_[0] = called.get(shown_[0], shown_[0])
    if kind == "agencies":
        shown_[1] = "、".join(called.get(code, code) for code in json_value(result["departments"]))
    if kind == "items":
        shown_[1] = "、".join(called.get(code, code) for code in shown_[1].split(";"))
    return RegisterLine(result["code"], result["name"], tuple(shown_), _stands(kind, result))


def _stands(kind: str, row: Any) -> bool:
    if kind == "targets":
        return bool(row["status"] == TargetStatus.OPERATING)
    if kind == "inspectors":
        return bool(row["status"] != InspectorStatus.LEFT)
    return row["retired_at"] is None


async def row(kind: str, code: str) -> Row | None:
    """One row as the table holds it, with what its department is called; None where there is none."""
    rows = await CODED[kind].filter(code=code).values()
    if not rows:
        return None
    if kind != "inspectors":
        return rows[0]
    return rows[0] | {"unit": (await person.departments()).get(rows[0]["department"], "")}


def visible(kind: str, row: Row, by: Actor) -> bool:
    """Whether somebody may see a row: what is personal is seen by the own department and the office alone."""
    return kind not in PERSONAL or by.role != Role.LIAISON or owned(row, by.department)


async def entry(kind: str, code: str, *, by: Actor) -> RegisterEntry | None:
    """One row with its history; None where there is none that this person may see."""
    result = await row(kind, code)
    if result is None or not visible(kind, result, by):
        return None
    marked = cells(kind, result)
    return RegisterEntry(
        kind, code, result["name"], _stands(kind, result | {"retired_at": result.get("retired_at")}),
        {column: shown(value) for column, value in by_column(kind, marked).items()}, marked, result,
        await history(kind, code, result),
    )  # fmt: skip


async def history(kind: str, code: str, result: Row) -> tuple[Past, ...]:
    """What was done to a row, the newest first."""
    past = await RegisterChange.filter(kind=kind, code=code).order_by("-id")
    return tuple(
        Past(
            change.at,
            change.by,
            change.act,
            change.source,
            change.reason,
            _differences(kind, result, change.before, change.after),
        )
        for change in past
    )


def _differences(
    kind: str, result: Row, before: Mapping[str, Any], after: Mapping[str, Any]
) -> tuple[tuple[str, str, str], ...]:
    """The columns in which two states of a row differ, in the words of the list."""
    days = {name for name, field in CODED[kind]._meta.fields_map.items() if field.field_type is date}
    was, since = (
        cells(kind, result | {name: _day(value) if name in days else value for name, value in item.items()})
        for item in (before, after)
    )
    changed = zip(COLUMNS[kind], was, since, strict=True)
    return tuple((column, shown(a), shown(b)) for column, a, b in changed if a != b)


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
