"""At the door in the chat: arriving, a refusal, nobody there, another day (Art. 16 (2), 18)."""

from __future__ import annotations

from datetime import timedelta

from models.procedure import arrival, cooperation
from models.queries import arrival as arrivals
from models.queries import evidence
from models.rules import arrival as rules
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Arrival, Assignment, NonCooperation, Photo, Result, Suspension, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.bot.test_visit import opened
from tests.support import district
from tests.support.waiting import until

AT = district.VISIT + timedelta(minutes=3)


async def to_the_door(chat: Chat, task: Task) -> None:
    """The visit is fixed, and its day has come."""
    await district.visit_fixed(task, district.district())
    chat.clock.move(AT)
    await chat.post()


async def standing(task: Task) -> TaskState:
    return (await Task.get(id=task.id)).state


def heard(phone, said: str) -> bool:
    return any(said in one.text for one in phone.messages())


async def test_an_officer_registers_by_location_and_by_hand(drawn: Chat, task: Task) -> None:
    await to_the_door(drawn, task)
    near, other = (await district.team_of(task))["XF"]
    officer, colleague = await drawn.officer(near), await drawn.officer(other)
    await opened(drawn, officer, task)
    await drawn.tap(officer, "亮码 · 到场", "定位登记")
    await officer.wait_for("发送我的位置")
    await officer.press("发送我的位置")
    await officer.wait_for("手机定位")
    row = await Arrival.get(inspector_id=near.id)
    assert (row.how, row.latitude_e6) == ("location", round(officer.person.place[0] * 1e6))
    await opened(drawn, colleague, task)
    await drawn.tap(colleague, "亮码 · 到场", "手工登记到场")
    await colleague.say("对方不便扫码")
    await colleague.wait_for("手工登记")
    assert (await Arrival.get(inspector_id=other.id)).reason == "对方不便扫码"
    assert (await evidence.verify()).differences == []


async def test_the_code_is_shown_by_the_phones_own_page(drawn: Chat, task: Task) -> None:
    await to_the_door(drawn, task)
    officer = await drawn.officer((await district.team_of(task))["XF"][0])
    await opened(drawn, officer, task)
    await drawn.tap(officer, "亮码 · 到场", "亮码（打开手机端）")
    await officer.wait_for("手机端")
    assert any("/login/" in one and one.endswith("/arrive") for one in urls(officer)), urls(officer)


def urls(phone) -> list[str]:
    return [key["url"] for shown in phone.messages() for row in shown.rows for key in row if "url" in key]


async def test_those_who_registered_are_ticked_when_the_leader_begins(drawn: Chat, task: Task) -> None:
    await to_the_door(drawn, task)
    leader = await district.leader_of(task)
    late = (await district.team_of(task))["XF"][0]
    seat = await Assignment.get(task=task, inspector_id=late.id, until=None)
    key = await arrivals.code_key(district.district().secret, task.id, late.id, AT)
    code = rules.token(key.key, seat.id, rules.step_of(AT))
    await arrival.scanned(code, at=AT, district=district.district())
    officer = await drawn.officer(leader)
    await opened(drawn, officer, task)
    await drawn.tap(officer, "开始检查")
    assert any(f"☑ {late.name}" in one for one in officer.buttons())
    assert any("全员到场" in one for one in officer.buttons())
    assert "检查对象尚未收到告知" in officer.last().text
    await drawn.tap(officer, "全员到场")
    assert await standing(task) == TaskState.SCHEDULED
    await officer.say("示例：园区停电，当面告知")
    await officer.wait_for("现场检查中")
    assert await standing(task) == TaskState.ON_SITE


