"""更换 carried out: the next ticket takes the seat, in the draw and in the tasks (Art. 14 (2), 15). Parts of acts."""

from __future__ import annotations

from datetime import datetime

from models.procedure import draw as draws
from models.procedure import schedule
from models.procedure import task as tasks
from models.procedure.snapshot import officers_of
from models.queries import clash
from models.queries import draws as queries
from models.rules import draw as rules
from models.rules.actor import Actor
from models.rules.draw.substitution import ALL, NOBODY, LeavingOfficer, Reason
from models.states import AT_THE_DOOR, TO_VISIT
from models.tables import Assignment, Draw, Inspector, Substitution, Task, Team


async def step_in(row: Substitution, concerned: list[Task], *, by: Actor, at: datetime) -> None:
    """Who comes after the one who leaves, by the draw; their seats in the tasks; and no one in two places.

    A visit that the newcomer cannot keep, being at another one then, loses its time: the leader settles another.
    """
    team = await Team.get(id=row.team_id)
    stored = await Draw.get(code=team.draw_id)
    people = await officers_of(stored)
    before = await queries.held(stored)
    standing = rules.stand(before)
    holder = _holder(row, before.substitutions)
    if row.targets or holder == row.outgoing or holder not in standing.seat_of:
        leaving = LeavingOfficer(holder, Reason(row.reason), tuple(sorted(row.targets)) or ALL)
        spared = [
            task.pool_id for task in await Task.filter(team=team).exclude(id__in=[t.id for t in concerned])
        ]
        after = rules.substitute(
            before, [leaving], rules.in_turn(before, at), await queries.unfit_on(at, people), spared
        )
        first = after.substitutions[len(before.substitutions)]
        row.incoming, row.passed = first.incoming, [list(pair) for pair in first.passed]
        await draws.keep(stored, after)
        standing = rules.stand(after)
    else:  # the seat was taken over before; what was still in hand then goes to the same successor
        row.incoming, row.passed = holder, []
    for task in concerned:
        await _reseat(task, row.department, standing.members(task.pool_id), people, at)
    if row.incoming != NOBODY:
        await _settle_clashes(people[row.incoming], concerned, by=by, at=at)


def _holder(row: Substitution, happened) -> str:  # type: ignore[no-untyped-def]
    """Who has the seat of the one who leaves now: they themselves, or who took it over for good."""
    holder = row.outgoing
    for change in happened:
        if change.ids == ALL and change.out == holder and change.incoming != NOBODY:
            holder = change.incoming
    return holder


async def _reseat(task: Task, department: str, members, people: dict, at: datetime) -> None:  # type: ignore[no-untyped-def,type-arg]
    """The places of a department in a task as the draw has them: old ones end, new ones begin."""
    seated = {certificate: seat for seat, certificate in members if seat.department == department}
    numbers = {people[certificate].code for certificate in seated if certificate != NOBODY}
    for old in await Assignment.filter(task=task, department=department, until=None):
        if old.inspector_id not in numbers:
            old.until = at
            await old.save(update_fields=["until"])
    serving = {
        assignment.inspector_id
        for assignment in await Assignment.filter(task=task, department=department, until=None)
    }
    for certificate, seat in seated.items():
        if certificate != NOBODY and people[certificate].code not in serving:
            await Assignment.create(
                task=task, inspector=people[certificate], department=department, leader=seat.leader, since=at
            )


async def _settle_clashes(newcomer: Inspector, concerned: list[Task], *, by: Actor, at: datetime) -> None:
    for task in concerned:
        if task.visit_from is None or task.visit_until is None or task.state not in AT_THE_DOOR:
            continue
        if not await Assignment.exists(task=task, inspector=newcomer, until=None):
            continue
        for other in await clash.with_fixed(task, task.visit_from, task.visit_until, [newcomer.code]):
            if task.state in TO_VISIT:
                await schedule.unfix(task, other, by=by, at=at)
                break
            await _free_for(task, other, by=by, at=at)


async def _free_for(under_way: Task, other: clash.Clash, *, by: Actor, at: datetime) -> None:
    """Somebody takes over a visit under way: their other visit of this hour gets another time."""
    theirs = await tasks.find(other.number)
    if theirs.state not in TO_VISIT:
        raise schedule.two_at_once(other)
    assert under_way.visit_from
    assert under_way.visit_until
    mine = clash.Clash(
        under_way.number, "", under_way.visit_from, under_way.visit_until, other.names, fixed=True
    )
    await schedule.unfix(theirs, mine, by=by, at=at)
