"""A12: who ought to be told and is not there is said to the office and in the trail (Art. 5-7)."""

from models.procedure import enrolment, notice
from models.queries import evidence
from models.rules.actor import Role
from models.tables import Account, Event, Outbox, Task
from tests import district as sample


async def asked(heads: bool):
    await sample.found()
    await sample.drawn()
    office = await sample.account(Role.OFFICE, "测试联席办")
    task = await Task.all().order_by("rank").first()
    leader = await sample.leader_of(task)
    if heads:
        await sample.account(Role.HEAD, leader.department)
    else:
        for head in await Account.filter(role=Role.HEAD):
            await enrolment.disable(head, by=sample.OFFICE, at=sample.CEREMONY)
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=sample.CEREMONY)
    return task, leader, office


async def test_a12_where_a_department_has_no_head_the_office_is_told_and_the_trail_says_so(db):
    task, leader, office = await asked(heads=False)
    row = await Outbox.get(kind="nobody.head")
    assert row.account_id == office.id
    assert (row.payload["task"], row.payload["about"]) == (task.number, "notice.withhold_asked")
    said = await Event.get(chain=f"task:{task.number}", kind="nobody.head")
    assert said.data["department"] == leader.department
    assert (await evidence.verify()).differences == []


async def test_a12_where_there_is_a_head_the_office_hears_nothing(db):
    _, leader, _ = await asked(heads=True)
    head = await Account.get(role=Role.HEAD, department=leader.department)
    assert (await Outbox.get(kind="notice.withhold_asked")).account_id == head.id
    assert not await Outbox.exists(kind="nobody.head")
