"""Rows of the registers are written here and nowhere else, each change with its line of history (Art. 10)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from tortoise.models import Model

from models import store
from models.data.pinyin import initials
from models.rules.actor import Actor
from models.rules.registry import progress
from models.rules.registry.inspectors import FIELDS as INSPECTOR_FIELDS
from models.rules.registry.targets import FIELDS as TARGET_FIELDS
from models.tables import (
    Account,
    Agency,
    Checklist,
    Department,
    Inspector,
    Item,
    RegisterChange,
    Street,
    Target,
)

AT_ONCE = 500
FIELDS = {Target: TARGET_FIELDS, Inspector: INSPECTOR_FIELDS}  # field to the columns that fill it
RETIRED = (Department, Item, Street, Agency)
"""Registers whose rows are retired; a target or officer has a status that says as much."""
ADDED, CHANGED, TAKEN_OUT, RESTORED = "added", "changed", "retired", "restored"


@dataclass(frozen=True, slots=True)
class RowCounts:
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True, slots=True)
class ChangeOrigin:
    """Who changes rows, when, after which file (`source`, "" for by hand) and why."""

    by: Actor
    at: datetime
    source: str = ""
    reason: str = ""
    import_id: int | None = None


async def put(
    kind: str, table: type[Model], rows: Sequence[Any], absent: frozenset[str], change: ChangeOrigin
) -> RowCounts:
    """Insert what is new and change what differs, a few hundred rows at a time; a retired row that is listed again
    is restored. `absent`: columns that the file does not have; what is stored of them stays.
    """
    columns = [field.name for field in fields(rows[0])] if rows else []
    silent = {name for name, filled_by in FIELDS.get(table, {}).items() if absent.issuperset(filled_by)}
    added = changed = 0
    progress.begin(progress.ImportStep.WRITTEN, len(rows))
    for count, part in enumerate(_parts(rows)):
        progress.reached(count * AT_ONCE)
        there = await _there(table, columns, [row.code for row in part])
        new, other, history = [], [], []
        for row in part:
            record = record_of(row)
            stored = there.get(row.code)
            if stored is None:
                new.append(record)
                history.append(history_line(kind, ADDED, row.code, {}, {}, change))
                continue
            gone = stored.pop("retired_at", None)
            record |= {name: stored[name] for name in silent if name != "registration" or not record[name]}
            if record != stored or gone:
                other.append(record)
                history.append(
                    history_line(kind, RESTORED if gone else CHANGED, row.code, stored, record, change)
                )
        await _write(table, columns, new + other)
        await store.insert(history)
        await _follow(table, other)
        added, changed = added + len(new), changed + len(other)
    return RowCounts(added, changed, len(rows) - added - changed)


async def retire(
    kind: str, table: type[Model], code: str, change: ChangeOrigin, *, restore: bool = False
) -> None:
    """Take a row out of its register, or back into it; it stays where it is and what refers to it holds."""
    await table.filter(pk=code).update(retired_at=None if restore else change.at)
    await store.insert([history_line(kind, RESTORED if restore else TAKEN_OUT, code, {}, {}, change)])


async def retire_checklist(newest: Checklist, change: ChangeOrigin, *, restore: bool = False) -> None:
    """Take a checklist out of use by its newest version, or back into it."""
    newest.retired_at = None if restore else change.at
    await newest.save(update_fields=["retired_at"])
    await store.insert(
        [history_line("checklists", RESTORED if restore else TAKEN_OUT, newest.code, {}, {}, change)]
    )


async def set_status(kind: str, table: type[Model], code: str, status: str, change: ChangeOrigin) -> None:
    """Take a target or an officer out of the register by the status that says so."""
    before = {"status": (await table.get(pk=code)).status}  # type: ignore[attr-defined]
    await table.filter(pk=code).update(status=status)
    await store.insert([history_line(kind, TAKEN_OUT, code, before, {"status": status}, change)])


async def _there(
    table: type[Model], columns: Sequence[str], codes: Sequence[str]
) -> dict[str, dict[str, Any]]:
    asked = [*columns, "retired_at"] if table in RETIRED else columns
    return {row["code"]: row for row in await table.filter(pk__in=codes).values(*asked)}


async def _write(table: type[Model], columns: Sequence[str], records: Sequence[dict[str, Any]]) -> None:
    if records:
        remaining = [name for name in columns if name != "code"] + ["initials"]
        await table.bulk_create(
            [table(**record, initials=initials(record["name"])) for record in records],
            on_conflict=["code"],
            update_fields=remaining + (["retired_at"] if table in RETIRED else []),
        )


def history_line(
    kind: str, act: str, code: str, before: dict[str, Any], after: dict[str, Any], change: ChangeOrigin
) -> RegisterChange:
    """One row of history: the fields that differ."""
    differ = [name for name in before if before[name] != after[name]]
    return RegisterChange(
        kind=kind, code=code, act=act, before={name: _json(before[name]) for name in differ},
        after={name: _json(after[name]) for name in differ}, by=change.by.mark, at=change.at, source=change.source[:200],
        reason=change.reason[:500], import_id=change.import_id,
    )  # fmt: skip


async def put_back(table: type[Model], line: RegisterChange, change: ChangeOrigin) -> None:
    """Undo one line of history: what it changed is as it was before, what it added leaves the register."""
    asked = {name: table._meta.fields_map[name].to_python_value(value) for name, value in line.before.items()}
    if line.act == TAKEN_OUT and table in RETIRED:
        await retire(line.kind, table, line.code, change, restore=True)
        return
    if line.act == RESTORED:
        asked["retired_at"] = change.at
    if "name" in asked:
        asked["initials"] = initials(asked["name"])
    if asked:
        await table.filter(pk=line.code).update(**asked)
    undone = history_line(line.kind, CHANGED, line.code, dict(line.after), dict(line.before), change)
    await store.insert([undone])
    await _follow(table, await table.filter(pk=line.code).values())


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def record_of(row: Any) -> dict[str, Any]:
    """The columns that a row fills."""
    return {name: _plain(getattr(row, name)) for name in row.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return list(value) if isinstance(value, tuple) else value


async def _follow(table: type[Model], records: Iterable[dict[str, Any]]) -> None:
    """The accounts of changed inspectors and targets keep the registry's name, phone and department."""
    if table not in (Inspector, Target):
        return
    link = "inspector_id" if table is Inspector else "target_id"
    changed = {record["code"]: record for record in records}
    linked = Account.filter(**{f"{link}__in": list(changed)}).values_list(link, flat=True)
    for record in [changed[str(code)] for code in sorted(set(await linked))] if changed else ():
        copied = {name: record[name] for name in ("name", "phone", "department") if name in record}
        await Account.filter(**{link: record["code"]}).update(**copied)


def _parts(rows: Iterable[Any]) -> Iterable[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, AT_ONCE)):
        yield part
