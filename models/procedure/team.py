"""联合抽查组: accepting a task, asking for a substitution, and the next ticket that steps in (Art. 14 (2), 15)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import notice_records, recipients, substitution
from models.procedure import task as tasks
from models.procedure.recipients import Recipients
from models.queries import pending_decisions
from models.queries import substitution as queries
from models.queries.draws import certificate_in, officer_in
from models.queries.pending_decisions import SubstitutionRequest
from models.refusal import Refusal
from models.rules.actor import Actor, Role, require
from models.rules.draw.substitution import NOBODY, Reason
from models.rules.registry.rows import InspectorStatus
from models.rules.text import visible
from models.states import IN_HAND, TO_VISIT_OR_ON_SITE
from models.states import TaskState as T
from models.tables import Assignment, Inspector, Substitution, Task, Team


@dataclass(frozen=True, slots=True)
class SubstitutionAsked:
    """A request for a substitution: it waits for the head, or was decided in the same act."""

    id: int
    consented: bool | None


@store.transactional
async def accept(number: str, *, by: Actor, at: datetime, key: str | None = None) -> None:
    """The officer accepts the task; a second tap changes nothing."""
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if mine.accepted_at is None and not await event.find_by_key(key):
        mine.accepted_at = at
        await mine.save(update_fields=["accepted_at"])
        await tasks.note(task, "task.accepted", by=by, at=at, key=key, rows=[mine])


@store.transactional
async def ask_out(
    number: str, reason: str, note: str, *, by: Actor, at: datetime, key: str | None = None
) -> SubstitutionAsked:
    """申请回避 (this target alone) or 不能履行 (every visit to come): the own department's head decides.

    Asked from a visit under way, that one is handed over too.
    """
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    officer = await Inspector.get(code=by.id)
    why = _reason(reason, note, number)
    if asked := await _open_request(task, officer, why):
        if (asked.reason, asked.note) != (why, note.strip()):  # another word would be lost: say so
            raise Refusal("team.asked_already", article="14(2)", task=number)
        return SubstitutionAsked(asked.id, asked.consented)
    if await event.find_by_key(key):
        raise Refusal("team.asked_already", article="14(2)", task=number)
    tasks.in_state(task, *TO_VISIT_OR_ON_SITE, article="14(2)")
    mine.asked_at = at
    await mine.save(update_fields=["asked_at"])
    row = await _ask(task, officer, mine.department, why, note, by=by, at=at, key=key, rows=[mine])
    return SubstitutionAsked(row.id, row.consented)


@store.transactional
async def request_substitution(
    number: str, officer: str, reason: str, note: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> SubstitutionAsked:
    """更换 begun by somebody else: the task's leader, the head of the officer's department, or the office.

    `officer`: code of one who serves in the task, or who left a seat of it that nobody fills. The head's own
    request is the consent as well.
    """
    require(by, Role.INSPECTOR, Role.HEAD, Role.OFFICE, article="14(2)")
    if by.role == Role.HEAD and (known := await Task.get_or_none(number=number)):
        await _team_turn(known.team_id)
    task = await tasks.find(number)
    department = await _department_of(task, officer)
    if by.role == Role.INSPECTOR:
        await tasks.leading(task, by)
    elif department is None or (by.role == Role.HEAD and department != by.department):
        raise Refusal("team.other_department", article="14(2)")
    if department is None:
        raise Refusal("visit.not_of_the_team", article="14(2)", inspector=officer)
    leaving = await Inspector.get(code=officer)
    row = await _open_request(task, leaving)
    if row is None:
        handed_over = IN_HAND if leaving.status == InspectorStatus.LEFT else ()
        tasks.in_state(task, *TO_VISIT_OR_ON_SITE, *handed_over, article="14(2)")
        why = _reason(reason, note, number)
        told = by.role != Role.HEAD
        row = await _ask(task, leaving, department, why, note, by=by, at=at, key=key, tell=told)
    if by.role == Role.HEAD:
        row, _ = await _decide(row.id, True, by=by, at=at)
    return SubstitutionAsked(row.id, row.consented)


@store.transactional
async def open_for(
    officer: Inspector, task: Task, targets: list[str], note: str, why: Reason, *, by: Actor, at: datetime
) -> Substitution | None:
    """The register rules an officer out: the substitution is opened and the head asked. None if it is open already."""
    if await _open_request(task, officer):
        return None
    seat = await Assignment.get(task=task, inspector=officer, until=None)
    return await _ask(task, officer, str(seat.department), why, note, by=by, at=at, targets=targets)


@store.transactional
async def decide(
    substitution_id: int, consent: bool, *, by: Actor, at: datetime, key: str | None = None
) -> SubstitutionRequest:
    """The head of the officer's own department consents; the next ticket steps in, nobody picks."""
    return await pending_decisions.request_of(*await _decide(substitution_id, consent, by=by, at=at, key=key))


