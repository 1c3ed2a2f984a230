"""Teams and visits in the chat: asking out, settling the time, beginning, ending (Art. 14 (2), 15, 16)."""

from __future__ import annotations

from models.procedure import department_result, inspection, team
from models.queries import substitution
from models.rules.actor import Role
from models.rules.visit import local_day
from models.states import NoticeState, TaskState
from models.tables import (
    Assignment,
    DepartmentResult,
    Inspector,
    Notice,
    OnlineEnding,
    Result,
    Substitution,
    Task,
)
from tests.bot.chat import Chat
from tests.support import district
from tests.support.district import OFFICE


async def opened(chat: Chat, phone, task: Task) -> None:
    await phone.say("/today")
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await chat.tap(phone, target)


async def test_all_tasks_are_accepted_with_one_tap(drawn: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    officer = await drawn.officer(leader)
    await officer.say("/today")
    await drawn.tap(officer, "全部接受")
    assert await Assignment.filter(inspector_id=leader.id, accepted_at=None).count() == 0
    assert not any("全部接受" in label for label in officer.buttons())


async def test_the_leader_pages_on_to_the_last_day_of_the_window(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    await inspection.close_network_check(task.number, by=await district.leader_of(task), at=district.CEREMONY)
    await opened(drawn, leader, task)
    await drawn.tap(leader, "定检查时间")
    first = leader.buttons()
    assert any("11月30日" in one for one in first) and not any("12月18日" in one for one in first)
    assert "更早的日期" not in first
    await drawn.tap(leader, "更晚的日期")
    assert any("12月18日" in one for one in leader.buttons()) and "更晚的日期" not in leader.buttons()
    await drawn.tap(leader, "更早的日期")
    assert leader.buttons() == first
    await drawn.tap(leader, "更晚的日期", "12月18日", "9:00")
    proposed = (await Task.get(id=task.id)).proposed_from
    assert proposed and local_day(proposed).isoformat() == "2026-12-18"


async def test_an_officer_asks_out_and_the_next_ticket_steps_in(drawn: Chat, task: Task) -> None:
    leaving = (await district.team_of(task))["XF"][0]
    officer = await drawn.officer(leaving)
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    await opened(drawn, officer, task)
    await drawn.tap(officer, "不能履行", "岗位调整")
    await drawn.post()
    assert leaving.name in head.last().text and "岗位调整" in head.last().text
    assert "不得指定人选" in head.last().text
    await drawn.tap(head, "同意更换")
    row = await Substitution.get(outgoing=f"TEST-{leaving.id.removeprefix('INS-')[:-1]}00{leaving.id[-1]}")
    assert row.consented and row.incoming
    assert "接替" in head.last().text and head.last().rows == []
    assert "team.decided" in await drawn.post()
    assert "已同意您的申请" in officer.last().text


async def test_a_recusal_in_own_words_concerns_this_target_alone(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer((await district.team_of(task))["XF"][0])
    await opened(drawn, officer, task)
    await drawn.tap(officer, "申请回避", "其他（输入理由）")
    await officer.say("亲属在该处任职")
    await officer.wait_for("等待部门负责人决定")
    row = await Substitution.all().first()
    assert (row.reason, row.note, row.targets) == ("recusal", "亲属在该处任职", [task.pool_id])


async def test_the_network_check_takes_two_taps_a_question(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer((await district.team_of(task))["SCJG"][0])
    await opened(drawn, officer, task)
    await drawn.tap(officer, "网络检查 0/3", "第2项")
    assert "来源：国家企业信用信息公示系统" in officer.last().text
    await drawn.tap(officer, "合格", "查询一致")
    from models.queries.sheet import sheet_of

    found = (await sheet_of(task)).network[2]
    assert (found.verdict, found.finding, found.settles) == ("pass", "查询一致", True)
    assert "网络检查 第13项" in officer.last().text
    await drawn.tap(officer, "查询列表")
    assert "2. 上一年度" in officer.last().text


async def test_a_date_found_online_is_typed_and_a_settled_one_needs_a_reason(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer((await district.team_of(task))["WJ"][0])
    await opened(drawn, officer, task)
    await drawn.tap(officer, "网络检查 0/1", "合格")
    assert "请输入查得的日期" in officer.last().text
    await officer.say("没查到")
    await officer.wait_for("不是有效日期")
    await officer.say("2027-05-31")
    await officer.wait_for("网络检查已全部完成")
    await drawn.tap(officer, "第7项", "不合格")
    await officer.say("许可证已更换")
    await officer.wait_for("请输入查得的日期")
    await officer.say("2026-01-31")
    await officer.wait_for("网络检查已全部完成")
    from models.queries.sheet import sheet_of

    assert (await sheet_of(task)).network[7].version == 2


async def test_a_short_notice_needs_a_reason(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    drawn.clock.move(district.VISIT)
    await opened(drawn, officer, task)
    await drawn.tap(officer, "网络检查完成", "确认结束", "定检查时间", "12月9日", "09:00", "确定并告知")
    assert "提前告知时间不足" in officer.last().text
    await drawn.tap(officer, "核查投诉举报")
    now = await Task.get(id=task.id)
    assert (now.state, now.short_notice) == (TaskState.SCHEDULED, "核查投诉举报")


async def test_d80_a_notice_is_withheld_only_when_the_head_agrees(drawn: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    officer = await drawn.officer(leader)
    head = await drawn.phone(await district.account(Role.HEAD, leader.department))
    await opened(drawn, officer, task)
    await drawn.tap(officer, "不事先告知")
    await officer.say("《示例条例》第9条")
    await officer.wait_for("等待部门负责人决定")
    await drawn.post()
    assert "《示例条例》第9条" in head.last().text
    await drawn.tap(head, "同意")
    assert (await Notice.get(task=task)).state == NoticeState.WITHHELD
    await drawn.post()
    assert "不事先告知" in officer.last().text


async def test_fewer_than_two_of_a_department_need_a_reason(drawn: Chat, task: Task) -> None:
    await district.visit_fixed(task, drawn.services.district)
    drawn.clock.move(district.VISIT)
    leader, team = await district.leader_of(task), await district.team_of(task)
    officer = await drawn.officer(leader)
    await opened(drawn, officer, task)
    await drawn.tap(officer, "开始检查")
    missing = team["XF"][1]
    for one in [one for people in team.values() for one in people if one != missing]:
        await drawn.tap(officer, f"☐ {one.name}")
    await drawn.tap(officer, "7人到场")
    assert "到场不足2人" in officer.last().text
    await officer.say("临时住院")
    await officer.wait_for("尚未收到告知")
    await drawn.tap(officer, "到场当面告知")
    await officer.wait_for("现场检查中")
    begun = await Task.get(id=task.id)
    assert (begun.started_short, begun.started_untold) == ("临时住院", "到场当面告知，对方同意")
    assert await Assignment.filter(task=task, arrived_at=None).count() == 1


async def test_a_visit_does_not_end_while_a_section_is_open(site: Chat, task: Task) -> None:
    officer = await site.officer(await district.leader_of(task))
    await opened(site, officer, task)
    said = await site.tap(officer, "结束检查")
    assert said.alert and "尚未定稿" in said.text and "公安" in said.text
    assert (await Task.get(id=task.id)).state == TaskState.ON_SITE


async def test_a_failed_answer_forbids_no_problem_found_and_other_needs_a_note(
    site: Chat, task: Task
) -> None:
    leader, team = await district.leader_of(task), await district.team_of(task)
    for ask in await _asks(task):
        by = team[ask.department][0]
        verdict, note = ("fail", "未建立制度") if ask.number == 5 else ("na", "")
        await inspection.answer(task.number, ask.number, verdict=verdict, note=note, by=by, at=site.clock())
    for people in team.values():
        await inspection.finalise(task.number, by=people[0], at=site.clock())
    await inspection.conclude(task.number, by=leader, at=site.clock(), district=site.services.district)
    officer = await site.officer(leader)
    await opened(site, officer, task)
    await site.tap(officer, "录入结果")
    said = await site.tap(officer, "✖ 未发现问题")
    assert said.alert and "第5项为不合格" in said.text
    await site.tap(officer, "☐ 其他", "确认录入")
    assert "须输入说明" in officer.last().text
    await officer.say("当场补正")
    await officer.wait_for("说明：当场补正")
    await site.tap(officer, "确认录入")
    row = await DepartmentResult.get(task=task)
    assert (row.department, row.types, row.note) == (leader.department, ["R14"], "当场补正")
    assert "未录入" in officer.last().text and (await Task.get(id=task.id)).state == TaskState.CONCLUDED
    for code in team.keys() - {leader.department}:
        await department_result.enter(task.number, ["R01"], by=team[code][0], at=site.clock())
    await opened(site, officer, task)
    await site.tap(officer, "确认结果")
    assert (await Task.get(id=task.id)).state == TaskState.ENTERED
    assert (await Result.get(task=task)).types == ["R14"]


async def _asks(task: Task):
    from models.queries.sheet import sheet_of

    return (await sheet_of(task)).asks


async def test_a6_a_leader_has_a_member_replaced_and_the_head_consents_in_the_chat(
    drawn: Chat, task: Task
) -> None:
    leader, gone = await district.leader_of(task), (await district.team_of(task))["XF"][-1]
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    officer = await drawn.officer(leader)
    await opened(drawn, officer, task)
    await drawn.tap(officer, "更换成员", gone.name, "工作冲突")
    row = await Substitution.get()
    assert (row.consented, row.reason) == (None, "conflict")
    await drawn.post()
    await drawn.tap(head, "同意")
    row = await Substitution.get()
    assert row.consented is True
    assert not await Assignment.exists(task=task, inspector_id=gone.id, until=None)


async def test_a6_a_head_replaces_an_officer_from_the_chat_in_one_act(drawn: Chat, task: Task) -> None:
    gone = (await district.team_of(task))["XF"][-1]
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    await head.say("/today")
    await drawn.tap(head, "更换人员", gone.name, "岗位调整")
    row = await Substitution.get()
    assert (row.consented, row.decided_by) == (True, "head:XF")


async def test_a6_where_nobody_is_left_to_come_the_head_has_the_way_on_in_the_chat(
    drawn: Chat, task: Task
) -> None:
    gone = (await district.team_of(task))["XF"][-1]
    serving = await Assignment.filter(until=None).values_list("inspector_id", flat=True)
    async with district.written():
        await Inspector.filter(department="XF").exclude(code__in=list(serving)).update(status="on_leave")
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    await team.request_substitution(task.number, gone.id, "post", by=OFFICE, at=drawn.clock())
    await drawn.post()
    await drawn.tap(head, "同意")
    assert "更换人员" in head.last().buttons and "已无可接替人员" in head.last().text
    await drawn.post()
    await head.wait_for("抽取名单已无人接替")
    async with district.written():
        await Inspector.filter(department="XF", status="on_leave").update(status="in_post")
    await drawn.tap(head, "更换人员")
    key = next(one for one in head.last().buttons if gone.name in one)
    assert "空缺" in key
    await drawn.tap(head, key)
    assert "延长检查时间或结束批次" in head.last().buttons
    await drawn.tap(head, "岗位调整")
    assert await substitution.vacancies([task]) == {}


async def test_a9_a_target_found_deregistered_ends_from_the_chat(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await district.leader_of(task))
    await opened(drawn, officer, task)
    await drawn.tap(officer, "主体已注销、迁出等", "注销")
    await officer.say("国家企业信用信息公示系统")
    await officer.wait_for("用分号隔开")
    assert (await Task.get(id=task.id)).state == TaskState.ASSIGNED
    await officer.say("国家企业信用信息公示系统；11月3日注销")
    await officer.wait_for("结果")
    row = await OnlineEnding.get(task=task)
    assert (row.result, row.source, row.finding) == ("R10", "国家企业信用信息公示系统", "11月3日注销")
    assert (await Task.get(id=task.id)).state == TaskState.CONCLUDED
