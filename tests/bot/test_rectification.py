"""责令限期改正 in the chat: ordered, verified point by point, extended; the head files and withdraws (Art. 17)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from models.procedure import rectification, rectification_term
from models.queries import rectification as queries
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.tables import Rectification, Task
from tests.bot.chat import Chat
from tests.support import district, rectifying
from tests.support.publishing import HOLDER
from tests.support.rectifying import DUE, ENDED


async def line() -> queries.OrderLine:
    return await queries.line((await Rectification.get()).id)


async def test_an_officer_orders_takes_a_point_out_and_verifies_all_of_it(drawn: Chat, task: Task) -> None:
    of = await rectifying.wanting(task)
    phone = await drawn.officer(of.officer)
    drawn.clock.move(ENDED)
    await phone.say("/today")
    await drawn.idle()
    await drawn.tap(phone, (await Task.get(id=task.id).select_related("target")).target.name, "责令改正")
    await drawn.tap(phone, str(of.points[0]))
    await drawn.tap(phone, "15 日内")
    order = await line()
    assert [point.number for point in order.points] == list(of.points[1:])
    assert order.due >= ENDED.date() + timedelta(days=15)
    await rectification.hand_in(order.number, "示例:已更换 <b>", by=HOLDER, at=ENDED)
    await drawn.post()
    asked = phone.find("请核实")
    assert "示例:已更换 <b>" in asked.text
    await drawn.tap(phone, "核实：全部改正")
    assert (await line()).state == R.VERIFIED


async def test_part_of_it_is_tapped_and_explained_and_a_term_is_extended(drawn: Chat, task: Task) -> None:
    of = await rectifying.wanting(task)
    order, phone = await of.ordered(), await drawn.officer(of.officer)
    drawn.clock.move(ENDED)
    await rectification.hand_in(order.number, "示例", by=HOLDER, at=ENDED)
    await drawn.post()
    await drawn.tap(phone, "部分改正")
    await drawn.tap(phone, str(of.points[0]))
    await phone.say("示例:另一项未改")
    await drawn.idle()
    half = await line()
    assert (half.state, half.done) == (R.PARTLY, of.points[:1])
    await drawn.tap(phone, "延期")
    seven = next(key for one in phone.messages() for key in one.buttons if key.startswith("延 7 日"))
    await drawn.tap(phone, seven)
    await phone.say("示例:缺货")
    await drawn.idle()
    assert (await line()).state == R.EXTENDED
    assert (await line()).due >= DUE + timedelta(days=7)


async def test_the_head_hears_of_a_lapse_and_notes_the_case(drawn: Chat, task: Task) -> None:
    of = await rectifying.wanting(task)
    await of.ordered()
    head = await drawn.phone(await district.account(rectifying.Role.HEAD, of.department))
    late = datetime.combine(DUE + timedelta(days=1), time(9), SHANGHAI)
    drawn.clock.move(late)
    await rectification_term.chase(at=late)
    await drawn.post()
    assert "登记立案" in head.find("改正期限届满").buttons
    await drawn.tap(head, "登记立案")
    await head.say("示例立〔2026〕1号")
    await drawn.idle()
    filed = await line()
    assert (filed.state, filed.steps[-1].case) == (R.FILED, "示例立〔2026〕1号")
