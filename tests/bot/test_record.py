"""The record sheet in the chat: drawn up, printed, heard, signed on paper, refused before a witness (Art. 16 (3))."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

from PIL import Image

from bot.photos import develop
from models import store
from models.imaging import ImagingPool
from models.procedure import inspection, photo
from models.queries import evidence
from models.queries import record as queries
from models.queries.sheet import sheet_of
from models.tables import Photo, Record, Signature, Statement, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district
from tests.support.waiting import until


async def answered(task: Task) -> None:
    team = await district.team_of(task)
    for ask in (await sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="na" if ask.may_not_apply else "pass", note="示例", at=district.VISIT,
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
            by=team[ask.department][0],
        )  # fmt: skip
    for people in team.values():
        await inspection.finalise(task.number, by=people[0], at=district.VISIT)


async def opened(chat: Chat, task: Task):
    phone = await chat.officer(await district.leader_of(task))
    await phone.say("/today")
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await chat.tap(phone, target, "记录表与签字")
    return phone


async def test_the_record_is_drawn_up_heard_and_handed_over_as_pdf(site: Chat, task: Task) -> None:
    await answered(task)
    phone = await opened(site, task)
    assert "尚未生成" in phone.last().text
    await site.tap(phone, "记录意见")
    await phone.say("情况属实，将尽快改正。")
    await phone.wait_for("意见已保存")
    assert (await Statement.get()).text == "情况属实，将尽快改正。"
    await site.tap(phone, "生成记录表")
    made = await Record.get()
    assert made.sha256[:16] in phone.last().text
    assert "检查对象：未签字" in phone.last().text
    assert not any("生成" in label for label in phone.buttons())
    await site.tap(phone, "打开PDF")
    assert phone.last().raw["document"]["file_name"] == f"{task.number}-J1.pdf"


async def test_who_refuses_to_sign_is_noted_with_reason_and_witness(site: Chat, task: Task) -> None:
    await answered(task)
    phone = await opened(site, task)
    await site.tap(phone, "生成记录表", "拒绝签字", "对认定有异议")
    assert "见证人" in phone.last().text
    await phone.say("示例见证人 社区主任")
    await phone.wait_for("拒签已记明")
    refused, witness = await Signature.all().order_by("id")
    assert (refused.role, refused.refused, refused.reason) == ("entity", True, "对认定有异议")
    assert (witness.role, witness.name, witness.position) == ("witness", "示例见证人", "社区主任")
    assert (await evidence.verify()).differences == []


async def test_a_photo_of_the_signed_paper_belongs_to_the_record(site: Chat, task: Task) -> None:
    await answered(task)
    phone = await opened(site, task)
    await site.tap(phone, "生成记录表", "上传签字照片")
    await phone.send_photo(picture())
    await until(lambda: Photo.filter(about="record").count())
    await phone.wait_for("签字照片已保存")
    found = await queries.papers(task.id)
    assert (found.paper, found.heard, found.current) == (1, True, True)


async def test_ending_the_visit_unsigned_is_pointed_out_and_not_forbidden(site: Chat, task: Task) -> None:
    await answered(task)
    phone = await opened(site, task)
    await site.tap(phone, "返回任务", "结束检查")
    assert "记录表未签：" in phone.last().text
    await site.tap(phone, "确认结束")
    assert (await Task.get(id=task.id)).state == "concluded"


async def test_r6_a_photo_of_the_paper_is_shown_as_kept_once_telegram_takes_the_card(
    site: Chat, task: Task
) -> None:
    """While somebody writes a record no redraw is drawn over it: the photo's own update brings its card."""
    await answered(task)
    phone = await opened(site, task)
    await site.tap(phone, "生成记录表", "上传签字照片")
    async with site.stored():
        site.stage.faults.server_error("sendMessage", 502, times=1_000_000)
        await phone.send_photo(picture())
        await site.stage.bot_is_idle()
        site.stage.faults.clear()
        await site.push(timedelta(minutes=2))
        await site.push(timedelta(minutes=2))
    assert await Photo.filter(about="record").count() == 1
    assert "签字照片已保存" in phone.last().text


async def test_an_annotated_photo_is_developed_into_a_copy_beside_the_stamped_one(
    site: Chat, task: Task
) -> None:
    leader = await district.leader_of(task)
    data = picture("navy", side=400)
    made = await photo.take(
        task.number, None, by=leader, at=district.VISIT, sha256=await store.objects.put(data), size=len(data),
        format="JPEG", width=400, height=400, grade="C", labels=[], exif={},
    )  # fmt: skip
    mark = {"kind": "box", "x1": 1000, "y1": 1000, "x2": 9000, "y2": 9000}
    room = ImagingPool(workers=1)
    await room.start()
    try:
        services = replace(site.services, darkroom=room)
        await develop(made.id, services)
        plain = await Photo.get(id=made.id)
        await photo.mark(made.id, [mark], by=leader, at=district.VISIT)
        await develop(made.id, services)
    finally:
        await room.stop()
    marked = await Photo.get(id=made.id)
    assert marked.stamped == plain.stamped
    assert marked.thumbnail not in ("", plain.thumbnail) and marked.marked not in ("", plain.stamped)
    assert (await photo.undeveloped(), marked.sha256) == ([], plain.sha256)
    red = Image.open(io.BytesIO(await store.objects.get(marked.marked))).getpixel((40, 200))
    assert red[0] > 180 and red[2] < 110
    assert (await evidence.verify()).differences == []
