"""一单两库 are kept up: lists, targets and inspectors come in from files, whole or not at all (Art. 10)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields, replace
from datetime import date, datetime
from enum import StrEnum
from itertools import groupby, islice
from typing import Any

from tortoise.models import Model

from models import store
from models.fields import readable_json
from models.imaging.glyphs import unprintable
from models.operations import event
from models.procedure import availability
from models.queries import streets
from models.rules import registry as rules
from models.rules.actor import Actor, Role, require
from models.rules.registry import Checked, Known, Remark
from models.rules.registry.calendar import StreetRow, check_streets
from models.rules.registry.inspectors import FIELDS as INSPECTOR_FIELDS
from models.rules.registry.known import Registered
from models.rules.registry.rows import ChecklistRow
from models.rules.registry.targets import FIELDS as TARGET_FIELDS
from models.tables import Account, Checklist, Department, Inspector, Item, Question, Street, Target

AT_ONCE = 500
FIELDS = {Target: TARGET_FIELDS, Inspector: INSPECTOR_FIELDS}  # field to the columns that fill it


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`rows`: good and bad ones; `added`, `changed`, `unchanged`: records (checklists, not their questions).

    `taken` is False when bad rows kept everything out; then nothing was added or changed. `asked`: what only a
    person can tell, two rows that may be one target; they keep everything out until somebody confirms.
    """

    kind: str
    rows: int
    added: int
    changed: int
    unchanged: int
    bad: Sequence[Remark]
    warnings: Sequence[Remark]
    taken: bool
    asked: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class _Stored:
    added: int = 0
    changed: int = 0
    unchanged: int = 0


@store.transactional
async def import_departments(
    data: bytes, *, by: Actor, at: datetime, keep_good: bool = False
) -> ImportReport:
    """Departments, by code. Refuses a file that is no list; reports every row that cannot be taken."""
    require(by, Role.OFFICE, article="10")
    return await _take(
        "departments", Department, rules.check_departments(data, Known()), data, by, at, keep_good
    )


@store.transactional
async def import_items(data: bytes, *, by: Actor, at: datetime, keep_good: bool = False) -> ImportReport:
    """The item list (Art. 9), by item number; the departments come first."""
    require(by, Role.OFFICE, article="9")
    return await _take("items", Item, rules.check_items(data, await known()), data, by, at, keep_good)


@store.transactional
async def import_checklists(data: bytes, *, by: Actor, at: datetime, keep_good: bool = False) -> ImportReport:
    """Checklists with their questions; a changed one is a new version, tasks keep the one they began with."""
    require(by, Role.OFFICE, article="7")
    checked = rules.check_checklists(data, await known())
    if checked.bad and not keep_good:
        return _report("checklists", checked, None)
    stored = await _publish(checked.good, at)
    return await _told("checklists", checked, stored, data, by, at)


@store.transactional
async def import_streets(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    source: str = "",
    dated: date | None = None,
    keep_good: bool = False,
) -> ImportReport:
    """The district's streets and townships, by code. `source` and `dated`: of the list, kept with what it changes.
    The first list takes the place of the sample's."""
    require(by, Role.OFFICE, article="10")
    checked = check_streets(data)
    if checked.bad and not keep_good:
        return _report("streets", checked, None)
    there = {row.code: row for row in await Street.all()}
    rows = [_sourced(row, there.get(row.code), source[:200], dated) for row in checked.good]
    stored = await _put(Street, rows, checked.absent)
    return await _told("streets", checked, stored, data, by, at)


def _sourced(row: StreetRow, known: Street | None, source: str, dated: date | None) -> StreetRow:
    """A street of which the list says nothing new keeps the list that it came from."""
    if known and (known.name, known.district) == (row.name, row.district):
        return replace(row, source=known.source, dated=known.dated)
    return replace(row, source=source, dated=dated)


@store.transactional
async def import_targets(
    data: bytes, *, by: Actor, at: datetime, keep_good: bool = False, confirmed: bool = False
) -> ImportReport:
    """检查对象库, by target number; departments and items come first.

    `confirmed`: a person looked at the rows that read like another target and says that they are others.
    """
    require(by, Role.OFFICE, article="10")
    checked = rules.check_targets(data, await known(Target))
    if checked.asked and not confirmed:
        return _report("targets", checked, None)
    return await _take("targets", Target, checked, data, by, at, keep_good)


@store.transactional
async def import_inspectors(data: bytes, *, by: Actor, at: datetime, keep_good: bool = False) -> ImportReport:
    """执法检查人员名录库, by personnel number; departments, items and targets come first."""
    require(by, Role.OFFICE, article="10")
    checked = rules.check_inspectors(data, await known(Inspector))
    report = await _take("inspectors", Inspector, checked, data, by, at, keep_good)
    if report.added or report.changed:
        await availability.review(by=by, at=at)
    return report


