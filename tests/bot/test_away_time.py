"""Art. 15 in the chat: 「周三下午不行」 by three presses, taken back by one; the leader of a fixed visit hears of it."""

from __future__ import annotations

from models.procedure import away_time
from models.rules.away_time import DayPart, window_of
from models.rules.visit import instant
from models.tables import AwayTime, Task
from tests.bot.chat import Chat
from tests.support import district


async def member_of(task: Task):
    return (await district.team_of(task))["WJ"][0]


async def test_a_half_day_is_said_by_three_presses_and_taken_back_by_one(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await member_of(task))
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await drawn.tap(officer, "不能到的时间", "12月9日 周三", "下午")
    shown = officer.last()
    assert "已登记：12月9日 周三 下午 不能到" in shown.text
    row = await AwayTime.get()
    assert (row.begins, row.ends) == window_of(
        row.begins.astimezone(district.SHANGHAI).date(), DayPart.AFTERNOON
    )
    await drawn.tap(officer, "收回：12月9日 周三 下午")
    assert (await AwayTime.get()).taken_back_at is not None
    assert drawn.errors == []


async def test_other_hours_are_said_from_and_until(drawn: Chat, task: Task) -> None:
    officer = await drawn.officer(await member_of(task))
    await officer.say("/today")
    await officer.wait_for("我的任务")
    await drawn.tap(officer, "不能到的时间", "12月9日 周三", "其他钟点…", "10:00", "12:00")
    row, day = await AwayTime.get(), district.VISIT.date().replace(day=9)
    hours = [instant(day, district.CEREMONY.time().replace(hour=hour)) for hour in (10, 12)]
    assert [row.begins, row.ends] == hours


async def test_the_leader_of_a_fixed_visit_hears_of_it_with_the_acts(drawn: Chat, task: Task) -> None:
    await district.visit_fixed(task, district.district())
    leader = await drawn.officer(await district.leader_of(task))
    member = await member_of(task)
    await drawn.post()
    await away_time.say(*window_of(district.VISIT.date(), DayPart.DAY), by=member, at=district.CEREMONY)
    await drawn.post()
    shown = await leader.wait_for(lambda one: "已定的检查时间不能到" in one.text, any_time=True)
    assert member.name in shown.text
    assert drawn.errors == []
