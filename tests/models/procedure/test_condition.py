"""Art. 7, 16: an answer that a changed condition hides keeps its history, leaves gaps and record, and comes back with it."""

import pytest

from models.procedure import inspection
from models.queries import evidence, record
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.tables import Answer, Question, Task
from tests.support import district as sample
from tests.support.onsite import AT, Door, at_the_door

OWN = "GA"


@pytest.fixture
async def door(any_db) -> Door:
    there = await at_the_door()
    first, second = await Question.filter(department=OWN).order_by("number").limit(2)
    async with sample.written():
        await Question.filter(id=first.id).update(answer="ONE", fill_in="经营场所：自有/租赁", photo="no")
        await Question.filter(id=second.id).update(condition=f"{first.number}=租赁", photo="no", answer="TRI")
    return there


async def _begun(door: Door) -> tuple[Task, int, int]:
    there = [one.id for crew in (await sample.team_of(door.task)).values() for one in crew]
    await inspection.begin(door.number, there, by=door.leader, at=AT, untold="示例:多次联系未果")
    task = await door.now()
    every = [ask.number for ask in (await sheet_of(task)).every if ask.department == OWN]
    return task, every[0], every[1]


async def _answer(door: Door, number: int, **said: str) -> None:
    await inspection.answer(door.number, number, by=door.leader, at=AT, **said)


async def test_a_hidden_answer_keeps_its_history_and_comes_back_with_its_condition(door):
    task, place, contract = await _begun(door)
    with pytest.raises(Refusal) as no:
        await _answer(door, contract, verdict="pass")
    assert no.value.code == "checklist.not_asked"
    await _answer(door, place, value="2", verdict="pass")
    await _answer(door, contract, verdict="fail", note="示例：没有租约")
    rows = await Answer.filter(task=task).count()
    await _answer(door, place, value="自有")
    sheet = await sheet_of(task)
    assert (contract in sheet.given, sheet.aside[contract].verdict) == (False, "fail")
    assert contract not in [ask.number for ask in sheet.asks]
    assert "没有租约" not in str(await record.facts(task))
    assert await Answer.filter(task=task).count() == rows + 1
    await _answer(door, place, value="租赁")
    sheet = await sheet_of(task)
    assert sheet.given[contract].note == "示例：没有租约" and not sheet.aside
    assert "没有租约" in str(await record.facts(task))
    assert (await evidence.verify()).differences == []


async def test_only_an_option_is_taken_as_the_value(door):
    _, place, _ = await _begun(door)
    with pytest.raises(Refusal) as no:
        await _answer(door, place, value="借用")
    assert no.value.code == "checklist.not_an_option" and no.value.params["options"] == ["自有", "租赁"]
