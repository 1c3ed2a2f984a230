"""组长负责制: the leader settles the visit with the members; then it is fixed and told (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from models import store
from models.district import District
from models.operations import event, outbox
from models.procedure import inspection, notice, notice_records
from models.procedure import task as tasks
from models.queries import clash
from models.refusal import Refusal
from models.rules import visit
from models.rules.actor import Actor
from models.states import TO_VISIT, NoticeState
from models.states import TaskState as T
from models.tables import Task


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
    task.proposed_from, task.proposed_until = begins, ends
    await task.save(update_fields=["proposed_from", "proposed_until"])
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
    if ask:
        asked = f"ask:{number}:{begins.isoformat()}:{at.isoformat()}"
        await notice_records.tell_team(
            task, "visit.proposed", asked, at, lane=outbox.INTERACTIVE, but=by.account
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
        await notice_records.tell_leader(task, "visit.declined", declined, at, member=by.name)


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
) -> None:
    """The leader fixes the proposed time; the notice goes out in the same act.

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
    if task.state == T.ASSIGNED:
        raise Refusal("visit.network_check_first", article="16(1)", task=number)
    if (
        task.state == T.SCHEDULED
        and task.visit_from == task.proposed_from
        and not await notice_records.sent_back(task)
    ):
        return
    await refuse_two_at_once(task, task.proposed_from, task.proposed_until)
    days = visit.notice_days(district.calendar, at, task.proposed_from)
    withheld = await notice_records.withheld(task)
    if days < district.notice_days and not withheld and not reason.strip():
        raise Refusal("visit.short_notice", article="16(2)", days=days, needed=district.notice_days)
    fixed = {"visit_from": task.proposed_from, "visit_until": task.proposed_until, "short_notice": reason}
    await tasks.to(task, T.SCHEDULED, "15", **fixed)
    begins, ends = task.proposed_from.isoformat(), task.proposed_until.isoformat()
    await tasks.note(task, "visit.fixed", by=by, at=at, key=key, begins=begins, ends=ends, reason=reason)
    if tell:
        told = f"fixed:{number}:{task.proposed_from.isoformat()}:{at.isoformat()}"
        await notice_records.tell_team(task, "visit.fixed", told, at, but=by.account)
    if not withheld:
        await notice.give(task, by=by, at=at, district=district)


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
    await tasks.note(
        task, "visit.unfixed", by=by, at=at, rows=fallen, begins=begins.isoformat(), other=other.number,
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
    if fallen:
        await notice_records.tell_entity(task, "notice.time_gone", key, at, notice=fallen[0].id)


async def refuse_two_at_once(
    task: Task, begins: datetime, ends: datetime, people: Iterable[str] | None = None
) -> None:
    """Refuse a time at which one of the team (or of `people`) is at another fixed visit, naming it and them."""
    clashes = await clash.with_fixed(task, begins, ends, people)
    if clashes:
        raise two_at_once(clashes[0])


def two_at_once(other: clash.Clash) -> Refusal:
    """Somebody would be in two places; the other visit is named to those who serve there themselves (D60)."""
    met = {"names": other.names, "begins": other.begins, "ends": other.ends}
    if not other.target:
        return Refusal("visit.two_at_once_elsewhere", article="15", **met)
    return Refusal("visit.two_at_once", article="15", other=other.number, target=other.target, **met)