async def test_a_refusal_goes_from_one_officer_to_a_second_to_the_head(drawn: Chat, task: Task) -> None:
    await to_the_door(drawn, task)
    one, two = (await district.team_of(task))["XF"]
    leader = await district.leader_of(task)
    first, second = await drawn.officer(one), await drawn.officer(two)
    head = await drawn.phone(await district.account(Role.HEAD, leader.department))
    await opened(drawn, first, task)
    await drawn.tap(first, "受阻 · 改日", "报告不予配合", "（一）拒绝、妨碍进入场所")
    await first.say("示例:负责人拒绝开门")
    await first.wait_for("示例:负责人拒绝开门")
    await first.send_photo(picture())
    await first.wait_for("证据照片 1 张")
    assert (await Photo.get(task=task)).about == "refusal"
    await drawn.tap(first, "提交报告")
    await drawn.post()
    assert heard(second, "示例:负责人拒绝开门")
    await drawn.tap(second, "我也在场，确认属实")
    await drawn.post()
    assert heard(head, "证据照片 1 张")
    await drawn.tap(head, "认定不予配合")
    assert await standing(task) == TaskState.REFUSED
    assert heard(head, "已认定不予配合")
    await drawn.post()
    assert heard(first, "已认定不予配合")
    boss = await drawn.officer(leader)
    await opened(drawn, boss, task)
    await drawn.tap(boss, "结束检查", "结束")
    assert await standing(task) == TaskState.CONCLUDED
    await drawn.tap(boss, "录入结果")
    assert any(key.startswith("☑") and "不配合" in key for key in boss.buttons())
    await drawn.tap(boss, "确认录入")
    assert (await Result.get(task=task)).types == ["R06"]
    assert drawn.errors == []
    assert (await evidence.verify()).differences == []


async def test_the_head_who_does_not_agree_says_why(drawn: Chat, task: Task) -> None:
    await to_the_door(drawn, task)
    one, two = (await district.team_of(task))["XF"]
    leader = await district.leader_of(task)
    report = await cooperation.report(task.number, [3], "示例", by=one, at=AT)
    first = await drawn.officer(one)
    await opened(drawn, first, task)
    await drawn.tap(first, "受阻 · 改日")
    assert not any("我也在场" in key for key in first.buttons())
    await NonCooperation.filter(id=report).update(confirmed_by=two.id, confirmed_at=AT)
    head = await drawn.phone(await district.account(Role.HEAD, leader.department))
    await head.say("/today")
    await drawn.tap(head, "不予配合：", "不予认定")
    await head.say("示例:已补交材料")
    await until(lambda: NonCooperation.exists(id=report, agreed=False))
    assert (await NonCooperation.get(id=report)).said == "示例:已补交材料"
    assert await standing(task) == TaskState.SCHEDULED


async def test_nobody_at_the_place_needs_a_photo_and_a_second_officer(drawn: Chat, task: Task) -> None:
    await to_the_door(drawn, task)
    one, two = (await district.team_of(task))["XF"]
    first, second = await drawn.officer(one), await drawn.officer(two)
    await opened(drawn, first, task)
    await drawn.tap(first, "受阻 · 改日", "报告无法联系")
    await first.say("示例:门牌属实,无人")
    await first.wait_for("示例:门牌属实")
    assert not any("提交报告" in key for key in first.buttons())
    await first.send_photo(picture("blue"))
    await first.wait_for("证据照片 1 张")
    await drawn.tap(first, "提交报告")
    await opened(drawn, second, task)
    await drawn.tap(second, "受阻 · 改日", "我也在场，确认无法联系")
    assert await standing(task) == TaskState.UNREACHABLE
    assert (await evidence.verify()).differences == []


async def test_the_leader_breaks_off_and_the_team_hears_of_it(site: Chat, task: Task) -> None:
    boss = await site.officer(await district.leader_of(task))
    member = await site.officer((await district.team_of(task))["XF"][0])
    await opened(site, boss, task)
    await site.tap(boss, "受阻 · 改日", "中止，改日再查", "当日时间不足")
    assert await standing(task) == TaskState.SCHEDULED
    assert (await Suspension.get(task=task)).reason == "当日时间不足"
    assert any("定检查时间" in key for key in boss.buttons())
    await site.post()
    assert heard(member, "改日再查：当日时间不足")


async def test_u45_whoever_steps_in_on_site_finds_the_answers(site: Chat, task: Task) -> None:
    leaving = (await district.team_of(task))["XF"][0]
    officer = await site.officer(leaving)
    head = await site.phone(await district.account(Role.HEAD, "XF"))
    await opened(site, officer, task)
    await site.tap(officer, "不能履行", "工作冲突")
    await site.post()
    await site.tap(head, "同意更换")
    seats = await Assignment.filter(task=task, department="XF", until=None).values_list(
        "inspector_id", flat=True
    )
    assert leaving.id not in seats and len(seats) == 2
