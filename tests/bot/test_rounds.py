"""Many visits at once in the chat: members answer, a leader fixes and sends, a head approves (Art. 15, 16 (2))."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from models import store
from models.procedure import inspection, itinerary, schedule
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.free_times import Window
from models.states import NoticeState, TaskState
from models.tables import Assignment, Notice, Task
from tests.bot.chat import Chat
from tests.support import district


async def led_with(task: Task) -> list[Task]:
    """The tasks of one leader's team."""
    tasks = await Task.filter(team_id=task.team_id).order_by("number")
    for one in tasks:
        await inspection.close_network_check(
            one.number, by=await district.leader_of(one), at=district.CEREMONY
        )
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
    await officer.wait_for(lambda shown: f"征求意见：{len(tasks)} 家" in shown.text, any_time=True)
    await drawn.tap(officer, "全部可以")
    for one in tasks:
        seat = await Assignment.get(task=one, inspector_id=member.id, until=None)
        assert seat.agreed_from == one.proposed_from


async def test_a_list_that_changed_meanwhile_is_shown_again_before_it_is_agreed_to(
    drawn: Chat, task: Task
) -> None:
    tasks = await proposed(task)
    member = (await district.team_of(task))["WJ"][0]
    officer = await drawn.officer(member)
    await drawn.post()
    later = district.VISIT + timedelta(days=8)
    await schedule.propose(
        tasks[0].number,
        later,
        later + timedelta(hours=2),
        by=await district.leader_of(task),
        at=district.CEREMONY,
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


async def test_b11_the_message_about_a_time_holds_the_time_and_both_answers(drawn: Chat, task: Task) -> None:
    await inspection.close_network_check(task.number, by=await district.leader_of(task), at=district.CEREMONY)
    member = (await district.team_of(task))["WJ"][0]
    officer = await drawn.officer(member)
    await officer.say("/today")
    await officer.wait_for("我的任务")
    leader = await district.leader_of(task)
    await schedule.propose(
        task.number, district.VISIT, district.VISIT + timedelta(hours=2), by=leader, at=district.CEREMONY
    )
    await drawn.post()
    shown = await officer.wait_for(lambda one: "征求检查时间意见" in one.text, any_time=True)
    assert "12月8日" in shown.text
    assert "09:00" in shown.text
    await drawn.tap(officer, "不行")
    await drawn.tap(officer, "改答：可以")
    seat = await Assignment.get(task=task, inspector_id=member.id, until=None)
    assert (seat.agreed_from, seat.declined_from) == (district.VISIT, None)


async def test_b11_an_answer_changes_until_the_time_is_fixed_and_not_after(any_db) -> None:
    await district.found()
    await district.drawn()
    task = await Task.all().first()
    leader, member = await district.leader_of(task), (await district.team_of(task))["WJ"][0]
    await inspection.close_network_check(task.number, by=leader, at=district.CEREMONY)
    begins = district.VISIT
    await schedule.propose(task.number, begins, begins + timedelta(hours=2), by=leader, at=district.CEREMONY)
    for can in (True, False, True, False):
        await schedule.reply(task.number, can, by=member, at=district.CEREMONY, begins=begins)
        seat = await Assignment.get(task=task, inspector_id=member.id, until=None)
        assert (seat.agreed_from == begins, seat.declined_from == begins) == (can, not can)
    other = begins + timedelta(days=1)
    with pytest.raises(Refusal) as unread:
        await schedule.reply(task.number, True, by=member, at=district.CEREMONY, begins=other)
    assert unread.value.code == "visit.time_changed"
    await schedule.fix(task.number, by=leader, at=district.CEREMONY, district=district.district())
    with pytest.raises(Refusal) as fixed:
        await schedule.reply(task.number, True, by=member, at=district.CEREMONY)
    assert fixed.value.code == "visit.fixed_already"


async def test_b11_each_of_many_times_is_answered_in_the_message_and_changed_there(
    drawn: Chat, task: Task
) -> None:
    tasks = await proposed(task)
    member = (await district.team_of(task))["WJ"][0]
    officer = await drawn.officer(member)
    await drawn.post()
    await officer.wait_for(lambda shown: f"征求意见：{len(tasks)} 家" in shown.text, any_time=True)
    await drawn.tap(officer, "1 不行")
    first = min(tasks, key=lambda one: one.proposed_from)
    seat = await Assignment.get(task=first, inspector_id=member.id, until=None)
    assert seat.declined_from == first.proposed_from
    await drawn.tap(officer, "1 可以")
    seat = await Assignment.get(task=first, inspector_id=member.id, until=None)
    assert (seat.agreed_from, seat.declined_from) == (first.proposed_from, None)


async def test_c8_the_chat_shows_open_network_checks_before_anything_is_fixed(
    drawn: Chat, task: Task
) -> None:
    tasks = await proposed(task)
    await all_can(tasks)
    await Task.filter(id=tasks[0].id).update(state=TaskState.ASSIGNED)
    leader = await drawn.officer(await district.leader_of(task))
    await leader.say("/today")
    await leader.wait_for("我的任务")
    await drawn.tap(leader, "待确定并发出")
    shown = leader.last()
    assert "1 家的网络检查还没有结束" in shown.text
    await drawn.tap(leader, "先结束网络检查")
    await drawn.tap(leader, "全部结束")
    await drawn.tap(leader, f"全部确定并发出（{len(tasks)}）")
    assert await Task.filter(team_id=task.team_id, state=TaskState.SCHEDULED).count() == len(tasks)


async def test_e8_accepting_all_is_one_act_and_the_answer_counts_what_is_stored(any_db) -> None:
    await district.found()
    await district.drawn()
    task = await Task.all().first()
    member = (await district.team_of(task))["WJ"][0]
    numbers = [one.number for one in await Task.filter(team_id=task.team_id).order_by("number")]
    struck = asyncio.Event()

    async def kill_in_the_middle() -> None:
        async with store.transaction():
            await itinerary.accept(numbers, by=member, at=district.CEREMONY, key="all")
            struck.set()
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        await kill_in_the_middle()
    assert await Assignment.filter(inspector_id=member.id, accepted_at__not_isnull=True).count() == 0
    outcomes = await itinerary.accept([*numbers, "no such task"], by=member, at=district.CEREMONY, key="all")
    assert [one.refused and one.refused.code for one in outcomes] == [*[None] * len(numbers), "task.unknown"]
    assert await Assignment.filter(inspector_id=member.id, accepted_at__not_isnull=True).count() == len(
        numbers
    )
