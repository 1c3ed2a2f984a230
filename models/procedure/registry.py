"""一单两库 are kept up: lists, targets and inspectors come in from files, whole or not at all (Art. 10)."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from itertools import groupby
from typing import Any

from tortoise.models import Model

from models import store
from models.fields import readable_json
from models.operations import event
from models.procedure import availability
from models.procedure.register_rows import (
    ADDED,
    CHANGED,
    ChangeOrigin,
    RowCounts,
    history_line,
    put,
    record_of,
    retire_checklist,
)
from models.queries import same_file
from models.queries.known import known
from models.rules import registry as rules
from models.rules.actor import Actor, Role, require
from models.rules.checklist import SampleRule
from models.rules.registry import Checked, Known, Remark
from models.rules.registry.calendar import StreetRow, check_streets
from models.rules.registry.rows import ChecklistRow
from models.rules.registry.table import FOUND, TablePlace
from models.tables import Agency, Checklist, Department, Inspector, Item, Question, Street, Target


@dataclass(frozen=True, slots=True)
class ImportReport:
    """`rows`: good and bad ones; `added`, `changed`, `unchanged`: records (checklists, not their questions).

    `taken` is False when bad rows kept everything out; then nothing was added or changed. `asked`: what only a
    person can tell, two rows that may be one target; they keep everything out until somebody confirms. `place`: the sheet
    and heading row that were read; None where the file was known by its bytes.
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
    place: TablePlace | None = None


@store.transactional
async def import_departments(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    keep_good: bool = False,
    source: str = "",
    place: TablePlace = FOUND,
) -> ImportReport:
    """Departments, by code. Refuses a file that is no list; reports every row that cannot be taken."""
    require(by, Role.OFFICE, article="10")
    return await _take(
        "departments",
        Department,
        await asyncio.to_thread(rules.check_departments, data, Known(), place),
        data,
        by,
        at,
        keep_good,
        source,
    )


@store.transactional
async def import_items(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    keep_good: bool = False,
    source: str = "",
    place: TablePlace = FOUND,
) -> ImportReport:
    """The item list (Art. 9), by item number; the departments come first."""
    require(by, Role.OFFICE, article="9")
    checked = await asyncio.to_thread(rules.check_items, data, await known(), place)
    return await _take("items", Item, checked, data, by, at, keep_good, source)


@store.transactional
async def import_checklists(
    data: bytes, *, by: Actor, at: datetime, keep_good: bool = False, place: TablePlace = FOUND
) -> ImportReport:
    """Checklists with their questions; a changed one is a new version, tasks keep the one they began with."""
    require(by, Role.OFFICE, article="7")
    checked = await asyncio.to_thread(rules.check_checklists, data, await known(), place)
    if checked.bad and not keep_good:
        return report_of("checklists", checked, None)
    stored = await publish_rows(checked.good, ChangeOrigin(by, at))
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
    place: TablePlace = FOUND,
) -> ImportReport:
    """The district's streets and townships, by code. `source` and `dated`: of the list, kept with what it changes.
    The first list takes the place of the sample's."""
    require(by, Role.OFFICE, article="10")
    checked = await asyncio.to_thread(check_streets, data, place)
    if checked.bad and not keep_good:
        return report_of("streets", checked, None)
    rows = await sourced(checked.good, source, dated)
    stored = await put("streets", Street, rows, checked.absent, ChangeOrigin(by, at, source[:200]))
    return await _told("streets", checked, stored, data, by, at)


async def sourced(rows: Sequence[StreetRow], source: str, dated: date | None) -> list[StreetRow]:
    """Streets with the list that they come from, each that says something new."""
    there = {row.code: row for row in await Street.all()}
    return [_sourced(row, there.get(row.code), source[:200], dated) for row in rows]


def _sourced(row: StreetRow, known: Street | None, source: str, dated: date | None) -> StreetRow:
    """A street of which the list says nothing new keeps the list that it came from."""
    if known and (known.name, known.district) == (row.name, row.district):
        return replace(row, source=known.source, dated=known.dated)
    return replace(row, source=source, dated=dated)


@store.transactional
async def import_targets(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    keep_good: bool = False,
    confirmed: bool = False,
    source: str = "",
    place: TablePlace = FOUND,
) -> ImportReport:
    """检查对象库, by target number; departments and items come first.

    `confirmed`: a person looked at the rows that read like another target and says that they are others. A file that the
    last act on the registers took is not compared again, and not read where there is nothing to remark.
    """
    require(by, Role.OFFICE, article="10")
    same = await same_file.taken("targets", hashlib.sha256(data).hexdigest()) if place == FOUND else None
    if same and not same.remarks:
        return ImportReport("targets", same.rows, 0, 0, same.rows, bad=[], warnings=[], taken=True, asked=[])
    checked = await asyncio.to_thread(rules.check_targets, data, await known(Target), place)
    if checked.asked and not confirmed:
        return report_of("targets", checked, None)
    if same and (keep_good or not checked.bad):
        return report_of("targets", checked, RowCounts(unchanged=len(checked.good)))
    return await _take("targets", Target, checked, data, by, at, keep_good, source, place)


