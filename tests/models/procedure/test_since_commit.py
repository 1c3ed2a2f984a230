"""Art. 14: the hold uses what was committed; what the registers changed since is shown, never acted upon."""

from __future__ import annotations

import pytest

from models.procedure import ceremony, draw, enrolment, team
from models.queries import draw_texts
from models.queries.since_commit import since_commit
from models.rules.actor import Role
from models.rules.draw import entropy
from models.tables import Account, Assignment, Batch, Draw, Inspector, Substitution, Target, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE, VALUES


@pytest.fixture
async def revealed(db) -> Draw:
    """A rehearsal with every value in, ready to be held."""
    await sample.found()
    await Batch.filter(code=BATCH).update(entropy=list(VALUES))
    row = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts(), practice=True)
    for source, value in VALUES.items():
        await ceremony.pledge(row.code, source, entropy.pledge(row.commitment, value), by=OFFICE, at=CEREMONY)
    for source, value in VALUES.items():
        await ceremony.reveal(row.code, source, value, by=OFFICE, at=CEREMONY)
    return await Draw.get(code=row.code)


async def held(row: Draw) -> dict[str, str]:
    """Pool id to target number, of every task."""
    await draw.hold(row.code, by=OFFICE, at=CEREMONY)
    return {str(id): str(code) for id, code in await Task.all().values_list("pool_id", "target_id")}


async def meant(row: Draw) -> dict[str, str]:
    return {id: str(known[0]) for id, known in (await draw_texts.targets(row)).items()}


async def test_e12_mended_codes_neither_stop_the_hold_nor_change_whom_it_means(revealed):
    for one in await Target.all():
        await Target.filter(code=one.code).update(credit_code=f"92410402XXXX{one.code[-5:]}X")
    tasks = await held(revealed)
    assert len(tasks) == 5
    assert {id: (await meant(revealed))[id] for id in tasks} == tasks


async def test_e12_two_targets_that_swapped_their_codes_keep_their_own_tasks(revealed):
    codes = dict(await Target.all().order_by("code").values_list("code", "credit_code"))
    await Target.all().update(credit_code=None)
    numbers = list(codes)
    for number, other in zip(numbers, [*numbers[1:], numbers[0]], strict=True):
        await Target.filter(code=number).update(credit_code=codes[other])
    tasks = await held(revealed)
    assert {id: (await meant(revealed))[id] for id in tasks} == tasks


async def test_e12_a_target_under_a_new_number_is_found_by_its_credit_code(revealed):
    for one in await Target.all():
        old = one.code
        await Target.filter(code=old).update(credit_code=None)
        one.code = old.replace("OBJ", "NEW")
        await one.save(force_create=True)
        await Target.filter(code=old).delete()
    tasks = await held(revealed)
    assert {id: (await meant(revealed))[id].replace("OBJ", "NEW") for id in tasks} == tasks


async def test_e12_a_target_gone_from_the_register_keeps_its_place_in_the_result(revealed):
    await Target.all().delete()
    tasks = await held(revealed)
    assert {id: (await meant(revealed))[id] for id in tasks} == tasks
    assert {one.status for one in await Target.all()} == {"deregistered"}


async def test_e12_an_officer_with_another_certificate_serves_and_can_be_substituted(revealed):
    for one in await Inspector.all():
        await Inspector.filter(code=one.code).update(certificate=f"NEW-{one.code}")
    await held(revealed)
    assert await Assignment.all().count() == 5 * 8
    seat = await Assignment.filter(department="WJ").first()
    task = await Task.get(id=seat.task_id)
    officer = await sample.account(Role.INSPECTOR, str(seat.inspector_id))
    await team.ask_out(task.number, "post", "", by=enrolment.actor_of(officer), at=CEREMONY)
    asked = await Substitution.all().first()
    assert asked.outgoing.startswith("TEST-WJ-")
    await team.decide(asked.id, True, by=await sample.witness("witness:WJ"), at=CEREMONY)
    serving = await Assignment.filter(task=task, department="WJ", until=None).values_list(
        "inspector_id", flat=True
    )
    assert len(serving) == 2 and seat.inspector_id not in serving
    assert await Account.filter(inspector_id=seat.inspector_id).exists()


async def test_e12_what_changed_since_the_commit_is_shown(revealed):
    await Target.filter(code="OBJ00001").update(credit_code="91410402XXXX99999X", name="示例区更名宾馆")
    await Inspector.filter(code="INS-GA-1").update(status="left")
    await Target.filter(code="OBJ00002").delete()
    found = [(one.kind, one.number, one.what, one.now) for one in await since_commit(revealed.code)]
    assert found == [
        ("officer", "INS-GA-1", "status", "left"),
        ("target", "OBJ00001", "code", "91410402XXXX99999X"),
        ("target", "OBJ00001", "name", "示例区更名宾馆"),
        ("target", "OBJ00002", "gone", ""),
    ]
