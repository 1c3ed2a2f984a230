"""公示: after the entity's days, with a signed record or a reason; receipts at any time (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from models.procedure import delivery_report, entry, notification, publication, record, reply, revision
from models.procedure import objection as objections
from models.queries import entity, evidence
from models.queries import publication as queries
from models.queries import record as records
from models.refusal import Refusal
from models.rules import objection as rules
from models.rules.actor import COURIER, Actor, Role
from models.states import TaskState as T
from models.tables import (
    Event,
    Notice,
    Notification,
    NotificationAttempt,
    Outbox,
    PlatformReceipt,
    Publication,
    Task,
)
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import VISIT, account, district
from tests.support.publishing import HOLDER, NO_RECORD
from tests.support.record import kept

HEAD = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
ENTERED = VISIT + timedelta(hours=3)  # Tuesday 8 December
PLACE = district()


async def over() -> Task:
    """A visit that is over, its entity reached by telephone alone."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    assert task
    await sample.visit_fixed(task, PLACE)
    await sample.visit_concluded(await Task.get(id=task.id), PLACE)
    return await Task.get(id=task.id)


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def publish(task: Task, at=ENTERED, **reasons: str) -> Task:
    await publication.publish(task.number, by=HEAD, at=at, district=PLACE, **reasons)
    return await Task.get(id=task.id)


async def result_of(task: Task) -> Notification:
    return await Notification.filter(task=task, kind="result", overtaken_at=None).order_by("-id").first()


async def test_a5_publication_waits_three_working_days_from_when_the_entity_was_told(db) -> None:
    task = await over()
    leader = await sample.leader_of(task)
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    assert await refused(publish(task, unsigned=NO_RECORD)) == "publication.not_told"
    told = ENTERED + timedelta(days=1)  # Wednesday; Thursday, Friday, Monday are the three days
    await notification.told_by_a_person(
        (await result_of(task)).id, True, "示例:已转告", spoke_with="示例人", by=leader, at=told
    )
    for days in (0, 2, 5):
        assert (
            await refused(publish(task, told + timedelta(days=days), unsigned=NO_RECORD))
            == "publication.reply_open"
        )
    assert (await publish(task, told + timedelta(days=6), unsigned=NO_RECORD)).state == T.PUBLISHED
    assert (await evidence.verify()).differences == []


async def test_a5_no_objection_ends_the_days_early_and_a_later_answer_opens_them_again(db) -> None:
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    letter = await Notice.get(task=task)
    await publishing.agreed(task, ENTERED)
    await reply.give(letter.number, "示例:想了想还是有意见", by=HOLDER, at=ENTERED + timedelta(minutes=1))
    assert (
        await refused(publish(task, ENTERED + timedelta(minutes=2), unsigned=NO_RECORD))
        == "publication.not_told"
    )
    await reply.agree(letter.number, by=HOLDER, at=ENTERED + timedelta(minutes=3))
    assert (await publish(task, ENTERED + timedelta(minutes=4), unsigned=NO_RECORD)).state == T.PUBLISHED


async def test_a5_who_cannot_be_told_is_published_with_the_reason_after_the_days(db) -> None:
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    why = {"unsigned": NO_RECORD, "untold": "示例:电话停机"}
    assert await refused(publish(task, **why)) == "publication.reply_open"
    await publish(task, ENTERED + timedelta(days=6), **why)
    row = await Publication.get(task=task)
    assert (row.kind, row.untold, row.unsigned) == ("published", "示例:电话停机", NO_RECORD)


async def test_a5_without_a_signed_record_sheet_a_reason_is_needed_and_kept(db) -> None:
    task = await over()
    leader = await sample.leader_of(task)
    made = await record.draw_up(task.number, by=leader, at=ENTERED, district=PLACE)
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    await publishing.agreed(task, ENTERED)
    assert await refused(publish(task)) == "publication.no_record"
    await record.sign(
        task.number, made.sha256, "entity", picture=await kept(), name="示例经理", by=leader, at=ENTERED
    )
    await publish(task)
    assert (await Publication.get(task=task)).unsigned == ""


async def test_a5_a_result_sent_back_before_publication_is_told_anew_and_its_days_begin_again(db) -> None:
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    await publishing.agreed(task, ENTERED)
    first = await result_of(task)
    await entry.review(task.number, False, by=HEAD, at=ENTERED + timedelta(hours=1), reason="示例:申辩有理")
    assert (await Task.get(id=task.id)).state == T.CONCLUDED
    assert (await Notification.get(id=first.id)).overtaken_at is not None
    await publishing.entered(task, ["R07"], HEAD, ENTERED + timedelta(hours=2))
    assert (await result_of(task)).id != first.id
    assert (
        await refused(publish(task, ENTERED + timedelta(hours=3), unsigned=NO_RECORD))
        == "publication.not_told"
    )


