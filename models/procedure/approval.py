"""审批: where the district asks for it, the leader's letter goes out when the department's head agrees (Art. 16 (2)).

Until then nobody has its link. Refused, it goes back to the leader with the reason and is no letter any more.
"""

from __future__ import annotations

from datetime import datetime

from models import store
from models.district import District
from models.operations import event
from models.procedure import notice, notice_records
from models.procedure import task as tasks
from models.queries import pending_decisions
from models.queries.pending_decisions import PendingNotice
from models.refusal import Refusal
from models.rules import visit
from models.rules.actor import Actor, Role, require
from models.rules.text import visible
from models.states import NoticeState as N
from models.states import TaskState as T
from models.tables import Assignment, Task


@store.transactional
async def decide(
    notice_id: int,
    agree: bool,
    *,
    by: Actor,
    at: datetime,
    district: District,
    reason: str = "",
    key: str | None = None,
) -> PendingNotice:
    """The head of the leader's department agrees, and the letter goes out; or sends it back with a reason.

    The letter as it stands then.
    """
    require(by, Role.HEAD, article="16(2)")
    letter = await notice_records.find(notice_id)
    task = await Task.get(id=letter.task_id)
    leader = await Assignment.get_or_none(task=task, leader=True, until=None)  # who need not have an account
    if leader is None or leader.department != by.department or letter.withheld_basis:
        raise Refusal("notice.unknown", article="16(2)")
    if await event.find_by_key(key) or letter.state != N.DRAFTED:
        return await pending_decisions.letter(letter.id)
    if agree:
        _in_time(task, at, district)
        letter.head_by, letter.head_at = by.mark, at
        rows = await notice.hand_over(letter, task, at, district)
        await tasks.note(
            task, "notice.head_agreed", by=by, at=at, key=key, rows=rows, number=letter.number,
            facts=notice.fingerprint(letter.letter),
        )  # fmt: skip
    else:
        if not visible(reason).strip():
            raise Refusal("notice.refusal_needs_reason", article="16(2)", task=task.number)
        await notice_records.move_to(letter, N.REVOKED, head_by=by.mark, head_at=at)
        await tasks.note(
            task, "notice.head_refused", by=by, at=at, key=key, rows=[letter], number=letter.number,
            reason=reason.strip(),
        )  # fmt: skip
    await notice_records.tell_leader(
        task, "notice.head_decided", f"head:{letter.id}", at, agree=agree, reason=reason.strip()
    )
    return await pending_decisions.letter(letter.id)


def _in_time(task: Task, at: datetime, district: District) -> None:
    """Agreed too late, the letter would cut the notice period by itself: then the time must be another."""
    tasks.in_state(task, T.SCHEDULED, article="16(2)")
    assert task.visit_from
    days = visit.notice_days(district.calendar, at, task.visit_from)
    if task.visit_from <= at or (days < district.notice_days and not task.short_notice):
        raise Refusal("notice.agreed_too_late", article="16(2)", days=days, needed=district.notice_days)
