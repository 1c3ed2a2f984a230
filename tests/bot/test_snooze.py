"""稍后提醒 in the chat: from the morning word in three presses (Art. 16 (3))."""

from __future__ import annotations

from datetime import timedelta

from models.procedure import reminder
from models.tables import Snooze, Task
from tests.bot.chat import Chat
from tests.support import district


async def test_the_morning_word_leads_to_it(drawn: Chat) -> None:
    task = await Task.all().order_by("number").first()
    phone = await drawn.officer(await district.leader_of(task))
    for _ in range(30):
        drawn.clock.move((drawn.clock() + timedelta(days=1)).replace(hour=9))
        await reminder.sweep(at=drawn.clock(), district=drawn.services.district)
        await drawn.post()
        if any("稍后提醒" in label for label in phone.last().buttons):
            break
    await drawn.tap(phone, "稍后提醒")
    shown = phone.last()
    if not any("正在办理" in label for label in shown.buttons):
        await drawn.tap(phone, next(label for label in shown.buttons if "（" in label or label.isdigit()))
    await drawn.tap(phone, "正在办理")
    row = await Snooze.get()
    assert row.reason == "正在办理"
    assert "再提醒" in phone.last().text
    assert drawn.errors == []
