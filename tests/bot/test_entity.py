"""The inspected side: the notice in the chat, 收到, another time once; nobody else's notice (Art. 16 (2))."""

from __future__ import annotations

from datetime import timedelta

from bot.views.checklist import question
from locales import words
from models.procedure import correction, objection, recusal
from models.queries import evidence
from models.queries.card import task_card
from models.rules.actor import Actor, Role
from models.states import NoticeState
from models.tables import Assignment, Correction, Notice, Objection, Postponement, Preparation, Task
from tests.bot.chat import Chat
from tests.support import district, publishing
from tests.support.district import CEREMONY, VISIT
from tests.support.statements import counted


async def told(chat: Chat, task: Task):
    hotel = await chat.phone(await district.account(Role.ENTITY, str(task.target_id)))
    await district.visit_fixed(task, chat.services.district)
    await chat.post()
    return hotel


async def test_the_letter_comes_with_its_answers_its_page_and_its_pdf(drawn: Chat, task: Task) -> None:
    hotel = await told(drawn, task)
    letter = hotel.find("检查告知书")
    assert letter.buttons == ["收到", "申请改期", "准备材料", "核验真伪与全文"]
    assert letter.links[-1].startswith("http://127.0.0.1:8080/n/")
    assert hotel.download(hotel.last()) == b"%PDF-1.7 for tests"
    assert hotel.last().raw["document"]["file_name"] == f"{task.number}-T1.pdf"


