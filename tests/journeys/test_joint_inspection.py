"""One joint inspection of a hotel, from the registers to the published result, over the real surfaces.

Art. 9-10 registers, 12 plan, 13 scheme, 14 draw, 15 team, 16 (1) network check, 16 (2) notice and visit,
16 (3) record, entry, publication. The command line, the console's forms, the bot over HTTP, real SMTP.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest

from models.queries import demo_cast, evidence
from models.queries.sheet import sheet_of
from models.rules.checklist import ChecklistSheet, ValueKind
from models.rules.draw import entropy
from models.rules.visit import SHANGHAI
from models.tables import Task
from server.practice import Phone
from server.practice.camera import practice_photo
from tests.journeys.chatting import STAGE, WAIT, newest, says, tap, until
from tests.journeys.signing_in import bind, sign_in
from tests.journeys.town import LOTTERY, PASSWORD, Town, Visitor, town

BATCH = "2026-XH-GA-02-1"
CEREMONY = datetime(2026, 11, 27, 9, 0, tzinfo=SHANGHAI)
LOTTERY_OUT = datetime(2026, 11, 27, 9, 30, tzinfo=SHANGHAI)
VISIT_DAY = datetime(2026, 12, 3, 9, 5, tzinfo=SHANGHAI)
DICE = "6354216" * 7 + "1"
HEADS_NUMBERS = {"GA": "13800000001", "WJ": "13800000002"}
OWN_DEVICE = "0123456789abcdef" * 4


@pytest.mark.timeout(900)
async def test_one_joint_inspection_from_the_registers_to_the_published_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with town(tmp_path, monkeypatch, CEREMONY) as here:
        STAGE[:] = [here.stage]
        await here.command("init", "--name", "office", "--password-stdin", typed=PASSWORD + "\n")
        await here.registers()
        await here.papers()
        async with here.running(), here.visitor() as office:
            await office.submit("/login", "/login", login="office", password=PASSWORD)
            await office.submit(f"/console/batches/{BATCH}", f"/console/batches/{BATCH}/commit")
            committed = await here.command("batch", "commit", BATCH, "--out", str(tmp_path / "committed"))
            assert len(list((tmp_path / "committed").iterdir())) == 7
            draw = re.search(rf"{BATCH}-D\d+", committed)
            assert draw
            await the_draw_is_held_before_witnesses(here, office, draw[0])
            scene = await demo_cast.demo_cast()
            await everybody_drawn_gets_a_phone(here, office, scene.players)
            await the_task_is_prepared(here, scene.task)
            await the_notice_is_genuine_and_confirmed(here, office, scene.task)
            await another_hotel_is_told_by_mail(here, scene.task)
            here.move(VISIT_DAY)
            await the_visit_happens(here, scene.task)
            await the_result_is_reviewed_and_published(here, scene.task)
            assert (await evidence.verify()).differences == []


async def the_draw_is_held_before_witnesses(here: Town, office: Visitor, draw: str) -> None:
    """Two heads pledge and reveal from sessions of their own; the lottery comes out and both read it."""
    ceremony = f"/console/draws/{draw}"
    page = (await office.page(ceremony)).replace("<wbr>", "")
    commitment = re.search(r"\b[0-9a-f]{64}\b", page)
    assert commitment
    values = {"GA": DICE, "WJ": OWN_DEVICE}
    async with here.visitor() as ga, here.visitor() as wj:
        heads = {"GA": ga, "WJ": wj}
        for department, head in heads.items():
            phone = await bind(here, office, "head", department, HEADS_NUMBERS[department])
            if department == "GA":
                here.phones["head"] = phone
            await sign_in(phone, head)
        for department, head in heads.items():
            pledge = entropy.pledge(commitment[0], values[department])
            await head.submit(ceremony, f"{ceremony}/pledge", source=f"witness:{department}", pledge=pledge)
        for department, head in heads.items():
            await head.submit(
                ceremony, f"{ceremony}/reveal", source=f"witness:{department}", value=values[department]
            )
        here.move(LOTTERY_OUT)
        for reader in (office, wj):
            await reader.submit(ceremony, f"{ceremony}/reveal", source=LOTTERY, value="5 0 7")
    after = await office.submit(ceremony, f"{ceremony}/hold")
    assert "派发 12 个任务" in after
    bundle = here.folder / "bundle.zip"
    bundle.write_bytes(await office.fetch(f"{ceremony}/bundle.zip?edition=full"))
    await here.command("draw", "verify", str(bundle))
    assert draw in await office.page("/draws")


async def everybody_drawn_gets_a_phone(
    here: Town, office: Visitor, players: tuple[demo_cast.CastMember, ...]
) -> None:
    """Inspectors and hotel are invited on the console and bind themselves by link and own contact."""
    for player in players:
        if player.part == "head":  # bound before the draw
            continue
        role = "entity" if player.part == "entity" else "inspector"
        said = await office.submit(
            f"/console/people?kind={role}", "/console/people/invite", role=role, of=player.key
        )
        link = re.search(r"https://t\.me/[\w?=-]+", said)
        assert link, said
        seat = player.part if player.part != "member" else player.key
        here.phones[seat] = await here.enrol(player.name, link[0], player.number)


async def open_card(phone: Phone, task: str) -> None:
    """To the practice task's card, from wherever the chat stands."""
    target = (await demo_cast.target_name(task)).removeprefix("平顶山市新华区")
    await phone.say("/today")
    await phone.wait_for("我的任务", timeout=WAIT)
    await phone.press(target)
    await phone.wait_for(task, timeout=WAIT)


