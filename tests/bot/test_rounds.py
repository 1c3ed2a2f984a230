"""Many visits at once in the chat: members answer, a leader fixes and sends, a head approves (Art. 15, 16 (2))."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from models.procedure import inspection, itinerary, schedule
from models.rules.actor import Role
from models.rules.window import Window
from models.states import NoticeState, TaskState
from models.tables import Assignment, Notice, Task
from tests import district
from tests.bot.chat import Chat


async def led_with(task: Task) -> list[Task]:
    """The tasks of one leader's team."""
    tasks = await Task.filter(team_id=task.team_id).order_by("number")
    for one in tasks:
        await inspection.close_network_check(one.number, by=await district.leader_of(one), at=district.CEREMONY)
    return tasks


async def proposed(task: Task) -> list[Task]:
    tasks = await led_with(task)
    times = [district.VISIT + timedelta(days=n) for n, _ in enumerate(tasks)]
    wanted = [(one.number, Window(at, at + timedelta(hours=2))) for one, at in zip(tasks, times, strict=True)]
    await itinerary.propose(wanted, by=await district.leader_of(task), at=district.CEREMONY, key="one press")
    return await Task.filter(team_id=task.team_id).order_by("number")


async def all_can(tasks: list[Task], but: str = "") -> None:
    for task in tasks:
        for people in (await district.team_of(task)).values():
            for one in people:
                if one.id != but:
                    await schedule.reply(task.number, True, by=one, at=district.CEREMONY)


async def test_a_member_answers_every_proposed_time_with_one_tap(drawn: Chat, task: Task) -> None:
    tasks = await proposed(task)
    member = (await district.team_of(task))["WJ"][0]
    officer = await drawn.officer(member)
    kinds = await drawn.post()
    assert kinds.count("visits.proposed") == 1
    await officer.wait_for(lambda shown: f"征询 {len(tasks)} 家" in shown.text, any_time=True)
    await drawn.tap(officer, "全部可以")
    for one in tasks:
        seat = await Assignment.get(task=one, inspector_id=member.id, until=None)
        assert seat.agreed_from == one.proposed_from


async def test_a_list_that_changed_meanwhile_is_shown_again_before_it_is_agreed_to(drawn: Chat, task: Task) -> None:
    tasks = await proposed(task)
    member = (await district.team_of(task))["WJ"][0]
    officer = await drawn.officer(member)
    await drawn.post()
    later = district.VISIT + timedelta(days=8)
    await schedule.propose(
        tasks[0].number, later, later + timedelta(hours=2), by=await district.leader_of(task), at=district.CEREMONY
    )
    said = await drawn.tap(officer, "全部可以")
    assert "名单有变动" in said.text
    assert await Assignment.filter(inspector_id=member.id, agreed_from=None).count() == len(tasks)


async def test_a_leader_fixes_and_sends_everything_agreed_from_the_list(drawn: Chat, task: Task) -> None:
    tasks = await proposed(task)
    await all_can(tasks)
    leader = await drawn.officer(await district.leader_of(task))
    await leader.say("/today")
    await drawn.tap(leader, f"待确定并发出（{len(tasks)}）", "全部确定并发出")
    assert await Task.filter(team_id=task.team_id, state=TaskState.SCHEDULED).count() == len(tasks)
    assert await Notice.filter(task__team_id=task.team_id).count() == len(tasks)
    assert f"已确定并发出 {len(tasks)} 家" in leader.last().text


async def test_a_head_approves_or_sends_back_with_a_reason(drawn: Chat, task: Task) -> None:
    place = replace(district.district(), head_approves=True)
    drawn.services = replace(drawn.services, district=place)
    drawn.app.bot_data["setting"] = drawn.services
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    leader = await drawn.officer(await district.leader_of(task))
    await district.visit_fixed(task, place)
    await drawn.post()
    assert "请审批检查告知书" in head.last().text
    await drawn.tap(head, "退回组长")
    await head.say("示例:避开集市日")
    await head.wait_for("已退回组长")
    await drawn.post()
    assert "示例:避开集市日" in leader.last().text
    await schedule.fix(task.number, by=await district.leader_of(task), at=district.CEREMONY, district=place)
    await drawn.post()
    await drawn.tap(head, "同意发出")
    assert "告知书已发出" in head.last().text
    assert [one.state for one in await Notice.filter(task=task).order_by("version")] == [
        NoticeState.REVOKED, NoticeState.BY_HAND,
    ]  # fmt: skip
