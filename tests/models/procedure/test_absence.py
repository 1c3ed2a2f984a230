"""无法联系: photos of the place and two officers; then another day, or result R04 (Art. 16)."""

from datetime import timedelta

import pytest

from models.procedure import absence, delivery_attempt, department_result, inspection, schedule
from models.queries import evidence, onsite
from models.queries.onsite import UnreachableReport
from models.rules import contact
from models.states import TaskState as T
from tests.support import district as sample
from tests.support.district import district
from tests.support.onsite import AT, Door, at_the_door, refused

FACTS = "示例:门牌属实,已无经营,邻居称迁走"
LATER = AT + timedelta(days=2)


@pytest.fixture
async def door(any_db) -> Door:
    return await at_the_door()


async def missed(door: Door, at=AT) -> UnreachableReport:
    await door.photographed("place", at)
    report = await absence.report(door.number, FACTS, by=door.first, at=at)
    return await absence.confirm(report, by=door.second, at=at)


async def called_in_vain(door: Door, at=AT) -> None:
    await delivery_attempt.telephoned(door.number, False, "示例:无人接听", by=door.leader, at=at)


async def another_day(door: Door) -> None:
    begins = LATER.replace(hour=10, minute=0)
    await schedule.propose(door.number, begins, begins + timedelta(hours=1), by=door.leader, at=AT)
    await schedule.fix(door.number, by=door.leader, at=AT, district=district(), reason="示例")


async def test_nobody_found_ends_the_visit_with_that_result(door):
    await missed(door)
    assert (await door.now()).state == T.UNREACHABLE
    await called_in_vain(door)
    await inspection.conclude(door.number, by=door.leader, at=AT, district=district())
    assert await onsite.established(door.task.id) == ("R04",)
    assert (
        await refused(department_result.enter(door.number, ["R01"], "", by=door.leader, at=AT))
        == "entry.absence_unnamed"
    )
    await sample.entered(await door.now(), ["R04"], AT)
    assert (await evidence.verify()).differences == []


async def test_a2_one_visit_in_vain_is_not_enough_for_r04(door):
    await missed(door)
    ends = inspection.conclude(door.number, by=door.leader, at=AT, district=district())
    assert await refused(ends) == "absence.one_attempt"
    await called_in_vain(door)
    await inspection.conclude(door.number, by=door.leader, at=AT, district=district())
    assert (await door.now()).state == T.CONCLUDED


async def test_a2_two_visits_in_vain_on_different_days_are_enough(door):
    await missed(door)
    await another_day(door)
    await missed(door, LATER)
    await inspection.conclude(door.number, by=door.leader, at=LATER, district=district())
    assert (await door.now()).state == T.CONCLUDED


async def test_a2_two_attempts_of_one_day_and_one_way_count_once_and_calls_alone_never():
    day, other = AT.date(), LATER.date()
    assert not contact.enough([contact.ContactAttempt(day, "visit"), contact.ContactAttempt(day, "visit")])
    assert not contact.enough([contact.ContactAttempt(day, "phone"), contact.ContactAttempt(other, "phone")])
    assert contact.enough([contact.ContactAttempt(day, "visit"), contact.ContactAttempt(other, "visit")])
    assert contact.enough([contact.ContactAttempt(day, "visit"), contact.ContactAttempt(day, "post")])


async def test_a2_r04_cannot_be_entered_after_a_visit_without_its_attempts(door):
    await door.begun()
    task = await door.now()
    await type(task).filter(id=task.id).update(state=T.CONCLUDED)
    enters = department_result.enter(door.number, ["R04"], "", by=door.leader, at=AT)
    assert await refused(enters) == "absence.one_attempt"


async def test_or_another_day_is_settled_and_the_visit_is_held_then(door):
    await missed(door)
    await another_day(door)
    assert (await door.now()).state == T.SCHEDULED
    await door.begun(LATER)
    assert await onsite.established(door.task.id) == ()
    assert (await evidence.verify()).differences == []


async def test_a_second_try_in_vain_needs_photos_of_that_day(door):
    await missed(door)
    await another_day(door)
    report = absence.report(door.number, FACTS, by=door.first, at=LATER)
    assert await refused(report) == "absence.no_photo"
    await missed(door, LATER)
    assert (await door.now()).state == T.UNREACHABLE
    assert await onsite.established(door.task.id) == ("R04",)


async def test_without_a_photo_of_the_place_nothing_is_reported(door):
    await door.photographed("refusal")
    assert await refused(absence.report(door.number, FACTS, by=door.first, at=AT)) == "absence.no_photo"


async def test_a_second_officer_confirms_and_one_report_is_enough(door):
    await door.photographed("place")
    report = await absence.report(door.number, FACTS, by=door.first, at=AT)
    assert await refused(absence.confirm(report, by=door.first, at=AT)) == "cooperation.same_officer"
    again = absence.report(door.number, FACTS, by=door.second, at=AT)
    assert await refused(again) == "absence.reported_already"
    for _ in range(2):
        confirmed = await absence.confirm(report, by=door.second, at=AT)
        assert (confirmed.id, confirmed.confirmed_by, confirmed.confirmed_at) == (report, door.second.id, AT)
    assert (await evidence.verify()).differences == []


async def test_what_was_found_is_written_down(door):
    await door.photographed("place")
    assert await refused(absence.report(door.number, " ", by=door.first, at=AT)) == "absence.no_facts"
