"""名录库是活的: what the register says of an officer reaches the open tasks the same minute (Art. 10, 14 (2)).

Whoever may not go any more is flagged in each open task; the leader and the head are told, and the substitution is
opened for the head to decide.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

from models import store
from models.operations import event, outbox
from models.procedure import recipients, team
from models.procedure import task as tasks
from models.procedure.recipients import Recipients
from models.queries import substitution as queries
from models.queries import unsuited
from models.read_once import ReadOnce
from models.rules.actor import CLOCK, Actor
from models.rules.draw.substitution import Reason
from models.rules.fitness import RECUSED
from models.rules.visit import local_day
from models.states import NOT_PUBLIC, TO_VISIT
from models.tables import Assignment, Inspector, Substitution, Task

TOGETHER = 200

_looked = ReadOnce("inspector", "target", "item", "plan_entry")
"""The day on which this process has looked at everybody and found nothing to ask."""


async def sweep(*, at: datetime) -> int:
    """What came by itself: a certificate that has run out, a change made in any other way.

    Everybody is looked at once a day, and when this process has changed a register; in between those whom the day or a
    visit that was fixed may rule out.
    """
    day, looked = local_day(at), _looked.known
    whole = looked.get("day") != day
    if await _found(at) if whole else await _found(at, await queries.in_doubt(day)):
        return await review(by=CLOCK, at=at)
    looked["day"] = day
    return 0


@store.transactional
async def review(*, by: Actor, at: datetime) -> int:
    """Compare every open task with the register; part of each act that changes it. How many requests were opened.

    A request that waits for the head, or that the head declined on this ground, is not opened again.
    """
    await tasks.visits_turn()
    rows = await _found(at)
    await tasks.turns(task.number for concerned in rows.values() for task in concerned)
    for (_, code, why), concerned in rows.items():
        await _flag(await Inspector.get(code=code), why, concerned, by=by, at=at)
    return len(rows)


async def _found(at: datetime, of: Sequence[int] | None = None) -> dict[tuple[int, str, str], list[Task]]:
    """Team, officer and ground to the tasks for which no request was opened on that ground; `of`: these tasks alone, else all
    of which the register may rule somebody out."""
    chosen = await unsuited.ids(local_day(at)) if of is None else of
    rows: dict[tuple[int, str, str], list[Task]] = defaultdict(list)
    async for some in _open_tasks(chosen):
        unfit = await queries.unfit(some, at)
        concerned = [task for task in some if task.id in unfit]
        asked = await _asked({task.team_id for task in concerned}) if concerned else {}
        for task in concerned:
            for officer in unfit[task.id]:
                scopes = asked.get((task.team_id, officer.officer, officer.why), ())
                if not any(not targets or task.pool_id in targets for targets in scopes):
                    rows[task.team_id, officer.officer, officer.why].append(task)
    return {key: sorted(mine, key=lambda task: task.rank) for key, mine in rows.items()}


async def _open_tasks(of: Sequence[int]) -> AsyncIterator[list[Task]]:
    """Open tasks among these, some at a time: however many there are, nobody waits for all of them."""
    for start in range(0, len(of), TOGETHER):
        yield await Task.filter(id__in=of[start : start + TOGETHER], state__in=NOT_PUBLIC)


async def _asked(teams: set[int]) -> dict[tuple[int, str, str], list[list[str]]]:
    rows = await Substitution.filter(team_id__in=teams)
    codes = {
        inspector.certificate: inspector.code
        for inspector in await Inspector.filter(certificate__in=[r.outgoing for r in rows])
    }
    result: dict[tuple[int, str, str], list[list[str]]] = defaultdict(list)
    for row in rows:
        if row.consented is not True:
            result[row.team_id, codes.get(row.outgoing, ""), row.note].append(list(row.targets))
    return result


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
