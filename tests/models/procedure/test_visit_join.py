"""Art. 15: two batches' visits at one target become one by the word of both leaders and heads: one door, two records."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import away_time, inspection, online, schedule, visit_join
from models.procedure.enrolment import actor_of
from models.queries import itinerary as rounds
from models.queries import timetable, visit_joins
from models.queries.answering_party import key_of
from models.refusal import Refusal
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Assignment, Event, Notice, Outbox, Task
from tests.support import district as sample
from tests.support import two_batches
from tests.support.district import BATCH, CEREMONY, VISIT, district

TWO_HOURS = timedelta(hours=2)


@pytest.fixture
async def both(any_db) -> tuple[Task, Task]:
    tasks = await two_batches.drawn()
    for task in tasks:
        await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)
    return tasks


async def asked(tasks: tuple[Task, Task]):
    first, second = tasks
    return await visit_join.propose(
        first.number, second.number, by=await sample.leader_of(first), at=CEREMONY
    )


async def others(tasks: tuple[Task, Task]):
    """The other leader, and the heads of both leaders' departments."""
    seats = await Assignment.filter(task_id__in=[task.id for task in tasks], leader=True, until=None)
    departments = sorted({seat.department for seat in seats})
    heads = [actor_of(await sample.account(Role.HEAD, department)) for department in departments]
    return [await sample.leader_of(tasks[1]), *heads]


async def joined(tasks: tuple[Task, Task]):
    proposal = await asked(tasks)
    for by in await others(tasks):
        proposal = await visit_join.answer(proposal.id, True, by=by, at=CEREMONY)
    return proposal


async def test_a_leader_is_offered_to_join_a_visit_of_another_batch_at_the_same_target(both):
    first, second = both
    [offered] = await visit_joins.joinable((await sample.leader_of(first)).id, CEREMONY)
    assert (offered.number, offered.other) == (first.number, second.number)


async def test_the_two_are_one_only_when_both_leaders_and_every_head_have_accepted(both):
    proposal = await asked(both)
    for by in await others(both):
        assert proposal.open
        assert await visit_joins.partner(both[0]) is None
        proposal = await visit_join.answer(proposal.id, True, by=by, at=CEREMONY)
    assert proposal.joined == CEREMONY
    assert (await visit_joins.partner(both[0])).id == both[1].id
    assert (await visit_joins.partner(both[1])).id == both[0].id
    kinds = await Event.filter(kind="visit.joined").values_list("chain", flat=True)
    assert set(kinds) == {f"task:{task.number}" for task in both}


async def test_one_objection_with_its_reason_ends_it_and_it_may_be_proposed_anew(both):
    proposal, leader = await asked(both), await sample.leader_of(both[1])
    with pytest.raises(Refusal) as no:
        await visit_join.answer(proposal.id, False, by=leader, at=CEREMONY)
    assert no.value.code == "visit.join_needs_reason"
    ended = await visit_join.answer(proposal.id, False, "示例:时间不合", by=leader, at=CEREMONY)
    assert ended.ended == CEREMONY
    with pytest.raises(Refusal) as over:
        await visit_join.answer(proposal.id, True, by=leader, at=CEREMONY)
    assert over.value.code == "visit.join_over"
    assert (await asked(both)).id != proposal.id


async def test_who_is_not_asked_does_not_know_of_it(both):
    proposal = await asked(both)
    parties = {party.key for party in proposal.parties}
    team = [by for people in (await sample.team_of(both[0])).values() for by in people]
    heads = [actor_of(await sample.account(Role.HEAD, department)) for department in sample.CREW]
    strangers = [by for by in (*team, *heads) if key_of(by) not in parties]
    assert len(strangers) >= 7
    for by in strangers:
        with pytest.raises(Refusal) as no:
            await visit_join.answer(proposal.id, True, by=by, at=CEREMONY)
        assert no.value.code == "visit.join_unknown"


async def test_what_has_no_target_in_common_is_not_joined(both):
    first, _ = both
    stranger = await Task.exclude(target_id=first.target_id).first()
    with pytest.raises(Refusal) as no:
        await visit_join.propose(first.number, stranger.number, by=await sample.leader_of(first), at=CEREMONY)
    assert no.value.code == "visit.join_not_possible"


