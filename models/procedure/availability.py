"""名录库是活的: what the register says of an officer reaches the open tasks the same minute (Art. 10, 14 (2)).

Whoever may not go any more is flagged in each open task; the leader and the head are told, and the substitution is
opened for the head to decide.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import recipients, team
from models.procedure import task as tasks
from models.procedure.recipients import Recipients
from models.queries import substitution as queries
from models.rules.actor import CLOCK, Actor
from models.rules.draw.substitution import Reason
from models.rules.fitness import RECUSED
from models.states import NOT_PUBLIC, TO_VISIT
from models.tables import Assignment, Inspector, Substitution, Task


async def sweep(*, at: datetime) -> int:
    """What came by itself: a certificate that has run out, a change made in any other way."""
    return await review(by=CLOCK, at=at) if await _found(at) else 0


@store.transactional
async def review(*, by: Actor, at: datetime) -> int:
    """Compare every open task with the register; part of each act that changes it. How many requests were opened.

    A request that waits for the head, or that the head declined on this ground, is not opened again.
    """
    await tasks.visits_turn()
    found = await _found(at)
    await tasks.turns(task.number for concerned in found.values() for task in concerned)
    for (_, code, why), concerned in found.items():
        await _flag(await Inspector.get(code=code), why, concerned, by=by, at=at)
    return len(found)


async def _found(at: datetime) -> dict[tuple[int, str, str], list[Task]]:
    """Team, officer and ground to the tasks for which no request was opened on that ground."""
    open_tasks = await Task.filter(state__in=NOT_PUBLIC).order_by("rank")
    unfit = await queries.unfit(open_tasks, at)
    if not unfit:
        return {}
    asked = await _asked({task.team_id for task in open_tasks})
    found: dict[tuple[int, str, str], list[Task]] = defaultdict(list)
    for task in open_tasks:
        for one in unfit.get(task.id, ()):
            scopes = asked.get((task.team_id, one.officer, one.why), ())
            if not any(not targets or task.pool_id in targets for targets in scopes):
                found[task.team_id, one.officer, one.why].append(task)
    return found


async def _asked(teams: set[int]) -> dict[tuple[int, str, str], list[list[str]]]:
    rows = await Substitution.filter(team_id__in=teams)
    codes = {
        inspector.certificate: inspector.code
        for inspector in await Inspector.filter(certificate__in=[r.outgoing for r in rows])
    }
    found: dict[tuple[int, str, str], list[list[str]]] = defaultdict(list)
    for row in rows:
        if row.consented is not True:
            found[row.team_id, codes.get(row.outgoing, ""), row.note].append(list(row.targets))
    return found


async def _flag(officer: Inspector, why: str, concerned: list[Task], *, by: Actor, at: datetime) -> None:
    first = concerned[0]
    for task in concerned:
        await tasks.note(task, "team.unfit", by=by, at=at, officer=officer.code, ground=why)
    row = None
    if officer.certificate:
        row = await team.open_for(
            officer, first, await _scope(officer, why, concerned), why,
            Reason.RECUSAL if why == RECUSED else Reason.POST, by=by, at=at,
        )  # fmt: skip
    numbers = [task.number for task in concerned]
    leaders = Recipients()
    for task in concerned:
        leaders += await recipients.leader(task)
    await recipients.tell(
        leaders, "team.unfit", key=f"unfit:{first.team_id}:{officer.code}:{why}:{at.isoformat()}", at=at,
        lane=outbox.INTERACTIVE, chain=f"team:{first.team_id}", officer=officer.name, ground=why, tasks=numbers,
        task=first.number,
    )  # fmt: skip
    await event.record(
        f"team:{first.team_id}", "team.unfit", by=by, at=at, officer=officer.code, ground=why, tasks=numbers,
        request=row.id if row else None,
    )  # fmt: skip


async def _scope(officer: Inspector, why: str, concerned: list[Task]) -> list[str]:
    """The targets given up: none named where it is every visit to come of this officer in the team."""
    if why == RECUSED:
        return sorted(task.pool_id for task in concerned)
    seats = Assignment.filter(
        inspector=officer, until=None, task__team_id=concerned[0].team_id, task__state__in=TO_VISIT
    )
    to_come = {seat.task_id for seat in await seats}
    return [] if to_come <= {task.id for task in concerned} else sorted(task.pool_id for task in concerned)
