"""What a message shows is read with its chat's lock held: whoever was first is seen by who comes after (D17)."""

from __future__ import annotations

import asyncio

from telegram import Update

from bot import identity
from bot.callbacks import Act
from bot.cards import _lock_of
from bot.handlers import home, tasks
from bot.handlers.current_task import OUT
from bot.notifications.sending import deliver
from bot.turn import Turn
from models.procedure import dialogue, enrolment, schedule, team
from models.rules import visit
from models.rules.actor import Role
from models.tables import Task
from server.practice import Phone
from tests.bot.chat import Chat
from tests.support import district
from tests.support.waiting import until


async def test_news_of_a_proposed_time_does_not_draw_over_what_was_opened_before_it(
    drawn: Chat, task: Task
) -> None:
    """The officer begins to type on the card while the message waits for the chat."""
    leader = await district.leader_of(task)
    other = next(
        one for crew in (await district.team_of(task)).values() for one in crew if one.id != leader.id
    )
    phone = await drawn.holder(other)
    await drawn.post()
    await drawn.press(phone, Act.OPEN, task.id)
    await schedule.propose(
        task.number, district.VISIT, district.VISIT + visit.LASTS, by=leader, at=drawn.clock()
    )
    subject, lock = f"task:{task.number}", _lock_of(phone.id)
    card = await dialogue.card(phone.id, subject)
    async with lock:
        posting = asyncio.create_task(
            deliver(
                drawn.app, account=other.account, telegram_id=phone.id, language="zh_Hans", kind="visit.proposed",
                payload={"task": task.number}, key="示例",
            )
        )  # fmt: skip
        await until(lambda: lock._waiters, glance=0)
        await dialogue.ask(phone.id, OUT, subject, at=drawn.clock(), task=task.id, kind="r")
    await posting
    assert await dialogue.card(phone.id, subject) == card
    assert "征求检查时间意见" in phone.last().text
    assert phone.last().id != card[0]


async def test_a_heads_list_holds_what_is_open_when_it_is_shown(drawn: Chat, task: Task) -> None:
    """It is decided at a desk while the list waits for the chat: what is shown then does not ask for it any more."""
    asking = (await district.team_of(task))["WJ"][0]
    asked = await team.ask_out(task.number, "post", "示例", by=asking, at=drawn.clock())
    head = await district.account(Role.HEAD, "WJ")
    phone = await drawn.phone(head)
    turn = await _turn(drawn, phone)
    await turn.table.show("list", await home.home(turn))
    before = phone.last().buttons
    lock = _lock_of(phone.id)
    async with lock:
        following = asyncio.create_task(tasks.follow(turn))
        await until(lambda: lock._waiters, glance=0)
        await team.decide(asked.id, False, by=enrolment.actor_of(head), at=drawn.clock())
    await following
    assert len(phone.last().buttons) < len(before)


async def _turn(chat: Chat, phone: Phone) -> Turn:
    person = {"id": phone.id, "is_bot": False, "first_name": "示例"}
    sent = {"message_id": 900, "date": int(chat.clock().timestamp()), "text": "示例", "from": person}
    raw = {"update_id": 900, "message": {**sent, "chat": {**person, "type": "private"}}}
    turn = await identity.turn_of(Update.de_json(raw, chat.app.bot), chat.app.bot, chat.services)
    assert turn
    return turn
