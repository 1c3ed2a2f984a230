"""Buttons are never cut in the middle, and cards follow what they ask for."""

from __future__ import annotations

from bot.callbacks import Act
from bot.views import View, button, legible, rows
from models.procedure import attempt, team
from models.rules.actor import Actor, Role
from models.tables import Notice, Substitution, Target, Task
from tests import district
from tests.bot.chat import Chat

LONG = "示例区示例路街道办事处第一示例连锁商务宾馆有限公司"


def test_b8_a_label_that_is_too_wide_is_numbered_and_stands_whole_in_the_text() -> None:
    view = legible(View("有2项", rows([button(LONG, Act.OPEN, 1)], [button(LONG + "分店", Act.OPEN, 2)])), "示例区")
    assert [one.label for row in view.rows for one in row] == ["1", "2"]
    assert view.text.splitlines() == ["有2项", f"1. {LONG}", f"2. {LONG}分店"]


def test_b8_a_target_drops_the_districts_own_name_before_it_is_numbered() -> None:
    view = legible(View("", rows([button("示例区示例路第一示例连锁商务宾馆有限公司", Act.OPEN, 1)])), "示例区")
    assert view.rows[0][0].label == "示例路第一示例连锁商务宾馆有限公司"
    assert "…" not in view.rows[0][0].label


async def test_b8_no_button_of_the_list_is_cut(site: Chat, task: Task) -> None:
    await Target.all().update(name=LONG)
    officer = await site.officer(await district.leader_of(task))
    await officer.say("/today")
    shown = await officer.wait_for("我的任务")
    assert LONG in shown.text
    assert not any("…" in one for one in shown.buttons)
    await site.tap(officer, "1")
    assert LONG in officer.last().text


async def test_c15_a_head_with_nothing_to_decide_is_told_so_and_the_list_follows(drawn: Chat, task: Task) -> None:
    officer = (await district.team_of(task))["WJ"][0]
    await team.ask_out(task.number, "post", "", by=officer, at=drawn.clock())
    asked = await Substitution.get()
    head = await drawn.phone(await district.account(Role.HEAD, "WJ"))
    await head.say("/today")
    await head.wait_for("待您决定（1项）")
    await drawn.post()
    listed = next(one for one in head.messages() if "待您决定（1项）" in one.text)
    await team.decide(asked.id, False, by=Actor(Role.HEAD, "WJ", department="WJ"), at=drawn.clock())
    assert "card" in await drawn.post()
    assert not any("同意" in one for shown in head.messages() for one in shown.buttons if shown.id != listed.id)
    await head.say("/help")
    await drawn.idle()
    assert not any("（0项）" in one.text or "（1项）" in one.text for one in head.messages())
    assert any("没有待您决定的事项" in one.text for one in head.messages())


async def test_c15_please_telephone_is_gone_when_it_was_done(site: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    officer = await site.officer(leader)
    await site.post()
    await officer.wait_for("请电话告知", any_time=True)
    await attempt.telephoned(task.number, True, "前台接听", by=leader, at=site.clock())
    assert (await Notice.filter(task=task).order_by("-id").first()).state == "sent"
    await site.post()
    assert not any("请电话告知" in one.text for one in officer.messages())
    assert any("已告知检查对象" in one.text for one in officer.messages())
