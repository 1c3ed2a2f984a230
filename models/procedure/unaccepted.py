"""未接受: who has not accepted a task 24 hours before its visit is proposed for substitution, by itself (Art. 14 (2)).

The head of their department decides, as on every other request; the leader hears of it.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from models import store
from models.operations import outbox
from models.procedure import recipients, team
from models.procedure import task as tasks
from models.queries.draws import certificate_in
from models.rules.actor import CLOCK
from models.rules.draw.substitution import Reason
from models.rules.fitness import UNACCEPTED
from models.states import TO_VISIT
from models.tables import Assignment, Substitution

BEFORE = timedelta(hours=24)


async def sweep(*, at: datetime) -> int:
    """Propose whoever is due and was not proposed yet; how many. Who agreed to the time has accepted."""
    return await _propose(at) if await _due(at) else 0


@store.transactional
async def _propose(at: datetime) -> int:
    await tasks.visits_turn()
    due = await _due(at)
    await tasks.turns(seat.task.number for seat in due)
    for seat in due:
        await team.open_for(
            seat.inspector, seat.task, [seat.task.pool_id], UNACCEPTED, Reason.OTHER, by=CLOCK, at=at
        )
        await recipients.tell(
            await recipients.leader(seat.task), "team.unaccepted", key=f"unaccepted:{seat.id}:{at.isoformat()}", at=at,
            lane=outbox.INTERACTIVE, chain=f"task:{seat.task.number}", officer=seat.inspector.name,
            task=seat.task.number,
        )  # fmt: skip
    return len(due)


async def _due(at: datetime) -> list[Assignment]:
    """Seats of visits within the next day that nobody accepted, and that no request covers which waits for the head
    or was declined: then the head has said that the officer stays."""
    soon = Assignment.filter(
        until=None, accepted_at=None, task__state__in=TO_VISIT, task__visit_from__gt=at,
        task__visit_from__lte=at + BEFORE,
    )  # fmt: skip
    seats = await soon.order_by("id").select_related("task", "inspector")
    return [seat for seat in seats if seat.agreed_from != seat.task.visit_from and not await _asked(seat)]


async def _asked(seat: Assignment) -> bool:
    certificate = await certificate_in(seat.task.draw_id, seat.inspector)
    rows = await Substitution.filter(team_id=seat.task.team_id, outgoing=certificate)
    return any(
        row.consented is not True and (not row.targets or seat.task.pool_id in row.targets) for row in rows
    )
