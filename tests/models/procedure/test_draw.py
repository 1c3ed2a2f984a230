"""抽取: committed before any value exists, held with all of them, and the same however often it is pressed (Art. 14)."""

from datetime import timedelta

import pytest

from models.procedure import draw
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import BatchState
from models.tables import Batch, Draw, Event, Task
from tests.support import district as sample
from tests.support.district import BATCH, CEREMONY, OFFICE

LATER = CEREMONY + timedelta(hours=1)


@pytest.fixture
async def district(db) -> None:
    await sample.found()


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def test_a_commit_fixes_its_files_before_any_value_is_there_and_is_not_made_twice(district):
    first = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    again = await draw.commit(BATCH, by=OFFICE, at=LATER, random=sample.salts())
    row = await Draw.get(code=first.code)
    assert (again.code, again.commitment) == (first.code, first.commitment)
    assert (row.seed or "", row.held_at) == ("", None)
    assert await Event.filter(kind="draw.committed").count() == 1
    assert (await Batch.get(code=BATCH)).state == BatchState.COMMITTED


async def test_nobody_holds_a_draw_whose_values_are_missing(district):
    fixed = await draw.commit(BATCH, by=OFFICE, at=CEREMONY, random=sample.salts())
    assert await refused(draw.hold(fixed.code, by=OFFICE, at=LATER)) in (
        "draw.values_missing",
        "draw.no_outside_source",
    )
    assert not await Task.exists()


async def test_a_draw_that_is_held_gives_each_target_one_task_and_a_second_press_changes_nothing(district):
    code = await sample.revealed()
    first = await draw.hold(code, by=OFFICE, at=CEREMONY)
    tasks = await Task.all().order_by("rank").values_list("number", "target_id", "team_id")
    again = await draw.hold(code, by=OFFICE, at=LATER)
    assert first == again
    assert await Task.all().order_by("rank").values_list("number", "target_id", "team_id") == tasks
    assert len({target for _, target, _ in tasks}) == len(tasks) == 5
    assert await Event.filter(kind="draw.held").count() == 1


async def test_an_officer_or_another_departments_head_neither_commits_nor_holds(district):
    others = [
        Actor(Role.INSPECTOR, "INS-GA-1", department="GA"),
        Actor(Role.HEAD, "XF", "测试负责人XF", "XF"),
    ]
    code = await sample.revealed()
    for other in others:
        assert await refused(draw.commit(BATCH, by=other, at=CEREMONY, random=sample.salts()))
        assert await refused(draw.hold(code, by=other, at=CEREMONY))
    assert not await Task.exists()
