"""送达: what is owed goes out once; what fails takes the next channel, then a person calls (Art. 16 (2))."""

import asyncio
from datetime import timedelta

import pytest

from models.delivery import ChannelReceipt
from models.operations import outbox
from models.procedure import delivery, enrolment, notice_records, schedule
from models.rules.actor import Role
from models.states import NoticeState
from models.tables import Account, Attempt, Binding, Notice, Outbox, OutboxState, Target, Task
from tests.support import district
from tests.support.district import CEREMONY, VISIT

AT = CEREMONY


async def office(number):
    return await district.account(Role.OFFICE, f"测试{number}", AT)


async def bound(account, telegram_id):
    await Binding.create(account=account, telegram_id=telegram_id, bound_at=AT)
    return account


async def claimed(at=AT, **how):
    return [parcel.key for parcel in await delivery.claim("w", at=at, **how)]


async def test_a_message_is_owed_once_for_its_key(any_db):
    account = await bound(await office(1), 1)
    assert await outbox.enqueue(account, "news", key="k", at=AT)
    assert not await outbox.enqueue(account, "news", key="k", at=AT)
    assert await claimed() == ["k"]
    assert await claimed() == []


async def test_who_is_not_bound_yet_is_written_to_when_they_are(db):
    account = await office(1)
    await outbox.enqueue(account, "news", key="k", at=AT)
    assert await claimed() == []
    await bound(account, 1)
    [parcel] = await delivery.claim("w", at=AT + timedelta(days=1))
    assert (parcel.key, parcel.chat, parcel.account) == ("k", 1, account.id)


@pytest.mark.parametrize("lost", ["ended", "blocked", "disabled", "unbound"])
async def test_a_crowd_that_cannot_be_reached_hides_nobody(any_db, lost):
    gone = {f"{lost}_at": AT} if lost in ("ended", "blocked") else {}
    async with district.written():
        disabled = AT if lost == "disabled" else None
        await Account.bulk_create(
            Account(role=Role.OFFICE, name=f"测试{n}", created_at=AT, disabled_at=disabled)
            for n in range(150)
        )
        crowd = await Account.all().order_by("id")
        if lost != "unbound":
            await Binding.bulk_create(
                Binding(account=account, telegram_id=n, bound_at=AT, **gone)
                for n, account in enumerate(crowd)
            )
        owed = {account.id: (f"lost{account.id}", {}) for account in crowd}
        await outbox.owe_all("news", owed, at=AT, lane=outbox.INTERACTIVE)
    await outbox.enqueue(await bound(await office("里"), 999), "news", key="found", at=AT)
    assert await claimed(limit=10) == ["found"]


async def test_what_a_person_waits_for_goes_before_what_is_sent_to_all(db):
    for n in range(4):
        account = await bound(await office(n), n)
        lane = outbox.INTERACTIVE if n == 3 else outbox.BULK
        await outbox.enqueue(account, "news", key=f"k{n}", at=AT - timedelta(minutes=9 - n), lane=lane)
    assert await claimed(limit=2) == ["k3", "k0"]


async def test_one_message_a_chat_and_none_to_a_chat_that_asked_to_be_left_alone(db):
    for n in range(3):
        account = await bound(await office(n), n)
        for part in range(2):
            await outbox.enqueue(account, "news", key=f"k{n}{part}", at=AT)
    assert await claimed(busy={1}) == ["k00", "k20"]
    assert await claimed(busy={0, 2}) == ["k10"]


async def test_one_human_with_two_roles_has_one_chat(db):
    for n in range(2):
        await outbox.enqueue(await bound(await office(n), 7), "news", key=f"k{n}", at=AT)
    assert await claimed() == ["k0"]


async def test_many_looks_at_one_card_are_drawn_once(db):
    account = await bound(await office(1), 1)
    for n, subject in enumerate(["task:1", "task:1", "task:2", "task:1"]):
        await outbox.enqueue(account, "card", key=f"k{n}", at=AT, subject=subject)
    assert await claimed() == ["k0"]
    assert await claimed() == ["k2"]
    assert await claimed() == []
    await outbox.enqueue(account, "card", key="k4", at=AT, subject="task:1")
    assert await claimed() == ["k4"]


