"""不予配合: one officer writes it down, a second confirms, the head of the leader's department decides (Art. 18)."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from models.procedure import cooperation, department_result, enrolment, inspection
from models.queries import evidence, onsite
from models.queries.onsite import NonCooperationReport
from models.rules.actor import Role
from models.states import TaskState as T
from models.tables import Event, NonCooperation, Outbox, Photo
from tests.support import district as sample
from tests.support.district import CEREMONY, account, district
from tests.support.onsite import AT, Door, at_the_door, refused

FACTS = "示例:负责人锁门离开,告知书出示后仍拒绝开门"


@pytest.fixture
async def door(any_db) -> Door:
    return await at_the_door()


async def written(door: Door, at=AT) -> int:
    await door.photographed("refusal", at)
    return await cooperation.report(door.number, [2, 1], FACTS, by=door.first, at=at)


async def confirmed(door: Door) -> NonCooperationReport:
    return await cooperation.confirm(await written(door), by=door.second, at=AT)


async def kinds(number: str) -> list[str]:
    found = await Event.filter(chain=f"task:{number}", kind__startswith="cooperation.").order_by("seq")
    return [one.kind for one in found]


async def test_two_officers_and_the_head_establish_a_refusal_and_the_result_must_name_it(door):
    report = await confirmed(door)
    assert (report.waits_for_the_head, report.confirmed_by) == (True, door.second.id)
    assert (await door.now()).state == T.SCHEDULED
    decided = await cooperation.decide(report.id, True, by=door.head, at=AT)
    assert decided == replace(report, agreed=True, decided_at=AT)
    assert (await door.now()).state == T.REFUSED
    await inspection.conclude(door.number, by=door.leader, at=AT, district=district())
    task = await door.now()
    assert task.state == T.CONCLUDED and task.entry_due.isoformat() == "2027-01-06"
    assert await onsite.established(task.id) == ("R06",)
    assert (
        await refused(department_result.enter(door.number, ["R01"], "", by=door.leader, at=AT))
        == "entry.refusal_unnamed"
    )
    await sample.entered(await door.now(), ["R06"], AT)
    assert await kinds(door.number) == [
        "cooperation.reported",
        "cooperation.confirmed",
        "cooperation.established",
    ]
    assert (await evidence.verify()).differences == []


async def test_a_refusal_inside_ends_the_visit_whatever_is_still_open(door):
    await door.begun()
    report = await confirmed(door)
    await cooperation.decide(report.id, True, by=door.head, at=AT)
    await inspection.conclude(door.number, by=door.leader, at=AT, district=district())
    assert (await door.now()).state == T.CONCLUDED
    assert (await evidence.verify()).differences == []


async def test_the_head_may_see_it_otherwise_with_a_reason_and_the_visit_goes_on(door):
    await door.begun()
    report = await confirmed(door)
    assert await refused(cooperation.decide(report.id, False, by=door.head, at=AT)) == "cooperation.no_reason"
    await cooperation.decide(report.id, False, by=door.head, at=AT, text="示例:次日已配合")
    assert (await door.now()).state == T.ON_SITE
    assert await onsite.established(door.task.id) == ()
    again = await cooperation.report(door.number, [5], FACTS, by=door.second, at=AT)
    assert again != report.id
    assert (await evidence.verify()).differences == []


async def test_nobody_confirms_the_own_report(door):
    report = await written(door)
    assert await refused(cooperation.confirm(report, by=door.first, at=AT)) == "cooperation.same_officer"


async def test_only_officers_of_the_team_report_and_confirm(door):
    stranger = enrolment.actor_of(await account(Role.INSPECTOR, await _elsewhere(door)))
    assert await refused(cooperation.report(door.number, [1], FACTS, by=stranger, at=AT)) == "task.unknown"
    report = await written(door)
    assert await refused(cooperation.confirm(report, by=stranger, at=AT)) == "task.unknown"


async def _elsewhere(door: Door) -> str:
    from models.tables import Assignment, Inspector

    serving = await Assignment.filter(task=door.task, until=None).values_list("inspector_id", flat=True)
    return (await Inspector.exclude(code__in=list(serving)).first()).code


async def test_without_a_photo_nothing_is_confirmed(door):
    report = await cooperation.report(door.number, [1], FACTS, by=door.first, at=AT)
    assert await refused(cooperation.confirm(report, by=door.second, at=AT)) == "cooperation.no_photo"
    await door.photographed("place")
    assert await refused(cooperation.confirm(report, by=door.second, at=AT)) == "cooperation.no_photo"
    await door.photographed("refusal")
    await Photo.filter(about="refusal").update(removed_at=AT)
    assert await refused(cooperation.confirm(report, by=door.second, at=AT)) == "cooperation.no_photo"


@pytest.mark.parametrize(
    ("grounds", "facts", "code"),
    [
        ([], FACTS, "cooperation.no_ground"),
        ([6], FACTS, "cooperation.no_ground"),
        ([1], " ", "cooperation.no_facts"),
    ],
)
async def test_a_report_names_a_ground_of_article_18_and_what_happened(door, grounds, facts, code):
    assert await refused(cooperation.report(door.number, grounds, facts, by=door.first, at=AT)) == code


async def test_nobody_refuses_before_the_day_of_the_visit(door):
    report = cooperation.report(door.number, [1], FACTS, by=door.first, at=CEREMONY)
    assert await refused(report) == "arrival.not_the_day"


async def test_a_second_report_waits_until_the_first_is_settled(door):
    await written(door)
    again = cooperation.report(door.number, [1], FACTS, by=door.second, at=AT)
    assert await refused(again) == "cooperation.reported_already"


async def test_another_departments_head_and_an_unconfirmed_report_decide_nothing(door):
    report = await written(door)
    assert await refused(cooperation.decide(report, True, by=door.head, at=AT)) == "cooperation.not_confirmed"
    other = next(d for d in ("GA", "XF") if d != door.head.department)
    stranger = enrolment.actor_of(await account(Role.HEAD, other))
    await cooperation.confirm(report, by=door.second, at=AT)
    assert await refused(cooperation.decide(report, True, by=stranger, at=AT)) == "cooperation.unknown"
    assert [one.id for one in await onsite.undecided([door.head.department])] == [report]
    assert await onsite.undecided([other]) == ()


async def test_two_taps_at_once_are_one_confirmation_and_one_decision(door):
    report = await written(door)
    await asyncio.gather(
        *[cooperation.confirm(report, by=one, at=AT) for one in (door.second, door.leader, door.second)]
    )
    await asyncio.gather(*[cooperation.decide(report, True, by=door.head, at=AT) for _ in range(4)])
    assert await kinds(door.number) == [
        "cooperation.reported",
        "cooperation.confirmed",
        "cooperation.established",
    ]
    assert (await evidence.verify()).differences == []


async def test_the_same_report_sent_twice_is_one(door):
    for _ in range(2):
        await cooperation.report(door.number, [1], FACTS, by=door.first, at=AT, key="one")
    assert await NonCooperation.all().count() == 1


async def test_the_others_are_asked_then_the_head_then_the_team_is_told(door):
    await cooperation.decide((await confirmed(door)).id, True, by=door.head, at=AT + timedelta(minutes=1))
    asked = await Outbox.filter(kind="cooperation.reported").values_list("account_id", flat=True)
    assert len(asked) == 7 and door.first.account not in asked
    assert await Outbox.filter(kind="cooperation.asked").values_list("account_id", flat=True) == [
        door.head.account
    ]
    assert await Outbox.filter(kind="cooperation.decided").count() == 8