@store.transactional
async def import_inspectors(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    keep_good: bool = False,
    source: str = "",
    place: TablePlace = FOUND,
) -> ImportReport:
    """执法检查人员名录库, by personnel number; departments, items and targets come first."""
    require(by, Role.OFFICE, article="10")
    checked = await asyncio.to_thread(rules.check_inspectors, data, await known(Inspector), place)
    report = await _take("inspectors", Inspector, checked, data, by, at, keep_good, source)
    if report.added or report.changed:
        await availability.review(by=by, at=at)
    return report


@store.transactional
async def import_agencies(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    keep_good: bool = False,
    source: str = "",
    place: TablePlace = FOUND,
) -> ImportReport:
    """The agencies that may be entrusted, by number; the departments come first."""
    require(by, Role.OFFICE, article="10")
    checked = await asyncio.to_thread(rules.check_agencies, data, await known(Agency), place)
    return await _take("agencies", Agency, checked, data, by, at, keep_good, source)


async def _take(
    kind: str,
    table: type[Model],
    checked: Checked[Any],
    data: bytes,
    by: Actor,
    at: datetime,
    keep_good: bool,
    source: str = "",
    place: TablePlace = FOUND,
) -> ImportReport:
    if checked.bad and not keep_good:
        return report_of(kind, checked, None)
    stored = await put(kind, table, checked.good, checked.absent, ChangeOrigin(by, at, source[:200]))
    return await _told(kind, checked, stored, data, by, at, place)


async def _told(
    kind: str, checked: Checked[Any], stored: RowCounts, data: bytes, by: Actor, at: datetime,
    place: TablePlace = FOUND,
) -> ImportReport:  # fmt: skip
    """The report; what changed nothing leaves no trace."""
    report = report_of(kind, checked, stored)
    if stored.added or stored.changed:
        numbers = {"read": report.rows, "bad": len({bad.number for bad in report.bad}), **asdict(stored)}
        if report.asked:
            numbers["confirmed_alike"] = [[remark.number, remark.params["code"]] for remark in report.asked]
        if kind == "targets":
            reading = (
                same_file.reading() if place == FOUND else ""
            )  # another sheet of the same bytes says other things
            numbers |= {"warnings": len(report.warnings), "reading": reading}
        sha256 = hashlib.sha256(data).hexdigest()
        await event.record("registry", f"registry.{kind}", by=by, at=at, sha256=sha256, **numbers)
    return report


def report_of(kind: str, checked: Checked[Any], stored: RowCounts | None) -> ImportReport:
    rows = len(checked.good) + len({bad.number for bad in checked.bad})
    counts = asdict(stored or RowCounts())
    return ImportReport(
        kind, rows, **counts, bad=checked.bad, warnings=checked.warnings, taken=stored is not None,
        asked=checked.asked, place=checked.place,
    )  # fmt: skip


async def publish_rows(rows: Sequence[ChecklistRow], change: ChangeOrigin) -> RowCounts:
    """A version of every checklist that is new or reads otherwise than its newest version; a retired one that is listed
    again as it was is restored."""
    added = changed = unchanged = 0
    newest = {row.code: row for row in await Checklist.all().order_by("version")}
    in_order = sorted(rows, key=lambda row: (row.checklist, row.number))
    for code, group in groupby(in_order, key=lambda row: row.checklist):
        questions = list(group)
        sha256 = hashlib.sha256(readable_json([_asked(row) for row in questions]).encode()).hexdigest()
        before = newest.get(code)
        if before and before.sha256 == sha256:
            if before.retired_at:
                await retire_checklist(before, change, restore=True)
                changed += 1
            else:
                unchanged += 1
            continue
        version = before.version + 1 if before else 1
        checklist = await Checklist.create(
            code=code, version=version, name=questions[0].title, published_at=change.at, sha256=sha256
        )
        await Question.bulk_create([Question(checklist=checklist, **_question(row)) for row in questions])
        was = {"version": before.version if before else 0}
        await store.insert(
            [
                history_line(
                    "checklists", CHANGED if before else ADDED, code, was, {"version": version}, change
                )
            ]
        )
        added, changed = added + (before is None), changed + (before is not None)
    return RowCounts(added, changed, unchanged)


def _question(row: ChecklistRow) -> dict[str, Any]:
    return {name: value for name, value in _asked(row).items() if name not in ("checklist", "title")}


def _asked(row: ChecklistRow) -> dict[str, Any]:
    """A question that says nothing of items, conditions or samples is the one it was before it could."""
    silent: dict[str, Any] = {"items": (), "condition": "", "sample": SampleRule.ALLOWED}
    return {
        name: value
        for name, value in record_of(row).items()
        if name not in silent or (value and value != silent[name])
    }