async def the_task_is_prepared(here: Town, task: str) -> None:
    """Accepted, checked online, the visit settled with the members and fixed."""
    leader = here.phones["leader"]
    members = [phone for seat, phone in here.phones.items() if seat not in ("leader", "head", "entity")]
    await open_card(leader, task)
    await until(leader, says(leader, task))
    await tap(leader, "接受任务")
    for member in members:
        await open_card(member, task)
        await tap(member, "接受任务")
    settled = next(one for one in members if "WJ" in one.person.name)
    await tap(settled, "网络检查", "合格")
    await until(settled, says(settled, "输入查得的日期"))
    await settled.say("2028-05-31")
    await until(settled, says(settled, "网络检查已全部完成"))
    await open_card(leader, task)
    await tap(leader, "网络检查完成", "确认结束", "定检查时间", "12月3日", "09:00–11:00")
    for member in members:
        await tap(member, "可以")
    await open_card(leader, task)
    await tap(leader, "时间意见与确定", "确定并告知")
    await until(leader, says(leader, "检查时间：12月3日"))


async def the_notice_is_genuine_and_confirmed(here: Town, office: Visitor, task: str) -> None:
    """The bound hotel confirms in chat; the letter's own page says that it is genuine."""
    hotel = here.phones["entity"]
    await until(hotel, lambda: any(shown.document for shown in hotel.messages()))
    letter = next(shown for shown in hotel.messages() if shown.document)
    assert hotel.download(letter).startswith(b"%PDF")
    notice = next(shown for shown in hotel.messages() if "收到" in shown.buttons)
    address = next(link for link in notice.links if "/n/" in link)
    async with here.visitor() as anybody:
        assert "真实有效" in await anybody.page(urlsplit(address).path)
    await hotel.answer(await hotel.press("收到", notice))
    leader = here.phones["leader"]
    await until(leader, lambda: any("已确认收到" in shown.text for shown in leader.messages()))
    assert "已确认" in await office.page(f"/console/tasks/{quote(task)}")
    assert here.post.mails == []


async def another_hotel_is_told_by_mail(here: Town, task: str) -> None:
    """A hotel without a chat gets the letter by e-mail and confirms on its page, without signing in."""
    drawn = await Task.get(number=task)
    other = (
        await Task.filter(team_id=drawn.team_id)
        .exclude(number=task)
        .order_by("rank")
        .select_related("target")
        .first()
    )
    assert other and other.target.email
    leader = here.phones["leader"]
    await open_card(leader, other.number)
    hotel = other.target.name
    await tap(
        leader, "网络检查完成", "确认结束", "定检查时间", "12月4日", "15:00–17:00", "确定并告知", about=hotel
    )
    await until(leader, lambda: bool(here.post.mails))
    (mail,) = here.post.mails
    assert mail["To"] == other.target.email
    text = mail.get_body(("plain",)).get_content()
    letter, visit = mail.iter_attachments()
    assert letter.get_content().startswith(b"%PDF")
    assert visit.get_content_type() == "text/calendar"
    link = re.search(r"/n/[\w-]{22}", text)
    assert link
    async with here.visitor() as anybody:
        assert "真实有效" in await anybody.page(link[0])
        await anybody.submit(link[0], link[0], act="received")
    await until(leader, lambda: sum("已确认收到告知书" in shown.text for shown in leader.messages()) == 2)


