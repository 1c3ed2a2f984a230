"""Who has several accounts in one chat hears of one thing once (Art. 5-7)."""

from __future__ import annotations

from models.procedure import recipients
from models.procedure.recipients import NewsItem, Recipients
from models.rules.actor import Role
from models.tables import Account, Binding, Outbox
from tests.support import district as sample
from tests.support.district import CEREMONY


async def head(department: str, chat: int) -> int:
    """A head's account in a chat."""
    row = await Account.create(role=Role.HEAD, department=department, name="示例", created_at=CEREMONY)
    await Binding.create(account=row, telegram_id=chat, bound_at=CEREMONY)
    return row.id


async def three() -> list[int]:
    """Two accounts of one head, and one of another."""
    await sample.found()
    return [await head("GA", 4711), await head("GA", 4711), await head("XF", 4712)]


async def test_as_the_head_of_two_departments_a_person_is_told_for_each(db):
    """Each message asks for its own department's word."""
    await sample.found()
    accounts = (await head("GA", 4711), await head("XF", 4711))
    await recipients.tell(Recipients(accounts), "task.overdue", key="示例", at=CEREMONY, chain="task:示例")
    assert await Outbox.filter(kind="task.overdue").count() == 2


async def test_a_person_with_two_accounts_in_one_chat_is_told_once(db):
    one, same, other = await three()
    for _ in range(2):
        await recipients.tell(
            Recipients((one, same, other)), "task.overdue", key="示例", at=CEREMONY, chain="task:示例"
        )
    assert [row.account_id for row in await Outbox.filter(kind="task.overdue").order_by("id")] == [one, other]


async def test_what_both_accounts_would_hear_of_comes_in_one_message(db):
    one, same, other = await three()
    pieces = [
        NewsItem(Recipients((one,)), "task:甲", "甲", "甲"),
        NewsItem(Recipients((same, other)), "task:乙", "乙", "乙"),
        NewsItem(Recipients((one, same)), "task:丙", "丙", "丙"),
    ]
    await recipients.tell_together(
        pieces,
        "tasks.overdue",
        at=CEREMONY,
        key=lambda account, mine: f"{account}:{mine}",
        payload=lambda mine: {"tasks": mine},
    )
    told = {row.account_id: row.payload["tasks"] for row in await Outbox.filter(kind="tasks.overdue")}
    assert told == {one: ["甲", "丙", "乙"], other: ["乙"]}


async def test_accounts_without_a_chat_are_each_told(db):
    await sample.found()
    accounts = tuple([(await sample.account(Role.HEAD, code)).id for code in ("GA", "XF")])
    await recipients.tell(Recipients(accounts), "task.overdue", key="示例", at=CEREMONY, chain="task:示例")
    assert await Outbox.filter(kind="task.overdue").count() == 2