async def test_received_is_one_tap_and_the_leader_hears_of_it(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    hotel = await told(drawn, task)
    assert (await drawn.tap(hotel, "收到")).text == "已确认收到"
    assert "收到" not in hotel.find("检查告知书").buttons
    assert (await Notice.get(task=task)).state == NoticeState.ACKNOWLEDGED
    await drawn.post()
    assert "已确认收到告知书" in leader.last().text


async def test_e15_the_letter_stays_folded_and_bold_when_it_is_received(drawn: Chat, task: Task) -> None:
    hotel = await told(drawn, task)
    before = hotel.find("检查告知书")
    await drawn.tap(hotel, "收到")
    after = hotel.find("检查告知书")
    assert "<" not in after.text
    kinds = [one["type"] for one in before.raw["entities"]]
    assert "expandable_blockquote" in kinds
    assert [one["type"] for one in after.raw["entities"]] == [*kinds, "bold"]


async def test_another_time_is_asked_for_once_and_the_leader_decides(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    hotel = await told(drawn, task)
    await drawn.tap(hotel, "申请改期")
    await hotel.say("当日停电检修 <三天>")
    await hotel.wait_for("抽查组有空的时间")
    await drawn.tap(hotel, "由组长另定")
    await hotel.wait_for("已提交改期申请")
    await drawn.post()
    assert "当日停电检修 <三天>" in leader.last().text
    async with counted() as count:
        await drawn.tap(leader, "同意改期")
    assert sum(' FROM "attempt" ' in statement for statement in count.statements) == 1, count.listed()
    assert (await Postponement.get(notice__task=task)).granted
    assert "定检查时间" in leader.last().buttons
    await drawn.post()
    assert "已同意改期" in hotel.last().text
    said = await drawn.tap(hotel, "查看告知书", "申请改期", "停业或装修")
    assert said.alert and "只能申请改期一次" in said.text


async def test_a_window_chosen_and_granted_is_put_to_the_members_in_one_tap(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    hotel = await told(drawn, task)
    await drawn.tap(hotel, "申请改期", "停业或装修")
    offered = hotel.find("抽查组有空的时间").buttons
    assert 1 < len(offered) <= 8
    await drawn.tap(hotel, offered[1])
    await drawn.post()
    assert f"希望改到：{offered[1]}" in leader.last().text
    await drawn.tap(leader, "同意改期")
    moved = await Task.get(id=task.id)
    asked = await Postponement.get(notice__task=task)
    assert (moved.proposed_from, moved.proposed_until) == (asked.wanted_from, asked.wanted_until)
    assert "已按此时间征求成员意见" in leader.last().text
    assert (await evidence.verify()).differences == []


async def test_the_list_is_ticked_in_the_chat_line_by_line(drawn: Chat, task: Task) -> None:
    hotel = await told(drawn, task)
    await drawn.tap(hotel, "准备材料")
    second = next(key for key in hotel.find("请准备").buttons if key.startswith("未备 2"))
    await drawn.tap(hotel, second)
    assert second.replace("未备", "已备") in hotel.find("请准备（1/").buttons
    await drawn.tap(hotel, "下一页")
    assert next(key for key in hotel.find("请准备").buttons).startswith("未备 9")
    assert [one.number for one in await Preparation.filter(task=task, ready=True)] == [2]
    assert (await evidence.verify()).differences == []


async def test_a_correction_is_verified_or_not_with_a_reason(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    hotel = await told(drawn, task)
    letter = await Notice.get(task=task)
    number, materials = letter.number, letter.letter["materials"]
    holder = Actor(Role.PUBLIC, "link")
    await correction.submit(number, 1, "示例:已换新 <b>", by=holder, at=CEREMONY)
    await drawn.post()
    assert "示例:已换新 <b>" in leader.last().text
    await drawn.tap(leader, "不采信")
    await leader.say("照片不清楚")
    await leader.wait_for("未采信：照片不清楚")
    await drawn.post()
    assert "照片不清楚" in hotel.last().text
    await correction.submit(number, 1, "示例:重拍", by=holder, at=CEREMONY)
    await drawn.post()
    await drawn.tap(leader, "核实无误")
    assert [one.accepted for one in await Correction.all().order_by("id")] == [False, True]
    by = await district.leader_of(task)
    first = next(
        one for one in (await task_card(task.number, by.id)).sheet.asks if one.prepare == materials[0]
    )
    officer = (await district.team_of(task))[first.department][0]
    shown = question(await task_card(task.number, officer.id), first.number, words("zh_Hans")).text
    assert "已自行整改，经核实：示例:重拍" in shown
    assert (await evidence.verify()).differences == []


async def test_a_recusal_reaches_the_head_alone_and_the_officer_hears_only_that_another_comes(
    drawn: Chat, task: Task
) -> None:
    seat = await Assignment.filter(task=task, leader=False, until=None).first()
    head = await drawn.phone(await district.account(Role.HEAD, seat.department))
    officer = await drawn.phone(await district.account(Role.INSPECTOR, seat.inspector_id))
    leader = await drawn.officer(await district.leader_of(task))
    hotel = await told(drawn, task)
    number = (await Notice.get(task=task)).number
    await recusal.ask(number, seat.id, "示例:是我前夫", by=Actor(Role.PUBLIC, "link"), at=CEREMONY)
    await drawn.post()
    assert "示例:是我前夫" in head.last().text
    await head.say("/today")
    await head.wait_for("待您决定（1项）")
    await drawn.tap(head, next(key for key in head.last().buttons if key.startswith("回避：")))
    await drawn.tap(head, "同意更换")
    await drawn.post()
    assert "已改由下一位承担" in officer.last().text
    assert "已同意，由他人接替" in hotel.last().text
    for other in (officer, leader):
        assert "前夫" not in other.transcript()
        assert "您的申请" not in other.transcript()


async def test_an_objection_is_decided_by_the_head_with_a_typed_reason(drawn: Chat, task: Task) -> None:
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    hotel = await told(drawn, task)
    place = drawn.services.district
    await district.visit_concluded(await Task.get(id=task.id), place)
    by = Actor(Role.HEAD, "GA", "", "GA")
    await publishing.entered(task, ["R01"], by, VISIT + timedelta(hours=3))
    await publishing.published(task, by, VISIT + timedelta(hours=3))
    number = (await Notice.get(task=task)).number
    holder = Actor(Role.PUBLIC, "link")
    await objection.object_to(
        number, "示例:与事实不符", by=holder, at=VISIT + timedelta(hours=4), district=place
    )
    await drawn.post()
    await head.say("/today")
    await head.wait_for("待您决定（1项）")
    await drawn.tap(head, next(key for key in head.last().buttons if key.startswith("异议：")))
    await drawn.tap(head, "异议成立")
    await head.say("核查属实")
    await head.wait_for("异议成立：核查属实")
    assert (await Objection.get(task=task)).upheld is True
    await drawn.post()
    assert "异议成立：核查属实" in hotel.last().text
    assert (await evidence.verify()).differences == []


async def test_d60_another_entity_s_notice_is_unknown(drawn: Chat, task: Task) -> None:
    hotel = await told(drawn, task)
    other = await Task.all().exclude(target_id=task.target_id).first()
    stranger = await drawn.phone(await district.account(Role.ENTITY, str(other.target_id)))
    await stranger.say("/today")
    await stranger.wait_for("目前没有检查告知书")
    from bot.buttons import Act
    from bot.callbacks import encode

    notice = await Notice.get(task=task)
    data = encode(drawn.services.district.secret, stranger.id, Act.RECEIVED, notice.id)
    said = await stranger.answer(await stranger.forge(data, stranger.last()))
    assert "没有找到该告知书" in said.text
    assert (await Notice.get(task=task)).acknowledged_at is None
    await hotel.say("/today")
    await hotel.wait_for("您的检查告知书")


async def test_whoever_is_not_bound_is_telephoned_and_no_number_is_shown(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    await district.visit_fixed(task, drawn.services.district)
    assert "notice.by_hand" in await drawn.post()
    script = leader.find("请电话告知检查对象")
    assert "我们从不收费" in script.text and "0375" not in script.text
    assert script.links[-1].endswith(f"/console/tasks/{task.number}")
