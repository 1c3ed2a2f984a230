"""分工: colleagues of one visit split the questions among themselves; nobody is locked out of any (Art. 15)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models import store
from models.operations import event
from models.procedure import task as tasks
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules.actor import Actor
from models.rules.checklist import Ask, ChecklistSheet
from models.states import TO_VISIT_OR_ON_SITE
from models.tables import Assignment, QuestionShare, Task

ARTICLE = "15"


@store.transactional
async def share(
    number: str, questions: Iterable[int], officer: str, *, by: Actor, at: datetime, key: str | None = None
) -> ChecklistSheet:
    """`officer` takes these questions (their numbers in the task), "" gives them back; whoever answers is recorded as ever.

    Of the own department's section, the leader of any; to one of the section's own officers.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    sheet = await sheet_of(task)
    if await event.find_by_key(key):
        return sheet
    tasks.in_state(task, *TO_VISIT_OR_ON_SITE, article=ARTICLE)
    asks = [sheet.ask(wanted) for wanted in dict.fromkeys(questions)]
    if any(ask.department != mine.department for ask in asks) and not mine.leader:
        raise Refusal("share.other_department", ARTICLE)
    if officer:
        await _serves_there(task, officer, asks)
    changed = [ask for ask in asks if sheet.shares.get(ask.number, "") != officer]
    if changed:
        rows = await _put(task, changed, officer, by, at)
        await tasks.note(
            task, "checklist.shared", by=by, at=at, key=key, rows=rows, officer=officer,
            questions=[ask.number for ask in changed],
        )  # fmt: skip
    return await sheet_of(task)


async def _serves_there(task: Task, officer: str, asks: list[Ask]) -> None:
    seat = await Assignment.get_or_none(task=task, inspector_id=officer, until=None)
    if seat is None or any(ask.department != seat.department for ask in asks):
        raise Refusal("share.not_in_section", ARTICLE)


async def _put(task: Task, asks: list[Ask], officer: str, by: Actor, at: datetime) -> list[QuestionShare]:
    """End what stood for these questions, begin what stands now; the rows written."""
    rows = await QuestionShare.filter(task=task, question_id__in=[ask.id for ask in asks], ended_at=None)
    for row in rows:
        row.ended_at = at
        await row.save(update_fields=["ended_at"])
    if not officer:
        return rows
    return [
        *rows,
        *[
            await QuestionShare.create(
                task=task, question_id=ask.id, inspector_id=officer, shared_by=by.mark, shared_at=at
            )
            for ask in asks
        ],
    ]