async def known(of: type[Model] | None = None) -> Known:
    """What rows may refer to: the registered departments, items and targets, the district's streets.

    `of`: the register whose rows come in; its numbers and codes are those that two may not have.
    """
    items = dict(await Item.all().values_list("code", "name"))
    return Known(
        departments={row.code: row.name for row in await Department.all()},
        streets=await streets.current(),
        items=frozenset(items),
        item_names=items,
        targets=await _registered() if of else (),
        holders=await _holders(of),
        unprintable=unprintable,
        numbers=frozenset(str(code) for code in await of.all().values_list("code", flat=True))
        if of
        else frozenset(),
    )


async def _registered() -> tuple[Registered, ...]:
    columns = ("code", "name", "address", "credit_code", "registration", "mark")
    return tuple(Registered(*row) for row in await Target.all().values_list(*columns))


async def _holders(of: type[Model] | None) -> dict[str, str]:
    column = {Target: "credit_code", Inspector: "certificate"}.get(of) if of else None
    return dict(await of.exclude(**{column: None}).values_list(column, "code")) if of and column else {}


async def _take(
    kind: str,
    table: type[Model],
    checked: Checked[Any],
    data: bytes,
    by: Actor,
    at: datetime,
    keep_good: bool,
) -> ImportReport:
    if checked.bad and not keep_good:
        return _report(kind, checked, None)
    stored = await _put(table, checked.good, checked.absent)
    return await _told(kind, checked, stored, data, by, at)


async def _told(
    kind: str, checked: Checked[Any], stored: _Stored, data: bytes, by: Actor, at: datetime
) -> ImportReport:
    """The report; what changed nothing leaves no trace."""
    report = _report(kind, checked, stored)
    if stored.added or stored.changed:
        numbers = {"read": report.rows, "bad": len({bad.number for bad in report.bad}), **asdict(stored)}
        if report.asked:
            numbers["confirmed_alike"] = [[one.number, one.params["code"]] for one in report.asked]
        sha256 = hashlib.sha256(data).hexdigest()
        await event.record("registry", f"registry.{kind}", by=by, at=at, sha256=sha256, **numbers)
    return report


def _report(kind: str, checked: Checked[Any], stored: _Stored | None) -> ImportReport:
    rows = len(checked.good) + len({bad.number for bad in checked.bad})
    counts = asdict(stored or _Stored())
    return ImportReport(
        kind, rows, **counts, bad=checked.bad, warnings=checked.warnings, taken=stored is not None,
        asked=checked.asked,
    )  # fmt: skip


async def _put(table: type[Model], rows: Sequence[Any], absent: frozenset[str]) -> _Stored:
    """Insert what is new and change what differs, a few hundred rows at a time.

    `absent`: columns that the file does not have; what is stored of them stays.
    """
    columns = [field.name for field in fields(rows[0])] if rows else []
    silent = {name for name, filled_by in FIELDS.get(table, {}).items() if absent.issuperset(filled_by)}
    added = changed = 0
    for part in _parts(rows):
        codes = [row.code for row in part]
        there = {one["code"]: one for one in await table.filter(pk__in=codes).values(*columns)}
        new, other = [], []
        for row in part:
            record = _record(row)
            stored = there.get(row.code)
            if stored is None:
                new.append(record)
                continue
            record |= {name: stored[name] for name in silent if name != "registration" or not record[name]}
            if record != stored:
                other.append(record)
        if new or other:
            await table.bulk_create(
                [table(**record) for record in new + other],
                on_conflict=["code"],
                update_fields=[name for name in columns if name != "code"],
            )
        await _follow(table, other)
        added, changed = added + len(new), changed + len(other)
    return _Stored(added, changed, len(rows) - added - changed)


def _record(row: Any) -> dict[str, Any]:
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


async def _publish(rows: Sequence[ChecklistRow], at: datetime) -> _Stored:
    """A version of every checklist that is new or reads otherwise than its newest version."""
    added = changed = unchanged = 0
    newest = {row.code: row for row in await Checklist.all().order_by("version")}
    in_order = sorted(rows, key=lambda row: (row.checklist, row.number))
    for code, group in groupby(in_order, key=lambda row: row.checklist):
        questions = list(group)
        sha256 = hashlib.sha256(readable_json([_asked(row) for row in questions]).encode()).hexdigest()
        before = newest.get(code)
        if before and before.sha256 == sha256:
            unchanged += 1
            continue
        version = before.version + 1 if before else 1
        made = await Checklist.create(
            code=code, version=version, name=questions[0].title, published_at=at, sha256=sha256
        )
        await Question.bulk_create([Question(checklist=made, **_question(row)) for row in questions])
        added, changed = added + (before is None), changed + (before is not None)
    return _Stored(added, changed, unchanged)


def _question(row: ChecklistRow) -> dict[str, Any]:
    return {name: value for name, value in _asked(row).items() if name not in ("checklist", "title")}


def _asked(row: ChecklistRow) -> dict[str, Any]:
    """A question that names no item is the one it was before items could be named."""
    return {name: value for name, value in _record(row).items() if name != "items" or value}


def _parts(rows: Iterable[Any]) -> Iterable[list[Any]]:
    left = iter(rows)
    while part := list(islice(left, AT_ONCE)):
        yield part
