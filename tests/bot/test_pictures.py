"""Photos in the chat: bound to their question, graded, one reply for an album, nothing half (Art. 16)."""

from __future__ import annotations

import io
from datetime import timedelta

from PIL import Image

from models import store
from models.imaging import ImagingPool
from models.procedure import photo as photos
from models.tables import Event, Photo, Task
from tests.bot.chat import Chat
from tests.support import district


def picture(colour: str = "navy", *, taken: str = "", side: int = 64) -> bytes:
    image, out = Image.new("RGB", (side, side), colour), io.BytesIO()
    exif = Image.Exif()
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
        exif.get_ifd(0x8769)[0x9011] = "+08:00"
    image.save(out, "JPEG", exif=exif)
    return out.getvalue()


async def questions(task: Task) -> list[tuple[int | None, str]]:
    rows = await Photo.filter(task=task).order_by("id").select_related("question")
    return [(row.question.number if row.question else None, row.grade) for row in rows]


async def test_d33_a_photo_without_exif_is_taken_as_grade_c_and_told_what_would_raise_it(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_photo(picture(), "布草间")
    card = await officer.wait_for("第9项照片1张已保存")
    assert "C级" in card.text and "文件" in card.text and "位置" in card.text
    assert await questions(task) == [(9, "C")]
    kept = await Photo.get(task=task)
    assert (kept.caption, kept.labels) == ("布草间", ["recompressed", "no_exif"])
    assert len(await store.objects.get(kept.sha256)) == kept.size


async def test_a_file_keeps_its_bytes_and_a_shared_place_raises_a_photo(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    original = picture("green", taken="2026:12:08 09:08:00")
    await officer.send_document(original, "布草间.jpg")
    assert "A级" in (await officer.wait_for("已保存")).text
    assert await store.objects.get((await Photo.get(task=task)).sha256) == original
    await officer.share_location(33.7372, 113.2941, live_period=900)
    await officer.wait_for("位置已记录")
    await officer.send_photo(picture("red"))
    assert "B级" in (await officer.wait_for("已保存")).text
    site.clock.move(timedelta(minutes=11))
    site.stage.exchange.clock.advance(11 * 60)
    await officer.send_photo(picture("blue"))
    assert "C级" in (await officer.wait_for("已保存")).text


async def test_d34_a_clock_that_is_far_off_is_said_and_never_blocks(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_document(picture(taken="2026:12:07 09:10:00"), "a.jpg")
    await officer.wait_for("拍摄时间与现在相差1440分钟")
    assert "clock_off:-1440" in (await Photo.get(task=task)).labels


async def test_d41_a_truncated_picture_is_refused_and_asked_for_again(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_document(picture(side=400)[:-600], "a.jpg")
    await officer.wait_for("没有保存，请重发")
    assert await Photo.all().count() == 0


async def test_e7_a_photo_that_is_refused_leaves_no_byte_in_the_store(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_photo(picture("red"))
    await officer.wait_for("第9项照片1张已保存")
    before = {name async for name in store.objects.names()}
    object.__setattr__(site.services.district, "officer_day_mb", 0)
    await officer.send_photo(picture("blue"))
    assert "没有保存" in (await officer.wait_for("每日上限")).text
    assert {name async for name in store.objects.names()} == before
    assert await Photo.all().count() == 1


async def test_d36_d39_bombs_and_other_files_are_refused_in_plain_words(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    bomb = io.BytesIO()
    Image.new("1", (13300, 13300)).save(bomb, "PNG")
    for content, name, said in (
        (bomb.getvalue(), "a.png", "过大"),
        (b"%PDF-1.7 ...", "a.jpg", "不支持PDF格式"),
        (b"<html>", "a.jpg", "没有保存"),
    ):
        await officer.send_document(content, name)
        await officer.wait_for(said)
    assert await Photo.all().count() == 0


async def test_d35_a_file_over_twenty_megabytes_is_refused_before_it_is_fetched(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_document(b"\xff\xd8" + bytes(21 * 1024 * 1024), "a.jpg")
    await officer.wait_for("超过20MB")
    assert site.stage.calls("getFile") == []


async def test_u16_an_album_is_one_act_and_one_reply(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await site.tap(officer, "合格")
    with officer.counted() as count:
        await officer.send_album([picture(colour) for colour in ("red", "green", "blue", "black")])
        await officer.wait_for("第9项照片4张已保存")
        await site.idle()
    assert count.bot_messages == 1
    assert await questions(task) == [(9, "C")] * 4


async def test_d3_a_photo_overtaken_by_a_press_belongs_to_the_question_it_was_sent_at(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "GA", 3)
    at = int(site.clock().timestamp())
    await site.tap(officer, "合格")
    site.clock.move(timedelta(seconds=20))
    await site.tap(officer, "跳过")
    assert "第5项" in officer.last().text
    shown = await site.stage.exchange.files.photo(picture())
    await officer.send_raw(photo=shown, date=at + 5)
    await officer.wait_for("照片1张已保存")
    assert await questions(task) == [(4, "C")]


async def test_d3_a_reply_binds_a_photo_to_the_question_of_what_it_answers(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    typed = await officer.say("20/18")
    await officer.wait_for("已答：20/18")
    await site.tap(officer, "要点列表", " 6 ")
    await officer.send_photo(picture(), reply_to=typed)
    await officer.wait_for("第4项照片1张已保存")
    assert "第6项" in officer.last().text


async def test_a_photo_in_no_question_is_kept_and_asked_where_it_belongs(site: Chat, task: Task) -> None:
    officer = await site.officer((await district.team_of(task))["WJ"][0])
    await officer.send_photo(picture())
    await officer.wait_for("属于哪一项？")
    assert await questions(task) == [(None, "C")]
    await site.tap(officer, "第9项")
    assert await questions(task) == [(9, "C")]
    assert "第9项" in officer.last().text


async def test_a_photo_without_a_visit_is_refused_with_the_reason(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer((await district.team_of(task))["WJ"][0])
    await officer.send_photo(picture())
    await officer.wait_for("没有正在进行的现场检查")


async def test_d47_a_picture_that_is_gone_is_asked_for_again(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    site.stage.faults.refuse(
        "getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable"
    )
    await officer.send_photo(picture())
    await officer.wait_for("请重发")
    assert await Photo.all().count() == 0


async def test_the_prints_come_by_themselves_with_task_question_time_and_officer(
    site: Chat, task: Task
) -> None:
    room = ImagingPool(workers=1)
    await room.start()
    try:
        object.__setattr__(site.services, "darkroom", room)
        officer = await site.at_question(task, "WJ", 9)
        await officer.send_photo(picture(side=600))
        await officer.wait_for("已保存")
        await site.idle()
        kept = await Photo.get(task=task)
        assert kept.thumbnail and kept.stamped and kept.stamped != kept.sha256
        assert await photos.undeveloped() == []
        stamped = Image.open(io.BytesIO(await store.objects.get(kept.stamped)))
        assert stamped.size == (600, 600)
    finally:
        await room.stop()


async def test_b13_a_wrong_photo_is_voided_for_a_reason_and_asked_for_again(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "WJ", 9)
    await officer.send_photo(picture())
    await officer.wait_for("第9项照片1张已保存")
    await site.tap(officer, "作废照片")
    assert "理由" in officer.last().text
    await site.tap(officer, "拍错地方")
    card = await officer.wait_for("照片已作废")
    assert "照片1张" not in card.text
    row = await Photo.get(task=task)
    assert (row.removed_at is not None, row.removed_why) == (True, "拍错地方")
    voided = await Event.get(kind="photo.voided")
    assert (voided.chain, voided.data["reason"]) == (f"task:{task.number}", "拍错地方")
    assert await store.objects.exists(row.sha256)  # the bytes stay


async def test_b13_of_several_photos_one_is_chosen_and_the_reason_may_be_typed(
    site: Chat, task: Task
) -> None:
    officer = await site.at_question(task, "WJ", 9)
    for colour in ("red", "green"):
        await officer.send_photo(picture(colour))
        await officer.wait_for("已保存")
    first, second = await Photo.filter(task=task).order_by("id")
    await site.tap(officer, "作废照片")
    chosen = next(label for label in officer.last().buttons if label.startswith("第2张"))
    await site.tap(officer, chosen)
    await officer.say("手指挡住了镜头")
    await officer.wait_for("照片已作废")
    await first.refresh_from_db()
    await second.refresh_from_db()
    assert (first.removed_at, second.removed_why) == (None, "手指挡住了镜头")
