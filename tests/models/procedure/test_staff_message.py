"""An official without a chat hears by text message, else by e-mail; who hears nothing is named (Art. 5-7)."""

import pytest

from models.operations import outbox
from models.procedure import delivery, staff_message
from models.queries import enrolments, unreachable
from models.rules.actor import Role
from models.tables import Account, Binding, Inspector, Outbox
from server.staff_news import StaffWording
from tests.support import district as sample
from tests.support.district import CEREMONY, district

BOTH = ("sms", "email")


@pytest.fixture
async def officer(db):
    await sample.found()
    await Inspector.filter(code="INS-GA-1").update(phone="13900000001", email="jia@example.test")
    account = await sample.account(Role.INSPECTOR, "INS-GA-1")
    await outbox.enqueue(account, "task.assigned", key="assigned:1", at=CEREMONY, tasks=["T-1", "T-2"])
    return account


async def waiting():
    return [(row.channel, row.address) for row in await Outbox.filter(state="waiting").order_by("id")]


async def test_a12_without_a_chat_the_text_message_is_next(officer):
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 1
    assert await waiting() == [("sms", "+8613900000001")]
    row = await Outbox.get(channel="sms")
    assert (row.account_id, row.kind, row.payload["word"]) == (officer.id, "staff", "task.assigned")
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0


async def test_a12_what_the_gateway_refuses_goes_by_mail_and_then_nowhere(officer):
    await staff_message.fall_through(at=CEREMONY, channels=BOTH)
    [parcel] = await delivery.claim("w", at=CEREMONY)
    await delivery.undeliverable(parcel, "refused", at=CEREMONY)
    assert await waiting() == [("email", "jia@example.test")]
    [parcel] = await delivery.claim("w", at=CEREMONY)
    await delivery.skip_channel(parcel, "no email here", at=CEREMONY)
    assert await waiting() == []


async def test_a12_only_a_channel_that_the_district_has_is_taken(officer):
    assert await staff_message.fall_through(at=CEREMONY, channels=()) == 0
    assert await staff_message.fall_through(at=CEREMONY, channels=("email",)) == 1
    assert await waiting() == [("email", "jia@example.test")]


async def test_a12_with_a_chat_nothing_goes_another_way(officer):
    await Binding.create(account=officer, telegram_id=1, bound_at=CEREMONY)
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0
    await Binding.all().update(blocked_at=CEREMONY)
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 1


async def test_a12_who_has_no_address_goes_on_waiting_for_a_chat(officer):
    await Inspector.filter(code="INS-GA-1").update(phone="0375-0000001", email="")
    assert await staff_message.fall_through(at=CEREMONY, channels=BOTH) == 0
    assert await waiting() == [("chat", "")]


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
async def test_a12_the_message_says_what_and_which_tasks_and_where(officer, language):
    await staff_message.fall_through(at=CEREMONY, channels=BOTH)
    said = StaffWording(district())((await Outbox.get(channel="sms")).payload, language)
    for words in (said.text, said.brief):
        assert "T-1" in words and "/console/" in words
    assert "甲检员" not in said.text + said.brief


async def test_a12_a_department_without_a_head_and_a_head_without_any_channel_are_named(db):
    await sample.found()
    await sample.drawn()
    found = await unreachable.unreachable(BOTH)
    assert found.headless == ("市场监管", "消防救援")  # the others' heads gave their values in the draw
    head = await sample.account(Role.HEAD, "XF")
    assert (await unreachable.unreachable(BOTH)).headless == ("市场监管",)
    await Account.filter(id=head.id).update(phone="")
    assert head.name in [name for name, _ in (await unreachable.unreachable(BOTH)).people]
    await Account.filter(id=head.id).update(email="head@example.test")
    assert head.name not in [name for name, _ in (await unreachable.unreachable(BOTH)).people]
    assert head.name in [name for name, _ in (await unreachable.unreachable(("sms",))).people]


async def test_a12_an_officer_whom_a_mail_reaches_is_not_called_out_of_reach(db):
    await sample.found()
    await sample.drawn()
    out = await enrolments.unbound(None)
    await Inspector.filter(code=out[0]).update(email="jia@example.test", phone="")
    assert out[0] in await enrolments.unbound(None, ("sms",))
    assert out[0] not in await enrolments.unbound(None, BOTH)