async def test_what_is_due_later_is_not_sent_now(db):
    await outbox.enqueue(await bound(await office(1), 1), "news", key="k", at=AT + timedelta(minutes=1))
    assert await claimed() == []
    assert await claimed(at=AT + timedelta(minutes=1)) == ["k"]


async def test_many_hands_take_each_message_once(any_db):
    for n in range(60):
        await outbox.enqueue(await bound(await office(n), n), "news", key=f"k{n}", at=AT)
    taken = await asyncio.gather(*(delivery.claim(f"w{n}", at=AT, limit=20) for n in range(8)))
    again = [await delivery.claim("late", at=AT, limit=60)]
    keys = [parcel.key for parcels in taken + again for parcel in parcels]
    assert sorted(keys) == sorted(f"k{n}" for n in range(60))


async def test_a_message_that_cannot_go_now_goes_later_and_later(db):
    await outbox.enqueue(await bound(await office(1), 1), "news", key="k", at=AT)
    at, waits = AT, []
    for _ in range(12):
        [parcel] = await delivery.claim("w", at=at)
        await delivery.retry_later(parcel, 0.0, "no reception", at=at)
        due = (await Outbox.get(key="k")).due_at
        waits.append((due - at).total_seconds())
        at = due
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == 300


async def test_a_wait_that_was_asked_for_is_kept_and_costs_no_try(db):
    await outbox.enqueue(await bound(await office(1), 1), "news", key="k", at=AT)
    [parcel] = await delivery.claim("w", at=AT)
    await delivery.retry_later(parcel, 37.0, "429", at=AT)
    row = await Outbox.get(key="k")
    assert (row.due_at - AT, row.attempts) == (timedelta(seconds=37), 0)


async def test_after_a_crash_a_message_goes_out_once_more(db):
    await outbox.enqueue(await bound(await office(1), 1), "news", key="k", at=AT)
    assert await claimed() == ["k"]
    assert await delivery.recover_unconfirmed(at=AT) == 1
    assert await claimed() == ["k"]


async def test_what_is_still_under_way_here_is_not_unclear(db):
    await outbox.enqueue(await bound(await office(1), 1), "news", key="k", at=AT)
    [parcel] = await delivery.claim("w", at=AT)
    assert await delivery.recover_unconfirmed(at=AT, but={parcel.id: None}) == 0


async def told(*, email="", chat=None):
    """A fixed visit whose notice is on its way: the task, the letter, the leader's account."""
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("number").first()
    await Target.filter(code=task.target_id).update(email=email)
    if chat:
        await bound(await district.account(Role.ENTITY, task.target_id), chat)
    await district.visit_fixed(task, district.district())
    return task, await notice_records.current(task)


async def hand_over(at=AT, limit=30):
    return {parcel.channel: parcel for parcel in await delivery.claim("w", at=at) if parcel.kind == "notice"}


async def way(letter):
    return [(one.channel, one.outcome) for one in await Attempt.filter(notice=letter).order_by("id")]


async def test_d11_who_blocked_the_bot_gets_the_letter_by_mail_and_then_a_call(any_db):
    task, letter = await told(email="hotel@example.test", chat=77)
    by_chat = (await hand_over())["chat"]
    await delivery.undeliverable(by_chat, "Forbidden: bot was blocked by the user", at=AT)
    entity = await Account.get(target_id=task.target_id)
    assert (await Binding.get(account=entity)).blocked_at == AT
    by_mail = (await hand_over())["email"]
    assert by_mail.address == "hotel@example.test"
    await delivery.undeliverable(by_mail, "refused [550]", at=AT)
    assert await way(letter) == [("chat", "failed"), ("email", "failed")]
    assert (await Notice.get(id=letter.id)).state == NoticeState.BY_HAND
    call = await Outbox.get(kind="notice.by_hand")
    assert call.account_id == (await district.leader_of(task)).account