async def test_a5_the_receipt_may_come_before_the_review_and_after_publication(db) -> None:
    task = await over()
    await publication.record(task.number, "示例-0001", by=await sample.leader_of(task), at=ENTERED)
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    assert (await Task.get(id=task.id)).state == T.RECORDED
    await publishing.published(task, HEAD, ENTERED)
    later = ENTERED + timedelta(days=9)
    await publication.record(task.number, "示例-０００２", date(2026, 12, 10), by=HEAD, at=later)
    assert (await Task.get(id=task.id)).platform_receipt == "示例-0002"
    assert [(one.number, one.replaced) for one in await queries.receipts(task.number)] == [
        ("示例-0002", False), ("示例-0001", True),
    ]  # fmt: skip
    assert (await evidence.verify()).differences == []


async def test_a5_a_receipt_of_another_task_or_from_before_the_visit_or_to_come_is_refused(any_db) -> None:
    task = await over()
    other = await Task.filter(id__gt=task.id).first()
    assert other
    await publication.record(task.number, "示例-0001", by=HEAD, at=ENTERED)
    await Task.filter(id=other.id).update(state=T.CONCLUDED, ended_at=VISIT)
    record_it = publication.record
    assert (
        await refused(record_it(other.number, " 示例－0001", by=HEAD, at=ENTERED))
        == "publication.receipt_used"
    )
    assert await refused(record_it(other.number, "  ", by=HEAD, at=ENTERED)) == "publication.no_receipt"
    early, late = date(2026, 12, 7), date(2026, 12, 9)
    assert (
        await refused(record_it(other.number, "示例-2", early, by=HEAD, at=ENTERED))
        == "publication.receipt_before_visit"
    )
    assert (
        await refused(record_it(other.number, "示例-2", late, by=HEAD, at=ENTERED))
        == "publication.receipt_to_come"
    )
    assert await PlatformReceipt.all().count() == 1


# 签署 (Art. 16 (3))


async def test_a17_signed_is_said_only_when_everybody_who_came_has_signed(db) -> None:
    task = await over()
    leader, team = await sample.leader_of(task), await sample.team_of(task)
    officers = [one for crew in team.values() for one in crew]
    made = await record.draw_up(task.number, by=leader, at=ENTERED, district=PLACE)
    asked = await Outbox.filter(kind="record.sign_asked").values_list("account_id", flat=True)
    assert sorted(asked) == sorted(one.account for one in officers if one.id != leader.id)
    for n, one in enumerate(officers):
        found = await records.papers(task.id)
        assert (found.count, found.signed) == ((n, len(officers) + 1), False)
        assert {code for code, _, _ in found.missing} == {who.id for who in officers[n:]}
        await record.sign(task.number, made.sha256, "officer", picture="", by=one, at=ENTERED)
    assert not (await records.papers(task.id)).signed
    await record.sign(
        task.number, made.sha256, "entity", picture=await kept(), name="示例经理", by=leader, at=ENTERED
    )
    assert (await records.papers(task.id)).signed


async def test_a17_the_end_of_the_visit_keeps_who_has_not_signed(db) -> None:
    task = await over()
    ended = await Event.get(chain=f"task:{task.number}", kind="visit.concluded")
    team = await sample.team_of(task)
    assert sorted(ended.data["unsigned"]) == sorted(one.id for crew in team.values() for one in crew)


# 后续告知


