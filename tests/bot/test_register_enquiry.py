"""季度核对 in the chat: one press says that all is right, two what is to be changed (Art. 7, 10)."""

from __future__ import annotations

from models.procedure import register_enquiry
from models.tables import RegisterEnquiry, Task
from tests.bot.chat import Chat
from tests.models.procedure.test_register_enquiry import FIRST
from tests.models.procedure.test_reminder import on
from tests.support import district


async def test_the_question_shows_the_row_and_takes_the_answer(drawn: Chat) -> None:
    task = await Task.all().order_by("number").first()
    assert task
    leader = await district.leader_of(task)
    phone = await drawn.officer(leader)
    drawn.clock.move(on(FIRST).replace(year=2027))
    await register_enquiry.ask(
        at=drawn.clock(), calendar=drawn.services.district.calendar, terms=drawn.services.district.terms
    )
    await drawn.post()
    shown = phone.last()
    assert "名录库里您的信息还对吗" in shown.text
    for fact in ("姓名", "部门", "区域", "事项", "执法证", "工作时间"):
        assert fact in shown.text
    row = await RegisterEnquiry.get(inspector_id=leader.id)
    await drawn.tap(phone, "还对")
    await row.refresh_from_db()
    assert (row.answered_at, row.wrong) == (drawn.clock(), "")
    assert "您已答复：还对" in phone.last().text
    await drawn.tap(phone, "要改", "区域")
    await row.refresh_from_db()
    assert row.wrong == "areas"
    assert "要改（区域）" in phone.last().text
    assert drawn.errors == []
