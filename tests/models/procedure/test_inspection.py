"""What must be true before a visit begins: told, in time, by those who may (Art. 10, 15, 16 (2))."""

from datetime import date

import pytest

from models.procedure import delivery_attempt, enrolment, inspection, notice
from models.queries import board, evidence, record, task_page
from models.rules.actor import COURIER, Role
from models.states import TaskState as T
from models.tables import Inspector, Notice, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, account, district, written
from tests.support.onsite import AT, Door, at_the_door, refused

WHY = "示例:多次联系未果,到场当面告知"


@pytest.fixture
async def door(any_db) -> Door:
    return await at_the_door()


async def begun(door: Door, **more) -> Task:
    there = [one.id for crew in (await sample.team_of(door.task)).values() for one in crew]
    await inspection.begin(door.number, there, by=door.leader, at=AT, **more)
    return await door.now()


async def test_a2_a_visit_of_which_nobody_was_told_begins_only_with_a_reason_that_shows(door):
    assert await refused(begun(door)) == "visit.not_told"
    assert await refused(begun(door, untold=" ")) == "visit.not_told"
    assert (await begun(door, untold=WHY)).started_untold == WHY
    page = await task_page.task_page(door.number, sight=board.ALL, at=AT, calendar=district().calendar)
    assert page.started_untold == WHY
    assert [one.data["untold"] for one in page.events if one.kind == "visit.begun"] == [WHY]
    assert (await record.facts(await door.now()))["untold"] == WHY
    assert (await evidence.verify()).differences == []


@pytest.mark.parametrize("how", ["telephone", "chat", "acknowledged"])
async def test_a2_a_visit_that_was_told_begins_without_one(door, how):
    letter = await Notice.get(task=door.task)
    if how == "telephone":
        await delivery_attempt.telephoned(door.number, True, "示例:已知悉", by=door.leader, at=CEREMONY)
    elif how == "chat":
        await delivery_attempt.record_attempt(letter.id, "chat", True, by=COURIER, at=CEREMONY)
    else:
        entity = enrolment.actor_of(await account(Role.ENTITY, str(door.task.target_id)))
        await notice.acknowledge(letter.number, by=entity, at=CEREMONY)
    task = await begun(door)
    assert (task.state, task.started_untold) == (T.ON_SITE, "")


async def test_a2_calls_that_nobody_answered_told_nobody(door):
    await delivery_attempt.telephoned(door.number, False, "示例:无人接听", by=door.leader, at=CEREMONY)
    assert await refused(begun(door)) == "visit.not_told"


async def test_a2_a_withheld_notice_needs_no_reason(door):
    await Notice.filter(task=door.task).update(state="withheld", withheld_basis="示例")
    assert (await begun(door)).started_untold == ""


@pytest.mark.parametrize(
    "changed", [{"status": "left"}, {"status": "on_leave"}, {"certificate_until": date(2026, 12, 7)}]
)
async def test_a6_whom_the_register_rules_out_cannot_be_at_the_door(door, changed):
    async with written():
        await Inspector.filter(code=door.first.id).update(**changed)
    assert await refused(begun(door, untold=WHY)) == "visit.unfit_present"
    people = await sample.team_of(door.task)
    there = [one.id for crew in people.values() for one in crew if one.id != door.first.id]
    await inspection.begin(door.number, there, by=door.leader, at=AT, reason="示例:离岗", untold=WHY)
    assert (await door.now()).state == T.ON_SITE