async def published_with(*channels: str) -> list[Notification]:
    """The steps of the first task to its publication; its target wants these channels."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").select_related("target").first()
    task.target.email, task.target.phone, task.target.channels = (
        "a@hotel.example",
        "13800000001",
        list(channels),
    )
    async with sample.written():
        await task.target.save()
    await sample.visit_fixed(task, PLACE)
    await sample.visit_concluded(await Task.get(id=task.id), PLACE)
    leader = await sample.leader_of(task)
    await record.draw_up(task.number, by=leader, at=ENTERED, district=PLACE)
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    await publishing.published(task, HEAD, ENTERED)
    return await Notification.filter(task=task).order_by("id")


async def test_a19_every_step_is_told_by_the_entitys_channels_in_its_order(db) -> None:
    steps = await published_with("sms", "email")
    assert [one.kind for one in steps] == ["concluded", "record", "result", "published"]
    for one in steps:
        owed = await Outbox.filter(kind="notification", key__startswith=f"notification:{one.id}:")
        assert [(row.channel, row.address) for row in owed] == [("sms", "+8613800000001")]
    last = steps[-1]
    await notification.tried(last.id, "sms", False, by=COURIER, at=ENTERED, detail="示例")
    assert await Outbox.filter(key=f"notification:{last.id}:email", address="a@hotel.example").exists()
    await notification.tried(last.id, "email", False, by=COURIER, at=ENTERED, detail="示例")
    assert (await Notification.get(id=last.id)).by_hand == "phone"
    assert (await evidence.verify()).differences == []


@pytest.mark.parametrize("outcome", ["relayed", "delayed"])
async def test_a19_a_mail_that_is_late_or_passed_on_to_another_server_is_no_failure(db, outcome) -> None:
    step = (await published_with("email", "sms"))[-1]
    await notification.tried(step.id, "email", True, by=COURIER, at=ENTERED)
    owed = await Outbox.get(key=f"notification:{step.id}:email")
    assert await delivery_report.reported("email", owed.reference, outcome, at=ENTERED, key="report")
    assert (await Notification.get(id=step.id)).told_at == ENTERED
    assert not await Outbox.filter(key=f"notification:{step.id}:sms").exists(), "nobody is told twice"
    assert (await Event.filter(kind__startswith="entity.").order_by("-id").first()).kind == "entity.told"


async def test_a19_what_a_mail_said_last_holds_when_another_channel_fails(db) -> None:
    step = (await published_with("email", "sms"))[-1]
    await notification.tried(step.id, "email", True, by=COURIER, at=ENTERED)
    owed = await Outbox.get(key=f"notification:{step.id}:email")
    await delivery_report.reported("email", owed.reference, "relayed", at=ENTERED, key="report")
    await notification.tried(step.id, "sms", False, by=COURIER, at=ENTERED, detail="示例")
    found = await Notification.get(id=step.id)
    assert found.told_at == ENTERED and not found.by_hand


async def test_a19_what_carries_a_term_is_told_by_a_person_where_nothing_else_reaches(db) -> None:
    task = await over()
    leader = await account(Role.INSPECTOR, (await sample.leader_of(task)).id)
    ended = await Notification.get(task=task, kind="concluded")
    assert (ended.by_hand, ended.told_at) == ("", None)
    assert (await NotificationAttempt.get(notification=ended)).outcome == "skipped"
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    row = await result_of(task)
    assert row.by_hand == "phone"
    assert await Outbox.filter(kind="notification.by_hand", account=leader).exists()
    who = await sample.leader_of(task)
    await account(Role.HEAD, "GA")
    for n in range(3):
        assert not await Outbox.filter(kind="notification.unreached").exists()
        await notification.told_by_a_person(row.id, False, f"示例:第{n}次无人接听", by=who, at=ENTERED)
    assert await Outbox.filter(kind="notification.unreached").exists()
    assert (await Notification.get(id=row.id)).told_at is None
    assert (
        await refused(notification.told_by_a_person(row.id, True, "示例", by=who, at=ENTERED))
        == "notification.nothing_said"
    )


async def test_e3_a_second_objection_in_other_words_is_kept_and_decided_by_itself(db) -> None:
    task = await over()
    await publishing.entered(task, ["R01"], HEAD, ENTERED)
    await publishing.published(task, HEAD, ENTERED)
    letter, at = await Notice.get(task=task), ENTERED + timedelta(hours=1)

    async def objected(text: str, at):
        return await objections.object_to(letter.number, text, by=HOLDER, at=at, district=PLACE)

    first = await objected("示例:一", at)
    assert await objected(" 示例:一 ", at) == first
    other = await objected("示例:二", at)
    assert [one.text for one in (await entity.heard(task.number)).objections] == ["示例:一", "示例:二"]
    await objections.decide(first, True, "示例:属实", by=HEAD, at=at)
    await objections.decide(other, False, "示例:不属实", by=HEAD, at=at)
    assert [one.upheld for one in (await entity.heard(task.number)).objections] == [True, False]
    leader = await sample.leader_of(task)
    await revision.propose(task.number, ["R07"], by=leader, at=at)
    await revision.decide(task.number, True, by=HEAD, at=at + timedelta(hours=1))
    second = await objected("示例:三", at + timedelta(hours=2))
    assert second not in (first, other)
    for n in range(rules.MOST - 1):
        await objected(f"示例:再{n}", at + timedelta(hours=2))
    assert await refused(objected("示例:过多", at + timedelta(hours=2))) == "objection.too_often"
    assert await objected("示例:三", at + timedelta(hours=3)) == second
    assert (await evidence.verify()).differences == []
