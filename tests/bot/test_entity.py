"""The inspected side: the notice in the chat, 收到, another time once; nobody else's notice (Art. 16 (2))."""

from __future__ import annotations

from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Notice, Postponement, Task
from tests import district
from tests.bot.chat import Chat


async def told(chat: Chat, task: Task):
    hotel = await chat.phone(await district.account(Role.ENTITY, str(task.target_id)))
    await district.visit_fixed(task, chat.services.district)
    await chat.post()
    return hotel


async def test_the_letter_comes_with_its_answers_its_page_and_its_pdf(drawn: Chat, task: Task) -> None:
    hotel = await told(drawn, task)
    letter = hotel.find("检查告知书")
    assert letter.buttons == ["收到", "申请改期", "查验真伪与全文"]
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


async def test_another_time_is_asked_for_once_and_the_leader_decides(drawn: Chat, task: Task) -> None:
    leader = await drawn.officer(await district.leader_of(task))
    hotel = await told(drawn, task)
    await drawn.tap(hotel, "申请改期")
    await hotel.say("当日停电检修 <三天>")
    await hotel.wait_for("已提交改期申请")
    await drawn.post()
    assert "当日停电检修 <三天>" in leader.last().text
    await drawn.tap(leader, "同意改期")
    assert (await Postponement.get(notice__task=task)).granted
    assert "定检查时间" in leader.last().buttons
    await drawn.post()
    assert "已同意改期" in hotel.last().text
    said = await drawn.tap(hotel, "查看告知书", "申请改期", "停业或装修")
    assert said.alert and "只能申请改期一次" in said.text


async def test_d60_another_entity_s_notice_is_unknown(drawn: Chat, task: Task) -> None:
    hotel = await told(drawn, task)
    other = await Task.all().exclude(target_id=task.target_id).first()
    stranger = await drawn.phone(await district.account(Role.ENTITY, str(other.target_id)))
    await stranger.say("/today")
    await stranger.wait_for("目前没有检查告知书")
    from bot.callbacks import Act, sealed

    notice = await Notice.get(task=task)
    data = sealed(drawn.services.district.secret, stranger.id, Act.RECEIVED, notice.id)
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
