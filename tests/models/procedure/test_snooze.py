"""稍后提醒: silent until the day chosen, then said again; those above hear of it in time (Art. 16 (3))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.procedure import reminder, snooze
from models.procedure.own_terms import reminders_said
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Account, Event, Outbox, Snooze, Task, TermReminder
from tests.models.procedure.test_reminder import PLACE, before, concluded, heads, on, sweep


async def reminded(task: Task, left: int) -> Actor:
    """An officer of the task, reminded with so many working days left."""
    await sweep(on(before(task, left)))
    row = await TermReminder.filter(kind="entry", threshold=left).order_by("id").first()
    account = await Account.get(id=row.account_id)
    return Actor(Role.INSPECTOR, str(account.inspector_id), account.name, account.department, account.id)


async def number_of(actor: Actor, at) -> int:
    [said] = [one for one in await reminders_said(actor, at=at, district=PLACE) if one.term.kind == "entry"]
    return said.id


async def times(actor: Actor) -> list[date]:
    """The days on which the entry's term was said to this officer, by the messages owed."""
    rows = await Outbox.filter(kind="reminder", account_id=actor.account).order_by("id")
    return [row.due_at.date() for row in rows if any(one["kind"] == "entry" for one in row.payload["tasks"])]


async def put_off(task: Task, actor: Actor, left: int, until: date, reason: str = "等对方答复"):
    at = on(before(task, left), 11)
    return await snooze.snooze(await number_of(actor, at), until, reason, by=actor, at=at)


async def test_it_is_silent_until_the_day_and_then_said_again_at_the_same_threshold(db):
    [task] = await concluded()
    actor = await reminded(task, 5)
    await put_off(task, actor, 5, before(task, 3))
    assert len(await times(actor)) == 1
    await sweep(on(before(task, 4)))
    assert len(await times(actor)) == 1
    await sweep(on(before(task, 3)))
    assert len(await times(actor)) == 2
    rows = await TermReminder.filter(account_id=actor.account, kind="entry", threshold=5)
    assert [row.at for row in rows] == [on(before(task, 3))], "one row a threshold, moved to when it was said"


async def test_it_is_said_again_once_and_then_goes_on_as_ever(db):
    [task] = await concluded()
    actor = await reminded(task, 5)
    await put_off(task, actor, 5, before(task, 3))
    for left in (3, 2, 1, 0):
        for hour in (10, 12, 15):
            await sweep(on(before(task, left), hour))
    assert len(await times(actor)) == 5, "again with 3 left, and with 2, 1 and 0"


async def test_a_tighter_threshold_within_the_silence_waits_for_its_end(db):
    [task] = await concluded()
    actor = await reminded(task, 5)
    await put_off(task, actor, 5, before(task, 1))
    await sweep(on(before(task, 2)))
    assert len(await times(actor)) == 1
    await sweep(on(before(task, 1)))
    assert len(await times(actor)) == 2


async def told_at(threshold: int) -> set[int]:
    return {row.account_id for row in await TermReminder.filter(kind="entry", threshold=threshold)}


async def test_the_others_and_the_heads_hear_of_it_all_the_same(db):
    [task] = await concluded()
    actor = await reminded(task, 2)
    together = await told_at(2)
    await put_off(task, actor, 2, before(task, 0))
    await sweep(on(before(task, 1)))
    assert await told_at(1) == together - {actor.account}
    assert len(together) > 1
    await sweep(on(before(task, 0)))
    assert await told_at(0) > together
    assert await told_at(0) & await heads()


async def test_not_past_the_last_day_and_not_once_it_has_come(db):
    [task] = await concluded()
    actor = await reminded(task, 2)
    for until in (task.entry_due + timedelta(days=1), before(task, 2)):
        with pytest.raises(Refusal, match=r"snooze\.when"):
            await put_off(task, actor, 2, until)
    row = await TermReminder.filter(account_id=actor.account, kind="entry").first()
    for at in (on(task.entry_due), on(task.entry_due + timedelta(days=1))):
        with pytest.raises(Refusal, match=r"snooze\.last_day"):
            await snooze.snooze(row.id, task.entry_due, "示例", by=actor, at=at)
    assert await Snooze.all().count() == 0


async def test_a_reason_is_needed_and_stands_in_the_tasks_trail(db):
    [task] = await concluded()
    actor = await reminded(task, 5)
    with pytest.raises(Refusal, match=r"snooze\.no_reason"):
        await put_off(task, actor, 5, before(task, 3), " \u200b ")
    await put_off(task, actor, 5, before(task, 3), "等检测报告")
    [entry] = await Event.filter(chain=f"task:{task.number}", kind="term.snoozed")
    assert (entry.by, entry.data["reason"]) == (actor.mark, "等检测报告")
    assert (entry.data["term"], entry.data["until"]) == ("entry", before(task, 3).isoformat())


async def test_nobody_silences_somebody_else(db):
    [task] = await concluded()
    actor = await reminded(task, 5)
    row = await TermReminder.filter(kind="entry").exclude(account_id=actor.account).first()
    with pytest.raises(Refusal, match=r"snooze\.unknown"):
        await snooze.snooze(row.id, before(task, 3), "示例", by=actor, at=on(before(task, 5)))


async def test_the_same_press_twice_is_one_silence(db):
    [task] = await concluded()
    actor = await reminded(task, 5)
    at = on(before(task, 5), 11)
    number = await number_of(actor, at)
    for _ in range(2):
        await snooze.snooze(number, before(task, 3), "示例", by=actor, at=at, key="u7")
    assert await Snooze.all().count() == 1


async def test_what_is_put_off_says_until_when_and_which_days_are_offered(db):
    [task] = await concluded()
    actor = await reminded(task, 2)
    [said] = await reminders_said(actor, at=on(before(task, 2), 11), district=PLACE)
    assert said.until is None
    assert said.offered == (before(task, 1), task.entry_due)
    await put_off(task, actor, 2, before(task, 1))
    [said] = await reminders_said(actor, at=on(before(task, 2), 12), district=PLACE)
    assert said.until == before(task, 1)
    assert await reminders_said(actor, at=on(task.entry_due), district=PLACE) == ()


async def test_a_sweep_after_the_silence_makes_a_message_of_its_own(db):
    """The same items at the same threshold are owed under another key."""
    [task] = await concluded()
    actor = await reminded(task, 5)
    await put_off(task, actor, 5, before(task, 3))
    await reminder.sweep(at=on(before(task, 3)), district=PLACE)
    keys = [row.key for row in await Outbox.filter(kind="reminder", account_id=actor.account)]
    assert len(keys) == len(set(keys)) == 2
