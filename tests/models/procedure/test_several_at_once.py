"""Art. 14 (2): of several things asked for at once every one is stored, and what is confirmed is what is stored."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest

from models.procedure import enrolment, team
from models.queries.pending_decisions import asked_out
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.tables import Assignment, Substitution, Task
from tests.support.district import CEREMONY, account, drawn, found


async def busy() -> tuple[Actor, list[Task]]:
    """An officer with three tasks, in order."""
    await found()
    await drawn()
    seats = await Assignment.filter(until=None, leader=False).select_related("task")
    code = Counter(str(seat.inspector_id) for seat in seats).most_common(1)[0][0]
    tasks = sorted((seat.task for seat in seats if seat.inspector_id == code), key=lambda task: task.rank)
    assert len(tasks) >= 3 and len({task.team_id for task in tasks}) == 1
    return enrolment.actor_of(await account(Role.INSPECTOR, code)), tasks[:3]


async def test_e3_recusals_from_three_targets_are_three_in_the_books(db: str) -> None:
    officer, tasks = await busy()
    given = [
        await team.ask_out(one.number, "recusal", f"示例理由{one.rank}", by=officer, at=CEREMONY)
        for one in tasks
    ]
    stored = await Substitution.all().order_by("id")
    assert [(row.targets, row.reason, row.note) for row in stored] == [
        ([one.pool_id], "recusal", f"示例理由{one.rank}") for one in tasks
    ]
    assert [row.id for row in given] == [row.id for row in stored]
    assert [(await asked_out(row.id)).tasks for row in given] == [(one.number,) for one in tasks]


async def test_e3_each_of_three_is_decided_and_only_the_granted_ones_change_hands(db: str) -> None:
    officer, tasks = await busy()
    rows = [await team.ask_out(one.number, "recusal", "示例", by=officer, at=CEREMONY) for one in tasks]
    head = enrolment.actor_of(await account(Role.HEAD, (await Substitution.get(id=rows[0].id)).department))
    for minute, (row, consent) in enumerate(zip(rows, (True, False, True), strict=True)):
        await team.decide(row.id, consent, by=head, at=CEREMONY + timedelta(minutes=minute))
    still = await Assignment.filter(
        inspector_id=officer.id, until=None, task_id__in=[one.id for one in tasks]
    )
    assert [seat.task_id for seat in still] == [tasks[1].id]


async def test_e3_leave_from_every_visit_is_not_swallowed_by_a_recusal_from_one_nor_the_other_way(
    db: str,
) -> None:
    officer, (first, second, _) = await busy()
    one = await team.ask_out(first.number, "recusal", "示例", by=officer, at=CEREMONY)
    every = await team.ask_out(first.number, "post", "示例:调岗", by=officer, at=CEREMONY)
    other = await team.ask_out(second.number, "recusal", "示例", by=officer, at=CEREMONY)
    stored = [await Substitution.get(id=asked.id) for asked in (one, every, other)]
    assert [(row.targets, row.reason) for row in stored] == [
        ([first.pool_id], "recusal"), ([], "post"), ([second.pool_id], "recusal"),
    ]  # fmt: skip
    head = enrolment.actor_of(await account(Role.HEAD, stored[1].department))
    for minute, row in enumerate((every, one, other)):
        assert (await team.decide(row.id, True, by=head, at=CEREMONY + timedelta(minutes=minute))).consented
    assert not await Assignment.exists(inspector_id=officer.id, until=None, task_id__in=[first.id, second.id])


async def test_e3_a_second_press_changes_nothing_and_another_word_is_not_lost_in_silence(db: str) -> None:
    officer, (first, *_) = await busy()
    row = await team.ask_out(first.number, "recusal", "示例", by=officer, at=CEREMONY)
    assert (await team.ask_out(first.number, "recusal", " 示例 ", by=officer, at=CEREMONY)).id == row.id
    with pytest.raises(Refusal) as refused:
        await team.ask_out(first.number, "recusal", "另一个理由", by=officer, at=CEREMONY)
    assert refused.value.code == "team.asked_already"
    assert await Substitution.all().count() == 1
