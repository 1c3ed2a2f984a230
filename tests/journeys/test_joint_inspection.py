"""One joint inspection of a hotel, from the registers to the published result, over the real surfaces.

Art. 9-10 registers, 12 plan, 13 scheme, 14 draw, 15 team, 16 (1) network check, 16 (2) notice and visit,
16 (3) record, entry, publication. The command line, the console's forms, the bot over HTTP, real SMTP.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote

import pytest

from models.queries import rehearsal
from models.rules import entropy
from models.rules.visit import SHANGHAI
from server.practice import Phone
from server.practice.camera import practice_photo
from tests.journeys.town import PASSWORD, Town, Visitor, town

BATCH = "2026-XH-GA-02-1"
CEREMONY = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
VISIT_DAY = datetime(2026, 12, 3, 9, 5, tzinfo=SHANGHAI)
DICE = "6354216" * 7 + "1"
OWN_DEVICE = "0123456789abcdef" * 4


async def test_one_joint_inspection_from_the_registers_to_the_published_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, CEREMONY) as here:
        await here.command("init", "--name", "office", "--password-stdin", typed=PASSWORD + "\n")
        await here.registers()
        await here.papers()
        committed = await here.command("batch", "commit", BATCH, "--out", str(tmp_path / "committed"))
        assert len(list((tmp_path / "committed").iterdir())) == 7
        draw = re.search(rf"{BATCH}-D\d+", committed)
        assert draw
        async with here.running(), here.visitor() as office:
            await the_draw_is_held_before_witnesses(here, office, draw[0])
            scene = await rehearsal.stage()
            await everybody_drawn_gets_a_phone(here, scene.players)
            await the_task_is_prepared(here, scene.task)
            await the_notice_is_confirmed_and_another_goes_by_mail(here, office, scene.task)
            here.clock[0] = VISIT_DAY
            await the_visit_happens(here, scene.task)
            await the_result_is_reviewed_and_published(here, scene.task)


async def the_draw_is_held_before_witnesses(here: Town, office: Visitor, draw: str) -> None:
    await office.submit("/login", "/login", login="office", password=PASSWORD)
    ceremony = f"/console/draws/{draw}"
    page = await office.page(ceremony)
    commitment = re.search(r"\b[0-9a-f]{64}\b", page)
    assert commitment
    values = {"witness:GA": DICE, "witness:WJ": OWN_DEVICE}
    for source, value in values.items():
        pledge = entropy.pledge(commitment[0], value)
        await office.submit(ceremony, f"{ceremony}/pledge", source=source, pledge=pledge, witness="示例见证人")
    for source, value in values.items():
        await office.submit(ceremony, f"{ceremony}/reveal", source=source, value=value)
    after = await office.submit(ceremony, f"{ceremony}/hold")
    assert "派发 12 个任务" in after
    bundle = here.folder / "bundle.zip"
    bundle.write_bytes(await office.fetch(f"{ceremony}/bundle.zip?edition=full"))
    await here.command("draw", "verify", str(bundle))
    assert draw in await office.page("/draws")


async def everybody_drawn_gets_a_phone(here: Town, players: tuple[rehearsal.Player, ...]) -> None:
    """Inspectors, head and hotel are invited on the command line and bind themselves by link and own contact."""
    for player in players:
        option = {"head": "--head", "entity": "--target"}.get(player.part, "--inspector")
        said = await here.command("invite", option, player.key)
        link = re.search(r"https://t\.me/\S+|/start \S+", said)
        assert link
        seat = player.part if player.part != "member" else player.key
        here.phones[seat] = await here.enrol(player.name, link[0], player.number or "13800000001")


async def open_card(phone: Phone, task: str) -> None:
    """To the practice task's card, from wherever the chat stands."""
    target = (await rehearsal.target_name(task))[:12]
    await phone.say("/today")
    await phone.wait_for("我的任务")
    await tap(phone, target)


async def tap(phone: Phone, *labels: str) -> None:
    """Press these buttons one after the other, each answered."""
    for label in labels:
        await phone.answer(await phone.press(label))