async def _decide(
    substitution_id: int, consent: bool, *, by: Actor, at: datetime, key: str | None = None
) -> tuple[Substitution, list[Task]]:
    """The row, and the tasks that it is about."""
    require(by, Role.HEAD, article="14(2)")
    asked = await Substitution.get_or_none(id=substitution_id)
    if asked is None or asked.department != by.department:
        raise Refusal("team.other_department", article="14(2)")
    await _team_turn(asked.team_id)
    row = await Substitution.get(id=substitution_id)
    concerned = await queries.concerned(row)
    if row.consented is not None:
        return row, concerned
    row.consented, row.decided_by, row.decided_at = consent, by.mark, at
    row.tasks = [task.number for task in concerned]
    if consent and concerned:
        await substitution.step_in(row, concerned, by=by, at=at)
    await row.save()
    kind = "team.substituted" if consent else "team.stays"
    await event.record(f"team:{row.team_id}", kind, by=by, at=at, rows=[row], tasks=row.tasks)
    for task in concerned:
        await tasks.note(
            task,
            kind,
            by=by,
            at=at,
            key=key if task is concerned[0] else None,
            rows=await Assignment.filter(task=task, department=row.department),
            out=row.outgoing,
            incoming=row.incoming,
            reason=row.reason,
            passed=row.passed,
        )
    await outbox.enqueue_follow_up([f"out:{row.id}"], at=at)
    await outbox.desks(row.department, f"out:{row.id}", at=at)
    await _tell(row, concerned, at)
    return row, concerned


@store.transactional
async def recuse(task: Task, officer: Inspector, *, by: Actor, at: datetime) -> None:
    """The head has an officer kept away from this target alone; what made it needful is not written here."""
    require(by, Role.HEAD, article="14(2)")
    await _team_turn(task.team_id)
    tasks.in_state(task, *TO_VISIT_OR_ON_SITE, article="14(2)")
    certificate = await certificate_in(task.draw_id, officer)
    asked = Substitution.filter(team_id=task.team_id, outgoing=certificate, consented=None)
    row = next((request for request in await asked if request.targets == [task.pool_id]), None)
    if row is None:
        row = await Substitution.create(
            team_id=task.team_id, department=officer.department, outgoing=certificate,
            targets=[task.pool_id], asked_in=task.number, reason=Reason.RECUSAL, asked_by=by.mark, asked_at=at,
        )  # fmt: skip
        await event.record(f"team:{row.team_id}", "team.asked_out", by=by, at=at, rows=[row])
    await _decide(row.id, True, by=by, at=at)


async def _team_turn(team_id: int) -> None:
    """Who goes where is changed by one act at a time; the turns of the team's tasks are taken in their order."""
    await tasks.visits_turn()
    numbers = await Task.filter(team_id=team_id).values_list("number", flat=True)
    await tasks.turns(str(number) for number in numbers)


def _reason(reason: str, note: str, number: str) -> Reason:
    why = Reason(reason) if reason in tuple(Reason) else None
    if why is None or (why == Reason.OTHER and not visible(note).strip()):
        raise Refusal("team.no_reason", article="14(2)", task=number)
    return why


