"""组长负责制: the leader settles the visit with the members; then it is fixed and told (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import inspection, notice, notice_records, notification, recipients
from models.procedure import task as tasks
from models.queries import clash, visit_joins
from models.refusal import Refusal
from models.rules import visit
from models.rules.actor import Actor
from models.rules.text import visible
from models.states import TO_VISIT, NoticeState
from models.states import TaskState as T
from models.tables import Assignment, Task


@store.transactional
async def propose(
    number: str,
    begins: datetime,
    ends: datetime,
    *,
    by: Actor,
    at: datetime,
    key: str | None = None,
    ask: bool = True,
) -> None:
    """The leader proposes a time; every member is asked (`ask` False: the caller asks for many tasks at once)."""
    task = await tasks.find(number)
    mine = await tasks.leading(task, by)
    if await event.find_by_key(key) or (task.proposed_from, task.proposed_until) == (begins, ends):
        return
    tasks.in_state(task, *TO_VISIT, article="15")
    batch = await inspection.batch_of(task)
    visit.check_window(begins, ends, batch.opens, batch.closes, at)
    await refuse_two_at_once(task, begins, ends)
    task.proposed_from, task.proposed_until, task.proposed_at = begins, ends, at
    await task.save(update_fields=["proposed_from", "proposed_until", "proposed_at"])
    mine.agreed_from = begins
    await mine.save(update_fields=["agreed_from"])
    await tasks.note(
        task,
        "visit.proposed",
        by=by,
        at=at,
        key=key,
        rows=[mine],
        begins=begins.isoformat(),
        ends=ends.isoformat(),
    )
    if joined := await visit_joins.partner(task):
        await _propose_along(joined, task, by=by, at=at)
    if ask:
        asked = f"ask:{number}:{begins.isoformat()}:{at.isoformat()}"
        await notice_records.tell_team(
            task, "visit.proposed", asked, at, lane=outbox.INTERACTIVE, but=by.account
        )


async def _propose_along(joined: Task, task: Task, *, by: Actor, at: datetime) -> None:
    """The visit that goes through the same door is asked about at the same time; its own leader fixes it (合并上门)."""
    joined = await tasks.find(joined.number)
    begins, ends = task.proposed_from, task.proposed_until
    assert begins and ends
    tasks.in_state(joined, *TO_VISIT, article="15")
    batch = await inspection.batch_of(joined)
    visit.check_window(begins, ends, batch.opens, batch.closes, at)
    await refuse_two_at_once(joined, begins, ends)
    joined.proposed_from, joined.proposed_until, joined.proposed_at = begins, ends, at
    await joined.save(update_fields=["proposed_from", "proposed_until", "proposed_at"])
    await tasks.note(
        joined, "visit.proposed", by=by, at=at, begins=begins.isoformat(), ends=ends.isoformat(), joined=task.number
    )  # fmt: skip
    asked = f"ask:{joined.number}:{begins.isoformat()}:{at.isoformat()}"
    await notice_records.tell_team(
        joined, "visit.proposed", asked, at, lane=outbox.INTERACTIVE, but=by.account
    )


@store.transactional
async def reply(
    number: str, can: bool, *, by: Actor, at: datetime, begins: datetime | None = None, key: str | None = None
) -> None:
    """A member can or cannot keep the proposed time; the answer may change until the time is fixed.

    `begins`: the time that was read; another one proposed meanwhile is refused, not answered unread.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if await event.find_by_key(key):
        return
    if task.proposed_from is None:
        raise Refusal("visit.nothing_proposed", article="15", task=number)
    if begins is not None and begins != task.proposed_from:
        raise Refusal("visit.time_changed", article="15", begins=task.proposed_from)
    if task.state == T.SCHEDULED and task.visit_from == task.proposed_from:
        raise Refusal("visit.fixed_already", article="15", begins=task.proposed_from)
    tasks.in_state(task, *TO_VISIT, article="15")
    mine.agreed_from, mine.declined_from = (task.proposed_from, None) if can else (None, task.proposed_from)
    await mine.save(update_fields=["agreed_from", "declined_from"])
    await tasks.note(task, "visit.replied", by=by, at=at, key=key, rows=[mine], can=can)
    if not can:
        declined = f"declined:{number}:{task.proposed_from.isoformat()}:{at.isoformat()}:{by.id}"
        await notice_records.tell_leader(task, "visit.declined", declined, at, but=by.account, member=by.name)