async def the_visit_happens(here: Town, task: str) -> None:
    """Begun by the leader, every section answered with photos, closed, the visit ended."""
    leader = here.phones["leader"]
    await open_card(leader, task)
    await tap(leader, "开始检查", "全员到场")
    for seat, phone in here.phones.items():
        if seat in ("head", "entity"):
            continue
        await open_card(phone, task)
        await tap(phone, "检查表")
        await answer_everything(phone, task)
        await tap(phone, "定稿")
        await phone.wait_for("已定稿", any_time=True)
    await open_card(leader, task)
    await tap(leader, "结束检查", "确认结束")
    await until(leader, says(leader, "录入截止：12月31日"))


async def answer_everything(phone: Phone, task: str) -> None:
    """Question after question until the section is complete: a value where one is asked for, a photo where due."""
    sheet = await sheet_of(await Task.get(number=task))
    for _ in range(12):
        await until(
            phone, lambda: newest(phone, "要点列表") is not None or newest(phone, "请定稿") is not None
        )
        if newest(phone, "请定稿"):
            return
        await answer_one(phone, sheet)
    raise AssertionError(f"the section does not come to its end\n{phone.transcript()}")


VALUES = {ValueKind.NUM: "10/10", ValueKind.DATE: "2028-05-31", ValueKind.TEXT: "门市价198元，线上价188元"}


async def answer_one(phone: Phone, sheet: ChecklistSheet) -> None:
    def card() -> str:
        shown = newest(phone, "要点列表")
        return shown.text if shown else ""

    def question() -> int:
        """The question that is open; above it may stand what was kept of the one before."""
        open_now = re.search(r"^第(\d+)项（", card(), re.M)
        return int(open_now[1]) if open_now else 0

    asked, number = card(), question()
    assert number, asked
    ask = sheet.ask(number)
    if ask.kind in VALUES:
        await phone.say(VALUES[ask.kind])
        await until(phone, lambda: card() != asked)
    fails = ask.number == 1
    if fails:
        await phone.send_photo(practice_photo("练习照片", VISIT_DAY))
    elif ask.photo == "always":
        await phone.send_document(practice_photo("练习照片", VISIT_DAY), "photo.jpg", mime_type="image/jpeg")
    if fails or ask.photo == "always":
        await until(phone, lambda: "照片1张" in card())
    await tap(phone, "不合格" if fails else "合格")
    if fails:
        await until(phone, lambda: "缺情况说明" in card())
        await phone.say("营业执照未置于醒目位置")
    await until(phone, lambda: question() != number or newest(phone, "请定稿") is not None)


async def enters(phone: Phone, task: str) -> bool:
    """The department's own result; whether a failed point forbade 未发现问题."""
    await open_card(phone, task)
    await tap(phone, "录入结果")
    await until(phone, says(phone, "未发现问题"))
    forbidden = newest(phone, "✖ 未发现问题") is not None
    await tap(phone, "发现问题已责令改正" if forbidden else "未发现问题", "确认录入")
    return forbidden


async def the_result_is_reviewed_and_published(here: Town, task: str) -> None:
    """Each department enters its own: a failed question forbids 未发现问题 to the one that found it; the leader's entry
    comes last and confirms the whole; the head reviews and publishes; everybody can read it."""
    leader = here.phones["leader"]
    members = [phone for seat, phone in here.phones.items() if seat not in ("leader", "head", "entity")]
    forbidden = [await enters(phone, task) for phone in (*members, leader)]
    assert forbidden.count(True) == 1
    await until(leader, says(leader, "待审核"))
    head = here.phones["head"]
    await head.wait_for("待审核", any_time=True)
    async with here.visitor() as console, here.visitor() as anybody:
        await sign_in(head, console)
        page = f"/console/tasks/{quote(task)}"
        await console.submit(page, f"{page}/review", act="agree")
        hotel = here.phones["entity"]
        await tap(hotel, "无异议", about="抽查结果：发现问题已责令改正")
        await console.submit(page, f"{page}/publish", unsigned="示例:当日无法打印")
        results = await anybody.page("/results")
        name = await demo_cast.target_name(task)
        assert name in results
        assert "发现问题已责令改正" in results
        for private in ("测试检员", "联络员", "0375-", "0900"):
            assert private not in results
