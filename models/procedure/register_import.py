"""A file is brought in, looked at, taken and, while nothing stands on it, taken back (Art. 10).

Nothing of the register is written before it is taken. The office brings every row in, a liaison the own department's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from models import store
from models.operations import event
from models.procedure import availability
from models.procedure.register_entry import GONE, reason_of, refuse_in_use
from models.procedure.register_rows import ADDED, ChangeOrigin, put, put_back, retire, set_status
from models.procedure.registry import ImportReport, report_of, sourced
from models.queries import register_import as queries
from models.queries.register import CODED
from models.queries.register_import import ReadFile
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Actor, Role, require
from models.rules.registry.entry import CODE, READERS
from models.tables import RegisterChange, RegisterHeading, RegisterImport, Task

ARTICLE = "10"
KINDS = tuple(CODE)
"""Registers whose files are looked at first. A list of streets that comes so is known by its file's name; where its own
date and source matter, it comes in by the form that asks for them."""


@store.transactional
async def bring(kind: str, name: str, data: bytes, *, by: Actor, at: datetime) -> int:
    """Keep a file to be looked at; its number."""
    require(by, Role.OFFICE, Role.LIAISON, article=ARTICLE)
    if kind not in KINDS:
        raise Refusal("registry.by_import", ARTICLE)
    register_import = await RegisterImport.create(
        kind=kind, name=text.visible(name).strip()[:200], data=data, sha256=hashlib.sha256(data).hexdigest(), by=by.mark,
        department=by.department if by.role == Role.LIAISON else "", at=at,
    )  # fmt: skip
    return register_import.id


@store.transactional
async def name_headings(id: int, columns: Mapping[str, str], *, by: Actor, at: datetime) -> None:
    """Say once which column a heading means: every later list of the department is read by it."""
    require(by, Role.OFFICE, Role.LIAISON, article=ARTICLE)
    row = await queries.find(id, by)
    for heading, column in columns.items():
        if column not in READERS[row.kind][0].known:
            raise Refusal(
                "registry.no_column", ARTICLE, column=column, columns=list(READERS[row.kind][0].known)
            )
        there = RegisterHeading.filter(department=row.department, kind=row.kind, heading=heading[:120])
        if not await there.update(column=column):
            await RegisterHeading.create(
                department=row.department, kind=row.kind, heading=heading[:120], column=column
            )


@store.transactional
async def choose_table(id: int, sheet: str, heading_row: int, *, by: Actor, at: datetime) -> None:
    """Say which sheet holds the list and in which row its headings stand (0: the row that fits). The next preview says
    what came of it. Refuses a file that was taken."""
    require(by, Role.OFFICE, Role.LIAISON, article=ARTICLE)
    row = await queries.find(id, by)
    if row.taken_at:
        raise Refusal("registry.taken_already", ARTICLE, number=id)
    await RegisterImport.filter(id=id).update(sheet=sheet[:200], heading_row=max(0, heading_row))


@store.transactional
async def take(
    id: int,
    *,
    by: Actor,
    at: datetime,
    complete: bool = False,
    keep_good: bool = False,
    confirmed: bool = False,
    read: ReadFile | None = None,
) -> ImportReport:
    """Write the file into its register, whole, or its good rows (`keep_good`). `complete`: this is the whole list, and
    what it does not name leaves the register. `confirmed`: rows that read alike are others. A second time is refused.
    `read`: the file as it was read beforehand, so that the act holds nobody up for it; read anew where that is outdated."""
    require(by, Role.OFFICE, Role.LIAISON, article=ARTICLE)
    await event.lock(f"import {id}")
    row = await queries.find(id, by)
    if row.taken_at:
        raise Refusal("registry.taken_already", ARTICLE, number=id)
    fresh = read is not None and await queries.still_stands(read, id, by=by)
    checked = read.checked if read and fresh else await queries.checked(row)
    if (checked.bad and (complete or not keep_good)) or (checked.asked and not confirmed):
        return report_of(row.kind, checked, None)
    table, change = CODED[row.kind], ChangeOrigin(by, at, row.name, import_id=id)
    gone = await queries.missing(row, checked) if complete else ()
    rows = await sourced(checked.good, row.name, None) if row.kind == "streets" else checked.good
    stored = await put(row.kind, table, rows, checked.absent, change)
    for listed in gone:
        await refuse_in_use(row.kind, listed.code, at)
        if row.kind in GONE:
            await set_status(row.kind, table, listed.code, GONE[row.kind].value, change)
        else:
            await retire(row.kind, table, listed.code, change)
    await RegisterImport.filter(id=id).update(taken_at=at)
    report = report_of(row.kind, checked, stored)
    if stored.added or stored.changed or gone:
        await event.record(
            "registry", f"registry.{row.kind}", by=by, at=at, sha256=row.sha256, number=id, read=report.rows,
            retired=len(gone), **asdict(stored),
        )  # fmt: skip
        if row.kind == "inspectors":
            await availability.review(by=by, at=at)
    return report


@store.transactional
async def take_back(id: int, reason: str, *, by: Actor, at: datetime) -> int:
    """Undo a file that was taken, row by row; how many. Refuses while a later change or a task stands on one of them."""
    require(by, Role.OFFICE, Role.LIAISON, article=ARTICLE)
    await event.lock(f"import {id}")
    row = await queries.find(id, by)
    if not row.taken_at or row.taken_back_at:
        raise Refusal("registry.not_taken", ARTICLE, number=id)
    table, why = CODED[row.kind], reason_of(reason)
    lines = await RegisterChange.filter(import_id=id).order_by("-id")
    await _refuse_stood_on(row, lines, at)
    change = ChangeOrigin(by, at, row.name, why)
    for line in lines:
        if line.act != ADDED:
            await put_back(table, line, change)
        elif row.kind in GONE:
            await set_status(row.kind, table, line.code, GONE[row.kind].value, change)
        else:
            await retire(row.kind, table, line.code, change)
    await RegisterImport.filter(id=id).update(taken_back_at=at)
    await event.record(
        "registry",
        "registry.taken_back",
        by=by,
        at=at,
        number=id,
        register=row.kind,
        lines=len(lines),
        reason=why,
    )
    if row.kind == "inspectors":
        await availability.review(by=by, at=at)
    return len(lines)


async def _refuse_stood_on(row: RegisterImport, lines: list[RegisterChange], at: datetime) -> None:
    newest = {line.code: line.id for line in reversed(lines)}
    later = RegisterChange.filter(kind=row.kind, id__gt=min(newest.values(), default=0))
    stood = sorted(
        {change.code for change in await later if change.code in newest and change.id > newest[change.code]}
    )
    added = [line.code for line in lines if line.act == ADDED]
    if row.kind == "targets":
        stood += [
            str(code) for code in await Task.filter(target_id__in=added).values_list("target_id", flat=True)
        ]
    if stood:
        raise Refusal("registry.stood_on", ARTICLE, numbers=list(dict.fromkeys(stood))[:10])
    for code in added:
        await refuse_in_use(row.kind, code, at)
