"""Rows of bad input that nothing else names: groups, channels, file names, albums in trouble (D16-D51)."""

from __future__ import annotations

from models import store
from models.procedure import photo as photos
from models.tables import Answer, Event, Photo, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture, questions
from tests.bot.test_stale_buttons import data_of, elsewhere
from tests.support import district

GROUP = -100_4711


async def test_d19_a_press_by_another_member_of_a_group_is_refused_without_detail(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    other = await site.officer((await district.team_of(task))["XF"][0])
    site.stage.exchange.chats.found_group(GROUP, "示例群", [officer.id, other.id])
    press = data_of(officer.last(), "合格")
    posted = await officer.say("转到群里", chat=GROUP)
    await site.idle()
    said = await other.answer(await other.forge(press, posted, chat=GROUP))
    await site.idle()
    assert said.text == "无权操作"
    assert await Answer.filter(task=task).count() == 0
    assert await Event.filter(chain="security", kind="button.forged").count() == 1


async def test_d20_a_channel_or_an_anonymous_admin_is_asked_into_a_private_chat(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    site.stage.exchange.chats.found_group(GROUP, "示例群", [officer.id])
    await officer.send_raw(
        chat=GROUP, text="/start", sender_chat={"id": GROUP, "type": "supergroup", "title": "示例群"}
    )
    await site.idle()
    assert "私聊" in site.stage.calls("sendMessage", GROUP)[-1].text("text")
    assert [call.chat_id for call in site.stage.calls("leaveChat")] == [GROUP]
    assert await Answer.all().count() == 0


async def test_d29_a_poll_is_told_what_is_taken_and_the_question_stays(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    options = [{"text": said, "voter_count": 0, "persistent_id": said} for said in ("合格", "不合格")]
    await officer.send_raw(
        poll={
            "id": "1", "question": "合格吗", "options": options, "total_voter_count": 0, "is_closed": False,
            "is_anonymous": False, "type": "regular", "allows_multiple_answers": False,
            "allows_revoting": False, "members_only": False,
        }
    )  # fmt: skip
    await officer.wait_for("这里接受文字、照片、文件和位置")
    await officer.say("20/18")
    await officer.wait_for("已答：20/18")


async def test_d40_a_heic_file_is_kept_and_no_preview_is_tried(site: Chat, task: Task) -> None:
    heic = b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(200)
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_document(heic, "a.heic")
    await officer.wait_for("已保存")
    kept = await Photo.get(task=task)
    assert kept.format == "HEIC" and await store.objects.get(kept.sha256) == heic
    assert await photos.undeveloped() == []


async def test_d45_a_file_s_name_is_nothing_to_us(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    for n, name in enumerate(("../../etc/passwd.jpg", "a\r\nX: y.jpg", "\u202egpj.exe", "长" * 300 + ".jpg")):
        await officer.send_document(picture(side=50 + n), name)
        await officer.wait_for("已保存")
        await site.idle()
    rows = await Photo.filter(task=task)
    assert len(rows) == 4
    assert not any(part in repr([dict(row) for row in rows]) for part in ("passwd", "exe", "X: y", "长长"))


async def test_d46_of_an_album_whose_one_download_fails_all_are_kept_after_another_try(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await site.tap(officer, "合格")
    site.stage.faults.server_error("getFile")
    with officer.counted() as count:
        await officer.send_album([picture(side=50 + n) for n in range(10)])
        await officer.wait_for("第9项照片10张已保存")
        await site.idle()
    assert await questions(task) == [(9, "C")] * 10
    assert count.bot_messages <= 2, "one summary, and that one had to be tried again"
    assert len(site.errors) == 1


async def test_d3_a_reply_to_a_card_binds_the_photo_to_the_question_it_shows(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    card = officer.last()
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await officer.send_photo(picture(), reply_to=card)
    await officer.wait_for("第3项照片1张已保存")
    assert await questions(task) == [(3, "C")]


async def test_d3_a_reply_to_any_other_message_asks_where_the_photo_belongs(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 3)
    other = await elsewhere(site, officer)
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await officer.send_photo(picture(), reply_to=other)
    await officer.wait_for("属于哪一项？")
    assert await questions(task) == [(None, "C")]
