"""The desk counts every task with a term that has passed, and the board lists the same ones (Art. 15, 16)."""

from datetime import timedelta

from models.procedure import inspection
from models.queries import board, overdue
from models.states import TaskState as T
from models.tables import Task
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, district

CALENDAR = district().calendar


async def test_a10_missed_visits_an_open_visit_and_tasks_never_begun_are_all_overdue(any_db):
    await sample.found()
    await sample.drawn()
    missed, open_, *idle = await Task.all().order_by("rank")
    await sample.visit_fixed(missed, district())
    await sample.visit_fixed(open_, district(), begins=VISIT + timedelta(days=1))
    people = [one.id for crew in (await sample.team_of(open_)).values() for one in crew]
    await inspection.begin(
        open_.number,
        people,
        by=await sample.leader_of(open_),
        at=VISIT + timedelta(days=1),
        untold="示例:当面告知",
    )
    months_later = VISIT + timedelta(days=90)
    late = await overdue.passed(board.visible(board.ALL), months_later, CALENDAR)
    assert [one.kind for one in late[missed.id]] == ["accept", "notice", "visit"]
    assert [one.kind for one in late[open_.id]] == ["on_site"]
    assert all([one.kind for one in late[task.id]] == ["accept", "network", "fix", "window"] for task in idle)
    found = await board.board(
        board.Filter(due="overdue"), sight=board.ALL, at=months_later, calendar=CALENDAR
    )
    assert (found.counts.overdue, found.found) == (5, 5)
    assert {line.number: line.passed for line in found.lines} == {
        task.number: late[task.id] for task in await Task.all()
    }
    urgent = await board.urgent(board.ALL, at=months_later, calendar=CALENDAR)
    assert {line.number for line in urgent} == {task.number for task in await Task.all()}


async def test_a10_nothing_is_overdue_on_the_day_of_the_draw(any_db):
    await sample.found()
    await sample.drawn()
    assert await overdue.passed(board.visible(board.ALL), CEREMONY + timedelta(hours=1), CALENDAR) == {}
    assert (await Task.first()).state == T.ASSIGNED
