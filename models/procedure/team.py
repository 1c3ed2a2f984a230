"""联合抽查组: accepting a task, asking to be excused, and the next ticket that steps in (Art. 14 (2), 15)."""

from __future__ import annotations

from datetime import datetime

from models import store
from models.procedure import draw as draws
from models.procedure import event, message
from models.procedure import task as tasks
from models.queries import draws as queries
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules.actor import Actor, Role, require
from models.rules.substitution import ALL, NOBODY, Leaving, Reason
from models.states import TaskState as T
from models.tables import Account, Assignment, Draw, Inspector, Substitution, Task, Team

OPEN = (T.ASSIGNED, T.NETWORK_CHECKED, T.SCHEDULED, T.ON_SITE, T.UNREACHABLE)


@store.transactional
async def accept(number: str, *, by: Actor, at: datetime, key: str | None = None) -> Assignment:
    """The officer accepts the task; a second tap changes nothing."""
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    if mine.accepted_at is None and not await event.happened(key):
        mine.accepted_at = at
        await mine.save(update_fields=["accepted_at"])
        await tasks.note(task, "task.accepted", by=by, at=at, key=key, rows=[mine])
    return mine


@store.transactional
async def ask_out(
    number: str, reason: str, note: str, *, by: Actor, at: datetime, key: str | None = None
) -> Substitution:
    """申请回避 (this target alone) or 不能履行 (every visit to come): the own department's head decides."""
    task = await tasks.find(number)
    mine = await tasks.serving(task, by)
    officer = await Inspector.get(code=by.id)
    asked = await Substitution.filter(
        team_id=task.team_id, outgoing=officer.certificate, consented=None
    ).first()
    if asked or await event.happened(key):
        if asked is None:
            raise Refusal("team.asked_already", article="14(2)", task=number)
        return asked
    tasks.in_state(task, *OPEN, article="14(2)")
    why = Reason(reason) if reason in tuple(Reason) else None
    if why is None or (why == Reason.OTHER and not note.strip()):
        raise Refusal("team.no_reason", article="14(2)", task=number)
    mine.asked_at = at
    await mine.save(update_fields=["asked_at"])
    row = await Substitution.create(
        team_id=task.team_id,
        department=mine.department,
        outgoing=officer.certificate,
        targets=[task.pool_id] if why == Reason.RECUSAL else [],
        reason=why,
        note=note.strip(),
        asked_by=by.mark,
        asked_at=at,
    )
    await tasks.note(
        task, "team.asked_out", by=by, at=at, key=key, rows=[mine], reason=why, note=note.strip()
    )
    await event.record(f"team:{row.team_id}", "team.asked_out", by=by, at=at, rows=[row])
    for head in await Account.filter(role=Role.HEAD, department=mine.department, disabled_at=None):
        await message.owe(
            head,
            "team.asked",
            key=f"asked:{row.id}:{head.id}",
            at=at,
            lane=message.INTERACTIVE,
            substitution=row.id,
            task=number,
        )
    return row


@store.transactional
async def decide(
    substitution_id: int, consent: bool, *, by: Actor, at: datetime, key: str | None = None
) -> Substitution:
    """The head of the officer's own department consents; the next ticket steps in, nobody picks."""
    require(by, Role.HEAD, article="14(2)")
    row = await Substitution.get_or_none(id=substitution_id)
    if row is None or row.department != by.department:
        raise Refusal("team.other_department", article="14(2)")
    if row.consented is not None:
        return row
    row.consented, row.decided_by, row.decided_at = consent, by.mark, at
    concerned = await _concerned(row)
    if consent:
        await _substitute(row, concerned, at)
    await row.save()
    await event.record(
        f"team:{row.team_id}", "team.substituted" if consent else "team.stays", by=by, at=at, rows=[row]
    )
    for task in concerned:
        await tasks.note(
            task,
            "team.substituted" if consent else "team.stays",
            by=by,
            at=at,
            key=key if task is concerned[0] else None,
            rows=await Assignment.filter(task=task, department=row.department),
            out=row.outgoing,
            incoming=row.incoming,
            reason=row.reason,
            passed=row.passed,
        )
    await _tell(row, concerned, at)
    return row


