"""我的任务: today's first, this week's, later ones, those without a time, those to be entered (Art. 15, 16)."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.procedure import recheck, revision
from models.queries import inbox
from models.queries import publication as publications
from models.queries.inbox import When
from models.rules.recheck import PointFinding, PointFound
from models.rules.visit import SHANGHAI
from models.states import TaskState
from models.tables import Assignment, Task
from tests.models.procedure.test_publication import HEAD
from tests.support import district, publishing, rectifying
from tests.support.rectifying import ENDED

MONDAY = datetime(2026, 12, 7, 8, 0, tzinfo=SHANGHAI)


async def test_tasks_stand_under_today_this_week_later_open_and_entry(db: str) -> None:
    await district.found()
    await district.drawn()
    seat = await Assignment.all().select_related("task").first()
    tasks = await Task.all().order_by("rank")
    for task in tasks:
        await Assignment.get_or_create(
            task=task,
            inspector_id=seat.inspector_id,
            until=None,
            defaults={"department": seat.department, "since": MONDAY},
        )
    days = {0: 0, 1: 2, 2: 9}
    for place, after in days.items():
        begins = MONDAY + timedelta(days=after, hours=1)
        await Task.filter(id=tasks[place].id).update(
            state=TaskState.SCHEDULED, visit_from=begins, visit_until=begins + timedelta(hours=2)
        )
    await Task.filter(id=tasks[4].id).update(state=TaskState.CONCLUDED)
    found = await inbox.tasks_of(seat.inspector_id, MONDAY)
    assert [(line.number, line.when) for line in found] == [
        (tasks[0].number, When.TODAY), (tasks[1].number, When.WEEK), (tasks[2].number, When.LATER),
        (tasks[3].number, When.OPEN), (tasks[4].number, When.ENTRY),
    ]  # fmt: skip
    await Task.filter(id=tasks[4].id).update(state=TaskState.PUBLISHED)
    assert len(await inbox.tasks_of(seat.inspector_id, MONDAY)) == 4


async def test_a_visit_that_was_missed_or_is_under_way_stands_under_today(db: str) -> None:
    await district.found()
    await district.drawn()
    seat = await Assignment.all().select_related("task").first()
    await Task.filter(id=seat.task.id).update(
        state=TaskState.SCHEDULED, visit_from=MONDAY - timedelta(days=3)
    )
    lines = {line.id: line.when for line in await inbox.tasks_of(seat.inspector_id, MONDAY)}
    assert lines[seat.task.id] == When.TODAY


async def test_a_recheck_stands_in_the_list_of_both_its_officers_whatever_their_department(any_db) -> None:
    of = await rectifying.reviewed()
    order, begins = await of.ordered(), ENDED + timedelta(days=2)

    async def stands(officer: str) -> bool:
        return of.task.number in {line.number for line in await inbox.tasks_of(officer, ENDED)}

    await publishing.published(of.task, HEAD, ENDED)
    assert not await stands(of.other.id), "another department's order is not theirs"
    line = await recheck.announce(order.id, begins, of.other.id, by=of.officer, at=ENDED)
    assert await stands(of.other.id)
    await recheck.begin(line.id, by=of.officer, at=begins)
    found = [PointFinding(number, PointFound.RECTIFIED) for number in of.points]
    line = await recheck.conclude(line.id, found, by=of.officer, at=begins)
    await recheck.sign(line.id, line.sha256, of.other.id, by=of.other, at=begins)
    assert not await stands(of.other.id), "signed: the rest is the other officer's"
    assert await stands(of.officer.id)


async def test_a_correction_stands_in_the_list_of_whoever_is_asked_for_what_is_right(any_db) -> None:
    of = await rectifying.reviewed()
    await publishing.published(of.task, HEAD, ENDED)
    await revision.ask(of.task.number, "示例:有误", by=HEAD, at=ENDED)
    asked = await publications.asked_to_correct(of.task, await publications.under_way(of.task))
    leader = await district.leader_of(of.task)
    for department, crew in (await district.team_of(of.task)).items():
        for officer in crew:
            listed = {line.number for line in await inbox.tasks_of(officer.id, ENDED)}
            assert (of.task.number in listed) == (department in asked or officer.id == leader.id)
