"""审核: a head reads the result before anybody hears of it, or sends it back with a reason (Art. 16 (3))."""

from datetime import timedelta

import pytest

from models.procedure import department_result, entry
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import TaskState as T
from models.tables import Account, DepartmentResult, Event, Outbox, Result, Task
from tests.support import district as sample
from tests.support.district import VISIT, account, district

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


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def test_a_confirmed_result_is_asked_of_the_head_of_the_initiating_department(task):
    await sample.entered(task, ["R01"], ENTERED)
    row = await Result.get(task=task)
    assert (row.types, row.late) == (["R01"], False)
    assert (await Task.get(id=task.id)).state == T.ENTERED
    head = await Account.get(role=Role.HEAD, department="GA")
    assert await Outbox.filter(kind="review.asked").values_list("account_id", flat=True) == [head.id]
    happened = await Event.get(chain=f"task:{task.number}", kind="result.entered")
    assert (happened.data["types"], happened.data["late"], happened.data["missing"]) == (["R01"], False, [])


async def test_the_head_agrees_once_and_a_second_press_changes_nothing(task):
    await sample.entered(task, ["R01"], ENTERED)
    for _ in range(2):
        await entry.review(task.number, True, by=HEAD, at=ENTERED + timedelta(hours=1))
    row = await Task.get(id=task.id)
    assert (row.state, row.reviewed_at) == (T.REVIEWED, ENTERED + timedelta(hours=1))


async def test_another_departments_head_neither_agrees_nor_learns_that_the_task_exists(task):
    await sample.entered(task, ["R01"], ENTERED)
    stranger = Actor(Role.HEAD, "XF", "测试负责人XF", "XF")
    assert await refused(entry.review(task.number, True, by=stranger, at=ENTERED)) == "task.unknown"
    assert (await Task.get(id=task.id)).state == T.ENTERED


async def test_a_result_goes_back_with_a_reason_alone_and_comes_again_as_the_next_version(task):
    await sample.entered(task, ["R01"], ENTERED)
    returned = entry.review(task.number, False, by=HEAD, at=ENTERED, reason=" ")
    assert await refused(returned) == "entry.return_needs_reason"
    await entry.review(task.number, False, by=HEAD, at=ENTERED, reason="示例:类型不符")
    assert (await Task.get(id=task.id)).state == T.CONCLUDED
    assert (await Result.get(task=task)).returned == "示例:类型不符"
    assert await DepartmentResult.filter(task=task, returned="").count() == 0, "each department's own, too"
    await sample.entered(task, ["R01"], ENTERED + timedelta(hours=2))
    assert (await Result.filter(task=task).order_by("-version").first()).version == 2


async def test_one_departments_row_goes_back_alone_and_its_officers_and_the_leader_hear_why(task):
    await sample.entered(task, ["R01"], ENTERED)
    crew = (await sample.team_of(task))["XF"]
    await entry.review(task.number, False, by=HEAD, at=ENTERED, reason="示例:请补照片", department="XF")
    returned = (
        await DepartmentResult.filter(task=task).exclude(returned="").values_list("department", flat=True)
    )
    assert returned == ["XF"]
    leader = await sample.leader_of(task)
    told = {
        (await Account.get(id=row.account_id)).inspector_id
        for row in await Outbox.filter(kind="review.returned")
    }
    assert told == {leader.id, *(one.id for one in crew)}
    await department_result.enter(task.number, ["R01"], "示例:已补", by=crew[0], at=ENTERED)
    assert (await Task.get(id=task.id)).state == T.CONCLUDED, "the leader confirms anew"
    whole = await department_result.confirm(task.number, by=leader, at=ENTERED)
    assert (whole.result, (await Task.get(id=task.id)).state) == (2, T.ENTERED)


async def test_a_department_that_inspected_nothing_cannot_be_sent_back(task):
    await sample.entered(task, ["R01"], ENTERED)
    await account(Role.HEAD, "GA")
    returned = entry.review(task.number, False, by=HEAD, at=ENTERED, reason="示例", department="JY")
    assert await refused(returned) == "department_result.not_inspected"
    assert (await Task.get(id=task.id)).state == T.ENTERED
