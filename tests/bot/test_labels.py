"""Buttons are never cut in the middle, and cards follow what they ask for."""

from __future__ import annotations

from datetime import timedelta

from bot.buttons import Act
from bot.views import View, button, legible, rows
from models.procedure import absence, ceremony, delivery_attempt, entry, inspection, revision, team
from models.rules.actor import Actor, Role
from models.tables import Absence, Draw, Notice, Substitution, Target, Task
from server.practice import Phone
from tests.bot.chat import Chat
from tests.support import district, onsite, publishing
from tests.support.district import OFFICE, VISIT

LONG = "示例区示例路街道办事处第一示例连锁商务宾馆有限公司"


def test_b8_a_label_that_is_too_wide_is_numbered_and_stands_whole_in_the_text() -> None:
    view = legible(
        View("有2项", rows([button(LONG, Act.OPEN, 1)], [button(LONG + "分店", Act.OPEN, 2)])), "示例区"
    )
    assert [one.label for row in view.rows for one in row] == ["1", "2"]
    assert view.text.splitlines() == ["有2项", f"1. {LONG}", f"2. {LONG}分店"]


def test_b8_a_target_drops_the_districts_own_name_before_it_is_numbered() -> None:
    view = legible(
        View("", rows([button("示例区示例路第一示例连锁商务宾馆有限公司", Act.OPEN, 1)])), "示例区"
    )
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


async def test_c15_a_head_with_nothing_to_decide_is_told_so_and_the_list_follows(
    drawn: Chat, task: Task
) -> None:
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
    assert not any(
        "同意" in one for shown in head.messages() for one in shown.buttons if shown.id != listed.id
    )
    await head.say("/help")
    await drawn.idle()
    assert not any("（0项）" in one.text or "（1项）" in one.text for one in head.messages())
    assert any("没有待您决定的事项" in one.text for one in head.messages())


