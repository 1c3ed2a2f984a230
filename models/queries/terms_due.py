"""Tasks in which a term may have reached a threshold: chosen by dates in SQL, wider than exact, never the whole district.

Each question reads the part of an index in which its terms are near or past; what is far off is not read at all.
`rules.reminding` decides for each task what is due (Art. 14-18).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from tortoise.expressions import Q, Subquery
from tortoise.queryset import QuerySet

from models.rules.follow_up import SENT
from models.rules.overdue import Terms
from models.rules.term.kinds import BY_NAME
from models.rules.visit import SHANGHAI, local_day
from models.rules.workdays import Calendar
from models.states import HINDERED, RECEIPT_DUE, REVIEWED, SIGNED_IN, TO_VISIT
from models.states import TaskState as T
from models.tables import (
    Assignment,
    Batch,
    Correction,
    DepartmentResult,
    FollowUp,
    NonCooperation,
    Objection,
    PlatformReceipt,
    Postponement,
    Record,
    RecusalRequest,
    Revision,
    Sample,
    Substitution,
    Task,
)

DAY = timedelta(days=1)
TOGETHER = 500  # tasks read in one stretch


async def of_the_day(at: datetime, calendar: Calendar, terms: Terms) -> list[Task]:
    """Every task whose rows put a term near its end, or beyond it."""
    return await _tasks(await ids_of_the_day(at, calendar, terms))


async def ids_of_the_day(at: datetime, calendar: Calendar, terms: Terms) -> set[int]:
    """The numbers of these tasks; whatever is overdue is among them."""
    today = local_day(at)
    morning = datetime.combine(today, time(), SHANGHAI)
    ids = {
        *await _unaccepted(at, terms), *await _unsigned(morning, terms), *await _recorded(today, terms),
        *await _unconfirmed(morning, terms), *await _to_be_replaced(),
    }  # fmt: skip
    for chosen in (
        *_before_the_visit(at, calendar, terms),
        *_at_and_after_the_visit(morning, calendar, terms),
        *_asked(),
    ):
        ids.update(await chosen)
    return ids


async def of_the_hour(at: datetime, terms: Terms) -> list[Task]:
    """Tasks that somebody has still to accept, about the time when that is due: the one term counted in hours."""
    return await _tasks(await _unaccepted(at, terms, at - terms.accept - DAY))


async def _tasks(ids: Iterable[int]) -> list[Task]:
    """The tasks of these numbers, those first that are due first."""
    numbers, tasks = sorted(ids), []
    for start in range(0, len(numbers), TOGETHER):
        tasks += await Task.filter(id__in=numbers[start : start + TOGETHER])
    return sorted(tasks, key=lambda task: (task.entry_due or date.min, task.id))


def _before_the_visit(at: datetime, calendar: Calendar, terms: Terms) -> Iterator[Any]:
    last = terms.notice + 1 + max(BY_NAME["fix"].thresholds)
    before = calendar.nth_workday_after(local_day(at), last).date
    soon = datetime.combine(before + DAY, time(), SHANGHAI)
    closing = Subquery(Batch.filter(closes__lte=before).values("code"))
    yield _ids(_to_visit(), batch_id__in=closing)
    yield _ids(_to_visit(), visit_from__lt=soon)
    yield _ids(_to_visit(), proposed_from__lt=soon)
    yield _ids(_to_visit(), proposed_at__lt=datetime.combine(local_day(at), time(), SHANGHAI))


def _at_and_after_the_visit(morning: datetime, calendar: Calendar, terms: Terms) -> Iterator[Any]:
    today = local_day(morning)
    near = calendar.nth_workday_after(today, max(BY_NAME["entry"].thresholds)).date
    yield _ids(Q(state=T.ON_SITE))
    yield _ids(Q(state__in=list(HINDERED)))
    yield _ids(Q(state__in=list(RECEIPT_DUE)), platform_receipt="", entry_due__lte=near)
    yield _ids(Q(state=T.CONCLUDED), entry_due__lte=near)
    yield _ids(Q(state=T.ENTERED), entered_at__lt=_since(morning, terms.review - _widest("review")))
    yield _ids(Q(state=T.PUBLISHED), published_at__lt=_since(morning, terms.archive - _widest("archive")))


def _to_visit() -> Q:
    return Q(state__in=list(TO_VISIT))


def _ids(chosen: Q, **how: Any) -> Any:
    return Task.filter(chosen, **how).values_list("id", flat=True)


def _widest(kind: str) -> int:
    return max(BY_NAME[kind].thresholds)


async def _unaccepted(at: datetime, terms: Terms, after: datetime | None = None) -> list[int]:
    since = at - terms.accept + timedelta(hours=_widest("accept"))
    seats = Assignment.filter(until=None, accepted_at=None, since__lte=since)
    ids = await (seats.filter(since__gt=after) if after else seats).values_list("task_id", flat=True)
    return await _ids(_to_visit(), id__in=list(set(ids))) if ids else []


async def _unsigned(morning: datetime, terms: Terms) -> list[int]:
    """Visits over whose record sheet waits for an officer, or was drawn up before that was counted."""
    ids = await Record.filter(Q(awaited__gt=0) | Q(awaited__lt=0)).values_list("task_id", flat=True)
    over = _ids(Q(state__in=list(SIGNED_IN)), id__in=list(set(ids)), ended_at__lt=_since(morning, terms.sign))
    return await over if ids else []


async def _recorded(today: date, terms: Terms) -> list[int]:
    """Results that have their receipt, and are not open to all yet, when that is due."""
    ids = await _ids(Q(state__in=list(REVIEWED)), platform_receipt__gt="")
    days = PlatformReceipt.filter(
        task_id__in=ids, replaced_at=None, day__lte=today - (terms.publication - 1) * DAY
    )
    recorded: list[int] = await days.values_list("task_id", flat=True) if ids else []  # type: ignore[assignment]
    return recorded


async def _unconfirmed(morning: datetime, terms: Terms) -> list[int]:
    """Visits over of which a department's result stands for a while, and the whole is not confirmed."""
    oldest = await Task.filter(state=T.CONCLUDED, entry_due__isnull=False).order_by("entry_due").first()
    if oldest is None or oldest.ended_at is None:
        return []
    entered = DepartmentResult.filter(at__gte=oldest.ended_at - DAY, at__lt=_since(morning, terms.confirm))
    ids = await entered.distinct().values_list("task_id", flat=True)
    return await _ids(Q(state=T.CONCLUDED), id__in=list(ids)) if ids else []


async def _to_be_replaced() -> list[int]:
    """Tasks of teams of which somebody is to be replaced, while the head has not decided."""
    teams = await Substitution.filter(consented=None).values_list("team_id", flat=True)
    return await _ids(_to_visit(), team_id__in=list(set(teams))) if teams else []


def _since(morning: datetime, days: int) -> datetime:
    """The end of a term of so many working days lies at least as many days after its beginning."""
    return morning - (days - 1) * DAY


def _asked() -> Iterator[Any]:
    """Tasks of which somebody is asked something and has not answered."""
    open_: tuple[QuerySet[Any], ...] = (
        Sample.filter(outcome=""), RecusalRequest.filter(granted=None), Correction.filter(accepted=None),
        NonCooperation.filter(agreed=None), Objection.filter(upheld=None),
        FollowUp.filter(kind__in=SENT, ended_at=None), Revision.filter(outcome=""),
    )  # fmt: skip
    for rows in open_:
        yield rows.values_list("task_id", flat=True)
    yield Postponement.filter(granted=None).values_list("notice__task_id", flat=True)