async def test_a_letter_that_went_out_says_so_in_its_trail(db):
    _, letter = await told(email="hotel@example.test")
    await delivery.sent((await hand_over())["email"], at=AT, receipt=ChannelReceipt("a" * 64))
    assert (await Notice.get(id=letter.id)).state == NoticeState.SENT
    assert await way(letter) == [("email", "accepted")]
    assert (await Attempt.get(notice=letter)).text_sha256 == "a" * 64


async def test_other_news_for_somebody_who_blocked_the_bot_waits_until_they_are_back(db):
    account = await bound(await office(1), 1)
    await outbox.enqueue(account, "news", key="k", at=AT)
    [parcel] = await delivery.claim("w", at=AT)
    await delivery.undeliverable(parcel, "Forbidden", at=AT)
    assert await claimed() == []
    await enrolment.unblocked(1, at=AT)
    assert await claimed() == ["k"]


async def test_a_letter_found_under_way_after_a_crash_is_never_sent_blindly_again(any_db):
    _, letter = await told(email="hotel@example.test", chat=77)
    assert "chat" in await hand_over()
    await delivery.recover_unconfirmed(at=AT)
    assert await way(letter) == [("chat", "failed")]
    assert (await Attempt.get(notice=letter)).detail == "unclear"
    assert list(await hand_over()) == ["email"]


async def test_a_letter_is_given_up_by_a_channel_after_eight_tries(db):
    _, letter = await told(email="hotel@example.test")
    at = AT
    for _ in range(8):
        await delivery.retry_later((await hand_over(at))["email"], 0.0, "no answer", at=at)
        at += timedelta(minutes=10)
    assert await way(letter) == [("email", "failed")]
    assert await hand_over(at) == {}
    assert (await Notice.get(id=letter.id)).state == NoticeState.BY_HAND


@pytest.mark.parametrize("how", ["unbound", "blocked", "disabled"])
async def test_a_letter_whose_chat_is_lost_before_it_went_out_takes_the_next_channel(db, how):
    task, letter = await told(email="hotel@example.test", chat=77)
    entity = await Account.get(target_id=task.target_id)
    if how == "unbound":
        await enrolment.unbind(entity.id, by=district.OFFICE, at=AT)
    elif how == "blocked":
        await enrolment.blocked(entity.id, at=AT)
    else:
        await enrolment.disable(entity.id, by=district.OFFICE, at=AT)
    assert await hand_over() == {}
    assert await delivery.settle_unbound(at=AT) == 1
    assert list(await hand_over()) == ["email"]
    assert await way(letter) == [("chat", "failed")]


async def test_news_for_nobody_is_let_go_after_a_fortnight_and_for_somebody_never(db):
    await outbox.enqueue(await office(1), "news", key="nobody", at=AT)
    await outbox.enqueue(await bound(await office(2), 2), "news", key="late", at=AT)
    assert await delivery.settle_unbound(at=AT + timedelta(days=13)) == 0
    later = AT + timedelta(days=60)
    assert await delivery.settle_unbound(at=later) == 1
    assert (await Outbox.get(key="nobody")).state == OutboxState.FAILED
    assert await claimed(at=later) == ["late"]


async def test_d80_a_letter_that_was_replaced_is_not_handed_over(db):
    task, old = await told(email="hotel@example.test")
    leader, place = await district.leader_of(task), district.district()
    later = VISIT + timedelta(days=1)
    await schedule.propose(task.number, later, later + timedelta(hours=2), by=leader, at=AT)
    await schedule.fix(task.number, by=leader, at=AT, district=place)
    assert [parcel.payload["notice"] for parcel in (await hand_over()).values()] == [
        (await notice_records.current(task)).id
    ]
    assert (await Outbox.get(key=f"notice:{old.id}:email")).state == OutboxState.FAILED
