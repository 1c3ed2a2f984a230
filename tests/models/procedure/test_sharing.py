"""Art. 15: colleagues split the questions of their section; whoever answers is recorded as ever."""

from __future__ import annotations

import pytest

from models.procedure import inspection, reopening, sharing
from models.queries.card import task_card
from models.queries.question import question_card
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules import checklist
from models.tables import Answer, Event, QuestionShare, Task
from tests.models.procedure.test_record import visit
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT


@pytest.fixture
async def task(any_db) -> Task:
    await sample.found()
    await sample.drawn()
    return await Task.all().order_by("number").first()


async def asks_of(task: Task, department: str) -> list[int]:
    return [ask.number for ask in (await sheet_of(task)).on_site(department)]


async def test_who_takes_which_is_shown_to_every_colleague_and_given_back(task):
    one, other = (await sample.team_of(task))["XF"][:2]
    numbers = await asks_of(task, "XF")
    await sharing.share(task.number, numbers[:2], one.id, by=one, at=CEREMONY)
    await sharing.share(task.number, numbers[2:3], other.id, by=one, at=CEREMONY)
    for officer in (one, other):
        card = await question_card(task.number, officer.id)
        assert card.shared == (await task_card(task.number, officer.id)).shared
        assert [card.shared.get(number) for number in numbers[:3]] == [one.name, one.name, other.name]
    await sharing.share(task.number, numbers[:1], other.id, by=other, at=CEREMONY)
    assert (await sheet_of(task)).shares[numbers[0]] == other.id
    await sharing.share(task.number, numbers[:3], "", by=one, at=CEREMONY)
    assert (await sheet_of(task)).shares == {}
    assert await QuestionShare.filter(ended_at=None).count() == 0
    assert await Event.filter(kind="checklist.shared").count() == 4


async def test_what_a_colleague_took_comes_last_and_is_locked_to_nobody(any_db):
    task, team, _ = await visit()
    one, other = team["XF"][:2]
    sheet = await sheet_of(task)
    first = sheet.on_site("XF")[0]
    await reopening.reopen(task.number, "XF", "示例:漏答", by=one, at=VISIT)
    await sharing.share(task.number, [first.number], other.id, by=other, at=VISIT)
    await inspection.answer(task.number, first.number, note="示例:代答", by=one, at=VISIT)
    answer = await Answer.filter(task=task, question_id=first.id).order_by("-version").first()
    assert (answer.by, answer.note) == (one.id, "示例:代答")


async def test_the_next_open_question_is_no_colleagues_while_there_is_another(task):
    one, other = (await sample.team_of(task))["XF"][:2]
    numbers = await asks_of(task, "XF")
    sheet = await sharing.share(task.number, numbers[:1], other.id, by=other, at=CEREMONY)
    assert checklist.next_open(sheet, "XF", officer=one.id).number == numbers[1]
    assert checklist.next_open(sheet, "XF", officer=other.id).number == numbers[0]
    sheet = await sharing.share(task.number, numbers, other.id, by=other, at=CEREMONY)
    assert checklist.next_open(sheet, "XF", officer=one.id).number == numbers[0]


async def test_only_the_section_s_own_officers_take_its_questions_and_only_the_leader_shares_out_another_s(
    task,
):
    team = await sample.team_of(task)
    leader = await sample.leader_of(task)
    numbers = await asks_of(task, "XF")
    await sharing.share(task.number, numbers[:1], team["XF"][0].id, by=leader, at=CEREMONY)
    member = next(one for one in team[leader.department] if one.id != leader.id)
    for officer, by, code in (
        (team["XF"][0].id, member, "share.other_department"),
        (member.id, leader, "share.not_in_section"),
        (member.id, team["XF"][0], "share.not_in_section"),
    ):
        with pytest.raises(Refusal) as refused:
            await sharing.share(task.number, numbers[:1], officer, by=by, at=CEREMONY)
        assert refused.value.code == code


async def test_the_same_said_again_writes_nothing(task):
    one = (await sample.team_of(task))["XF"][0]
    numbers = await asks_of(task, "XF")
    for _ in range(2):
        await sharing.share(task.number, numbers[:2], one.id, by=one, at=CEREMONY)
    assert await QuestionShare.all().count() == 2
    assert await Event.filter(kind="checklist.shared").count() == 1
