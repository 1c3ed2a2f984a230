"""A name and a telephone in every cell in which words have room: what the crawl of everything public looks for.

`plant` asks the tables themselves for their columns. A column is left alone only where its name, or it itself, stands in a
list here with the reason; whatever is added to a table is planted from its first day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from tortoise import fields
from tortoise.models import Model

from models import tables
from models.states import BatchState
from models.tables import Account, Batch, Inspector, PlanDraft, Target
from tests.support.district import VISIT, written

NAME, PHONE = "甄金丝雀", "13712345678"
LINE = f"{NAME}{PHONE}"
ROOM = len(PHONE)  # a shorter cell can name nobody
HAN, DIGITS = re.compile("[\u4e00-\u9fff]"), re.compile("[0-9]{11}")
TABLES = [one for one in vars(tables).values() if isinstance(one, type) and issubclass(one, Model)]
KINDS = (fields.CharField, fields.TextField, fields.JSONField)

MADE = frozenset({
    # who acted, as a key like `head:GA`; the names stand in `account` and `inspector`
    "by", "owner", "holder",
    # hashes, names of stored files, keys of links
    "sha256", "picture", "proof", "screenshot", "stamped", "thumbnail", "marked", "root", "previous", "commitment",
    "seed", "pledge", "value", "stamp", "key", "reference", "csrf",
    # states, kinds and grounds from lists in the code
    "state", "kind", "role", "mode", "channel", "outcome", "how", "verdict", "method", "about", "why", "whose", "act",
    "ground", "purpose", "status", "target_kind", "by_hand", "result",
    # codes and numbers of the registers and of the house
    "department", "code", "number", "credit_code", "linked", "industry", "street", "entry", "into", "datum", "chain",
})  # fmt: skip
"""Names of columns that hold what a program made or checked against a list. Any other name: words that somebody wrote."""

LEFT = {
    "department": "the departments' list is public as it is (0454)",
    "item": "the list of items is public as it is (0454)",
    "plan_entry": "a published plan is public as it is (0454)",
    "plan_change.title": "what an entry of a public plan was called",
    "question.condition": "written in codes that were checked when it came (0424)",
    "draw_text": "made by the draw and hashed by it",
    "draw.ceremony": "the pledges and values, as the draw hashed them",
    "anchor.origin": "the district's own name",
    "item_list_version.items": "the list of items, as above",
    "item_list_version.reason": "one of four reasons by its key",
    "pledge.source": "a source of chance by its key, as `witness:GA`",
}  # fmt: skip

CODED = frozenset({
    "agency.departments", "batch.crew", "batch.teams", "batch.strata", "batch.checklists", "calendar_year.off",
    "calendar_year.work", "credit_entry.types", "deletion_list.tasks", "department_result.measures",
    "department_result.types", "inspector.areas", "inspector.items", "inspector.recused", "meeting.departments",
    "non_cooperation.grounds", "photo.labels", "photo.marks", "plan_change.window", "platform_result.measures",
    "platform_result.types", "question.items", "recheck.begun_place", "recheck.ended_place", "recheck.officers",
    "rectification.done", "rectification_step.points", "result.types", "revision.aside", "seal_form.columns",
    "substitution.passed", "substitution.targets", "substitution.tasks", "target.channels", "target.departments",
    "target.items", "tombstone.objects",
    # of a draw and of the roots: made and hashed by them
    "anchor.consistency", "anchor.ends", "draw.certain", "draw.openings", "draw.results", "draw.texts",
})  # fmt: skip
"""JSON of codes, numbers, days and places alone. What holds a word is planted without being named anywhere."""

SHAPES = {
    "batch.left": {"2026-XH-GA-02-1-001": LINE}, "register_change.before": {"contact": LINE},
    "register_change.after": {"contact": LINE}, "prompt.data": {"note": LINE}, "prompt.past": [{"data": {"note": LINE}}],
}  # fmt: skip
"""JSON with room for words of which the sample has none."""


def table_of(table: type[Model]) -> str:
    return str(table._meta.db_table)


def columns(table: type[Model], kind: type[fields.Field[Any]]) -> Iterator[str]:
    """The columns of a kind in which words have room and that no reason leaves alone."""
    for name in sorted(table._meta.db_fields):
        column = table._meta.fields_map[name]
        wide = not isinstance(column, fields.CharField) or column.max_length >= ROOM
        if (
            isinstance(column, kind)
            and wide
            and not (column.pk or is_key(table, name) or is_made(table, name))
        ):
            yield name


def is_made(table: type[Model], name: str) -> bool:
    """Whether a reason above leaves the column alone."""
    ends = {name, name.rpartition("_")[2]} if name.endswith(("_by", "_sha256")) else {name}
    return bool(ends & MADE or {table_of(table), f"{table_of(table)}.{name}"} & set(LEFT))


def is_key(table: type[Model], name: str) -> bool:
    """Whether the column names a row of another table."""
    return any(table._meta.fields_map[one].source_field == name for one in table._meta.fk_fields)


def names() -> set[str]:
    """Every column that there is, and every table."""
    return {f"{table_of(one)}.{name}" for one in TABLES for name in one._meta.db_fields} | {
        *map(table_of, TABLES)
    }


async def unplanted() -> set[str]:
    """The columns of which no cell holds the line."""
    found = set()
    for table in TABLES:
        for name in (name for kind in KINDS for name in columns(table, kind)):
            cells = await table.all().values_list(name, flat=True)
            if not any(NAME in str(one) or PHONE in str(one) for one in cells):
                found.add(f"{table_of(table)}.{name}")
    return found


async def one_row_each() -> None:
    """A table that the sample leaves empty gets a row, whatever that may mean: its cells are planted too."""
    for table in TABLES:
        if not await table.exists():
            row: dict[str, Any] = {}
            for name, column in table._meta.fields_map.items():
                if name in table._meta.fk_fields | table._meta.o2o_fields:
                    row[name] = (await column.related_model.all())[-1]
                elif name in table._meta.db_fields and not column.generated and not is_key(table, name):
                    row[name] = some(column)
            await table.create(**row)


def some(column: fields.Field[Any]) -> Any:
    """A value that a column takes."""
    choices = getattr(column, "enum_type", None)
    if choices:
        return next(iter(choices))
    if isinstance(column, fields.CharField):
        return "x" * min(column.max_length, 3)
    plain = {
        fields.JSONField: [], fields.DatetimeField: VISIT, fields.DateField: date(2026, 12, 8), fields.TextField: "x",
    }  # fmt: skip
    return next((value for kind, value in plain.items() if isinstance(column, kind)), 1)


def worded(value: Any) -> Any:
    """JSON whose every word that somebody may have written is the line; codes, hashes and numbers stay."""
    if isinstance(value, dict):
        return {key: LINE if key == "reason" else worded(one) for key, one in value.items()}
    if isinstance(value, list):
        return [worded(one) for one in value]
    return LINE if isinstance(value, str) and (HAN.search(value) or DIGITS.fullmatch(value)) else value


async def plant(empty: bool = False) -> None:
    """Fill every such cell that holds words with the line, with `empty` those too that hold none; whom the registers know
    bears the name."""
    async with written():
        await one_row_each()
        for table in TABLES:
            for name in (*columns(table, fields.CharField), *columns(table, fields.TextField)):
                await fill(table, name, empty)
            for name in columns(table, fields.JSONField):
                for row in await table.all():
                    words = SHAPES.get(f"{table_of(table)}.{name}", worded(getattr(row, name)))
                    await table.filter(pk=row.pk).update(**{name: words})
        await known_people()


async def fill(table: type[Model], name: str, empty: bool) -> None:
    """One column of the rows. What may stand once only gets the row's own key behind the line. A column that is NULL in
    some rows stays so there, unless it is NULL in all."""
    column = table._meta.fields_map[name]
    room = getattr(column, "max_length", None) or 1000
    line = LINE if room >= len(LINE) else PHONE
    rows = await table.filter(**{f"{name}__isnull": False})
    if not empty:
        rows = [row for row in rows if getattr(row, name)]
    elif not rows:
        rows = (await table.all())[:1]
    once = column.unique or any(name in together for together in table._meta.unique_together)
    for row in rows:
        await table.filter(pk=row.pk).update(**{name: f"{line}{row.pk}"[:room] if once else line})


async def known_people() -> None:
    draft = {"begun_by": LINE, "begun_at": VISIT, "published_at": VISIT, "reason": LINE}
    await PlanDraft.create(year=2026, department="GA", **draft)
    moved = ["2026-12-01", "2026-12-31", LINE, LINE, VISIT.isoformat()]
    await Batch.all().update(extensions=[moved])
    undrawn = await Batch.all().first()
    assert undrawn
    undrawn.code, undrawn.state, undrawn.void_reason = f"{undrawn.code}9", BatchState.VOIDED, LINE
    await Batch.create(**{name: getattr(undrawn, name) for name in undrawn._meta.db_fields})
    await Inspector.all().update(name=NAME, phone=PHONE)
    await Account.all().update(name=NAME)
    await Target.all().update(representative=NAME, contact=NAME, phone=PHONE, name="示例宾馆")
