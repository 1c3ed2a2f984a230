"""改日再查 and 更换: a visit goes on another day, or in other hands, with everything in place (Art. 14 (2), 15, 16)."""

from datetime import timedelta

import pytest

from models.procedure import enrolment, inspection, schedule, suspension, team
from models.queries import evidence, pending_decisions
from models.queries.card import task_card
from models.queries.letter import letter_facts
from models.queries.notification import told
from models.queries.sheet import sheet_of
from models.rules.actor import Role
from models.rules.public.letter import LetterValidity, public_letter
from models.states import TaskState as T
from models.tables import Assignment, Notice, Notification, Photo, Substitution, Suspension
from tests.support.district import account, district
from tests.support.onsite import AT, Door, at_the_door, refused

LATER = AT + timedelta(days=1)


@pytest.fixture
async def door(any_db) -> Door:
    made = await at_the_door()
    await made.begun()
    return made


async def answered(door: Door, by, at=AT) -> int:
    """The first question of this officer's department that needs a plain answer, answered."""
    asks = [one for one in (await sheet_of(door.task)).asks if one.department == by.department]
    ask = next(one for one in asks if one.kind == "TRI")
    await inspection.answer(door.number, ask.number, verdict="pass", note="示例", by=by, at=at)
    return ask.number


async def broken_off(door: Door) -> None:
    await suspension.suspend(door.number, "示例:停电,次日继续", by=door.leader, at=AT)


async def fixed_anew(door: Door) -> None:
    begins = LATER.replace(hour=9, minute=0)
    await schedule.propose(door.number, begins, begins + timedelta(hours=2), by=door.leader, at=AT)
    await schedule.fix(door.number, by=door.leader, at=AT, district=district(), reason="示例:双方商定")


async def test_a19_the_entity_is_told_each_time_that_the_visit_is_broken_off_and_why(door):
    await broken_off(door)
    await fixed_anew(door)
    await door.begun(LATER)
    await suspension.suspend(door.number, "示例:停水", by=door.leader, at=LATER)
    rows = await Notification.filter(task=door.task, kind="suspended").order_by("id")
    said = [(await told(row.id, LATER, district())).reason for row in rows]
    assert said == ["示例:停电,次日继续", "示例:停水"]
    assert (await evidence.verify()).differences == []


async def test_a19_the_letter_of_a_visit_that_was_broken_off_has_lapsed_and_offers_no_other_time(door):
    await broken_off(door)
    task = await door.now()
    given = await Notice.get(task=task)
    shown = public_letter(await letter_facts(given, task), AT)
    assert (shown.standing, shown.planned) == (LetterValidity.LAPSED, False)
    assert not (await pending_decisions.letter(given.id)).planned
    await fixed_anew(door)
    task, newer = await door.now(), await Notice.get(task=task, version=2)
    assert public_letter(await letter_facts(newer, task), AT).standing == LetterValidity.EARLY
    assert (await pending_decisions.letter(newer.id)).planned


async def test_a_visit_broken_off_goes_on_another_day_where_it_stood(door):
    number = await answered(door, door.first)
    first_begun = (await door.now()).started_at
    await broken_off(door)
    task = await door.now()
    assert (task.state, task.visit_from, task.proposed_from) == (T.SCHEDULED, None, None)
    assert not any(one.present for one in (await task_card(task.id, door.first.id)).members)
    assert (
        await refused(inspection.begin(door.number, [], by=door.leader, at=LATER, untold="示例:当面告知"))
        == "visit.no_time"
    )
    await fixed_anew(door)
    assert [one.version for one in await Notice.filter(task=task).order_by("version")] == [1, 2]
    await door.begun(LATER)
    given = (await sheet_of(task)).given[number]
    assert (given.verdict, given.note) == ("pass", "示例")
    assert (await Suspension.get(task=task)).resumed_at == LATER
    assert (await door.now()).started_at == first_begun
    assert (await evidence.verify()).differences == []


async def test_breaking_off_is_the_leaders_and_needs_a_reason(door):
    assert await refused(suspension.suspend(door.number, "示例", by=door.first, at=AT)) == "task.leader_only"
    assert (
        await refused(suspension.suspend(door.number, " ", by=door.leader, at=AT)) == "suspension.no_reason"
    )
    for _ in range(2):
        await suspension.suspend(door.number, "示例", by=door.leader, at=AT, key="one")
    assert await Suspension.all().count() == 1


async def test_a_section_that_was_closed_stays_closed(door):
    await answered(door, door.first)
    from models.tables import Finalised

    await Finalised.create(task=door.task, department="XF", by=door.first.id, at=AT, sheet_sha256="0" * 64)
    await broken_off(door)
    await fixed_anew(door)
    await door.begun(LATER)
    answer = inspection.answer(door.number, await _number(door), verdict="fail", by=door.first, at=LATER)
    assert await refused(answer) == "checklist.final"


async def _number(door: Door) -> int:
    return next(a.number for a in (await sheet_of(door.task)).asks if a.department == "XF")


async def test_u45_a_colleague_takes_over_on_site_with_everything_in_place(door):
    number = await answered(door, door.first)
    await door.photographed("refusal")
    asked = await team.ask_out(door.number, "conflict", "示例:突发公务", by=door.first, at=AT)
    head = enrolment.actor_of(await account(Role.HEAD, "XF"))
    assert (await team.decide(asked.id, True, by=head, at=AT)).incoming
    row = await Substitution.get(id=asked.id)
    seats = await Assignment.filter(task=door.task, department="XF", until=None).select_related("inspector")
    incoming = next(one for one in seats if one.inspector.certificate == row.incoming)
    colleague = enrolment.actor_of(await account(Role.INSPECTOR, str(incoming.inspector_id)))
    card = await task_card(door.task.id, colleague.id)
    assert (card.state, card.sheet.given[number].verdict) == (T.ON_SITE, "pass")
    assert await Photo.filter(task=door.task).count() == 1
    await inspection.answer(
        door.number, number, verdict="fail", note="示例:复查", by=colleague, at=AT, seen=1
    )
    assert (await sheet_of(door.task)).given[number].verdict == "fail"
    left = inspection.answer(door.number, number, verdict="pass", by=door.first, at=AT)
    assert await refused(left) == "task.unknown"
    assert (await evidence.verify()).differences == []
