"""A letter that was taken and that nobody confirmed is chased after two working days (Art. 16 (2))."""

from datetime import datetime, timedelta

import pytest

from models.procedure import delivery_attempt, notice, notice_records, reminder
from models.rules.actor import COURIER, Actor, Role
from models.rules.visit import SHANGHAI
from models.tables import Outbox, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, district

MONDAY = datetime(2026, 11, 30, 9, 0, tzinfo=SHANGHAI)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


async def taken(outcome="accepted"):
    """A letter of Friday's draw that the mail server took on Monday."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district(), at=CEREMONY)
    letter = await notice_records.current(task)
    await delivery_attempt.record_attempt(
        letter.id, "email" if outcome == "accepted" else "chat", True, by=COURIER, at=MONDAY
    )
    return task, letter


async def asked():
    return await Outbox.filter(kind="notice.unconfirmed").count()


@pytest.mark.parametrize("outcome", ["accepted", "delivered"])
async def test_c6_the_leader_is_asked_once_on_the_second_working_day(db, outcome):
    task, letter = await taken(outcome)
    await reminder.sweep(at=TUESDAY, district=district())
    assert await asked() == 0
    for hour in range(3):
        await reminder.sweep(at=WEDNESDAY + timedelta(hours=hour), district=district())
    told = await Outbox.get(kind="notice.unconfirmed").select_related("account")
    assert told.account.inspector_id == (await sample.leader_of(task)).id
    assert told.payload["notice"] == letter.id


async def test_c6_nobody_is_asked_when_the_entity_confirmed(db):
    _, letter = await taken()
    await notice.acknowledge(letter.number, by=Actor(Role.PUBLIC, "link"), at=TUESDAY)
    await reminder.sweep(at=WEDNESDAY, district=district())
    assert await asked() == 0


async def test_c6_nobody_is_asked_when_somebody_was_told_by_telephone(db):
    task, _ = await taken()
    leader = await sample.leader_of(task)
    await delivery_attempt.telephoned(task.number, True, "已告知", by=leader, at=TUESDAY, spoke_with="示例人")
    await reminder.sweep(at=WEDNESDAY, district=district())
    assert await asked() == 0
