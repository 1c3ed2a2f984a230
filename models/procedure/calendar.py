"""The year's days off are brought in: every open term is counted again and who it moves for is told (Art. 16 (3))."""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from typing import Any

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from models import store
from models.operations import event
from models.procedure import recipients, rectification_term
from models.procedure import task as tasks
from models.procedure.registry import ImportReport
from models.queries import calendar as calendars
from models.rules import visit
from models.rules.actor import Actor, Role, require
from models.rules.registry.calendar import DayRow, check_calendar, years_of
from models.rules.registry.calendar_notice import (
    arranged,
    differences,
    notice_text,
    notice_year,
    read_days,
    read_notice,
)
from models.rules.registry.cells import Checked
from models.rules.registry.table import FOUND, TablePlace
from models.rules.workdays import Calendar
from models.states import RECEIPT_DUE
from models.states import TaskState as T
from models.tables import Assignment, CalendarYear, Task


@store.transactional
async def import_calendar(
    data: bytes,
    *,
    by: Actor,
    at: datetime,
    source: str = "",
    dated: date | None = None,
    keep_good: bool = False,
    confirmed: bool = False,
    place: TablePlace = FOUND,
) -> ImportReport:
    """Days off and make-up days by year: a table, or the State Council's notice in its own sentences, which waits
    until somebody has `confirmed` what was read of it. `source` and `dated`: of the announcement. The same list again
    changes nothing. Refuses a part of a year; reports every row that cannot be read, and then takes none."""
    require(by, Role.OFFICE, article="16(3)")
    checked = _read(data, await calendars.current(), place)
    rows = len(checked.good) + len({bad.number for bad in checked.bad})
    if checked.bad or (checked.asked and not confirmed):
        return ImportReport(
            "calendar", rows, 0, 0, 0, checked.bad, checked.warnings, False, checked.asked, checked.place
        )
    there = {row.year: row for row in await CalendarYear.all()}
    added = changed = unchanged = 0
    for year in years_of(checked.good):
        off, work = [day.isoformat() for day in year.off], [day.isoformat() for day in year.work]
        known = there.get(year.year)
        if known and (known.off, known.work) == (off, work):
            unchanged += 1
            continue
        row = known or CalendarYear(year=year.year)
        row.off, row.work, row.source, row.dated = off, work, source[:200], dated
        row.imported_at, row.imported_by = at, by.mark
        await row.save()
        added, changed = added + (known is None), changed + (known is not None)
    if added or changed:
        await event.record(
            "registry", "registry.calendar", by=by, at=at, sha256=hashlib.sha256(data).hexdigest(), source=source[:200],
            dated=dated.isoformat() if dated else "", added=added, changed=changed, unchanged=unchanged,
        )  # fmt: skip
        await count_again(await calendars.current(), by=by, at=at)
    return ImportReport(
        "calendar", rows, added, changed, unchanged, checked.bad, checked.warnings, True, place=checked.place
    )


def _read(data: bytes, known: Calendar, place: TablePlace) -> Checked[DayRow]:
    text = notice_text(data)
    year = notice_year(text)
    if year is None:
        return check_calendar(data, place)
    notice = read_notice(text)
    if notice.bad:
        return Checked([], notice.bad, notice.warnings)
    rows = arranged(notice.good, year, known)
    asked = [*read_days(notice.good), *differences(rows, known)]
    return Checked(rows, [], notice.warnings, asked=asked)


async def count_again(calendar: Calendar, *, by: Actor, at: datetime) -> None:
    """Each open term anew; a visit fixed on what is a day off now is named, nobody moves it by himself."""
    for task in await counted_from_the_end().filter(ended_at__isnull=False).order_by("id"):
        assert task.ended_at
        due = calendar.nth_workday_after(visit.local_day(task.ended_at))
        if (due.date, due.provisional) == (task.entry_due, task.due_provisional):
            continue
        was, task.entry_due, task.due_provisional = task.entry_due, due.date, due.provisional
        await task.save(update_fields=["entry_due", "due_provisional"])
        told: dict[str, Any] = {"due": due.date.isoformat(), "provisional": due.provisional}
        await tasks.note(task, "deadline.counted_again", by=by, at=at, **told)
        if was != due.date:
            await _tell(task, "calendar.due_moved", at, **told, was=was.isoformat() if was else "")
    for task in await Task.filter(state=T.SCHEDULED, visit_from__gte=at).order_by("id"):
        assert task.visit_from
        day = visit.local_day(task.visit_from)
        if not calendar.is_workday(day):
            await _tell(task, "calendar.visit_on_day_off", at, day=day.isoformat())

    await rectification_term.count_again(calendar, by=by, at=at)


def counted_from_the_end() -> QuerySet[Task]:
    """Tasks whose 20 working days still count: the result is owed, or the platform's receipt."""
    return Task.filter(Q(state=T.CONCLUDED) | Q(state__in=list(RECEIPT_DUE), platform_receipt=""))


async def _tell(task: Task, kind: str, at: datetime, **params: Any) -> None:
    """The officers of the task, and the heads of their departments."""
    seats = Assignment.filter(task=task, until=None).order_by("-leader", "id")
    to_whom = await recipients.team(task) + await recipients.heads(
        await seats.values_list("department", flat=True)
    )
    key = f"{kind}:{task.id}:{params.get('due') or params.get('day')}"
    await recipients.tell(
        to_whom, kind, key=key, at=at, chain=f"task:{task.number}", task=task.number, **params
    )
