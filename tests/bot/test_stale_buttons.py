"""D17: a press on a card just moved counts if it still means what it meant; an overtaken one writes nothing."""

from __future__ import annotations

from models.procedure import dialogue, inspection
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.tables import Answer, Card, Substitution, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district


async def given(task: Task, number: int):
    return (await sheet_of(task)).given.get(number)


async def elsewhere(site: Chat, officer) -> int:
    """A message that is no card."""
    sent = await officer.sticker()
    await officer.wait_for("这里接受文字")
    await site.idle()
    return sent.id


def data_of(shown, label: str) -> str:
    return next(b["callback_data"] for row in shown.rows for b in row if label in b["text"])


async def test_d17_a_press_under_a_card_that_was_only_moved_counts(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    old = officer.last()
    press, kept = data_of(old, "合格"), await elsewhere(site, officer)
    await site.idle()
    await officer.send_photo(picture())
    await officer.wait_for("第9项照片1张已保存")
    await site.idle()
    assert officer.last().id != old.id
    said = await officer.answer(await officer.forge(press, kept))
    await site.idle()
    assert said.text == "已保存"
    assert (await given(task, 9)).verdict == "pass"
    assert await Card.filter(chat_id=officer.id, subject=f"task:{task.number}").count() == 1
    assert (
        sum(
            bool(shown.rows)
            for shown in officer.messages()
            if task.number in shown.text or "项" in shown.text
        )
        == 1
    )


async def test_d17_a_press_while_the_card_is_being_redrawn_counts(site: Chat, task: Task) -> None:
    """The new message is in the chat, the row that says so is not written yet."""
    officer = await site.at_question(task, "GA", 3)
    card = officer.last()
    await dialogue.forget(officer.id, card.id)
    assert (await site.tap(officer, "合格")).text == "已保存"
    assert (await given(task, 3)).verdict == "pass"
    assert "第4项" in officer.last().text


async def test_d17_a_moved_card_that_a_colleague_has_overtaken_writes_nothing(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    colleague = (await district.team_of(task))["GA"][1]
    press, kept = data_of(officer.last(), "不合格"), await elsewhere(site, officer)
    await site.idle()
    await inspection.answer(task.number, 3, verdict="pass", by=colleague, at=site.clock())
    said = await officer.answer(await officer.forge(press, kept))
    await site.idle()
    assert "卡片已过期" in said.text
    assert "已答：合格" in officer.last().text
    assert await Answer.filter(task=task).count() == 1


async def test_d17_a_moved_card_after_closing_writes_nothing(site: Chat, task: Task) -> None:
    team = await district.team_of(task)
    officer = await site.at_question(task, "GA", 3)
    press, kept = data_of(officer.last(), "合格"), await elsewhere(site, officer)
    for number in (3, 4, 5, 6):
        await inspection.answer(task.number, number, verdict="na", by=team["GA"][1], at=site.clock())
    await inspection.finalise(task.number, by=team["GA"][1], at=site.clock())
    said = await officer.answer(await officer.forge(press, kept))
    await site.idle()
    assert "卡片已过期" in said.text
    assert (await given(task, 3)).verdict == "na"


async def test_d17_undo_does_not_say_what_it_takes_back_and_is_not_taken_from_an_old_card(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    await site.tap(officer, "合格")
    press, kept = data_of(officer.last(), "撤销"), await elsewhere(site, officer)
    await site.idle()
    said = await officer.answer(await officer.forge(press, kept))
    await site.idle()
    assert "卡片已过期" in said.text
    assert (await given(task, 3)).verdict == "pass"


async def test_d17_what_only_opens_something_is_opened_from_an_old_message(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    press, kept = data_of(officer.last(), "返回任务"), await elsewhere(site, officer)
    await site.idle()
    said = await officer.answer(await officer.forge(press, kept))
    await site.idle()
    assert said.text == ""
    assert "检查表" in " ".join(officer.last().buttons)


async def test_d17_a_head_s_answer_from_an_old_message_is_decided_by_the_act_itself(
    drawn: Chat, task: Task
) -> None:
    from models.procedure import team

    leaving = (await district.team_of(task))["XF"][1]
    await team.ask_out(task.number, "post", "示例", by=leaving, at=drawn.clock())
    head = await drawn.phone(await district.account(Role.HEAD, "XF"))
    await drawn.post()
    shown = next(one for one in head.messages() if "同意" in " ".join(one.buttons))
    await dialogue.forget(head.id, shown.id)
    await drawn.tap(head, "同意更换")
    assert (await Substitution.get()).consented is True
