"""Art. 15: a task goes to another team of its area by the word of both leaders and the head, in the open."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from models.procedure import inspection, notice, reassignment, schedule, team
from models.procedure.enrolment import actor_of
from models.queries import ceremony, draws, reassignments
from models.refusal import Refusal
from models.rules import bundle
from models.rules.actor import Role
from models.tables import Assignment, Event, Inspector, Notice, Outbox, Reassignment, Task
from tests.server.public.bundles import differences
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, VISIT, district

LATER = CEREMONY + timedelta(hours=1)


@pytest.fixture
async def task(any_db) -> Task:
    await sample.found()
    await sample.drawn()
    task = await Task.filter(batch_id=BATCH).order_by("number").first()
    await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)
    return await Task.get(id=task.id)


async def other_task(task: Task) -> Task:
    return await Task.exclude(team_id=task.team_id).order_by("number").first()


async def proposed(task: Task):
    [other] = await reassignments.teams_for(task)
    return await reassignment.propose(
        task.number, other.number, "time", by=await sample.leader_of(task), at=LATER
    )


async def head_of(task: Task):
    leader = await Assignment.get(task=task, leader=True, until=None)
    return actor_of(await sample.account(Role.HEAD, leader.department))


async def handed(task: Task):
    proposal = await proposed(task)
    taking = await sample.leader_of(await other_task(task))
    await reassignment.answer(proposal.id, True, by=taking, at=LATER)
    return await reassignment.answer(proposal.id, True, by=await head_of(task), at=LATER)


async def serving(task: Task) -> set[str]:
    return set(await Assignment.filter(task=task, until=None).values_list("inspector_id", flat=True))


async def test_the_whole_other_team_goes_once_its_leader_and_the_head_agreed(task, tmp_path: Path):
    other = await other_task(task)
    proposal = await proposed(task)
    head, taking = await head_of(task), await sample.leader_of(other)
    assert [one.id for one in await reassignments.to_accept(head.department)] == [proposal.id]
    before = await serving(task)
    await reassignment.answer(proposal.id, True, by=taking, at=LATER)
    assert await serving(task) == before
    done = await reassignment.answer(proposal.id, True, by=head, at=LATER)
    assert done.done == LATER
    assert await serving(task) == await serving(other)
    assert (await Task.get(id=task.id)).team_id == other.team_id
    assert (await sample.leader_of(await Task.get(id=task.id))).id == taking.id
    files = await draws.bundle_files(task.draw_id)
    assert len(files["reassignments.tsv"].splitlines()) == 1
    (tmp_path / "b.zip").write_bytes(bundle.packed(files))
    assert differences(tmp_path / "b.zip") == []


async def test_everybody_is_told_who_goes_and_who_does_not(task):
    old, coming = await serving(task), await serving(await other_task(task))
    accounts = {code: await sample.account(Role.INSPECTOR, code) for code in old | coming}
    await handed(task)
    told = {
        (row.kind, row.account_id)
        for row in await Outbox.filter(kind__in=["task.assigned", "task.reassigned"])
    }
    new = await serving(task)
    for kind, codes in (("task.assigned", new), ("task.reassigned", old - new)):
        for code in codes:
            assert (kind, accounts[code].id) in told, (kind, code)


async def test_everybody_reads_from_which_team_to_which(task):
    proposal = await proposed(task)
    assert (await ceremony.ceremony(task.draw_id)).reassigned == ()
    await reassignment.answer(proposal.id, True, by=await sample.leader_of(await other_task(task)), at=LATER)
    await reassignment.answer(proposal.id, True, by=await head_of(task), at=LATER)
    [line] = (await ceremony.ceremony(task.draw_id)).reassigned
    assert (line.team, line.to, line.ground) == (proposal.team, proposal.to, "time")
    assert (await reassignments.of_tasks([task.id]))[task.id] == (line,)


async def test_the_time_stands_and_the_letter_is_renewed_with_those_who_come(task):
    leader = await sample.leader_of(task)
    await schedule.propose(task.number, VISIT, VISIT + timedelta(hours=2), by=leader, at=LATER)
    await schedule.fix(task.number, by=leader, at=LATER, district=district())
    first = await Notice.get(task=task)
    await handed(task)
    task = await Task.get(id=task.id)
    assert (task.visit_from, task.state) == (VISIT, "scheduled")
    await notice.renew(
        task.number, by=await sample.leader_of(task), at=LATER + timedelta(minutes=1), district=district()
    )
    second = await Notice.filter(task=task).order_by("-version").first()
    assert second.id != first.id
    assert second.letter["officers"] != first.letter["officers"]
    assert (await Notice.get(id=first.id)).state == "replaced"


async def test_who_would_be_in_two_places_loses_the_time_of_the_visit_taken(task):
    other = await other_task(task)
    for one in (task, other):
        leader = await sample.leader_of(one)
        if one.id == other.id:
            await inspection.close_network_check(one.number, by=leader, at=CEREMONY)
        await schedule.propose(one.number, VISIT, VISIT + timedelta(hours=2), by=leader, at=LATER)
        await schedule.fix(one.number, by=leader, at=LATER, district=district())
    await handed(task)
    assert (await Task.get(id=task.id)).visit_from is None
    assert (await Task.get(id=other.id)).visit_from == VISIT


async def test_a_team_with_somebody_who_may_not_go_there_cannot_take_it(task):
    other = await other_task(task)
    proposal = await proposed(task)
    member = await Assignment.filter(task=other, until=None, leader=False).first()
    async with sample.written():
        await Inspector.filter(code=member.inspector_id).update(recused=[task.target_id])
    await reassignment.answer(proposal.id, True, by=await sample.leader_of(other), at=LATER)
    with pytest.raises(Refusal) as refused:
        await reassignment.answer(proposal.id, True, by=await head_of(task), at=LATER)
    assert refused.value.code == "reassignment.unfit"
    assert (await Task.get(id=task.id)).team_id == task.team_id
    assert (await Reassignment.get()).done_at is None


async def test_a_substitution_afterwards_is_the_next_ticket_of_the_team_that_took_it(task, tmp_path: Path):
    await handed(task)
    task = await Task.get(id=task.id)
    out = await Assignment.filter(task=task, until=None, leader=False).first()
    officer = actor_of(await sample.account(Role.INSPECTOR, out.inspector_id))
    asked = await team.ask_out(task.number, "recusal", "", by=officer, at=LATER + timedelta(minutes=2))
    head = actor_of(await sample.account(Role.HEAD, out.department))
    await team.decide(asked.id, True, by=head, at=LATER + timedelta(minutes=3))
    assert out.inspector_id not in await serving(task)
    (tmp_path / "b.zip").write_bytes(bundle.packed(await draws.bundle_files(task.draw_id)))
    assert differences(tmp_path / "b.zip") == []


async def test_an_objection_needs_a_reason_and_ends_it(task):
    proposal = await proposed(task)
    taking = await sample.leader_of(await other_task(task))
    with pytest.raises(Refusal) as refused:
        await reassignment.answer(proposal.id, False, " ", by=taking, at=LATER)
    assert refused.value.code == "reassignment.needs_reason"
    ended = await reassignment.answer(proposal.id, False, "示例:排满", by=taking, at=LATER)
    assert ended.ended == LATER
    with pytest.raises(Refusal) as refused:
        await reassignment.answer(proposal.id, True, by=await head_of(task), at=LATER)
    assert refused.value.code == "reassignment.over"
    assert await Event.filter(kind="task.reassigned").count() == 0


async def test_nobody_else_answers_and_nobody_else_proposes(task):
    proposal = await proposed(task)
    member = await Assignment.filter(task=task, until=None, leader=False).first()
    stranger = actor_of(await sample.account(Role.INSPECTOR, member.inspector_id))
    for act in (
        reassignment.answer(proposal.id, True, by=stranger, at=LATER),
        reassignment.propose(task.number, proposal.to, "time", by=stranger, at=LATER),
    ):
        with pytest.raises(Refusal):
            await act


@pytest.mark.parametrize(
    ("team_number", "ground", "code"),
    [(9, "time", "no_such_team"), (None, "time", "no_such_team"), (0, "friend", "no_ground")],
)
async def test_only_another_team_of_the_area_and_for_a_reason_that_may_be_public(
    task, team_number, ground, code
):
    [other] = await reassignments.teams_for(task)
    number = 3 - other.number if team_number is None else team_number
    with pytest.raises(Refusal) as refused:
        await reassignment.propose(task.number, number, ground, by=await sample.leader_of(task), at=LATER)
    assert refused.value.code == f"reassignment.{code}"


async def test_a_press_said_twice_proposes_once(task):
    [other] = await reassignments.teams_for(task)
    leader = await sample.leader_of(task)
    for _ in range(2):
        await reassignment.propose(task.number, other.number, "near", by=leader, at=LATER, key="press-1")
    assert await Reassignment.all().count() == 1
    with pytest.raises(Refusal) as refused:
        await reassignment.propose(task.number, other.number, "near", by=leader, at=LATER)
    assert refused.value.code == "reassignment.open_already"