async def test_one_door_two_records_one_time_for_both_each_fixed_by_its_own_leader(both):
    await joined(both)
    first, second = both
    leader, other = await sample.leader_of(first), await sample.leader_of(second)
    await schedule.propose(first.number, VISIT, VISIT + TWO_HOURS, by=leader, at=CEREMONY)
    assert (await Task.get(id=second.id)).proposed_from == VISIT
    assert await Outbox.filter(kind="visit.proposed").exists()
    await schedule.fix(first.number, by=leader, at=CEREMONY, district=district())
    await schedule.fix(second.number, by=other, at=CEREMONY, district=district())
    assert await Task.filter(state=TaskState.SCHEDULED, visit_from=VISIT).count() == 2
    assert sorted(await Notice.all().values_list("task_id", flat=True)) == sorted([first.id, second.id])


async def test_who_serves_in_both_is_in_one_place_where_the_two_are_one(both):
    first, second = both
    async with sample.written():
        member = await Assignment.filter(task=first, until=None, leader=False).first()
        await Assignment.create(
            task=second, inspector_id=member.inspector_id, department=member.department, since=CEREMONY
        )
    leader, other = await sample.leader_of(first), await sample.leader_of(second)
    await schedule.propose(first.number, VISIT, VISIT + TWO_HOURS, by=leader, at=CEREMONY)
    await schedule.fix(first.number, by=leader, at=CEREMONY, district=district())
    with pytest.raises(Refusal) as no:
        await schedule.propose(second.number, VISIT, VISIT + TWO_HOURS, by=other, at=CEREMONY)
    assert no.value.code in ("visit.two_at_once", "visit.two_at_once_elsewhere")
    await joined(both)
    await schedule.propose(second.number, VISIT, VISIT + TWO_HOURS, by=other, at=CEREMONY)
    await schedule.fix(second.number, by=other, at=CEREMONY, district=district())


async def test_the_timetable_keeps_both_teams_free_and_a_time_that_was_refused_is_not_asked_again(both):
    await joined(both)
    first, second = both
    leader, away = await sample.leader_of(first), (await sample.team_of(second))["XF"][0]

    async def planned():
        [round_] = await rounds.rounds(BATCH, leader.id, None, at=CEREMONY, district=district())
        return (await timetable.plan(round_, BATCH, VISIT.date(), CEREMONY, district())).windows[first.number]

    window = await planned()
    await schedule.propose(first.number, *window, by=leader, at=CEREMONY)
    refusing = (await sample.team_of(first))["WJ"][0]
    await schedule.reply(first.number, False, by=refusing, at=CEREMONY)
    again = await planned()
    assert not again.meets(window)
    await away_time.say(*again, by=away, at=CEREMONY)
    assert not (await planned()).meets(again)


async def test_taken_apart_with_a_reason_each_goes_its_own_way(both):
    proposal = await joined(both)
    leader = await sample.leader_of(both[0])
    with pytest.raises(Refusal):
        await visit_join.part(proposal.id, " ", by=leader, at=CEREMONY)
    await visit_join.part(proposal.id, "示例:窗口期改变", by=leader, at=CEREMONY)
    assert await visit_joins.partner(both[0]) is None
    await schedule.propose(both[0].number, VISIT, VISIT + TWO_HOURS, by=leader, at=CEREMONY)
    assert (await Task.get(id=both[1].id)).proposed_from is None


async def ended_online(task: Task) -> None:
    found = {"result": "R10", "source": "示例:企业信用公示系统", "finding": "示例:已注销"}
    by = await sample.leader_of(task)
    await online.end(task.number, by=by, at=CEREMONY, district=district(), **found)


async def test_a9_when_one_of_the_two_ends_online_the_other_is_planned_by_itself(both):
    await joined(both)
    first, second = both
    other = await sample.leader_of(second)
    await schedule.propose(second.number, VISIT, VISIT + TWO_HOURS, by=other, at=CEREMONY)
    await ended_online(first)
    later = VISIT + TWO_HOURS
    await schedule.propose(second.number, later, later + TWO_HOURS, by=other, at=CEREMONY)
    await schedule.fix(second.number, by=other, at=CEREMONY, district=district())
    assert (await Task.get(id=second.id)).visit_from == later
    assert (await Task.get(id=first.id)).proposed_from is None


async def test_a9_nobody_is_asked_any_more_about_a_visit_that_will_not_be(both):
    proposal = await asked(both)
    waiting = await others(both)
    await ended_online(both[0])
    for by in waiting:
        assert await visit_joins.of_person(by) == ()
    shown = await visit_joins.find(proposal.id)
    assert not shown.to_come
    assert not any(shown.asks(by) for by in waiting)
    with pytest.raises(Refusal) as over:
        await visit_join.answer(proposal.id, True, by=waiting[0], at=CEREMONY)
    assert over.value.code == "visit.join_over"
