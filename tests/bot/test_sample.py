"""抽样、委托、检查方式 in the chat: the same acts as on the phone (Art. 10, 16)."""

from __future__ import annotations

from models.queries import evidence
from models.queries.sheet import sheet_of
from models.rules.checklist import gaps
from models.tables import Answer, Entrustment, Photo, Question, Sample, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import assistance, district


async def test_a_sample_is_entered_in_three_acts_and_its_report_in_three(site: Chat, task: Task) -> None:
    await assistance.planned()
    officer = await site.at_question(task, "GA", 3)
    crew = (await district.team_of(task))["GA"]
    with officer.counted() as count:
        await site.tap(officer, "抽样送检")
        await officer.say("示例毛巾\n3条\n-\n示例封0001\n示例检测公司")
        await officer.wait_for("第二人", any_time=True)
        await site.tap(officer, crew[1].name)
    assert count.acts == 3
    made = await Sample.get()
    assert (made.name, made.lot, made.seal, made.witness) == ("示例毛巾", "", "示例封0001", crew[1].id)
    assert "待检测" in officer.last().text or "待检测" in officer.find("第3项").text
    await site.tap(officer, "返回任务", "检测报告 示例封0001")
    await officer.send_photo(picture("olive"))
    await site.idle()
    assert (await Photo.get()).about == "sample"
    await site.tap(officer, "不合格")
    await officer.say("示例检2026-1\n菌落总数超标（示例）")
    await officer.wait_for("检测报告已录入", any_time=True)
    given = (await sheet_of(task)).given[3]
    assert (given.verdict, given.method) == ("fail", "sample")
    assert (await evidence.verify()).differences == []


async def test_a_point_that_requires_a_sample_says_so_and_takes_the_reason_for_none(
    site: Chat, task: Task
) -> None:
    asked = (await sheet_of(task)).ask(3)
    async with district.written():
        await Question.filter(id=asked.id).update(sample="required", photo="no")
    officer = await site.at_question(task, "GA", 3)
    assert "本项须抽样" in officer.last().text and "抽样送检" in officer.last().buttons
    await site.tap(officer, "合格")
    assert "须抽样，未登记样品也未写明原因" in officer.find("第3项").text
    await officer.say("现场无可抽样品（示例）")
    await site.idle()
    sheet = await sheet_of(task)
    assert sheet.given[3].note == "现场无可抽样品（示例）" and not gaps(sheet.ask(3), sheet.given[3])


async def test_a_point_that_takes_no_sample_has_no_button_for_one(site: Chat, task: Task) -> None:
    await assistance.planned()
    asked = (await sheet_of(task)).ask(3)
    async with district.written():
        await Question.filter(id=asked.id).update(sample="no")
    officer = await site.at_question(task, "GA", 3)
    assert "本项不抽样" in officer.last().text and "抽样送检" not in officer.last().buttons


async def test_fewer_lines_than_asked_for_are_told_how_many_are_needed(site: Chat, task: Task) -> None:
    await assistance.planned()
    officer = await site.at_question(task, "GA", 3)
    await site.tap(officer, "抽样送检")
    await officer.say("示例毛巾\n3条")
    await officer.wait_for("需要五行")
    assert await Sample.all().count() == 0


async def test_chips_are_there_only_where_the_plan_lists_other_ways(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    assert not {"书面检查", "委托机构", "抽样检测", "抽样送检"} & set(officer.last().buttons)
    await assistance.planned()
    await site.tap(officer, "要点列表", " 3 ")
    await site.tap(officer, "书面检查")
    assert any("书面检查" in one and one != "书面检查" for one in officer.last().buttons), (
        "it is marked as chosen"
    )
    await site.tap(officer, "合格")
    assert [(one.verdict, one.method) for one in await Answer.all().order_by("version")] == [
        ("", "document"), ("pass", "document"),
    ]  # fmt: skip
    await site.tap(officer, "要点列表", " 3 ", "书面检查")
    assert (await sheet_of(task)).given[3].method == ""


async def test_the_leader_entrusts_an_agency_in_the_chat_and_ends_it(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await leader.say("/today")
    await leader.wait_for("我的任务")
    await drawn.tap(leader, target, "委托专业机构")
    await leader.say("示例检测公司\n示例委1号")
    await leader.wait_for("至少四行")
    await leader.say("示例检测公司\n示例委1号\n消防设施检测\n示例师傅 高级工程师\n示例助手 技术员")
    await leader.wait_for("示例助手", any_time=True)
    made = await Entrustment.get()
    assert made.people == [["示例师傅", "高级工程师"], ["示例助手", "技术员"]]
    await drawn.tap(leader, "返回任务")
    assert (
        "委托：示例检测公司 示例师傅（高级工程师）" in leader.last().text
        or "委托：" in leader.find(target).text
    )
    await drawn.tap(leader, "委托专业机构", "结束")
    assert (await Entrustment.get()).ended_at is not None
    assert (await evidence.verify()).differences == []
