"""网络检查留痕: screenshot and link in the chat, kept with by and time; reopening asks for the reason (Art. 16 (1))."""

from __future__ import annotations

from hashlib import sha256

from models import store
from models.queries import evidence, objects
from models.queries.sheet import sheet_of
from models.tables import NetworkFinding, Photo, Question, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import district
from tests.support.district import written


async def at_network(chat: Chat, task: Task, kind: str = "full"):
    """The officer of the first department with a question of this kind, at that question."""
    ask = next(one for one in (await sheet_of(task)).asks if one.network == kind and one.kind == "TRI")
    officer = await chat.officer((await district.team_of(task))[ask.department][0])
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await chat.tap(officer, target, "网络检查")
    if "待查" in " ".join(officer.last().buttons):
        await chat.tap(officer, f"第{ask.number}项")
    return officer, ask


async def test_a_screenshot_and_a_link_go_with_the_finding(drawn: Chat, task: Task) -> None:
    officer, ask = await at_network(drawn, task)
    shot = picture("green", side=200)
    await officer.send_document(shot, "截图.jpg")
    await officer.wait_for("截图已附", any_time=True)
    await drawn.tap(officer, "合格")
    await officer.say("https://example.test/a?b=1")
    await officer.wait_for("example.test", any_time=True)
    await drawn.tap(officer, "查询一致")
    kept = await NetworkFinding.get()
    assert await store.objects.get(kept.screenshot) == shot
    assert (kept.link, kept.verdict, kept.question_id) == ("https://example.test/a?b=1", "pass", ask.id)
    assert await Photo.all().count() == 0
    await drawn.tap(officer, "查询列表", f"第{ask.number}项")
    card = officer.last()
    assert "查询人：" in card.text and "11月27日" in card.text and "https://example.test/a?b=1" in card.text
    await drawn.tap(officer, "查看截图")
    assert drawn.stage.calls("sendDocument")
    assert (await evidence.verify()).differences == []


async def test_d39_what_is_no_picture_is_refused_and_the_question_stays(drawn: Chat, task: Task) -> None:
    officer, _ = await at_network(drawn, task)
    await officer.send_document(b"%PDF-1.7 ...", "a.pdf")
    await officer.wait_for("不支持PDF格式")
    await drawn.tap(officer, "合格", "查询一致")
    assert (await NetworkFinding.get()).screenshot == ""


async def test_d67_a_link_is_text_and_nothing_fetches_it(drawn: Chat, task: Task) -> None:
    officer, ask = await at_network(drawn, task)
    await officer.say("https://a b")
    await officer.wait_for("链接须以 http 开头")
    await officer.say("https://example.test/<b>x</b>")
    await officer.wait_for("链接须以 http 开头")
    await drawn.tap(officer, "合格")
    await officer.say("HTTPS://EXAMPLE.TEST/路径")
    shown = await officer.wait_for("EXAMPLE.TEST", any_time=True)
    assert not any(e["type"] in ("url", "text_link") for e in shown.raw.get("entities", []))
    assert ask


async def test_reopening_what_was_settled_asks_for_the_reason_in_the_chat(drawn: Chat, task: Task) -> None:
    officer, ask = await at_network(drawn, task)
    await drawn.tap(officer, "合格", "查询一致", "查询列表", f"第{ask.number}项", "现场再查")
    assert "更改理由" in officer.last().text
    await officer.say("示例:登记有误")
    await drawn.tap(officer, "需现场核实")
    rows = await NetworkFinding.filter(question_id=ask.id).order_by("version")
    assert [(row.verdict, row.reason) for row in rows] == [("pass", ""), ("open", "示例:登记有误")]


async def test_what_the_network_check_settled_does_not_come_up_on_site(drawn: Chat, task: Task) -> None:
    async with written():
        await Question.all().update(department="GA")
    officer, ask = await at_network(drawn, task)
    await drawn.tap(officer, "合格", "查询一致")
    sheet = await sheet_of(task)
    assert ask.number not in [one.number for one in sheet.on_site("GA")]
    assert ask.number in [one.number for one in sheet.of("GA")]


async def test_e7_a_screenshot_that_replaces_another_is_counted_and_the_replaced_one_goes_into_the_bin(
    drawn: Chat, task: Task
) -> None:
    object.__setattr__(drawn.services.district, "officer_day_mb", 1)
    officer, _ = await at_network(drawn, task)
    shots = [heavy(color) for color in ("green", "red", "blue")]
    for shot in shots[:2]:
        await officer.send_document(shot, "截图.png")
        await drawn.idle()
    await officer.wait_for("截图已附", any_time=True)
    await officer.send_document(shots[2], "截图.png")
    await officer.wait_for("每日上限")
    names = {sha256(shot).hexdigest() for shot in shots}
    assert names & {name async for name in store.objects.names()} == names - {sha256(shots[2]).hexdigest()}
    await drawn.tap(officer, "合格", "查询一致")
    assert (await NetworkFinding.get()).screenshot == sha256(shots[1]).hexdigest()
    unnamed, _ = await objects.orphans()
    assert sha256(shots[0]).hexdigest() in unnamed and sha256(shots[1]).hexdigest() not in unnamed


def heavy(color: str) -> bytes:
    """A picture of 0.4 MiB: two of them fit into one."""
    plain = picture(color, side=200)
    return plain + bytes(int(0.4 * 2**20) - len(plain))


async def test_on_site_a_settled_point_is_opened_with_a_reason_and_answered(site: Chat, task: Task) -> None:
    asked = (await sheet_of(task)).ask(3)
    officer = (await district.team_of(task))[asked.department][0]
    async with written():
        await Question.filter(id=asked.id).update(network="full", answer="TRI", photo="no", sample="allowed")
        await NetworkFinding.create(
            task=task, question_id=asked.id, version=1, verdict="pass", source="示例系统", finding="一致", reason="",
            link="", screenshot="", by=officer.id, at=site.clock(),
        )  # fmt: skip
    target = (await Task.get(id=task.id).select_related("target")).target.name
    chat = await site.officer((await district.team_of(task))[asked.department][0])
    await chat.say("/today")
    await chat.wait_for("我的任务")
    await site.tap(chat, target, "检查表", "要点列表", "网上 3")
    assert "转为现场检查" in chat.last().buttons and "合格" not in chat.last().buttons
    await site.tap(chat, "转为现场检查")
    await chat.say("现场证照与网上不符（示例）")
    await site.tap(chat, "需现场核实")
    assert "合格" in chat.last().buttons
    await site.tap(chat, "合格")
    assert (await sheet_of(task)).given[3].verdict == "pass"
    row = await NetworkFinding.all().order_by("-version").first()
    assert row and (row.verdict, row.reason) == ("open", "现场证照与网上不符（示例）")
