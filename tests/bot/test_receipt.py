"""省级平台回执 in the chat: the leader and the head type it; what cannot be right is refused in words (Art. 8)."""

from __future__ import annotations

from datetime import date, timedelta

from models.queries import evidence
from models.rules.actor import Role
from models.tables import PlatformReceipt, Task
from tests.bot.chat import Chat
from tests.bot.test_afterwards import HEAD, LATER, visited
from tests.support import district, publishing
from tests.support.district import VISIT

BUTTON = "登记省级平台回执"


async def test_c9_the_leader_types_the_receipt_and_it_is_of_today(drawn: Chat, task: Task) -> None:
    await visited(drawn, task)
    leader = await drawn.officer(await district.leader_of(task))
    await leader.say("/today")
    await drawn.tap(leader, (await Task.get(id=task.id).select_related("target")).target.name, BUTTON)
    assert "第二行写日期" in leader.last().text
    await leader.say("示例-2026-0001")
    await drawn.idle()
    row = await PlatformReceipt.get()
    assert (row.number, row.day) == ("示例-2026-0001", LATER.date())
    assert "回执已登记" in leader.last().text
    assert (await evidence.verify()).differences == []


async def test_c9_the_head_types_receipt_and_day_on_the_card_of_the_result(drawn: Chat, task: Task) -> None:
    await visited(drawn, task)
    head = await drawn.phone(await district.account(Role.HEAD, "GA"))
    await publishing.entered(task, ["R01"], HEAD, LATER)
    await publishing.agreed(task, LATER)
    await drawn.post()
    await drawn.tap(head, BUTTON)
    drawn.clock.move(LATER + timedelta(days=2))
    await head.say("示例-2026-0002\n2026年12月9日")
    await drawn.idle()
    row = await PlatformReceipt.get()
    assert (row.number, row.day, row.by) == ("示例-2026-0002", date(2026, 12, 9), "head:GA")
    assert (await Task.get(id=task.id)).platform_receipt == "示例-2026-0002"


async def test_c9_a_receipt_used_twice_or_before_the_visit_or_unreadable_is_refused_in_words(
    drawn: Chat, task: Task
) -> None:
    await visited(drawn, task)
    other = await Task.exclude(id=task.id).first()
    await Task.filter(id=other.id).update(platform_receipt="示例-2026-0003")
    leader = await drawn.officer(await district.leader_of(task))
    await leader.say("/today")
    await drawn.tap(leader, (await Task.get(id=task.id).select_related("target")).target.name, BUTTON)
    wrong = {
        "示例-2026-0003": other.number,
        f"示例-2026-0004\n{VISIT.date() - timedelta(days=1)}": "早于",
        "示例-2026-0004\n昨天下午": "昨天下午",
    }
    for line, words in wrong.items():
        await leader.say(line)
        await leader.wait_for(words)
        await drawn.idle()
    assert await PlatformReceipt.all().count() == 0
    await leader.say("示例-2026-0004")
    await drawn.idle()
    assert (await PlatformReceipt.get()).number == "示例-2026-0004"
