"""责令限期改正: ordered by the department that found it wanting, verified point by point, never lost (Art. 17)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from models import store
from models.procedure import publication, rectification, reminder, revision
from models.procedure.document_submission import SubmittedFile
from models.queries import archive, evidence, inbox, orders_due, public, waiting
from models.queries import rectification as queries
from models.queries.inbox import When
from models.rules.public.rectification import Rectified
from models.rules.rectification import RectificationOutcome as Outcome
from models.rules.visit import SHANGHAI
from models.states import RectificationState as R
from models.tables import Account, Notification, Outbox, Paper, Rectification, RectificationStep, TermReminder
from tests.models.procedure.test_publication import refused
from tests.support import publishing, rectifying
from tests.support.district import district, team_of
from tests.support.publishing import HOLDER
from tests.support.rectifying import DUE, ENDED, Wanting


def morning(day: date) -> datetime:
    return datetime.combine(day, time(9), SHANGHAI)


async def told(kind: str, role: str) -> list[str]:
    """The departments or officers whose accounts are owed this message."""
    rows = await Outbox.filter(kind=kind, account__role=role).values_list("account_id", flat=True)
    return [one.inspector_id or one.department or one.role for one in await Account.filter(id__in=list(rows))]


async def reminded() -> list[str]:
    """Who was reminded of the term of an order."""
    rows = await TermReminder.filter(kind="rectification").values_list("account_id", flat=True)
    return [one.inspector_id or one.department or one.role for one in await Account.filter(id__in=list(rows))]


async def whole() -> None:
    assert (await evidence.verify()).differences == []


async def test_an_order_names_the_departments_own_failed_points_their_articles_and_a_working_day(
    any_db,
) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered(date(2026, 12, 19))  # a Saturday
    assert order.number == f"{of.task.number}-G1"
    assert [point.number for point in order.points] == list(of.points)
    assert all(point.basis in order.basis for point in order.points)
    assert order.due == date(2026, 12, 21), "a term that ends on a day off ends on the next working day"
    assert order.state == R.ISSUED
    assert await Notification.exists(kind="ordered", subject=order.id)
    await whole()


async def test_nothing_is_ordered_twice_by_another_department_or_for_a_day_that_is_past(any_db) -> None:
    of = await rectifying.reviewed()
    issue, who = rectification.issue, {"at": ENDED, "district": district()}
    number = of.task.number
    assert await refused(issue(number, ENDED.date(), by=of.officer, **who)) == "rectification.too_early"
    assert await refused(issue(number, date(2036, 12, 1), by=of.officer, **who)) == "rectification.too_late"
    assert await refused(issue(number, DUE, of.others, by=of.officer, **who)) == "rectification.not_failed"
    first = await issue(number, DUE, of.points[:1], by=of.officer, **who)
    again = await refused(issue(number, DUE, of.points, by=of.officer, **who))
    assert again == "rectification.ordered_already"
    second = await issue(number, DUE, by=of.officer, key="k" * 16, **who)
    assert [point.number for point in second.points] == list(of.points[1:]), "what no order names yet"
    assert (await issue(number, DUE, by=of.officer, key="k" * 16, **who)).id == second.id, (
        "one press, one order"
    )
    theirs = await issue(number, DUE, by=of.other, **who)
    assert [point.number for point in theirs.points] == list(of.others)
    assert await refused(rectification.decide(first.id, Outcome.VERIFIED, by=of.other, at=ENDED)) == (
        "rectification.other_department"
    )
    assert len(await queries.of_task(number)) == 3


async def test_proof_is_handed_in_once_asks_the_departments_officers_and_is_verified_point_by_point(
    any_db,
) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    paper = SubmittedFile(await store.objects.put(b"%PDF-"), 5, "PDF", "示例.pdf")
    await rectification.hand_in(order.number, "示例:已张贴", [paper], by=HOLDER, at=ENDED)
    await rectification.hand_in(order.number, "示例:已张贴", [paper], by=HOLDER, at=ENDED)
    assert (
        await RectificationStep.filter(kind="proof").count()
        == await Paper.filter(purpose="rectify").count()
        == 1
    )
    assert of.officer.id in await told("rectification.handed_in", "inspector")
    decide = rectification.decide
    partly = {"by": of.officer, "at": ENDED}
    assert (
        await refused(decide(order.id, Outcome.PARTLY, "", of.points[:1], **partly))
        == "rectification.no_reason"
    )
    assert await refused(decide(order.id, Outcome.PARTLY, "示例", [99], **partly)) == "rectification.no_point"
    assert (
        await refused(decide(order.id, Outcome.PARTLY, "示例", [], **partly)) == "rectification.nothing_done"
    )
    half = await decide(order.id, Outcome.PARTLY, "示例:另一项未改", of.points[:1], **partly)
    assert (half.state, half.done, half.verified_at) == (R.PARTLY, of.points[:1], None)
    full = await decide(order.id, Outcome.PARTLY, "示例:已改", of.points[1:], **partly)
    assert (full.state, full.done, full.verified_at) == (R.VERIFIED, of.points, ENDED), (
        "all its points are done"
    )
    assert (
        await refused(rectification.hand_in(order.number, "再改", by=HOLDER, at=ENDED))
        == "rectification.state"
    )
    assert await Notification.filter(kind="order_step").count() == 2, (
        "the entity is told of each verification"
    )
    await whole()


async def test_a_term_is_extended_with_a_reason_and_only_to_a_later_day(any_db) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    who = {"by": of.officer, "at": ENDED, "district": district()}
    assert await refused(rectification.extend(order.id, DUE, "示例", **who)) == "rectification.not_later"
    later = DUE + timedelta(days=7)
    assert await refused(rectification.extend(order.id, later, " ", **who)) == "rectification.no_reason"
    extended = await rectification.extend(order.id, later, "示例:缺货", **who)
    assert (extended.state, extended.due, extended.ordered_until) == (R.EXTENDED, later, DUE)


async def swept(at: datetime) -> None:
    await reminder.sweep(at=at, district=district())


async def test_the_entity_is_reminded_five_days_one_day_before_and_on_the_last_day_once_each(any_db) -> None:
    of = await rectifying.reviewed()
    await of.ordered()
    for days in (6, 5, 5, 4, 1, 0):
        await swept(morning(DUE - timedelta(days=days)))
    steps = await RectificationStep.filter(kind="reminded").order_by("id")
    assert [step.threshold for step in steps] == [5, 1, 0]
    assert await Notification.filter(kind="order_due").count() == 3


async def lapsed(of: Wanting) -> int:
    order = await of.ordered()
    await swept(morning(DUE + timedelta(days=1)))
    return order.id


async def test_what_is_not_put_right_in_time_lapses_and_climbs_from_officer_to_head_to_office(any_db) -> None:
    of = await rectifying.reviewed()
    await rectifying.account(rectifying.Role.OFFICE, "联席办")
    order = await of.ordered()
    await swept(morning(DUE))
    assert set(await reminded()) == {one.id for one in (await team_of(of.task))[of.department]}, (
        "whose order it is"
    )
    await swept(morning(DUE + timedelta(days=1)))
    line = await queries.line(order.id)
    assert line.state == R.LAPSED
    assert of.department in await told("rectification.lapsed", "head")
    assert of.department in await reminded() and "office" not in await reminded()
    await swept(morning(DUE + timedelta(days=8)))
    assert "office" in await reminded()
    assert [one.act for one in await waiting.for_head(of.department)].count("rectify_file") == 1
    await whole()


async def test_while_proof_waits_the_term_stands_still_and_the_officers_own_runs(any_db) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    await rectification.hand_in(order.number, "示例", by=HOLDER, at=morning(DUE))
    await swept(morning(DUE + timedelta(days=3)))
    assert (await queries.line(order.id)).state == R.HANDED_IN
    ((_, term),) = await orders_due.every()
    assert (term.kind, term.day) == ("proof", DUE)
    late = morning(DUE + timedelta(days=3))
    not_done = await rectification.decide(order.id, Outcome.NOT_DONE, "示例", by=of.officer, at=late)
    assert not_done.state == R.LAPSED, "its term is over by now"


async def test_a_lapsed_order_is_extended_put_right_or_filed_and_put_right_after_all(any_db) -> None:
    of = await rectifying.reviewed()
    id, at = await lapsed(of), morning(DUE + timedelta(days=2))
    file, case = rectification.file, "示例立〔2026〕1号"
    assert await refused(file(id, "", at.date(), by=of.head, at=at)) == "rectification.no_case"
    tomorrow = at.date() + timedelta(days=1)
    assert await refused(file(id, case, tomorrow, by=of.head, at=at)) == "rectification.case_day"
    filed = await file(id, case, at.date(), by=of.head, at=at)
    assert filed.state == R.FILED
    assert (filed.steps[-1].case, filed.steps[-1].case_day) == (case, at.date())
    await rectification.hand_in(filed.number, "示例:迟改", by=HOLDER, at=at)
    assert (await queries.line(id)).state == R.FILED, "a case stays open, the proof is heard all the same"
    done = await rectification.decide(id, Outcome.VERIFIED, by=of.officer, at=at)
    assert done.state == R.VERIFIED


async def test_only_the_departments_head_withdraws_an_order_and_its_points_are_free_again(any_db) -> None:
    of = await rectifying.reviewed()
    order = await of.ordered()
    stranger = rectifying.actor_of(await rectifying.account(rectifying.Role.HEAD, of.other.department))
    assert (
        await refused(rectification.revoke(order.id, "示例", by=stranger, at=ENDED))
        == "rectification.unknown"
    )
    assert (await rectification.revoke(order.id, "示例:开错", by=of.head, at=ENDED)).state == R.REVOKED
    assert (await of.ordered()).number.endswith("-G2")


async def test_beside_the_public_result_stands_how_far_it_is_put_right(any_db) -> None:
    of = await rectifying.reviewed()
    head = rectifying.actor_of(await rectifying.account(rectifying.Role.HEAD, "GA"))
    await publishing.published(of.task, head, ENDED)

    async def shown() -> tuple[Rectified, date | None]:
        line = await public.result(of.task.number)
        assert line
        return line.result.rectification.rectified, line.result.rectification.day

    assert await shown() == (Rectified.NONE, None)
    order = await of.ordered()
    assert await shown() == (Rectified.RUNNING, DUE)
    await rectification.decide(order.id, Outcome.VERIFIED, by=of.officer, at=ENDED)
    assert await shown() == (Rectified.VERIFIED, ENDED.date())
    await revision.withdraw(of.task.number, "示例", by=head, at=ENDED)
    assert await shown() == (Rectified.NONE, None)


async def test_a_task_is_not_archived_while_an_order_is_open(any_db) -> None:
    of = await rectifying.reviewed()
    head = rectifying.actor_of(await rectifying.account(rectifying.Role.HEAD, "GA"))
    task = await publishing.published(of.task, head, ENDED)
    await publication.record(task.number, "示例-2026-017", by=head, at=ENDED)
    order, late = await of.ordered(), ENDED + timedelta(days=20)
    why_not = await archive.hindrance(task, late, district().calendar)
    assert why_not and why_not.code == "archive.waiting"
    await rectification.decide(order.id, Outcome.VERIFIED, by=of.officer, at=ENDED)
    assert await archive.hindrance(task, late, district().calendar) is None


async def test_an_officer_finds_what_is_to_be_ordered_and_what_is_open_in_the_list(any_db) -> None:
    of = await rectifying.reviewed()

    async def listed() -> bool:
        lines = [line for line in await inbox.tasks_of(of.officer.id, ENDED) if line.when == When.RECTIFY]
        return [line.number for line in lines] == [of.task.number]

    assert await listed(), "to be ordered"
    order = await of.ordered()
    assert await listed(), "open"
    await rectification.decide(order.id, Outcome.VERIFIED, by=of.officer, at=ENDED)
    assert not await listed()
    assert await Rectification.all().count() == 1


async def made_public(of: Wanting):
    head = rectifying.actor_of(await rectifying.account(rectifying.Role.HEAD, "GA"))
    await publishing.published(of.task, head, ENDED)
    return head


async def test_a4_a_department_hears_when_points_of_its_order_are_set_aside_and_no_other_does(db) -> None:
    of = await rectifying.reviewed()
    order, why = await of.ordered(), {"at": ENDED, "reason": "示例:当日已改正"}
    await rectification.issue(of.task.number, DUE, by=of.other, at=ENDED, district=district())
    head = await made_public(of)
    await revision.propose(of.task.number, ["R01"], by=of.officer, aside=of.points, **why)
    await revision.decide(of.task.number, True, by=head, at=ENDED)
    assert await told("rectification.ground_gone", "head") == [of.department]
    assert (await queries.line(order.id)).state == R.ISSUED, "its own head withdraws it"
    rows = await Outbox.filter(kind="rectification.ground_gone").values_list("payload", flat=True)
    assert {one["rectification"] for one in rows} == {order.id}


async def test_a4_a_withdrawn_result_is_told_to_whoever_ordered_on_it_and_nothing_more_is_ordered(db) -> None:
    of = await rectifying.reviewed()
    order, head = await of.ordered(), await made_public(of)
    await revision.withdraw(of.task.number, "示例:查错了对象", by=head, at=ENDED)
    assert of.department in await told("rectification.ground_gone", "head")
    again = rectification.issue(of.task.number, DUE, by=of.other, at=ENDED, district=district())
    assert await refused(again) == "rectification.result_withdrawn"
    assert await queries.proposal(of.task.number, of.other.id) is None
    await rectification.revoke(order.id, "示例:结果已撤回", by=of.head, at=ENDED)
    assert (await queries.line(order.id)).state == R.REVOKED
    await whole()
