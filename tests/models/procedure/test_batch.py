"""Art. 13: a batch's window moves with a reason, a batch ends by itself or with a reason for what is left."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from models.procedure import batch, schedule
from models.queries import ceremony
from models.refusal import Refusal
from models.rules.actor import Role
from models.rules.visit import SHANGHAI
from models.states import FINAL, MOVES, BatchState, PlanState, SchemeState, TaskState, move
from models.tables import Batch, Event, Outbox, Scheme, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE

CLOSES = date(2026, 12, 18)
LATER = date(2026, 12, 30)
AFTER = datetime(2026, 12, 19, 9, 0, tzinfo=SHANGHAI)


@pytest.fixture
async def drawn(db):
    await sample.found()
    return await sample.drawn()


async def refused(act) -> Refusal:
    with pytest.raises(Refusal) as no:
        await act
    return no.value


async def test_a7_the_initiating_head_extends_the_window_and_everybody_hears(drawn):
    ga, wj = await sample.witness("witness:GA"), await sample.witness("witness:WJ")
    await sample.account(Role.OFFICE, "测试联席办")
    task = await Task.all().first()
    leader = await sample.leader_of(task)
    await Outbox.all().delete()
    for by, why in ((OFFICE, "actor.role"), (wj, "draw.not_initiating")):
        assert (await refused(batch.extend(BATCH, LATER, "大雪停业", by=by, at=AFTER))).code == why
    assert (
        await refused(batch.extend(BATCH, LATER, " ", by=ga, at=AFTER))
    ).code == "batch.extend_needs_reason"
    assert (
        await refused(batch.extend(BATCH, CLOSES, "大雪", by=ga, at=AFTER))
    ).code == "batch.extend_backwards"
    await batch.extend(BATCH, LATER, "大雪停业", by=ga, at=AFTER)
    told = {(row.kind, row.account_id) for row in await Outbox.all()}
    assert {account for _, account in told} >= {leader.account, ga.account, wj.account}
    assert {kind for kind, _ in told} == {
        "batch.extended",
        "told.left_out",
    }  # who has no account stands on the desk
    shown = await ceremony.ceremony(drawn.code)
    assert shown.window == (date(2026, 11, 30), LATER)
    assert [(one.before, one.until, one.reason) for one in shown.extensions] == [(CLOSES, LATER, "大雪停业")]


async def test_a7_a_task_without_a_time_in_the_window_has_one_again_once_it_is_extended(drawn):
    task = await Task.all().first()
    leader = await sample.leader_of(task)
    begins = datetime.combine(date(2026, 12, 25), time(9), SHANGHAI)
    outside = schedule.propose(task.number, begins, begins + timedelta(hours=2), by=leader, at=AFTER)
    await refused(outside)
    await batch.extend(BATCH, LATER, "大雪停业", by=await sample.witness("witness:GA"), at=AFTER)
    await schedule.propose(task.number, begins, begins + timedelta(hours=2), by=leader, at=AFTER)
    assert (await Task.get(id=task.id)).proposed_from == begins


async def test_a7_a_batch_closes_by_itself_when_its_tasks_are_over(drawn):
    assert await batch.close_finished(AFTER) == 0
    await Task.all().update(state=TaskState.PUBLISHED)
    assert await batch.close_finished(AFTER) == 1
    row = await Batch.get(code=BATCH)
    assert (row.state, row.closed_by, row.left) == (BatchState.CLOSED, "system:clock", {})
    assert (await Scheme.get(code=row.scheme_id)).state == SchemeState.CLOSED
    assert await batch.close_finished(AFTER) == 0
    assert await Event.filter(kind="batch.closed").count() == 1


async def test_a7_a_batch_is_closed_by_hand_with_a_reason_for_each_task_left(drawn):
    numbers = await Task.all().order_by("number").values_list("number", flat=True)
    await Task.filter(number=numbers[0]).update(state=TaskState.PUBLISHED)
    said = dict.fromkeys(numbers[1:4], "对象已注销")
    no = await refused(batch.close(BATCH, said, by=OFFICE, at=AFTER))
    assert (no.code, no.params["tasks"]) == ("batch.close_needs_reasons", numbers[4:])
    said[numbers[4]] = "转入下一批次"
    await batch.close(BATCH, said, by=OFFICE, at=AFTER)
    row = await Batch.get(code=BATCH)
    assert (row.state, row.left) == (BatchState.CLOSED, said)
    shown = await ceremony.batch(BATCH)
    assert shown.reasons == said
    assert (await ceremony.ceremony(drawn.code)).opened


async def test_a7_a_batch_closed_with_tasks_left_opens_again_with_its_window(drawn):
    numbers = await Task.all().values_list("number", flat=True)
    await batch.close(BATCH, dict.fromkeys(numbers, "暂停"), by=OFFICE, at=AFTER)
    ending = await batch.extend(BATCH, LATER, "恢复检查", by=await sample.witness("witness:GA"), at=AFTER)
    assert (ending.closes, ending.left, ending.open) == (LATER, len(numbers), True)
    row = await Batch.get(code=BATCH)
    assert (row.state, row.left, row.closed_at) == (BatchState.DRAWN, None, None)


async def test_a7_the_public_bundle_opens_thirty_days_after_the_window_whatever_is_left(drawn):
    last = datetime.combine(CLOSES + timedelta(days=30), time(23, 59), SHANGHAI)
    assert not (await ceremony.ceremony(drawn.code, CEREMONY)).opened
    assert not (await ceremony.ceremony(drawn.code, last)).opened
    assert (await ceremony.ceremony(drawn.code, last + timedelta(minutes=1))).opened
    await Task.all().update(state=TaskState.CONCLUDED)
    assert (await ceremony.ceremony(drawn.code, CEREMONY)).opened


async def test_a7_from_every_state_somebody_has_a_way_on_and_kinds_are_not_mixed_up():
    for kind, moves in MOVES.items():
        for state in kind:
            assert bool(moves.get(state)) != (state in FINAL.get(kind, {})), (kind, state)
        assert all(type(to) is kind for towards in moves.values() for to in towards)
        assert all(type(state) is kind for state in (*moves, *FINAL.get(kind, {})))
    assert FINAL.keys() <= MOVES.keys()
    assert move(PlanState.PUBLISHED, PlanState.AMENDED) == PlanState.AMENDED