async def _open_request(task: Task, officer: Inspector, why: Reason | None = None) -> Substitution | None:
    """The request that waits for the head and covers this task already.

    `why`: only one of its kind. A recusal from one target and a leave from all are decided apart: either may be
    declined.
    """
    certificate = await certificate_in(task.draw_id, officer)
    rows = await Substitution.filter(team_id=task.team_id, outgoing=certificate, consented=None)
    covering = [row for row in rows if not row.targets or task.pool_id in row.targets]
    if why is not None:
        covering = [row for row in covering if bool(row.targets) == (why == Reason.RECUSAL)]
    return covering[0] if covering else None


async def _department_of(task: Task, officer: str) -> str | None:
    """The seat that the officer fills in the task, or left empty; None for anybody else."""
    if seat := await Assignment.get_or_none(task=task, inspector_id=officer, until=None):
        return str(seat.department)
    empty = (await queries.vacancies([task])).get(task.id, ())
    return next((vacancy.department for vacancy in empty if vacancy.officer == officer), None)


async def _ask(
    task: Task, officer: Inspector, department: str, why: Reason, note: str, *, by: Actor, at: datetime,
    key: str | None = None, rows: list[Assignment] | None = None, targets: list[str] | None = None,
    tell: bool = True,
) -> Substitution:  # fmt: skip
    only_here = why == Reason.RECUSAL or await _vacated_here_alone(task, officer)
    certificate = await certificate_in(task.draw_id, officer)
    row = await Substitution.create(
        team_id=task.team_id,
        department=department,
        outgoing=certificate,
        targets=targets if targets is not None else [task.pool_id] if only_here else [],
        asked_in=task.number if only_here or task.state == T.ON_SITE else "",
        reason=why,
        note=note.strip(),
        asked_by=by.mark,
        asked_at=at,
    )
    request = {"reason": why, "note": note.strip(), "out": certificate}
    await tasks.note(task, "team.asked_out", by=by, at=at, key=key, rows=rows or (), **request)
    await event.record(f"team:{row.team_id}", "team.asked_out", by=by, at=at, rows=[row])
    if tell:
        await notice_records.tell_head(
            task, department, "team.asked", f"asked:{row.id}", at, substitution=row.id
        )
    return row


async def _vacated_here_alone(task: Task, officer: Inspector) -> bool:
    """True if the seat that stands empty was given up for this target alone: it is filled for it alone."""
    if await Assignment.exists(task=task, inspector=officer, until=None):
        return False
    certificate = await certificate_in(task.draw_id, officer)
    rows = Substitution.filter(team_id=task.team_id, outgoing=certificate, consented=True)
    last = next((row for row in await rows.order_by("-id") if task.number in (row.tasks or ())), None)
    return last is not None and bool(last.targets)


async def _tell(row: Substitution, concerned: list[Task], at: datetime) -> None:
    """The one who asked, the one who comes and the leaders hear of it; nobody left is told to the head."""
    numbers = [task.number for task in concerned]
    told: dict[str, Any] = {"substitution": row.id, "tasks": numbers, "task": numbers[0] if numbers else ""}
    team = await Team.get(id=row.team_id)
    chain = f"team:{row.team_id}"
    leaving = "team.decided" if row.asked_by.startswith(f"{Role.INSPECTOR}:") else "team.relieved"
    spoken: list[int] = []
    for certificate, kind in ((row.incoming, "task.assigned"), (row.outgoing, leaving)):
        if officer := await officer_in(team.draw_id, certificate):
            to_whom = (await recipients.officers([officer.code])).but(*spoken)
            await recipients.tell(
                to_whom, kind, key=f"{kind}:{row.id}", at=at, lane=outbox.INTERACTIVE, chain=chain, **told
            )
            spoken += to_whom.accounts
    leaders = Recipients()
    for task in concerned if row.consented else ():
        leaders += await recipients.leader(task)
    await recipients.tell(
        leaders.but(*spoken), "team.changed", key=f"team.changed:{row.id}", at=at, lane=outbox.INTERACTIVE, chain=chain,
        **told,
    )  # fmt: skip
    if row.incoming == NOBODY and concerned:
        await notice_records.tell_head(
            concerned[0], row.department, "team.nobody_left", f"team.nobody_left:{row.id}", at,
            substitution=row.id, tasks=numbers,
        )  # fmt: skip