async def the_task_is_prepared(here: Town, task: str) -> None:
    """Accepted, checked online, the visit settled with the members and fixed."""
    leader = here.phones["leader"]
    members = [phone for seat, phone in here.phones.items() if seat not in ("leader", "head", "entity")]
    await open_card(leader, task)
    assert task in leader.last().text
    await tap(leader, "接受任务")
    for member in members:
        await open_card(member, task)
        await tap(member, "接受任务")
    settled = next(one for one in members if one.find("网络检查") and "WJ" in one.person.name)
    await tap(settled, "网络检查", "第7题", "合格")
    await settled.say("2028-05-31")
    await settled.wait_for("第7题 · 合格")
    await open_card(leader, task)
    await tap(leader, "网络检查完成", "确认结束", "定检查时间", "12月3日", "09:00–11:00")
    for member in members:
        await member.wait_for("征求检查时间意见", any_time=True)
        await tap(member, "可以")
    await open_card(leader, task)
    await tap(leader, "时间意见与确定", "确定并告知")
    assert "检查时间：12月3日" in leader.last().text


async def the_notice_is_confirmed_and_another_goes_by_mail(here: Town, office: Visitor, task: str) -> None:
    """The bound hotel confirms in chat; the letter's own page says that it is genuine."""
    hotel = here.phones["entity"]
    await hotel.wait_for("告知书", any_time=True, timeout=20)
    letter = next(one for one in hotel.messages() if one.document)
    assert (await hotel.download(letter)).startswith(b"%PDF")
    await tap(hotel, "收到")
    await here.phones["leader"].wait_for("已确认收到", any_time=True)
    assert "已确认收到" in await office.page(f"/console/tasks/{quote(task)}") or "收到" in await office.page(
        f"/console/tasks/{quote(task)}"
    )
    assert here.post.mails == []


async def the_visit_happens(here: Town, task: str) -> None:
    """Begun by the leader, every section answered with photos, closed, the visit ended."""
    leader = here.phones["leader"]
    await open_card(leader, task)
    await tap(leader, "开始检查", "全员到场")
    for seat, phone in here.phones.items():
        if seat in ("head", "entity"):
            continue
        await open_card(phone, task)
        await tap(phone, "检查记录")
        await answer_everything(phone)
        await tap(phone, "定稿")
        await phone.wait_for("已定稿", any_time=True)
    await open_card(leader, task)
    await tap(leader, "结束检查", "确认结束")
    assert "录入截止：2026年12月31日" in leader.last().text


async def answer_everything(phone: Phone) -> None:
    """Question after question until the section is complete: a photo where one is due, values where asked for."""
    for _ in range(20):
        card = phone.last().text
        if "请定稿" in card:
            return
        if "本题须拍照" in card and "照片" not in card.replace("本题须拍照", ""):
            await phone.send_document(practice_photo("练习照片", VISIT_DAY), "photo.jpg", mime_type="image/jpeg")
            await phone.wait_for("张")
        asked = re.search(r"请输入：(\S+)", card)
        if asked:
            await phone.say("2028-05-31" if "有效期" in asked[1] else "门市价 198 元，线上价 188 元" if "价" in asked[1] else "10/10")
            await phone.wait_for(lambda shown: True)
        if any(button.startswith("不合格") for button in phone.last().buttons) and "第1题" in card:
            await tap(phone, "不合格")
            await phone.send_photo(practice_photo("练习照片", VISIT_DAY))
            await phone.wait_for("张")
        elif "合格" in phone.last().buttons:
            await tap(phone, "合格")
    raise AssertionError(f"the section does not come to its end:\n{phone.transcript()}")


async def the_result_is_reviewed_and_published(here: Town, task: str) -> None:
    """A failed question forbids 未发现问题; the head reviews and publishes; everybody can read it."""
    leader = here.phones["leader"]
    await open_card(leader, task)
    await tap(leader, "录入结果")
    assert "不能选“未发现问题”" in leader.last().text
    await tap(leader, "发现问题已责令改正", "确认录入")
    assert "待审核" in leader.last().text
    head = here.phones["head"]
    await head.wait_for("待审核", any_time=True)
    await head.say("/login")
    await head.wait_for("登录管理台")
    link = (await head.press("登录")).value
    async with here.visitor() as console, here.visitor() as anybody:
        path = "/" + link.split("/", 3)[3]
        await console.submit(path, path)
        page = f"/console/tasks/{quote(task)}"
        await console.submit(page, f"{page}/review", agree="1")
        await console.submit(page, f"{page}/publish")
        results = await anybody.page("/results")
        name = await rehearsal.target_name(task)
        assert name in results
        assert "发现问题已责令改正" in results
        for private in ("测试检员", "联络员", "0375-", "0900"):
            assert private not in results
