"""重新打开 in the chat: a section closed too early has a way on (Art. 16 (3))."""

from __future__ import annotations

from models.procedure import record
from models.queries.record import papers
from models.queries.sheet import sheet_of
from models.tables import Event, Task
from tests.bot.chat import Chat
from tests.bot.test_record import answered
from tests.support import district

TITLE = "重新打开已定稿的部分"


async def test_a_member_reopens_the_own_section_with_a_typed_reason_and_the_leader_hears(
    site: Chat, task: Task
) -> None:
    await answered(task)
    team, lead = await district.team_of(task), await district.leader_of(task)
    member = next(one for one in team["XF"] if one.id != lead.id)
    leader = await site.officer(lead)
    officer = await site.officer(member)
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await officer.say("/today")
    await site.tap(officer, target, TITLE)
    await officer.say("示例:第一项看错")
    await officer.wait_for("已重新打开")
    assert "XF" not in (await sheet_of(task)).closed
    assert (await Event.get(kind="section.reopened")).data["reason"] == "示例:第一项看错"
    assert "检查表" in " ".join(officer.buttons())
    await site.post()
    await leader.wait_for("重新打开：示例:第一项看错", any_time=True)


async def test_the_leader_chooses_among_the_sections_and_hears_why_none_can_be_opened(
    site: Chat, task: Task
) -> None:
    await answered(task)
    leader = await district.leader_of(task)
    drawn = await record.draw_up(task.number, by=leader, at=district.VISIT, district=district.district())
    phone = await site.officer(leader)
    target = (await Task.get(id=task.id).select_related("target")).target.name
    await phone.say("/today")
    await site.tap(phone, target, TITLE)
    assert len(phone.buttons()) == len(await district.team_of(task)) + 1
    await record.refuse_to_sign(
        task.number, drawn.sha256, "示例", witness="示例", by=leader, at=district.VISIT
    )
    for officer in [one for crew in (await district.team_of(task)).values() for one in crew]:
        await record.sign(task.number, drawn.sha256, "officer", picture="", by=officer, at=district.VISIT)
    assert (await papers(task.id)).settled
    await phone.say("/today")
    await site.tap(phone, target, TITLE)
    assert "现在没有可以重新打开的部分" in phone.last().text
