"""录入与审核: the leader writes the result down, a head reads it, and who is late stays late (Art. 16 (3))."""

from datetime import timedelta

import pytest

from models.procedure import entry
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import TaskState as T
from models.tables import Account, Event, Outbox, Result, Task
from tests.support import district as sample
from tests.support.district import VISIT, district

HEAD = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
ENTERED = VISIT + timedelta(hours=3)


@pytest.fixture
async def task(db) -> Task:
    """A visit that is over; nothing failed."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(await Task.get(id=task.id), district())
    return await Task.get(id=task.id)


async def enter(task, types=("R01",), at=ENTERED, by=None) -> int:
    return await entry.enter(task.number, list(types), "", by=by or await sample.leader_of(task), at=at)


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def test_what_the_leader_enters_is_asked_of_the_head_of_the_initiating_department(task):
    assert await enter(task) == 1
    row = await Result.get(task=task)
    assert (row.types, row.late) == (["R01"], False)
    assert (await Task.get(id=task.id)).state == T.ENTERED
    head = await Account.get(role=Role.HEAD, department="GA")
    assert await Outbox.filter(kind="review.asked").values_list("account_id", flat=True) == [head.id]
    happened = await Event.get(chain=f"task:{task.number}", kind="result.entered")
    assert (happened.data["types"], happened.data["late"]) == (["R01"], False)


async def test_a_second_press_enters_nothing_anew_and_another_result_waits_for_the_head(task):
    assert [await enter(task), await enter(task)] == [1, 1]
    assert await Result.filter(task=task).count() == 1
    assert await refused(enter(task, ["R02"])) == "task.state"


async def test_a_member_who_does_not_lead_enters_nothing(task):
    members = [one for people in (await sample.team_of(task)).values() for one in people]
    leader = await sample.leader_of(task)
    other = next(one for one in members if one.id != leader.id)
    assert await refused(enter(task, by=other)) == "task.leader_only"
    assert not await Result.exists(task=task)


async def test_an_entry_after_its_last_day_is_taken_and_stays_late(task):
    late = ENTERED.replace(year=task.entry_due.year, month=task.entry_due.month, day=task.entry_due.day)
    await enter(task, at=late + timedelta(days=1))
    assert (await Result.get(task=task)).late


async def test_an_entry_on_its_last_day_is_not_late(task):
    due = ENTERED.replace(year=task.entry_due.year, month=task.entry_due.month, day=task.entry_due.day)
    await enter(task, at=due)
    assert not (await Result.get(task=task)).late


async def test_the_head_agrees_once_and_a_second_press_changes_nothing(task):
    await enter(task)
    for _ in range(2):
        await entry.review(task.number, True, by=HEAD, at=ENTERED + timedelta(hours=1))
    row = await Task.get(id=task.id)
    assert (row.state, row.reviewed_at) == (T.REVIEWED, ENTERED + timedelta(hours=1))


async def test_another_departments_head_neither_agrees_nor_learns_that_the_task_exists(task):
    await enter(task)
    stranger = Actor(Role.HEAD, "XF", "测试负责人XF", "XF")
    assert await refused(entry.review(task.number, True, by=stranger, at=ENTERED)) == "task.unknown"
    assert (await Task.get(id=task.id)).state == T.ENTERED


async def test_a_result_goes_back_with_a_reason_alone_and_comes_again_as_the_next_version(task):
    await enter(task)
    assert (
        await refused(entry.review(task.number, False, by=HEAD, at=ENTERED, reason=" "))
        == "entry.return_needs_reason"
    )
    await entry.review(task.number, False, by=HEAD, at=ENTERED, reason="示例:类型不符")
    assert (await Task.get(id=task.id)).state == T.CONCLUDED
    assert (await Result.get(task=task)).returned == "示例:类型不符"
    assert await enter(task, at=ENTERED + timedelta(hours=2)) == 2
    assert await Result.filter(task=task).count() == 2
