"""A12: nobody is silently skipped: who is left out, and why, is in the trail and on the office's desk (Art. 5-7, 15, 16)."""

from datetime import timedelta

import pytest

from models.procedure import (
    batch,
    delivery,
    draw,
    enrolment,
    left_out,
    notice,
    recipients,
    reminder,
    schedule,
    staff_message,
)
from models.queries import evidence
from models.queries.left_out import untold
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.left_out import LeftOutReason, Missing, Whose
from models.tables import Account, Assignment, Batch, Event, Outbox, Task
from tests.support import district as sample

AT = sample.CEREMONY


async def drawn():
    await sample.found()
    await sample.drawn()
    await sample.account(Role.OFFICE, "测试联席办")
    return await Task.all().order_by("rank").first()


async def said_in(chain, about):
    """The marks of those whom the trail of `chain` names as left out of a message of this kind."""
    rows = await Event.filter(chain=chain, kind="told.left_out").order_by("seq")
    return {mark for row in rows for mark in row.data["left"] if row.data["about"] == about}


async def on_the_desk(about):
    return {(one.whose, one.of, one.why) for one in await untold() for kind, _ in one.about if kind == about}


async def everywhere(chain, about, *expected):
    """Both in the trail and on the desk, and nothing else changed any row."""
    assert await said_in(chain, about) >= {one.mark for one in expected}
    assert await on_the_desk(about) >= {(one.whose, one.of, one.why) for one in expected}
    assert (await evidence.verify()).differences == []


async def without_heads(*departments):
    for head in await Account.filter(
        role=Role.HEAD, department__in=departments or list(sample.CREW), disabled_at=None
    ):
        await enrolment.disable(head.id, by=sample.OFFICE, at=AT)


async def others(task, but):
    seats = await Assignment.filter(task=task, until=None)
    return [
        Missing(Whose.INSPECTOR, seat.inspector_id, LeftOutReason.NO_ACCOUNT)
        for seat in seats
        if seat.inspector_id != but.id
    ]


async def test_a12_a_head_who_ought_to_decide_and_is_not_there_is_named(db):
    task = await drawn()
    leader = await sample.leader_of(task)
    await without_heads()
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=AT)
    why = LeftOutReason.DISABLED if leader.department in ("GA", "WJ") else LeftOutReason.NO_ACCOUNT
    await everywhere(
        f"task:{task.number}", "notice.withhold_asked", Missing(Whose.HEAD, leader.department, why)
    )
    office = await Account.get(role=Role.OFFICE)
    row = await Outbox.filter(kind="told.left_out", account=office).order_by("-id").first()
    assert (row.payload["about"], row.payload["tasks"]) == ("notice.withhold_asked", [task.number])


async def test_a12_where_there_is_a_head_nobody_is_left_out(db):
    task = await drawn()
    leader = await sample.leader_of(task)
    head = await sample.account(Role.HEAD, leader.department)
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=AT)
    assert (await Outbox.get(kind="notice.withhold_asked")).account_id == head.id
    assert await on_the_desk("notice.withhold_asked") == set()


async def test_a12_officers_drawn_without_an_account_are_named_by_the_draw(db):
    task = await drawn()
    seats = await Assignment.filter(task=task, until=None)
    await everywhere(
        f"batch:{sample.BATCH}", "task.assigned",
        *(Missing(Whose.INSPECTOR, seat.inspector_id, LeftOutReason.NO_ACCOUNT) for seat in seats),
    )  # fmt: skip


async def test_a12_members_who_are_not_asked_for_a_time_are_named(db):
    task = await drawn()
    leader = await sample.leader_of(task)
    await schedule.propose(task.number, sample.VISIT, sample.VISIT + timedelta(hours=2), by=leader, at=AT)
    await everywhere(f"task:{task.number}", "visit.proposed", *await others(task, leader))


async def test_a12_a_leader_whose_account_is_closed_is_named_when_a_member_declines(db):
    task = await drawn()
    leader, members = await sample.leader_of(task), await sample.team_of(task)
    member = next(one for people in members.values() for one in people if one.id != leader.id)
    await schedule.propose(task.number, sample.VISIT, sample.VISIT + timedelta(hours=2), by=leader, at=AT)
    await enrolment.disable(leader.account, by=sample.OFFICE, at=AT)
    await schedule.reply(task.number, False, by=member, at=AT)
    await everywhere(
        f"task:{task.number}", "visit.declined", Missing(Whose.LEADER, leader.id, LeftOutReason.DISABLED)
    )


async def test_a12_the_reminders_name_officers_and_heads_who_hear_nothing_once(db):
    task, place = await drawn(), sample.district()
    leader = await sample.leader_of(task)
    await sample.visit_fixed(task, place)
    await task.refresh_from_db()
    await sample.visit_concluded(task, place)
    await without_heads()
    absent = next(
        one for people in (await sample.team_of(task)).values() for one in people if one.id != leader.id
    )
    await enrolment.disable(absent.account, by=sample.OFFICE, at=AT)
    await task.refresh_from_db()
    late = AT + timedelta(days=(task.entry_due - AT.date()).days + 1, hours=3)
    await reminder.sweep(at=late, district=place)
    once = await Event.filter(chain=f"task:{task.number}", kind="told.left_out").count()
    await reminder.sweep(at=late + timedelta(minutes=5), district=place)
    assert await Event.filter(chain=f"task:{task.number}", kind="told.left_out").count() == once
    heads = {mark for mark in await said_in(f"task:{task.number}", "reminder") if mark.startswith("head:")}
    assert {mark.split(":")[1] for mark in heads} == set(
        await Assignment.filter(task=task).values_list("department", flat=True)
    )
    await everywhere(
        f"task:{task.number}", "reminder", Missing(Whose.INSPECTOR, absent.id, LeftOutReason.DISABLED)
    )


