"""分工 in the chat: five questions a press, for oneself and for a colleague, read by both (Art. 15)."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.buttons import Act
from models.queries.sheet import sheet_of
from models.tables import Task
from tests.bot.chat import Chat, chatting
from tests.support import district


@pytest.fixture
async def chat(db) -> AsyncIterator[Chat]:
    await district.found()
    await district.drawn()
    async with chatting() as chat:
        yield chat


async def test_a_press_takes_a_piece_and_a_colleague_reads_who_has_it(chat: Chat) -> None:
    task = await Task.all().order_by("number").first()
    one, other = (await district.team_of(task))["XF"][:2]
    mine, theirs = await chat.officer(one), await chat.officer(other)
    numbers = [ask.number for ask in (await sheet_of(task)).on_site("XF")]
    await chat.press(mine, Act.JUMP, task.id)
    await chat.tap(mine, "分工", "（未分）")
    assert (await sheet_of(task)).shares == dict.fromkeys(numbers[:5], one.id)
    await chat.tap(mine, f"改为{other.name}", f"（{one.name}）")
    assert (await sheet_of(task)).shares == dict.fromkeys(numbers[:5], other.id)
    await chat.press(theirs, Act.JUMP, task.id)
    await theirs.wait_for(lambda shown: f"{other.name}：{numbers[0]}" in shown.text, any_time=True)
    await chat.tap(theirs, "分工", f"（{other.name}）")
    assert (await sheet_of(task)).shares == {}
    assert chat.errors == []
