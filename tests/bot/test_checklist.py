"""Answering in the chat: one question a card, typed values, corrections, conflicts, closing (Art. 16)."""

from __future__ import annotations

from models.queries.sheet import sheet_of
from models.tables import Answer, Event, Question, Task
from tests.bot.chat import Chat
from tests.support import district


async def given(task: Task, number: int):
    return (await sheet_of(task)).given.get(number)


async def test_no_answer_is_there_beforehand_and_a_photo_is_announced_before_answering(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "XF", 11)
    card = officer.last()
    assert "○ 未答" in card.text
    assert "本项须拍照" in card.text
    assert not any("●" in label for label in card.buttons)
    assert len(card.text.splitlines()) <= 12


async def test_a_tap_is_saved_and_leads_to_the_next_question(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    assert (await site.tap(officer, "合格")).text == "已保存"
    assert "第4项" in officer.last().text
    assert "进度 1/4 ▓░░░" in officer.last().text
    assert (await given(task, 3)).verdict == "pass"


async def test_a_number_is_typed_and_waits_for_its_verdict(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("２０／20")
    await officer.wait_for("缺结论")
    await site.tap(officer, "合格")
    assert (await given(task, 4)).value == "20/20"
    assert "第5项" in officer.last().text


async def test_b12_a_number_out_of_its_own_limits_asks_for_another_or_for_a_word(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("10/9")
    await officer.wait_for("缺结论")
    await site.tap(officer, "合格")
    asked = officer.last().text
    assert "第4项" in asked and "与“合格”不符" in asked
    assert (await given(task, 4)).value == "10/9"  # kept, and asked about
    await officer.say("10/10")
    await officer.wait_for("第5项")
    assert (await given(task, 4)).value == "10/10"


async def test_b12_a_word_settles_a_number_out_of_its_own_limits(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("10/9")
    await officer.wait_for("缺结论")
    await site.tap(officer, "合格")
    await officer.say("一间正在退房，登记已注销")
    await officer.wait_for("第5项")
    standing = await given(task, 4)
    assert (standing.value, standing.note) == ("10/9", "一间正在退房，登记已注销")


async def test_b12_a_failed_point_asks_for_a_word_and_takes_it(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("10/9")
    await officer.wait_for("缺结论")
    await site.tap(officer, "不合格")
    assert "缺情况说明" in officer.last().text
    await officer.say("一间未登记")
    standing = await officer.wait_for("一间未登记")
    assert standing and (await given(task, 4)).note == "一间未登记"


async def test_d26_what_is_no_number_is_refused_with_an_example(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 8)
    for wrong in ("二十/十八", "20.5/18", "-1/2", "NaN/1", "1e309/1", "20"):
        await officer.say(wrong)
        said = await officer.wait_for(lambda shown: "如 10/9" in shown.text and not shown.rows)
        assert "请输入" in said.text or "超出范围" in said.text
    assert await given(task, 8) is None
    await officer.say("２０／18")
    await officer.wait_for("已答：20/18")


async def test_d27_a_spoken_date_is_confirmed_and_a_wrong_one_refused(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 7)
    await officer.say("2026-02-30")
    await officer.wait_for("不是有效日期")
    await officer.say("昨天")
    await officer.wait_for("是指 2026年12月7日（周一） 吗")
    assert await given(task, 7) is None
    await site.tap(officer, "是，就是这天")
    assert (await given(task, 7)).value == "2026-12-07"


async def test_d21_a_double_tap_is_one_write_and_one_edit(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    edits = len(site.stage.calls("editMessageText"))
    card = officer.last()
    first, second = (
        await officer.press("合格", card),
        await officer.forge(
            next(b["callback_data"] for row in card.rows for b in row if b["text"] == "合格"), card
        ),
    )
    assert (await officer.answer(first)).text == "已保存"
    await officer.answer(second)
    await site.idle()
    assert await Answer.filter(task=task).count() == 1
    assert len(site.stage.calls("editMessageText")) == edits + 1


async def test_d15_a_press_too_old_to_be_answered_still_counts(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    site.stage.faults.refuse(
        "answerCallbackQuery", 400, "Bad Request: query is too old and response timeout expired"
    )
    await officer.press("合格")
    await officer.wait_for("第4项")
    assert (await given(task, 3)).verdict == "pass"
    assert site.errors == []


async def test_d16_a_corrected_message_is_a_new_version_and_after_closing_refused(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 4)
    typed = await officer.say("20/18")
    await officer.wait_for("已答：20/18")
    await officer.edit_message(typed, "20/19")
    await officer.wait_for("已按修改后的内容更新")
    assert (await given(task, 4)).value == "20/19"
    assert [one.value for one in await Answer.filter(task=task).order_by("version")] == ["20/18", "20/19"]
    for number in (3, 4, 5, 6):
        await site.tap(officer, "要点列表", f" {number} ", "不适用")
    await site.tap(officer, "定稿")
    await officer.edit_message(typed, "1/1")
    await officer.wait_for("已定稿")
    assert await Answer.filter(task=task, value="1/1").count() == 0


async def test_d17_an_old_card_or_a_closed_section_writes_nothing_and_brings_a_fresh_card(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    old = officer.last()
    data = next(b["callback_data"] for row in old.rows for b in row if b["text"] == "合格")
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await site.idle()
    listed = officer.last()
    said = await officer.answer(await officer.forge(data, await officer.say("旧消息")))
    await site.idle()
    assert "卡片已过期" in said.text
    assert officer.last().id != listed.id
    assert task.number in officer.last().text
    assert await Answer.filter(task=task).count() == 0


async def test_d17_after_closing_a_press_is_refused_and_the_card_is_fresh(site: Chat, task: Task) -> None:
    team = await district.team_of(task)
    officer = await site.at_question(task, "GA", 3)
    from models.procedure import inspection

    for number in (3, 4, 5, 6):
        await inspection.answer(task.number, number, verdict="na", by=team["GA"][1], at=site.clock())
    await inspection.finalise(task.number, by=team["GA"][1], at=site.clock())
    said = await site.tap(officer, "合格")
    assert "卡片已过期" in said.text and "已定稿" in said.text
    assert task.number in officer.last().text
    assert (await given(task, 3)).verdict == "na"


async def test_d22_two_officers_differ_and_one_of_them_chooses(site: Chat, task: Task) -> None:
    one = await site.at_question(task, "GA", 3)
    other = await site.at_question(task, "GA", 3, who=1)
    await site.tap(one, "合格")
    await site.tap(other, "不合格")
    shown = other.last().text
    assert "两人作答不一致" in shown and "合格" in shown and "不合格" in shown
    names = [actor.name for actor in (await district.team_of(task))["GA"]]
    await site.tap(other, f"以{names[0]}作答为准")
    standing = await given(task, 3)
    assert (standing.verdict, standing.conflict, standing.version) == ("pass", False, 3)


async def test_d23_a_very_long_note_is_kept_whole_and_shown_cut(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 5)
    await site.tap(officer, "备注")
    long = "情况说明" * 1023 + "<完>"
    await officer.say(long)
    await officer.wait_for("…")
    assert (await given(task, 5)).note == long
    await site.tap(officer, "全文")
    whole = "".join(
        shown.text
        for shown in officer.messages()
        if shown.from_bot and "情况说明情况说明" in shown.text and not shown.rows
    )
    assert whole == long


async def test_d24_what_people_wrote_is_shown_literally(site: Chat, task: Task) -> None:
    from models.tables import Target

    await Target.filter(code=task.target_id).update(name="<b>示例</b>_*[x](y)*_ & <i>宾馆")
    officer = await site.officer((await district.team_of(task))["GA"][0])
    await officer.say("/today")
    await site.tap(officer, "示例</b>", "检查表")
    assert "<b>示例</b>_*[x](y)*_ & <i>宾馆" in officer.last().text
    await officer.say("备注 <u>未闭合 & \u202e倒序")
    await officer.wait_for("备注 <u>未闭合 & 倒序")


async def test_d28_a_command_wins_over_an_open_question_and_the_draft_stays(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("20/18")
    await officer.wait_for("缺结论")
    await officer.say("/cancel")
    await officer.wait_for("已答内容均已保存")
    await officer.say("21/20")
    await officer.wait_for("没有保存")
    assert (await given(task, 4)).value == "20/18"
    await site.tap(officer, "继续：")
    assert "20/18" in officer.find("第4项").text


async def test_d29_a_voice_a_sticker_a_poll_or_a_dice_is_told_what_is_taken(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    for send in (officer.voice, officer.sticker, officer.dice):
        await send()
        await officer.wait_for("这里接受文字、照片、文件和位置")
    await officer.say("20/18")
    await officer.wait_for("已答：20/18")


async def test_u10_undo_takes_back_the_last_answer_alone(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    await site.tap(officer, "合格", "撤销")
    assert "第3项" in officer.last().text and "○ 未答" in officer.last().text
    assert (await given(task, 3)).verdict == ""


async def test_u12_closing_with_gaps_lists_them_and_a_tap_leads_to_the_first(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "XF", 10)
    await site.tap(officer, "不适用", "合格", "要点列表", "定稿")
    assert "还有2项未完成" in officer.last().text
    await site.tap(officer, "第11项：缺照片")
    assert "第11项" in officer.last().text


async def test_d18_a_forged_button_or_somebody_elses_is_refused_and_noted(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    other = await site.officer((await district.team_of(task))["XF"][0])
    await other.say("/today")
    await other.wait_for("我的任务")
    data = next(b["callback_data"] for row in officer.last().rows for b in row if b["text"] == "合格")
    for phone, forged in (
        (other, data),
        (officer, data.replace("pass", "fail")),
        (officer, "v:1:1:pass"),
        (officer, "x"),
    ):
        said = await phone.answer(await phone.forge(forged))
        assert said.text == "无权操作"
    assert await Answer.filter(task=task).count() == 0
    assert await Event.filter(chain="security", kind="button.forged").count() == 4


async def test_options_are_tapped_and_what_they_bring_up_is_asked_next(site: Chat, task: Task) -> None:
    async with district.written():
        await Question.filter(number=3).update(answer="MANY", fill_in="经营范围：住宿/餐饮/会务", photo="no")
        await Question.filter(number=4).update(condition="3=餐饮", photo="no", answer="TRI", fill_in="")
    officer = await site.at_question(task, "GA", 3)
    assert "点下面的选项" in officer.last().text
    await site.tap(officer, "住宿")
    await site.tap(officer, "合格")
    assert "第5项" in officer.last().text and "/3" in officer.last().text
    await site.tap(officer, "上一项")
    await site.tap(officer, "餐饮")
    assert (await given(task, 3)).value == "住宿、餐饮"
    assert "/4" in officer.last().text
    await site.tap(officer, "下一项")
    assert "第4项" in officer.last().text
