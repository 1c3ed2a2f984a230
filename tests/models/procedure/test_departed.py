"""E9, A12: what waits for an officer who has left, or for a revoked account, is not sent, and nobody is silently skipped."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.operations import outbox
from models.procedure import delivery, departed, enrolment, register_entry, staff_message
from models.queries.left_out import untold
from models.rules.actor import Role
from models.tables import Account, Binding, Event, Inspector, Outbox
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE

CODE = "INS-GA-1"
LATER = CEREMONY + timedelta(minutes=1)


@pytest.fixture
async def officer(any_db) -> Account:
    await sample.found()
    made = await sample.account(Role.INSPECTOR, CODE)
    await Inspector.filter(code=CODE).update(phone="13800000001")
    return made


async def bound(account: Account) -> None:
    await Binding.create(account=account, telegram_id=700_001, bound_at=CEREMONY)


async def owed(account: Account) -> None:
    await outbox.enqueue(account, "task.assigned", key="queued", at=CEREMONY, tasks=["T-1"])
    await outbox.enqueue(account, "card", key="drawn", at=CEREMONY, subject="task:T-1")


async def leaves() -> None:
    await register_entry.take_out("inspectors", CODE, "已退休", by=OFFICE, at=LATER)


async def sent_at(at=LATER) -> list[str]:
    return [one.key for one in await delivery.claim("w", at=at)]


async def left_out(chain: str) -> list[str]:
    rows = await Event.filter(chain=chain, kind="told.left_out")
    return [mark for row in rows for mark in row.data["left"]]


async def test_a12_what_was_queued_for_an_officer_who_then_left_is_withheld_and_the_person_named(officer):
    await bound(officer)
    await owed(officer)
    await leaves()
    assert await sent_at() == []
    assert await departed.withhold(at=LATER) == 2
    assert await departed.withhold(at=LATER) == 0
    assert {row.error for row in await Outbox.filter(key__in=["queued", "drawn"])} == {"withheld: left"}
    assert await left_out("task:T-1") == [f"inspector:{CODE}:left"]
    assert [person.of for person in await untold()] == [CODE]


async def test_a12_neither_a_text_message_goes_to_an_officer_who_left_after_it_was_owed(officer):
    await owed(officer)
    await staff_message.fall_through(at=CEREMONY, channels=("sms",))
    assert await Outbox.exists(channel="sms", state="waiting")
    await leaves()
    assert await sent_at() == []
    await departed.withhold(at=LATER)
    assert not await Outbox.filter(state="waiting", account=officer).exists()
    assert await left_out("task:T-1") == [f"inspector:{CODE}:left"]


async def test_a12_what_was_queued_for_a_revoked_account_is_withheld_at_once_and_named(officer):
    await bound(officer)
    await owed(officer)
    await enrolment.disable(officer.id, by=OFFICE, at=LATER)
    assert await sent_at() == []
    await departed.withhold(at=LATER)
    assert await left_out("task:T-1") == [f"inspector:{CODE}:disabled"]


async def test_e9_that_somebody_acted_in_their_name_reaches_even_who_has_left(officer):
    await bound(officer)
    await outbox.enqueue(officer, "enrolment.acted_for", key="theirs", at=CEREMONY, who="示例", reason="示例")
    await leaves()
    await departed.withhold(at=LATER)
    assert await sent_at() == ["theirs"]


async def test_a12_colleagues_who_stay_get_theirs(officer):
    await bound(officer)
    other = await sample.account(Role.INSPECTOR, "INS-GA-2")
    await Binding.create(account=other, telegram_id=700_002, bound_at=CEREMONY)
    for account in (officer, other):
        await outbox.enqueue(account, "task.assigned", key=f"k{account.id}", at=CEREMONY, tasks=["T-1"])
    await leaves()
    assert await sent_at() == [f"k{other.id}"]