async def test_c15_please_telephone_is_gone_when_it_was_done(site: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    officer = await site.officer(leader)
    await site.post()
    await officer.wait_for("请电话告知", any_time=True)
    await delivery_attempt.telephoned(task.number, True, "前台接听", by=leader, at=site.clock())
    assert (await Notice.filter(task=task).order_by("-id").first()).state == "sent"
    await site.post()
    assert not any("请电话告知" in one.text for one in officer.messages())
    assert any("已告知检查对象" in one.text for one in officer.messages())


def _desk(head: Phone) -> str:
    """A head's list of open questions as it stands."""
    [said] = [one.text for one in head.messages() if "审核、公示和督办在工作台办理" in one.text]
    return said


async def _heads_phone(site: Chat, department: str) -> Phone:
    head = await site.phone(await district.account(Role.HEAD, department))
    await head.say("/today")
    await site.idle()
    return head


async def test_c15_a_result_to_review_stands_on_the_heads_list_until_it_is_decided_at_the_desk(
    drawn: Chat, task: Task
) -> None:
    await district.visit_fixed(task, drawn.services.district)
    await district.visit_concluded(await Task.get(id=task.id), drawn.services.district)
    drawn.clock.move(VISIT + timedelta(hours=3))
    head = await _heads_phone(drawn, "GA")
    assert "审核结果" not in _desk(head)
    await district.entered(task, ["R01"], drawn.clock())
    await drawn.post()
    assert any("有抽查结果待审核" in one.text and "同意" in one.buttons for one in head.messages())
    assert "· 审核结果：" in _desk(head)
    await entry.review(task.number, True, by=Actor(Role.HEAD, "GA", department="GA"), at=drawn.clock())
    await drawn.post()
    assert not any("有抽查结果待审核" in one.text or "同意" in one.buttons for one in head.messages())
    assert "审核结果" not in _desk(head)


async def test_c15_a_witness_who_is_no_longer_awaited_is_not_asked_any_more(
    drawn: Chat, second: Draw
) -> None:
    head = await _heads_phone(drawn, "GA")
    await drawn.post()
    assert any("待您决定（1项）" in one.text for one in head.messages())
    assert any("交封存值" in one.buttons for one in head.messages())
    await ceremony.void(second.code, "示例:录错数量", "GA 负责人同意", by=OFFICE, at=drawn.clock())
    await drawn.post()
    assert any("没有待您决定的事项" in one.text for one in head.messages())
    assert not any("交封存值" in one.buttons for one in head.messages())


async def test_c15_a_colleagues_report_of_absence_asks_nobody_once_it_is_confirmed(
    site: Chat, task: Task
) -> None:
    team = [one for people in (await district.team_of(task)).values() for one in people]
    third = await site.officer(team[2])
    door = onsite.Door(task, team[0], team[0], team[1], team[0])
    await door.photographed("place", site.clock())
    await absence.report(task.number, "示例:大门紧锁", by=team[0], at=site.clock())
    await site.post()
    [asked] = [one for one in third.messages() if "确认" in "".join(one.buttons) and "您也在场" in one.text]
    await absence.confirm((await Absence.get(task=task)).id, by=team[1], at=site.clock())
    await site.post()
    assert not [one for one in third.messages() if one.id == asked.id and "确认" in "".join(one.buttons)]


async def test_c15_a_correction_decided_at_the_desk_asks_for_no_decision_in_the_chat(
    drawn: Chat, task: Task
) -> None:
    head_ = Actor(Role.HEAD, "GA", department="GA")
    await district.visit_fixed(task, drawn.services.district)
    await district.visit_concluded(await Task.get(id=task.id), drawn.services.district)
    drawn.clock.move(VISIT + timedelta(hours=3))
    await publishing.entered(task, ["R01"], head_, drawn.clock())
    await publishing.published(task, head_, drawn.clock(), drawn.services.district)
    head = await _heads_phone(drawn, "GA")
    leader = await district.leader_of(task)
    await revision.propose(task.number, ["R05"], "示例", by=leader, at=drawn.clock(), reason="示例:录错")
    await drawn.post()
    assert any("同意并公示" in one.buttons for one in head.messages())
    asked = _desk(head)
    await revision.decide(task.number, True, by=head_, at=drawn.clock())
    await drawn.post()
    assert not any("同意并公示" in one.buttons for one in head.messages())
    assert _desk(head) != asked


async def test_c15_the_officers_list_follows_what_was_done_elsewhere(drawn: Chat, task: Task) -> None:
    leader = await district.leader_of(task)
    officer = await drawn.officer(leader)
    await drawn.post()
    await officer.say("/today")
    listed = await officer.wait_for("我的任务")
    assert "已派发" in listed.text
    await inspection.close_network_check(
        task.number, by=(await district.team_of(task))["GA"][0], at=drawn.clock()
    )
    await drawn.post()
    assert "网络检查已完成" in next(one.text for one in officer.messages() if "我的任务" in one.text)


async def test_a2_the_leader_sends_a_new_letter_when_others_come_than_the_old_one_names(
    drawn: Chat, task: Task
) -> None:
    await district.visit_fixed(task, drawn.services.district)
    leader = await district.leader_of(task)
    phone = await drawn.officer(leader)
    officer = (await district.team_of(task))["WJ"][0]
    await team.ask_out(task.number, "post", "", by=officer, at=drawn.clock())
    asked = await Substitution.get()
    await team.decide(asked.id, True, by=Actor(Role.HEAD, "WJ", department="WJ"), at=drawn.clock())
    await drawn.post()
    told = phone.find("告知书写的是原来的人员")
    await drawn.tap(phone, next(one for one in told.buttons if "补发告知书" in one))
    letters = await Notice.filter(task=task).order_by("version")
    assert len(letters) == 2 and letters[0].state == "replaced"
    assert officer.name not in [name for name, *_ in letters[1].letter["officers"]]
