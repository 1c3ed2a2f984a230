"""各部门结果 in the chat: entered by each department, confirmed by the leader, sent back to one (Art. 16 (3))."""

from datetime import timedelta

from models.queries import evidence
from models.rules.actor import Role
from models.states import TaskState
from models.tables import DepartmentResult, Task
from tests.support import district
from tests.support.district import VISIT


async def test_the_leader_who_was_early_hears_when_all_are_in_and_a_press_confirms(drawn):
    task = await Task.all().order_by("number").select_related("target").first()
    await district.visit_fixed(task, district.district())
    await district.visit_concluded(task, district.district())
    drawn.clock.move(VISIT + timedelta(hours=3))
    leader, team = await district.leader_of(task), await district.team_of(task)
    boss = await drawn.officer(leader)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await boss.say("/today")
    await drawn.tap(boss, task.target.name, "录入结果", "☐ 未发现问题", "确认录入")
    assert "未录入" in boss.last().text and "确认结果" not in boss.buttons()
    for code, crew in team.items():
        if code != leader.department:
            phone = await drawn.officer(crew[0])
            await phone.say("/today")
            await drawn.tap(phone, task.target.name, "录入结果", "☐ 发现问题已责令改正")
            assert "处置措施：责令改正" in phone.last().text
            await drawn.tap(phone, "☐ 发现案件线索", "确认录入")
    await drawn.post()
    assert any("各部门结果均已录入" in shown.text for shown in boss.messages())
    await boss.say("/today")
    await drawn.tap(boss, task.target.name, "确认结果")
    assert (await Task.get(id=task.id)).state == TaskState.ENTERED
    rows = {row.department: row.measures for row in await DepartmentResult.filter(task=task)}
    assert {tuple(measures) for code, measures in rows.items() if code != leader.department} == {
        ("ordered", "case")
    }
    await drawn.post()
    assert any("：发现问题已责令改正" in shown.text for shown in head.messages())
    await drawn.tap(head, "退回", "只退回：消防救援")
    await head.say("示例:请补充说明")
    await drawn.idle()
    returned = (
        await DepartmentResult.filter(task=task).exclude(returned="").values_list("department", flat=True)
    )
    assert returned == ["XF"]
    assert drawn.errors == []
    assert (await evidence.verify()).differences == []