@store.transactional
async def fix(
    number: str,
    *,
    by: Actor,
    at: datetime,
    district: District,
    reason: str = "",
    key: str | None = None,
    tell: bool = True,
    begins: datetime | None = None,
) -> None:
    """The leader fixes the proposed time; the notice goes out in the same act.

    `begins`: the time that was read; another one proposed meanwhile is refused, not fixed unread.

    Nobody can be in two places: a time that meets another fixed visit of a member is refused, whatever was true
    when it was proposed. Fewer working days than the district's notice period need a reason. `tell` False: the caller tells the
    members about many tasks at once.
    """
    await tasks.visits_turn()
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if await event.find_by_key(key):
        return
    if task.proposed_from is None or task.proposed_until is None:
        raise Refusal("visit.nothing_proposed", article="15", task=number)
    if begins is not None and begins != task.proposed_from:
        raise Refusal("visit.time_changed", article="15", begins=task.proposed_from)
    if task.state == T.ASSIGNED:
        raise Refusal("visit.network_check_first", article="16(1)", task=number)
    if (
        task.state == T.SCHEDULED
        and task.visit_from == task.proposed_from
        and not await notice_records.sent_back(task)
    ):
        return
    await refuse_two_at_once(task, task.proposed_from, task.proposed_until)
    await _refuse_apart(task)
    days = visit.notice_days(district.calendar, at, task.proposed_from)
    withheld = await notice_records.withheld(task)
    if days < district.notice_days and not withheld and not visible(reason).strip():
        raise Refusal("visit.short_notice", article="16(2)", days=days, needed=district.notice_days)
    fixed = {
        "visit_from": task.proposed_from, "visit_until": task.proposed_until, "short_notice": reason, "proposed_at": None,
    }  # fmt: skip
    silent, moved_from = await _silent(task), _moved_from(task)
    trail = dict(moved_from)
    if moved_from:
        trail["told"] = await recipients.names((await recipients.team(task)).but(by.account))
    await tasks.to(task, T.SCHEDULED, "15", **fixed)
    await tasks.note(
        task, "visit.fixed", by=by, at=at, key=key, begins=task.proposed_from.isoformat(),
        ends=task.proposed_until.isoformat(), reason=reason, silent=silent, **trail,
    )  # fmt: skip
    if tell:
        once = f"fixed:{number}:{task.proposed_from.isoformat()}:{at.isoformat()}"
        await notice_records.tell_team(task, "visit.fixed", once, at, but=by.account, **moved_from)
    if not withheld:
        await notice.give(task, by=by, at=at, district=district)


def _moved_from(task: Task) -> dict[str, Any]:
    """For a fixed visit that moves, when it would have begun: its team hears of it, and the trail says whom it was told."""
    if task.state != T.SCHEDULED or not task.visit_from or task.visit_from == task.proposed_from:
        return {}
    return {"moved_from": task.visit_from.isoformat()}


async def _refuse_apart(task: Task) -> None:
    """Two visits that were made one are fixed at one time."""
    joined = await visit_joins.partner(task)
    if joined and task.proposed_from not in (joined.visit_from, joined.proposed_from):
        raise Refusal("visit.join_other_time", article="15", task=task.number, other=joined.number)


async def _silent(task: Task) -> list[str]:
    """Who never answered to the time that is fixed: the trail says so."""
    seats = await Assignment.filter(task=task, until=None).order_by("id")
    answered = task.proposed_from
    return [
        str(seat.inspector_id) for seat in seats if answered not in (seat.agreed_from, seat.declined_from)
    ]


async def unfix(task: Task, other: clash.Clash, *, by: Actor, at: datetime) -> None:
    """Somebody who now belongs to the team is at another visit then: the time and its letter fall (Art. 14 (2), 15).

    Part of an act. The team and the entity are told; the leader settles another time.
    """
    begins = task.visit_from
    assert begins
    task.visit_from = task.visit_until = task.proposed_from = task.proposed_until = None
    await task.save(update_fields=["visit_from", "visit_until", "proposed_from", "proposed_until"])
    waiting = await notice_records.drafted(task)
    letters = [
        await notice_records.current(task),
        waiting if waiting and not waiting.withheld_basis else None,
    ]
    fallen = [letter for letter in letters if letter is not None]
    for letter in fallen:
        await notice_records.move_to(letter, NoticeState.REVOKED)
    told = await notification.owe(task, "time_gone", at, letters[0].id) if letters[0] else []
    await tasks.note(
        task, "visit.unfixed", by=by, at=at, rows=[*fallen, *told], begins=begins.isoformat(), other=other.number,
        names=list(other.names),
    )  # fmt: skip
    key = f"unfixed:{task.number}:{begins.isoformat()}:{at.isoformat()}"
    await notice_records.tell_team(
        task,
        "visit.unfixed",
        key,
        at,
        lane=outbox.INTERACTIVE,
        begins=begins.isoformat(),
        names=list(other.names),
    )


async def refuse_two_at_once(
    task: Task, begins: datetime, ends: datetime, people: Iterable[str] | None = None
) -> None:
    """Refuse a time at which one of the team (or of `people`) is at another fixed visit or recheck, naming it and them."""
    clashes = await clash.with_fixed(task, begins, ends, people)
    if clashes:
        raise two_at_once(clashes[0])


def two_at_once(other: clash.Clash) -> Refusal:
    """Somebody would be in two places; the other visit is named to those who serve there themselves (D60)."""
    met = {"names": other.names, "begins": other.begins, "ends": other.ends}
    if other.recheck:
        return Refusal("visit.recheck_then", article="15", **met)
    if not other.target:
        return Refusal("visit.two_at_once_elsewhere", article="15", **met)
    return Refusal("visit.two_at_once", article="15", other=other.number, target=other.target, **met)
