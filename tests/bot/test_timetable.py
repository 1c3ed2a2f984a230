"""排检查时间 in the chat: from the draw to the letters in few presses, one visit moved, the silent named (Art. 15, 16 (2))."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime

import pytest

from models.states import TaskState
from models.tables import Notice, Task
from server.practice import Phone
from tests.bot.chat import Chat, chatting
from tests.support import district, round_of_twelve
from tests.support.round_of_twelve import VISITS

MOST = 12
AFTERNOON = datetime(2026, 12, 16, 15, tzinfo=district.SHANGHAI)


@pytest.fixture
async def chat(db) -> AsyncIterator[Chat]:
    await round_of_twelve.one_team()
    async with chatting() as chat:
        yield chat


class Thumb:
    """A phone whose presses are counted."""

    def __init__(self, chat: Chat, phone: Phone) -> None:
        self.chat, self.phone, self.presses = chat, phone, 0

    async def tap(self, *labels: str) -> None:
        for label in labels:
            await self.chat.tap(self.phone, label)
            self.presses += 1


async def leading(chat: Chat) -> Thumb:
    """The leader has accepted and ended the network checks, and looks at the draft."""
    leader = Thumb(chat, await chat.officer(await district.leader_of(await Task.all().first())))
    await leader.phone.say("/today")
    await leader.phone.wait_for("我的任务")
    await leader.tap("全部接受", "网络检查", "全部结束", "排检查时间")
    return leader


async def members(task: Task):
    leader = await district.leader_of(task)
    return [by for people in (await district.team_of(task)).values() for by in people if by.id != leader.id]


async def test_twelve_visits_go_from_the_draw_to_their_letters_in_twelve_presses_at_most(chat: Chat) -> None:
    leader = await leading(chat)
    await leader.tap(f"提出全部（{VISITS}）")
    await chat.post()
    for member in await members(await Task.all().first()):
        phone = await chat.officer(member)
        await chat.post()
        await chat.tap(phone, "全部可以")
    await leader.phone.say("/today")
    await leader.tap("待确定并发出", "全部确定并发出")
    assert await Task.filter(state=TaskState.SCHEDULED).count() == VISITS
    assert await Notice.all().count() == VISITS
    assert leader.presses <= MOST
    assert chat.errors == []


async def test_one_visit_is_moved_in_the_draft_before_anybody_is_asked(chat: Chat) -> None:
    leader = await leading(chat)
    draft = leader.phone.last()
    assert f"{VISITS}家" in draft.text
    assert not await Task.filter(proposed_from__not_isnull=True).exists()
    await leader.tap(next(label for label in draft.buttons if "（" in label and "周" in label))
    await leader.tap(leader.phone.last().buttons[0], "12月16日 周三（0）", "15:00")
    assert "12月16日 周三" in leader.phone.last().text
    await leader.tap(f"提出全部（{VISITS}）")
    assert await Task.filter(proposed_from=AFTERNOON).count() == 1
    assert chat.errors == []


async def test_the_week_is_seen_by_buttons_and_a_visit_opens_its_days(chat: Chat) -> None:
    leader = await leading(chat)
    await leader.tap(f"提出全部（{VISITS}）", "本周安排", "下一周")
    shown = leader.phone.last()
    assert "征求中" in shown.text
    assert "未答复" in shown.text
    await leader.tap(shown.buttons[0])
    assert "选择检查日期" in leader.phone.last().text
    assert chat.errors == []
