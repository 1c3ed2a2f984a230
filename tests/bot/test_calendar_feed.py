"""/calendar: the address of one's own calendar by two presses, reset with one (Art. 15)."""

from __future__ import annotations

from models.tables import CalendarFeed, Event, Task
from tests.bot.chat import Chat


async def test_an_officer_gets_an_address_and_a_new_one_with_one_press(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("/calendar")
    await officer.wait_for("把自己的检查和到期日放进手机日历")
    await site.tap(officer, "取得日历地址")
    first = await officer.wait_for("/calendar/")
    assert "只显示这一次" in first.text
    assert await CalendarFeed.filter(ended_at=None).count() == 1
    await site.tap(officer, "换新地址")
    assert await CalendarFeed.all().count() == 2
    assert await CalendarFeed.filter(ended_at=None).count() == 1
    assert await Event.filter(kind="calendar_feed.reset").count() == 2
    assert site.errors == []


async def test_the_settings_lead_there(site: Chat, task: Task) -> None:
    officer = await site.at_question(task, "GA", 4)
    await officer.say("/settings")
    await officer.wait_for("语言设置")
    await site.tap(officer, "日历订阅", "取得日历地址")
    assert await CalendarFeed.filter(ended_at=None).count() == 1
