"""公示预览: what a result will look like to everybody, and what of the task is kept back (Art. 8, 16 (3))."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from models.queries import public
from models.queries.public import ResultLine
from models.rules.public.result import PublicationRow
from models.states import PUBLIC
from models.tables import Answer, Assignment, Paper, Photo, Result, Task


@dataclass(frozen=True, slots=True)
class PublicationPreview:
    """`kept_back`: kind of thing and how many of it there are; kinds of which there is none are left out."""

    line: ResultLine
    kept_back: tuple[tuple[str, int], ...]


async def preview(number: str, at: datetime) -> PublicationPreview | None:
    """As if the newest result were published at `at`; None without a result, or once it is public."""
    task = await Task.get_or_none(number=number).select_related("target")
    result = await Result.filter(task=task).order_by("-version").first() if task else None
    if task is None or result is None or task.state in PUBLIC:
        return None
    facts = (await public.facts_of([task]))[task.id]
    parts = (await public.parts_by([result.id])).get(result.id, ())
    row = PublicationRow("published", tuple(result.types), "", at, parts)
    lines = await public.worded([task], {task.id: replace(facts, publications=(row,))})
    return PublicationPreview(lines[0], await _kept_back(task, result))


async def _kept_back(task: Task, result: Result) -> tuple[tuple[str, int], ...]:
    target = task.target
    counts = {
        "officers": await Assignment.filter(task=task).count(),
        "contact": sum(map(bool, {target.contact, target.representative, target.phone})),
        "photos": await Photo.filter(task=task, removed_at=None).count(),
        "answers": await Answer.filter(task=task).exclude(note="").count(),
        "papers": await Paper.filter(task=task).count(),
        "note": int(bool(result.note)),
        "address": int(bool(target.address)),
        "risk": int(bool(target.risk)),
    }
    return tuple((kind, count) for kind, count in counts.items() if count)