@store.transactional
async def recuse(task: Task, officer: Inspector, *, by: Actor, at: datetime) -> Substitution:
    """The head has an officer kept away from this target alone; what made it needful is not written here."""
    require(by, Role.HEAD, article="14(2)")
    tasks.in_state(task, *OPEN, article="14(2)")
    asked = Substitution.filter(team_id=task.team_id, outgoing=officer.certificate, consented=None)
    row = next((one for one in await asked if one.targets == [task.pool_id]), None)
    if row is None:
        row = await Substitution.create(
            team_id=task.team_id, department=officer.department, outgoing=officer.certificate,
            targets=[task.pool_id], reason=Reason.RECUSAL, asked_by=by.mark, asked_at=at,
        )  # fmt: skip
        await event.record(f"team:{row.team_id}", "team.asked_out", by=by, at=at, rows=[row])
    return await decide(row.id, True, by=by, at=at)


async def _concerned(row: Substitution) -> list[Task]:
    open_tasks = Task.filter(team_id=row.team_id, state__in=OPEN).order_by("rank")
    return await (open_tasks.filter(pool_id__in=row.targets) if row.targets else open_tasks)


async def _substitute(row: Substitution, concerned: list[Task], at: datetime) -> None:
    team = await Team.get(id=row.team_id)
    stored = await Draw.get(code=team.draw_id)
    standing = await queries.held(stored)
    visited = [t.pool_id for t in await Task.filter(team=team).exclude(state__in=OPEN)]
    leaving = Leaving(row.outgoing, Reason(row.reason), tuple(sorted(row.targets)) or ALL)
    after = rules.substitute(standing, [leaving], at, await queries.unfit_on(at), visited)
    made = after.substitutions[len(standing.substitutions) :]
    row.incoming, row.passed = made[0].incoming, [list(one) for one in made[0].passed]
    await draws.keep(stored, after)
    now = rules.stand(after)
    people = {
        i.certificate: i for i in await Inspector.filter(department=row.department, certificate__isnull=False)
    }
    for task in concerned:
        seated = {
            certificate: seat
            for seat, certificate in now.members(task.pool_id)
            if seat.department == row.department
        }
        for old in await Assignment.filter(task=task, department=row.department, until=None).select_related(
            "inspector"
        ):
            if old.inspector.certificate not in seated:
                old.until = at
                await old.save(update_fields=["until"])
        staying = await Assignment.filter(task=task, department=row.department, until=None)
        serving = {one.inspector_id for one in staying}
        for certificate, seat in seated.items():
            if certificate != NOBODY and people[certificate].code not in serving:
                await Assignment.create(
                    task=task,
                    inspector=people[certificate],
                    department=row.department,
                    leader=seat.leader,
                    since=at,
                )


async def _tell(row: Substitution, concerned: list[Task], at: datetime) -> None:
    """The one who asked, the one who comes and the leaders hear of it; nobody left is told to the head."""
    numbers = [task.number for task in concerned]
    told: dict[int, str] = {}
    leaving = "team.decided" if row.asked_by.startswith(f"{Role.INSPECTOR}:") else "team.relieved"
    for certificate, kind in ((row.outgoing, leaving), (row.incoming, "task.assigned")):
        for account in (
            await Account.filter(inspector__certificate=certificate, disabled_at=None) if certificate else []
        ):
            told[account.id] = kind
    for task in concerned:
        leader = await tasks.leader_account(task)
        if leader and row.consented:
            told.setdefault(leader.id, "team.changed")
    if row.incoming == NOBODY:
        for head in await Account.filter(role=Role.HEAD, department=row.department, disabled_at=None):
            told[head.id] = "team.nobody_left"
    for account_id, kind in told.items():
        await message.owe(
            account_id,
            kind,
            key=f"{kind}:{row.id}:{account_id}",
            at=at,
            lane=message.INTERACTIVE,
            substitution=row.id,
            tasks=numbers,
            task=numbers[0] if numbers else "",
        )
