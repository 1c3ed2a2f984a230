"""After the visit in the chat: the entity hears each step, officers sign, the head decides a correction (Art. 16 (3))."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.views import reviewing as views
from locales import words
from models.procedure import objection, record, reminder, revision
from models.queries import evidence, public, reviewing
from models.queries import record as records
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Notice, Notification, Revision, Signature, Statement, Task
from tests.bot.chat import Chat
from tests.support import district, publishing
from tests.support.district import VISIT

HEAD = Actor(Role.HEAD, "GA", "", "GA")
LATER = VISIT + timedelta(hours=3)


async def visited(chat: Chat, task: Task):
    """A hotel with a chat whose visit is over."""
    hotel = await chat.phone(await district.account(Role.ENTITY, str(task.target_id)))
    await district.visit_fixed(task, chat.services.district)
    await chat.post()
    await district.visit_concluded(await Task.get(id=task.id), chat.services.district)
    chat.clock.move(LATER)
    await chat.post()
    return hotel


async def test_a19_the_entity_hears_each_step_with_what_it_may_do_and_until_when(
    drawn: Chat, task: Task
) -> None:
    hotel = await visited(drawn, task)
    ended = hotel.find("的现场检查已经结束")
    assert "陈述申辩" in ended.text and ended.links[-1].startswith("http")
    leader = await district.leader_of(task)
    await record.draw_up(task.number, by=leader, at=LATER, district=drawn.services.district)
    await drawn.post()
    assert "阅读记录表" in hotel.find("检查记录表第1版已形成").buttons
    await publishing.entered(task, ["R01"], HEAD, LATER)
    await drawn.post()
    told = hotel.find("抽查结果：未发现问题。结果还没有公示")
    assert "2026年12月11日" in told.text, "three working days after Tuesday 8 December"
    assert "无异议" in told.buttons and "陈述申辩" in told.buttons
    assert (await Notification.get(kind="result")).told_at == LATER
    assert (await drawn.tap(hotel, "无异议")).text == "已记录：无异议"
    assert await Statement.filter(task=task, kind="agreed").count() == 1
    answered = hotel.find("抽查结果：未发现问题。结果还没有公示")
    assert answered.text.endswith("已记录：无异议") and answered.id == told.id
    assert not any("无异议" in one.buttons for one in hotel.messages())
    await publishing.published(task, HEAD, LATER, drawn.services.district)
    await drawn.post()
    public_ = hotel.find("抽查结果已公示：未发现问题")
    assert "2026年12月15日" in public_.text and "提出异议" in public_.buttons
    assert (await evidence.verify()).differences == []


async def test_a19_the_letters_card_follows_and_offers_no_other_time_after_the_visit(
    drawn: Chat, task: Task
) -> None:
    hotel = await visited(drawn, task)
    letter = hotel.find("检查告知书")
    assert "检查之后：现场检查已结束" in letter.text
    assert letter.buttons == ["核验真伪与全文"]


async def test_a17_each_officer_is_asked_and_signs_in_the_own_chat(drawn: Chat, task: Task) -> None:
    await visited(drawn, task)
    leader, team = await district.leader_of(task), await district.team_of(task)
    member = next(one for crew in team.values() for one in crew if one.id != leader.id)
    phone = await drawn.officer(member)
    drawn_up = await record.draw_up(task.number, by=leader, at=LATER, district=drawn.services.district)
    await drawn.post()
    asked = phone.find("检查记录表等您签字")
    assert "签字确认" in asked.buttons
    assert (await drawn.tap(phone, "签字确认")).text == "已签字"
    signed = await Signature.get(record_id=drawn_up.id)
    assert (signed.name, signed.by) == (member.name, member.mark)
    assert member.id not in [code for code, _, _ in (await records.papers(task.id)).missing]


async def test_a17_the_entry_says_who_has_not_signed(drawn: Chat, task: Task) -> None:
    await visited(drawn, task)
    leader = await district.leader_of(task)
    phone = await drawn.officer(leader)
    await phone.say("/today")
    await drawn.tap(phone, (await Task.get(id=task.id).select_related("target")).target.name, "录入结果")
    said = phone.last().text
    assert "记录表应签" in said and "已签 0 方" in said and leader.name in said


async def test_a4_an_upheld_objection_is_corrected_in_the_chat_by_leader_and_head(
    drawn: Chat, task: Task
) -> None:
    hotel = await visited(drawn, task)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    leader = await drawn.officer(await district.leader_of(task))
    await publishing.entered(task, ["R01"], HEAD, LATER)
    await publishing.published(task, HEAD, LATER, drawn.services.district)
    at = LATER + timedelta(hours=1)
    drawn.clock.move(at)
    number = (await Notice.get(task=task)).number
    objected = await objection.object_to(
        number, "示例", by=publishing.HOLDER, at=at, district=drawn.services.district
    )
    await objection.decide(objected, True, "示例:复核属实", by=HEAD, at=at)
    await drawn.post()
    assert "示例:复核属实" in leader.find("公示的结果要更正").text
    await drawn.tap(leader, "录入更正", "未发现开展", "确认录入")
    await drawn.post()
    assert "未发现开展" in head.find("更正待您决定").text
    await drawn.tap(head, "退回组长")
    await head.say("示例:请再核对")
    await head.wait_for("已退回组长：示例:请再核对")
    await drawn.post()
    await drawn.tap(leader, "录入更正", "未发现开展", "确认录入")
    await drawn.post()
    await drawn.tap(head, "同意并公示")
    await drawn.post()
    (line,), _ = await public.results()
    assert (line.result.kind, line.result.types) == ("corrected", ("R07",))
    assert "公示的结果已更正为" in hotel.find("公示的结果已更正为").text
    assert (await evidence.verify()).differences == []


@pytest.mark.parametrize("proposed", [False, True], ids=["the leader enters it", "the head decides it"])
async def test_a4_a_correction_that_waits_is_reminded_of_with_the_act_as_a_button(
    drawn: Chat, task: Task, proposed: bool
) -> None:
    await visited(drawn, task)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    leader = await drawn.officer(await district.leader_of(task))
    await publishing.entered(task, ["R01"], HEAD, LATER)
    await publishing.published(task, HEAD, LATER, drawn.services.district)
    await revision.ask(task.number, "示例:录入有误", by=HEAD, at=LATER)
    if proposed:
        await revision.propose(task.number, ["R07"], by=await district.leader_of(task), at=LATER)
    await drawn.post()
    drawn.clock.move((LATER + timedelta(days=9)).replace(hour=9))
    assert await reminder.sweep(at=drawn.clock(), district=drawn.services.district)
    await drawn.post()
    await (head if proposed else leader).wait_for("期限提醒")
    if proposed:
        await drawn.tap(head, f"去决定 {task.number}", "同意并公示")
        assert (await Revision.get()).outcome == "corrected"
    else:
        await drawn.tap(leader, f"录入更正 {task.number}", "未发现开展", "确认录入")
        assert (await Revision.get()).result_id
    assert drawn.errors == []


async def test_c9_the_head_publishes_from_the_word_that_nothing_is_against_the_result(
    drawn: Chat, task: Task
) -> None:
    await visited(drawn, task)
    await publishing.entered(task, ["R01"], HEAD, LATER)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await publishing.agreed(task, LATER)
    await drawn.post()
    said = head.find("检查对象对结果无异议")
    assert "写明原因后公示" in said.buttons and "没有" in said.text, (
        said.buttons
    )  # nobody signed a record sheet
    await publishing.published(task, HEAD, LATER, drawn.services.district)
    await drawn.post()
    assert not any({"公示", "写明原因后公示"} & set(one.buttons) for one in head.messages())


async def test_a4_a_correction_is_not_offered_again_while_one_is_open_nor_taken_and_lost(
    drawn: Chat, task: Task
) -> None:
    await visited(drawn, task)
    await publishing.entered(task, ["R01"], HEAD, LATER)
    await publishing.published(task, HEAD, LATER, drawn.services.district)
    number = (await Notice.get(task=task)).number
    shown = views.review(await reviewing.reviewed(task.id), "http://127.0.0.1/", words("zh_Hans"))
    assert "要求更正" in labels(shown)
    objected = await objection.object_to(
        number, "示例", by=publishing.HOLDER, at=LATER, district=drawn.services.district
    )
    await objection.decide(objected, True, "示例:复核属实", by=HEAD, at=LATER)
    shown = views.review(await reviewing.reviewed(task.id), "http://127.0.0.1/", words("zh_Hans"))
    assert "要求更正" not in labels(shown)
    with pytest.raises(Refusal, match=r"revision\.under_way"):
        await revision.ask(task.number, "示例:另一处", by=HEAD, at=LATER)
    await revision.withdraw(task.number, "示例:撤回", by=HEAD, at=LATER)
    shown = views.review(await reviewing.reviewed(task.id), "http://127.0.0.1/", words("zh_Hans"))
    assert not any("撤回" in label for label in labels(shown))
    with pytest.raises(Refusal, match=r"revision\.withdrawn"):
        await revision.withdraw(task.number, "示例:又一次", by=HEAD, at=LATER)


def labels(view) -> list[str]:
    return [key.label for row in view.rows for key in row]