async def test_a12_the_end_of_a_batch_names_heads_who_do_not_hear_of_it(db):
    await drawn()
    ga = await sample.witness("witness:GA")
    await without_heads("WJ")
    await batch.extend(
        sample.BATCH, (await Batch.get(code=sample.BATCH)).closes + timedelta(days=30), "大雪", by=ga, at=AT
    )
    await everywhere(
        f"batch:{sample.BATCH}", "batch.extended",
        Missing(Whose.HEAD, "WJ", LeftOutReason.DISABLED), Missing(Whose.HEAD, "XF", LeftOutReason.NO_ACCOUNT),
    )  # fmt: skip


async def test_a12_a_witness_without_an_account_is_named_when_the_draw_is_committed(db):
    await sample.found()
    out = (AT + timedelta(seconds=1)).isoformat(timespec="seconds")
    async with sample.written():
        await Batch.filter(code=sample.BATCH).update(
            entropy=[*sample.VALUES, f"lottery:示例彩票@{out} 2026300"]
        )
    await draw.commit(sample.BATCH, by=sample.OFFICE, at=AT, random=sample.salts())
    await everywhere(
        f"batch:{sample.BATCH}", "draw.witness",
        Missing(Whose.HEAD, "GA", LeftOutReason.NO_ACCOUNT), Missing(Whose.HEAD, "WJ", LeftOutReason.NO_ACCOUNT),
    )  # fmt: skip


async def test_a12_an_entity_without_a_chat_is_named_and_read_by_nobody_it_is_told_otherwise(db):
    task = await drawn()
    await recipients_of_entity(task)
    office = enrolment.actor_of(await Account.get(role=Role.OFFICE))
    entity = Missing(Whose.ENTITY, task.target_id, LeftOutReason.NO_CHAT)
    await everywhere(f"task:{task.number}", "correction.decided", entity)
    one = next(one for one in await untold() if one.whose == Whose.ENTITY)
    with pytest.raises(Refusal, match=r"left_out\.no_words"):
        await left_out.told_otherwise(one.whose, one.of, one.until, "  ", by=office, at=AT)
    assert (
        await left_out.told_otherwise(one.whose, one.of, one.until, "11月28日电话告知", by=office, at=AT) == 1
    )
    assert await on_the_desk("correction.decided") == set()
    settled = await Event.get(chain=f"task:{task.number}", kind="told.settled")
    assert (settled.by, settled.data["said"]) == (office.mark, "11月28日电话告知")


async def recipients_of_entity(task):
    async with sample.written():
        await recipients.tell(
            recipients.Recipients((), (Missing(Whose.ENTITY, task.target_id, LeftOutReason.NO_CHAT),)), "correction.decided",
            key="k", at=AT, chain=f"task:{task.number}", task=task.number,
        )  # fmt: skip


async def test_a12_who_gets_an_account_reads_what_was_missed_and_leaves_the_desk(db):
    task = await drawn()
    seat = await Assignment.filter(task=task, until=None, leader=False).first()
    account = await sample.account(Role.INSPECTOR, (await seat.inspector).certificate)
    row = await Outbox.get(kind="told.missed", account=account)
    assert "task.assigned" in {one["about"] for one in row.payload["missed"]}
    assert seat.inspector_id not in {of for _, of, _ in await on_the_desk("task.assigned")}
    assert (await evidence.verify()).differences == []


async def test_a12_an_official_without_any_channel_stands_on_the_desk_until_there_is_one(db):
    task = await drawn()
    leader = await sample.leader_of(task)
    head = await sample.account(Role.HEAD, leader.department)
    await Account.filter(id=head.id).update(phone="", email="")
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=AT)
    for _ in range(2):
        await staff_message.fall_through(at=AT, channels=("sms", "email"))
    missing = Missing(Whose.HEAD, leader.department, LeftOutReason.NO_CHANNEL)
    assert await said_in(f"task:{task.number}", "notice.withhold_asked") == {missing.mark}
    assert (missing.whose, missing.of, missing.why) in await on_the_desk("notice.withhold_asked")
    async with sample.written():
        await Account.filter(id=head.id).update(email="head@example.test")
    await staff_message.fall_through(at=AT, channels=("sms", "email"))
    assert await on_the_desk("notice.withhold_asked") == set()


async def test_a12_a_message_that_waited_a_fortnight_in_vain_is_no_secret(db):
    task = await drawn()
    leader = await sample.leader_of(task)
    head = await sample.account(Role.HEAD, leader.department)
    await notice.ask_to_withhold(task.number, "示例依据", by=leader, at=AT)
    await delivery.settle_unbound(at=AT + timedelta(days=30))
    await everywhere(
        f"task:{task.number}",
        "notice.withhold_asked",
        Missing(Whose.HEAD, head.department, LeftOutReason.NO_CHANNEL),
    )


async def test_a12_without_an_office_the_line_waits_for_it_on_the_desk(db):
    await sample.found()
    await sample.drawn()
    await Account.filter(role=Role.OFFICE).delete()
    assert not await Outbox.exists(kind="told.left_out")
    assert await on_the_desk("task.assigned")
