"""What anybody may read: notices by link, results. People and telephones never (Art. 8, 16)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from tortoise.expressions import Q

from models.queries.plans import names
from models.rules.visit import local_day
from models.states import NoticeState, TaskState
from models.tables import Batch, Item, Notice, PlanEntry, Postponement, Result, Scheme, Target, Task

OPEN = (TaskState.ASSIGNED, TaskState.NETWORK_CHECKED, TaskState.SCHEDULED, TaskState.ON_SITE)
PUBLISHED = (TaskState.PUBLISHED, TaskState.ARCHIVED)


class Standing(StrEnum):
    """What a notice is worth at the moment it is looked at."""

    TODAY = "today"  # genuine, and the visit is today
    EARLY = "early"  # genuine, but the visit is on a later day
    ON_SITE = "on_site"  # genuine, and the visit has begun
    OVER = "over"  # the visit is over, or its day has passed
    REPLACED = "replaced"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class NoticePage:
    """A notice for whoever holds its link; names masked, certificates by their tails."""

    id: int
    number: str
    standing: Standing
    target: str
    place: str
    begins: datetime
    ends: datetime
    departments: tuple[str, ...]
    officers: tuple[tuple[str, str, str, bool], ...]  # masked name, unit, certificate tail, leader
    items: tuple[str, ...]
    materials: tuple[str, ...]
    check_code: str
    complaint_phone: str
    acknowledged_at: datetime | None
    asked: str  # the reason given for another time, "" if not asked
    granted: bool | None
    newer: bool

    @property
    def standing_now(self) -> bool:
        return self.standing in (Standing.TODAY, Standing.EARLY, Standing.ON_SITE)


async def notice_page(token: str, at: datetime) -> NoticePage | None:
    """The notice of this link; None for a token that is nobody's."""
    notice = await Notice.get_or_none(token_sha256=hashlib.sha256(token.encode()).hexdigest())
    if notice is None or not notice.letter:
        return None
    letter = notice.letter
    task = await Task.get(id=notice.task_id)
    begins, ends = (datetime.fromisoformat(letter[name]) for name in ("begins", "ends"))
    officers = letter["officers"]
    asked = await Postponement.filter(notice__task_id=task.id).order_by("-id").first()
    return NoticePage(
        notice.id, notice.number, _standing(notice, task, begins, at), letter["target"], letter["place"],
        begins, ends, tuple(letter["departments"]),
        tuple((masked(name), unit, tail.lstrip("-"), bool(led)) for name, unit, tail, led in officers),
        tuple(name for _, name, _ in letter["items"]), tuple(letter["materials"]), notice.check_code,
        letter["complaint_phone"], notice.acknowledged_at, asked.reason if asked else "",
        asked.granted if asked else None, notice.state == NoticeState.REPLACED,
    )  # fmt: skip


def _standing(notice: Notice, task: Task, begins: datetime, at: datetime) -> Standing:
    if notice.state == NoticeState.REPLACED:
        return Standing.REPLACED
    if notice.state in (NoticeState.REVOKED, NoticeState.DRAFTED, NoticeState.WITHHELD):
        return Standing.REVOKED
    if task.state == TaskState.REMOVED:
        return Standing.REVOKED
    if task.state == TaskState.ON_SITE:
        return Standing.ON_SITE
    if task.state not in OPEN or local_day(at) > local_day(begins):
        return Standing.OVER
    return Standing.TODAY if local_day(at) == local_day(begins) else Standing.EARLY


def masked(name: str) -> str:
    """张*: the family name, and that there is more."""
    return name[:1] + "*" * max(1, min(2, len(name) - 1))


@dataclass(frozen=True, slots=True)
class ResultLine:
    """One published result: a company by name and code, what was checked, when, by which departments."""

    target: str
    code: str
    title: str
    items: tuple[str, ...]
    day: datetime
    published_at: datetime
    departments: tuple[str, ...]
    types: tuple[str, ...]


async def results(
    *, page: int = 1, per_page: int = 50, wanted: str = ""
) -> tuple[tuple[ResultLine, ...], int]:
    """Published results, newest first, and how many there are. `wanted`: part of a name or the whole code."""
    found = Task.filter(state__in=PUBLISHED)
    if wanted:
        found = found.filter(Q(target__name__contains=wanted) | Q(target__credit_code=wanted.upper()))
    count = await found.count()
    rows = await (
        found.select_related("target", "batch")
        .order_by("-published_at", "-id")
        .offset((page - 1) * per_page)
        .limit(per_page)
    )
    called = await names()
    behind = await _behind({row.batch_id for row in rows})
    types: dict[int, list[str]] = {}
    for one in await Result.filter(task_id__in=[row.id for row in rows]).order_by("version"):
        types[one.task_id] = list(one.types)
    return tuple(_result(row, types.get(row.id, []), behind, called) for row in rows), count


def _result(
    row: Task,
    types: list[str],
    behind: Mapping[str, tuple[Batch, PlanEntry, tuple[str, ...]]],
    called: Mapping[str, str],
) -> ResultLine:
    batch, entry, items = behind[row.batch_id]
    target: Target = row.target
    assert row.published_at
    return ResultLine(
        target.name, target.credit_code or target.registration or target.code, entry.title, items,
        row.ended_at or row.published_at, row.published_at, tuple(called.get(d, d) for d in batch.crew),
        tuple(types),
    )  # fmt: skip


async def _behind(codes: set[str]) -> dict[str, tuple[Batch, PlanEntry, tuple[str, ...]]]:
    found: dict[str, Any] = {}
    for batch in await Batch.filter(code__in=list(codes)):
        scheme = await Scheme.get(code=batch.scheme_id)
        entry = await PlanEntry.get(code=scheme.entry_id)
        items = {item.code: item.name for item in await Item.filter(code__in=entry.items)}
        found[batch.code] = (batch, entry, tuple(items[code] for code in entry.items if code in items))
    return found
