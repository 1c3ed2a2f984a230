"""现场复查 in the chat: set, begun, ended point by point, signed by both officers (Art. 17)."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from bot.buttons import Act
from models.procedure import rectification
from models.queries import rechecks
from models.queries import rectification as queries
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.tables import Photo, Rectification, Task
from tests.bot.chat import Chat
from tests.bot.test_pictures import picture
from tests.support import rectifying
from tests.support.district import team_of
from tests.support.publishing import HOLDER
from tests.support.rectifying import ENDED

DAY = datetime.combine(ENDED.date() + timedelta(days=2), time(10), SHANGHAI)


async def line() -> queries.OrderLine:
    return await queries.line((await Rectification.get()).id)


async def test_two_officers_set_it_go_and_see_and_sign_and_the_order_is_verified(
    drawn: Chat, task: Task
) -> None:
    of = await rectifying.wanting(task)
    order, phone = await of.ordered(), await drawn.officer(of.officer)
    mate = (await team_of(task))[of.department][1]
    other = await drawn.officer(mate)
    drawn.clock.move(ENDED)
    await rectification.hand_in(order.number, "示例:已更换", by=HOLDER, at=ENDED)
    await drawn.post()
    await drawn.tap(phone, "安排现场复查")
    names = dict(await rechecks.mates(task.number, of.officer.id))
    await drawn.tap(phone, f"与 {names[mate.id]} 同行")
    await phone.say("明天上午")
    await drawn.idle()
    assert "没有读出日期和时间" in phone.last().text
    await phone.say(f"{DAY:%Y-%m-%d} 10:00")
    await drawn.idle()
    going = (await line()).recheck
    assert going and going.begins == DAY
    await drawn.post()
    assert "现场复查：" in other.find("请您同去现场复查").text
    drawn.clock.move(DAY)
    await phone.say("/today")
    await drawn.idle()
    await drawn.press(phone, Act.ORDER, order.id)
    await drawn.tap(phone, "开始复查")
    await phone.send_photo(picture())
    await drawn.idle()
    assert await Photo.filter(about="recheck").count() == 1
    right, wrong = of.points
    await drawn.press(phone, Act.RECHECK_POINT, going.id, right)
    await drawn.press(phone, Act.RECHECK_POINT, going.id, wrong)
    await drawn.press(phone, Act.RECHECK_POINT, going.id, wrong)
    await phone.say("示例:仍缺一只")
    await drawn.idle()
    await drawn.tap(phone, "签字")
    assert (await line()).state == R.HANDED_IN
    await drawn.post()
    await drawn.tap(other, "签字")
    half = await line()
    assert (half.state, half.done, half.steps[-1].text) == (R.PARTLY, (right,), f"{wrong}. 示例:仍缺一只")
    await drawn.tap(phone, "对象拒签")
    await phone.say("示例:不认可\n示例见证人 物业")
    await drawn.idle()
    entity = half.rechecks[-1].entity or (await line()).rechecks[-1].entity
    assert entity and entity.refused and entity.witness == "示例见证人 物业"
