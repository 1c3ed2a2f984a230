"""改派: a leader proposes that another team of the area takes a task; its leader and the head agree (Art. 15).

Nobody is picked: the whole team takes it, and none of its members may have to stay away from the target. The time of
the visit stands where all of them can keep it; whether the letter names others is asked as after a substitution.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from models import store
from models.operations import event, outbox
from models.procedure import draw as draws
from models.procedure import recipients, schedule
from models.procedure import task as tasks
from models.procedure.snapshot import officers_of
from models.queries import clash, reassignments, substitution, visit_joins
from models.queries import draws as drawn
from models.queries.answering_party import key_of
from models.queries.reassignments import ReassignmentProposal
from models.refusal import Refusal
from models.rules import draw as rules
from models.rules import fitness, text
from models.rules.actor import Actor, Role, require
from models.rules.draw.crew import Seat
from models.rules.draw.reassignment import Ground
from models.rules.draw.substitution import NOBODY
from models.rules.draw.substitution import Reason as Leaving
from models.states import TO_VISIT
from models.tables import Assignment, Draw, Inspector, Reassignment, RecusalRequest, Substitution, Task, Team

ARTICLE = "15"
Members = list[tuple[Seat, Inspector]]


@store.transactional
async def propose(
    number: str, team: int, ground: str, *, by: Actor, at: datetime, key: str | None = None
) -> ReassignmentProposal:
    """Ask that team `team` (its number in the task's area) takes the task; the proposer has agreed by that."""
    task = await tasks.find(number)
    await tasks.leading(task, by)
    if done := await event.find_by_key(key):
        return await _read(await Reassignment.get(id=done.data["reassignment"]))
    tasks.in_state(task, *TO_VISIT, article=ARTICLE)
    if ground not in tuple(Ground):
        raise Refusal("reassignment.no_ground", ARTICLE)
    if await reassignments.open_for(task):
        raise Refusal("reassignment.open_already", ARTICLE, task=number)
    if team not in [other.number for other in await reassignments.teams_for(task)]:
        raise Refusal("reassignment.no_such_team", ARTICLE, team=team)
    await _refuse_bound(task)
    own = await Team.get(id=task.team_id)
    to = await Team.get(draw_id=own.draw_id, area=own.area, number=team)
    row = await Reassignment.create(
        task_id=task.id, from_team_id=own.id, to_team_id=to.id, ground=ground, proposed_by=by.mark, proposed_at=at,
        answers={key_of(by): _answer(True, "", by, at)},
    )  # fmt: skip
    await _note(row, task, "task.reassignment_proposed", by, at, key, [row])
    await _tell_parties(row, task, "task.reassignment_asked", by, at)
    return await _read(row)


@store.transactional
async def answer(
    reassignment_id: int, agree: bool, reason: str = "", *, by: Actor, at: datetime, key: str | None = None
) -> ReassignmentProposal:
    """A leader or a head agrees, or objects with a reason, which ends the proposal. With the last word the task is the
    other team's."""
    require(by, Role.INSPECTOR, Role.HEAD, article=ARTICLE)
    await tasks.visits_turn()
    row, task = await _standing(reassignment_id, by)
    if await event.find_by_key(key):
        return await _read(row)
    if row.done_at or row.ended_at or task.state not in TO_VISIT or task.team_id != row.from_team_id:
        raise Refusal("reassignment.over", ARTICLE)
    why = text.visible(reason).strip()[:500]
    if not agree and not why:
        raise Refusal("reassignment.needs_reason", ARTICLE)
    everybody = await reassignments.asked(row)
    row.answers = {**row.answers, key_of(by): _answer(agree, why, by, at)}
    if not agree:
        row.ended_at, row.ended_by, row.end_reason = at, by.mark, why
        await row.save(update_fields=["answers", "ended_at", "ended_by", "end_reason"])
        await _note(row, task, "task.reassignment_objected", by, at, key, [row])
        await _tell_parties(row, task, "task.reassignment_objected", by, at)
    elif all(row.answers.get(party, {}).get("agreed") for party in everybody):
        row.answers = {party: row.answers[party] for party in everybody}
        await _carry_out(row, task, by=by, at=at, key=key)
    else:
        await row.save(update_fields=["answers"])
        await _note(row, task, "task.reassignment_agreed", by, at, key, [row])
    await outbox.enqueue_follow_up([f"reassignment:{row.id}"], at=at)
    return await _read(row)


async def _refuse_bound(task: Task) -> None:
    """What is agreed about this very team is settled first."""
    if await visit_joins.partner(task):
        raise Refusal("reassignment.joined", ARTICLE, task=task.number)
    if await RecusalRequest.exists(task_id=task.id, granted=None):
        raise Refusal("reassignment.recusal_open", "14(2)", task=task.number)


async def _carry_out(row: Reassignment, task: Task, *, by: Actor, at: datetime, key: str | None) -> None:
    """The draw's course gets its row, the task its other team; both teams, their heads and the letter follow."""
    await _refuse_bound(task)
    stored = await Draw.get(code=task.draw_id)
    people = await officers_of(stored)
    taking = await Team.get(id=row.to_team_id)
    before = await drawn.held(stored)
    after = rules.reassign(before, task.pool_id, taking.number, rules.in_turn(before, at))
    members = await _fit(row, task, rules.stand(after).members(task.pool_id), people, at)
    await draws.keep(stored, after)
    left = await recipients.team(task)
    await outbox.refresh_team(task.id, "list", but=None, key=f"list:reassigned:{row.id}", at=at)
    await outbox.refresh_group(task.team_id, key=f"group:reassigned:{row.id}", at=at)
    seats = await _reseat(task, members, at)
    task.team_id, row.done_at = taking.id, at
    task.proposed_from, task.proposed_until, task.proposed_at = task.visit_from, task.visit_until, None
    await task.save(update_fields=["team_id", "proposed_from", "proposed_until", "proposed_at"])
    await row.save(update_fields=["answers", "done_at"])
    await _note(row, task, "task.reassigned", by, at, key, [row, *seats])
    if task.visit_from and task.visit_until:
        codes = [officer.code for _, officer in members]
        for other in (await clash.with_fixed(task, task.visit_from, task.visit_until, codes))[:1]:
            await schedule.unfix(task, other, by=by, at=at)
    came = await recipients.team(task)
    told = {"task": task.number, "reassignment": row.id}
    heads = await recipients.heads(sorted({seat.department for seat, _ in members}))
    await recipients.tell(
        came, "task.assigned", key=f"reassigned:{row.id}", at=at, chain=f"task:{task.number}", lane=outbox.INTERACTIVE,
        tasks=[task.number], **told,
    )  # fmt: skip
    await recipients.tell(
        (left + heads).but(*came.accounts, by.account), "task.reassigned", key=f"task.reassigned:{row.id}", at=at,
        chain=f"task:{task.number}", lane=outbox.INTERACTIVE, **told,
    )  # fmt: skip


async def _fit(
    row: Reassignment, task: Task, seated: list[tuple[Seat, str]], people: dict[str, Inspector], at: datetime
) -> Members:
    """The team that takes it, whole, led by whoever agreed, and each of them fit to go there (Art. 10, 14 (2))."""
    members = [(seat, people[certificate]) for seat, certificate in seated if certificate != NOBODY]
    leader = next((officer for seat, officer in members if seat.leader), None)
    if len(members) < len(seated) or leader is None or f"{Role.INSPECTOR}:{leader.code}" not in row.answers:
        raise Refusal("reassignment.not_whole", ARTICLE)
    away = {
        change.outgoing
        for change in await Substitution.filter(
            team__draw_id=task.draw_id, consented=True, reason=Leaving.RECUSAL
        )
        if task.pool_id in change.targets
    }
    place = (await substitution.fitness_facts([task]))[task.id]
    for certificate, (_, officer) in zip([who for _, who in seated], members, strict=True):
        if certificate in away or fitness.unfit(officer, place, substitution.day_of_visit(task, at)):
            raise Refusal("reassignment.unfit", "14(2)", name=text.name(officer.name))
    return members


async def _reseat(task: Task, members: Members, at: datetime) -> list[Assignment]:
    """The places of the team that had it end, those of the team that takes it begin; the rows written."""
    ended = await Assignment.filter(task=task, until=None)
    for old in ended:
        old.until = at
        await old.save(update_fields=["until"])
    begun = [
        await Assignment.create(
            task=task, inspector=officer, department=seat.department, leader=seat.leader, since=at
        )
        for seat, officer in members
    ]
    return [*ended, *begun]


def _answer(agree: bool, reason: str, by: Actor, at: datetime) -> dict[str, Any]:
    return {"agreed": agree, "reason": reason, "by": by.mark, "at": at.isoformat()}


async def _standing(reassignment_id: int, by: Actor) -> tuple[Reassignment, Task]:
    """The proposal and its task, once nobody else acts on it; unknown to whoever is not asked."""
    row = await Reassignment.get_or_none(id=reassignment_id).select_related("task")
    if row is None:
        raise Refusal("reassignment.unknown", ARTICLE)
    task = await tasks.find(row.task.number)
    row = await Reassignment.get(id=reassignment_id)
    if key_of(by) not in await reassignments.asked(row):
        raise Refusal("reassignment.unknown", ARTICLE)
    return row, task


async def _note(
    row: Reassignment, task: Task, kind: str, by: Actor, at: datetime, key: str | None, rows: list[Any]
) -> None:
    teams = {
        "team": (await Team.get(id=row.from_team_id)).number,
        "to": (await Team.get(id=row.to_team_id)).number,
    }
    await tasks.note(
        task, kind, by=by, at=at, key=key, rows=rows, reassignment=row.id, ground=row.ground, **teams
    )


async def _tell_parties(row: Reassignment, task: Task, kind: str, by: Actor, at: datetime) -> None:
    """Both leaders and the heads, save whoever did it."""
    parties = [party.partition(":") for party in await reassignments.asked(row)]
    leaders = await recipients.officers([code for role, _, code in parties if role == Role.INSPECTOR])
    heads = await recipients.heads([code for role, _, code in parties if role == Role.HEAD])
    await recipients.tell(
        (leaders + heads).but(by.account), kind, key=f"{kind}:{row.id}", at=at, chain=f"task:{task.number}",
        lane=outbox.INTERACTIVE, reassignment=row.id, task=task.number,
    )  # fmt: skip


async def _read(row: Reassignment) -> ReassignmentProposal:
    return await reassignments.of_row(row)
