"""Texts go where they belong: by reply, by the time they were sent, joined where Telegram split them (F5, D3, D16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.tables import Answer, Photo, Question, Task
from server.practice import Phone
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture, questions
from tests.support import district
from tests.support.waiting import until


async def notes(task: Task) -> dict[int, str]:
    """The note that stands for each question."""
    rows = await Answer.filter(task=task).order_by("version").select_related("question")
    return {row.question.number: row.note for row in rows if row.note}


async def values(task: Task) -> dict[int, str]:
    rows = await Answer.filter(task=task).order_by("version").select_related("question")
    return {row.question.number: row.value for row in rows if row.value}


async def test_b6_the_halves_of_a_note_that_telegram_split_are_one_note(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    first, second = "甲" * 4096, "乙" * 900
    await officer.say(first)
    await officer.say(second)
    await site.idle()
    assert await notes(task) == {3: first + second}
    assert site.errors == []


async def test_b6_a_phone_splits_what_is_too_long_and_it_is_one_note_again(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    with officer.counted() as count:
        await officer.say("甲" * 5000)
        await site.idle()
    assert (count.acts, await notes(task)) == (1, {3: "甲" * 5000})


async def test_b6_three_parts_and_an_edit_of_the_first_keep_the_others(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    parts = ["甲" * 4096, "乙" * 4096, "丙" * 10]
    sent = [await officer.say(one) for one in parts]
    await site.idle()
    assert await notes(task) == {3: "".join(parts)}
    await officer.edit_message(sent[1], "丁" * 5)
    await site.idle()
    assert await notes(task) == {3: parts[0] + "丁" * 5 + parts[2]}


async def test_b6_a_second_note_that_is_no_half_goes_to_the_question_that_is_open(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    await officer.say("门口")
    await site.idle()
    await site.tap(officer, "合格")
    await officer.wait_for("第4项")
    await officer.say("20/18")
    await site.idle()
    assert (await notes(task), await values(task)) == ({3: "门口"}, {4: "20/18"})


async def test_b6_a_text_in_reply_to_an_earlier_photo_is_a_note_of_its_question(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    photo = await officer.send_photo(picture())
    await officer.wait_for("第3项照片1张已保存")
    await site.tap(officer, "要点列表", " 5 ")
    await officer.say("这是第一张照片那项的备注", reply_to=photo)
    shown = await officer.wait_for("第3项备注已保存")
    assert "第5项" in shown.text
    assert await notes(task) == {3: "这是第一张照片那项的备注"}
    await officer.say("再补一句", reply_to=photo)
    await site.idle()
    assert await notes(task) == {3: "这是第一张照片那项的备注\n再补一句"}


async def test_b6_a_text_in_reply_to_the_card_of_a_question_answers_that_question(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 4)
    card = officer.last()
    quoted = card.raw
    await site.tap(officer, "要点列表", " 5 ")
    site.stage.exchange.chats.edit(quoted, silent=True)  # as the phone that had not seen the change yet
    await officer.say("20/18", reply_to=card)
    await site.idle()
    assert await values(task) == {4: "20/18"}


async def test_b6_a_text_in_reply_to_a_photo_of_no_question_is_refused_with_what_to_do(
    site: Chat, task: Task
) -> None:
    officer = await site.officer((await district.team_of(task))["GA"][0])
    photo = await officer.send_photo(picture())
    await officer.wait_for("属于")
    await officer.say("门口的照片", reply_to=photo)
    await officer.wait_for("请先选照片属于哪一项")
    assert await notes(task) == {}


async def test_b6_a_text_overtaken_by_a_press_lands_on_the_question_it_was_sent_at(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    at = int(site.clock().timestamp())
    site.clock.move(timedelta(seconds=20))
    await site.tap(officer, "合格")
    assert "第4项" in officer.last().text
    await officer.send_raw(text="门口有台阶", date=at + 5)
    shown = await officer.wait_for("第3项备注已保存")
    assert "第4项" in shown.text
    assert (await notes(task), await values(task)) == ({3: "门口有台阶"}, {})
    site.clock.move(timedelta(seconds=20))
    await site.tap(officer, "返回任务")
    await officer.send_raw(text="30/20", date=at + 25)
    await until(lambda: Answer.filter(value="30/20").exists())
    assert await values(task) == {4: "30/20"}
    assert site.errors == []


@pytest.mark.parametrize("seconds", [-90, 90])
async def test_b6_a_text_lands_on_the_open_question_though_telegrams_clock_is_not_ours(
    site: Chat, task: Task, seconds: int
) -> None:
    officer = await site.at_question(task, "GA", 3)
    site.services.telegram_clock.taken.clear()
    site.clock.move(timedelta(seconds=200))
    await officer.send_raw(text="门口有台阶", date=int(site.clock().timestamp()) + seconds)
    await officer.wait_for("第3项备注已保存")
    await site.tap(officer, "合格")
    assert "第4项" in officer.last().text
    await officer.send_raw(text="30/20", date=int(site.clock().timestamp()) + seconds)
    await until(lambda: Answer.filter(value="30/20").exists())
    assert await values(task) == {4: "30/20"}
    site.clock.move(timedelta(seconds=20))
    await site.tap(officer, "要点列表", " 6 ")
    await officer.send_raw(text="示例备注", date=int(site.clock().timestamp()) + seconds - 10)
    await site.idle()
    assert "示例备注" not in (await notes(task)).get(6, "")


async def test_b6_a_text_for_a_screen_that_was_left_is_not_taken_for_another(site: Chat, task: Task) -> None:
    officer = await site.officer((await district.team_of(task))["GA"][0])
    await officer.say("/today")
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await site.tap(officer, target, "申请回避", "其他")
    at = int(site.clock().timestamp())
    site.clock.move(timedelta(seconds=20))
    await site.tap(officer, "返回", "检查表")
    await officer.send_raw(text="亲戚", date=at + 5)
    await officer.wait_for("没有保存。请打开后再发一次", any_time=True)
    assert (await notes(task), await values(task)) == ({}, {})


async def test_b6_an_edit_without_text_changes_no_text_and_its_picture_is_kept(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    sent = await officer.say("布草间无分类标识")
    await officer.wait_for("第9项备注已保存")
    await officer.edit_into_photo(sent, picture(), "布草间无分类标识（补照片）")
    await officer.wait_for("原来的文字保持不变", any_time=True)
    assert await notes(task) == {9: "布草间无分类标识"}
    assert await questions(task) == [(9, "C")]
    assert (await Photo.get(task=task)).caption == "布草间无分类标识（补照片）"


async def test_b6_what_was_passed_on_is_nobodys_answer(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    origin = {"type": "hidden_user", "sender_user_name": "别人", "date": 1}
    await officer.send_raw(text="20/18", forward_origin=origin)
    await officer.wait_for("转发来的内容", any_time=True)
    assert await Answer.all().count() == 0


async def test_b7_after_a_typed_answer_the_card_stands_below_it_and_names_what_was_saved(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 4)
    line = await officer.say("20/18")
    await officer.wait_for("第4项填写内容已保存")
    assert officer.last().id > line.id
    assert "合格" in officer.last().buttons
    await site.tap(officer, "合格")
    await _typed_elsewhere(officer, site)


async def _typed_elsewhere(officer: Phone, site: Chat) -> None:
    """What is typed on any other screen has its card below it too."""
    await site.tap(officer, "返回任务", "受阻 · 改日", "不予配合")
    line = await officer.say("前台拒绝检查人员进入")
    await site.idle()
    assert officer.last().id > line.id
    assert "前台拒绝检查人员进入" in officer.last().text
    first, second = "甲" * 4096, "乙" * 10
    await officer.say(first)
    await officer.say(second)
    await site.idle()
    assert "请重发" not in officer.last().text
    assert await Question.all().count() > 0
