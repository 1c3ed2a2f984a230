"""The desk counts every task with a term that has passed, and the board lists the same ones (Art. 15, 16)."""

from datetime import timedelta

from models.procedure import batch, inspection, objection, publication, record, reminder
from models.queries import board, overdue
from models.queries import record as queries
from models.queries.board_filter import Filter
from models.rules.actor import Actor, Role
from models.rules.overdue import DEFAULT, Terms, read_terms
from models.states import TaskState as T
from models.tables import Notice, Task, TermReminder
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import CEREMONY, VISIT, district

CALENDAR = district().calendar
HEAD_GA = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")


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
    found = await board.board(Filter(due="overdue"), sight=board.ALL, at=months_later, calendar=CALENDAR)
    assert (found.counts.overdue, found.found) == (5, 5)
    assert {line.number: line.passed for line in found.lines} == {
        task.number: late[task.id] for task in await Task.all()
    }
    _, urgent = await board.overview(board.ALL, at=months_later, calendar=CALENDAR)
    assert {line.number for line in urgent} == {task.number for task in await Task.all()}


async def test_a10_nothing_is_overdue_on_the_day_of_the_draw(any_db):
    await sample.found()
    await sample.drawn()
    assert await overdue.passed(board.visible(board.ALL), CEREMONY + timedelta(hours=1), CALENDAR) == {}
    assert (await Task.first()).state == T.ASSIGNED


async def test_a10_what_a_closed_batch_leaves_with_its_reason_is_overdue_no_more_until_the_window_opens(
    any_db,
):
    await sample.found()
    await sample.drawn()
    after = VISIT + timedelta(days=60)
    begun, *rest = await Task.all().order_by("rank")
    await Task.filter(id=begun.id).update(state=T.ON_SITE, started_at=VISIT)
    assert len(await overdue.passed(board.visible(board.ALL), after, CALENDAR)) == len(rest) + 1
    reasons = {task.number: "示例:转入下一批次" for task in (begun, *rest)}
    await batch.close(sample.BATCH, reasons, by=sample.OFFICE, at=after)
    assert set(await overdue.passed(board.visible(board.ALL), after, CALENDAR)) == {begun.id}
    await reminder.sweep(at=after + timedelta(days=7), district=district())
    assert not await TermReminder.filter(subject__in=[f"task:{task.id}" for task in rest]).exists()
    until = after.date() + timedelta(days=9)
    await batch.extend(sample.BATCH, until, "示例:恢复检查", by=await sample.witness("witness:GA"), at=after)
    late = await overdue.passed(board.visible(board.ALL), after, CALENDAR)
    assert set(late) == {task.id for task in (begun, *rest)}


async def test_a10_officers_who_did_not_sign_and_a_task_that_nobody_archived_are_overdue(any_db):
    await sample.found()
    await sample.drawn()
    task, *_ = await Task.all().order_by("rank")
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(task, district())
    leader = await sample.leader_of(task)
    drawn_up = await record.draw_up(
        task.number, by=leader, at=VISIT + timedelta(hours=1), district=district()
    )

    async def late(after: timedelta, terms: Terms = DEFAULT) -> list[str]:
        only = Task.filter(id=task.id)
        return [
            one.kind for one in (await overdue.passed(only, VISIT + after, CALENDAR, terms)).get(task.id, ())
        ]

    assert "sign" not in await late(timedelta(hours=8))
    assert "sign" in await late(timedelta(days=7))
    assert "sign" not in await late(timedelta(days=7), read_terms("sign=9"))
    for code, _, _ in (await queries.papers(task.id)).missing:
        await record.sign(
            task.number, drawn_up.sha256, "officer", picture="", by=leader, at=VISIT, officer=code
        )
    assert "sign" not in await late(timedelta(days=7))
    await publishing.entered(task, ["R01"], HEAD_GA, VISIT + timedelta(days=1))
    await publishing.published(task, HEAD_GA, VISIT + timedelta(days=2))
    assert "archive" not in await late(timedelta(days=90))  # the platform's receipt is still to come
    await publication.record(task.number, "示例-0001", by=HEAD_GA, at=VISIT + timedelta(days=2))
    assert "archive" not in await late(timedelta(days=30))
    assert await late(timedelta(days=90)) == ["archive"]
    letter = await Notice.get(task=task)
    again = VISIT + timedelta(days=3)
    await objection.object_to(
        letter.number, "示例:与事实不符", by=publishing.HOLDER, at=again, district=district()
    )
    assert await late(timedelta(days=90)) == ["objection"]
