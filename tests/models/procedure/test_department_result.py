"""谁检查、谁录入、谁负责: each department enters its own result, the leader confirms the whole (Art. 16 (3))."""

from datetime import date, datetime, timedelta

import pytest

from models.procedure import department_result, entry, inspection
from models.queries import department_result as queries
from models.queries import evidence
from models.queries.sheet import sheet_of
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.states import TaskState as T
from models.tables import Account, DepartmentResult, Event, Outbox, Question, Result, ResultPart, Task
from tests.support import district as sample
from tests.support.district import VISIT, account, district

ENTERED = VISIT + timedelta(hours=3)
HEAD = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")


@pytest.fixture
async def task(db) -> Task:
    """A visit of several departments that is over; nothing failed."""
    await sample.found()
    await sample.drawn()
    return await concluded()


async def concluded() -> Task:
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(await Task.get(id=task.id), district())
    return await Task.get(id=task.id)


async def enter(task: Task, department: str, types=("R01",), at: datetime = ENTERED, **more):
    crew = (await sample.team_of(task))[department]
    return await department_result.enter(task.number, list(types), by=crew[0], at=at, **more)


async def owing(task: Task) -> list[str]:
    return [line.department for line in await queries.standings(task, date.min)]


async def others(task: Task) -> list[str]:
    """The departments that inspected, without the leader's."""
    leading = (await sample.leader_of(task)).department
    return [department for department in await owing(task) if department != leading]


def after(task: Task, days: int = 1) -> datetime:
    """So many days after the last day of entering."""
    return datetime.combine(task.entry_due + timedelta(days=days), ENTERED.timetz())


async def refused(act) -> str:
    with pytest.raises(Refusal) as no:
        await act
    return no.value.code


async def state(task: Task) -> T:
    return (await Task.get(id=task.id)).state


async def test_every_department_that_inspected_owes_a_result_of_its_own(task):
    assert sorted(await owing(task)) == sorted({ask.department for ask in (await sheet_of(task)).asks})
    first, *rest = await others(task)
    came = await enter(task, first, measures=["none"])
    assert (came.version, came.result, await state(task)) == (1, 0, T.CONCLUDED)
    row = await DepartmentResult.get(task=task)
    assert (row.department, row.types, row.measures, row.late) == (first, ["R01"], ["none"], False)
    happened = await Event.get(chain=f"task:{task.number}", kind="department_result.entered")
    assert happened.data["department"] == first
    for department in rest:
        assert not (await enter(task, department)).result
    leader = await sample.leader_of(task)
    last = await department_result.enter(task.number, ["R01"], by=leader, at=ENTERED)
    assert (last.result, last.waiting, await state(task)) == (1, (), T.ENTERED), (
        "the leader's own entry confirms"
    )
    parts = await ResultPart.filter(task=task).order_by("id").values_list("department", flat=True)
    assert parts == await owing(task)
    assert (await evidence.verify()).differences == []


async def test_where_the_leader_was_early_the_last_department_calls_for_the_confirmation(task):
    leader = await sample.leader_of(task)
    early = await department_result.enter(task.number, ["R01"], by=leader, at=ENTERED)
    assert early.result == 0 and len(early.waiting) == len(await others(task))
    assert (
        await refused(department_result.confirm(task.number, by=leader, at=ENTERED))
        == "department_result.awaited"
    )
    for department in await others(task):
        await enter(task, department)
    told = await Outbox.filter(kind="department_result.complete").values_list("account_id", flat=True)
    assert told == [(await Account.get(inspector_id=leader.id)).id]
    for _ in range(2):
        assert (await department_result.confirm(task.number, by=leader, at=ENTERED)).result == 1
    assert await state(task) == T.ENTERED


async def test_nobody_confirms_but_the_leader(task):
    first, *_ = await others(task)
    member = (await sample.team_of(task))[first][0]
    assert await refused(department_result.confirm(task.number, by=member, at=ENTERED)) == "task.leader_only"


async def test_a_stranger_to_the_team_enters_nothing(task):
    serving = {one.id for crew in (await sample.team_of(task)).values() for one in crew}
    code = next(f"INS-XF-{n}" for n in range(1, 7) if f"INS-XF-{n}" not in serving)
    stranger = Actor(Role.INSPECTOR, code, "示例", "XF")
    assert (
        await refused(department_result.enter(task.number, ["R01"], by=stranger, at=ENTERED))
        == "task.unknown"
    )
    assert not await DepartmentResult.exists(task=task)


async def test_the_whole_says_what_any_department_found_and_who_wrote_what(task):
    first, *rest = await others(task)
    await enter(task, first, ["R05"], note="示例:已责令", measures=["ordered"])
    for department in rest:
        await enter(task, department)
    await department_result.enter(task.number, ["R01"], by=await sample.leader_of(task), at=ENTERED)
    whole = await Result.get(task=task)
    assert whole.types == ["R05"]
    assert whole.note.endswith("：示例:已责令") and await queries.names([first]) == {
        first: whole.note.partition("：")[0]
    }


async def test_a_department_answers_for_its_own_points_alone(db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    leader, team = await sample.leader_of(task), await sample.team_of(task)
    await inspection.begin(
        task.number, [one.id for crew in team.values() for one in crew], by=leader, at=VISIT, untold="示例"
    )
    wrong = next(
        ask for ask in (await sheet_of(task)).asks
        if ask.photo == "no" and ask.kind == "TRI" and ask.department != leader.department
    )  # fmt: skip
    for ask in (await sheet_of(task)).asks:
        await inspection.answer(
            task.number, ask.number, verdict="fail" if ask == wrong else "na" if ask.may_not_apply else "pass",
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind), note="示例",
            by=team[ask.department][0], at=VISIT,
        )  # fmt: skip
    for crew in team.values():
        await inspection.finalise(task.number, by=crew[0], at=VISIT)
    await inspection.conclude(task.number, by=leader, at=VISIT, district=district())
    assert await refused(enter(task, wrong.department)) == "entry.contradicts_answers"
    await department_result.enter(task.number, ["R01"], by=leader, at=ENTERED)
    await enter(task, wrong.department, ["R05"])


async def test_until_it_is_confirmed_an_entry_may_be_written_anew_and_twice_the_same_is_one(task):
    first, *_ = await others(task)
    assert [(await enter(task, first)).version for _ in range(2)] == [1, 1]
    assert (await enter(task, first, ["R07"])).version == 2
    await sample.entered(task, ["R01"], ENTERED)
    assert await refused(enter(task, first, ["R05"])) == "department_result.confirmed"


async def test_who_is_silent_past_the_last_day_counts_as_not_done_and_is_named(task):
    silent, *rest = await others(task)
    for department in rest:
        await enter(task, department)
    leader = await sample.leader_of(task)
    late = after(task)
    assert (await department_result.enter(task.number, ["R01"], by=leader, at=late)).result == 0, (
        "named, not passed over"
    )
    lines = await queries.standings(await Task.get(id=task.id), late.date())
    assert [line.department for line in lines if line.silent] == [silent]
    assert (await department_result.confirm(task.number, by=leader, at=late)).result == 1
    happened = await Event.get(chain=f"task:{task.number}", kind="result.entered")
    assert (happened.data["missing"], happened.data["late"]) == ([silent], True)
    assert await queries.missing(await Result.get(task=task)) == (silent,)


async def test_nothing_is_confirmed_where_nobody_entered(task):
    leader = await sample.leader_of(task)
    act = department_result.confirm(task.number, by=leader, at=after(task))
    assert await refused(act) == "department_result.none_entered"


async def test_who_was_left_out_may_still_enter_as_late_and_the_whole_is_confirmed_and_reviewed_anew(task):
    silent, *rest = await others(task)
    leader, late = await sample.leader_of(task), after(task)
    for department in rest:
        await enter(task, department)
    await department_result.enter(task.number, ["R01"], by=leader, at=late)
    await department_result.confirm(task.number, by=leader, at=late)
    await entry.review(task.number, True, by=HEAD, at=late)
    await enter(task, silent, ["R05"], at=after(task, 2))
    row = await Task.get(id=task.id)
    assert (row.state, row.reviewed_at) == (T.CONCLUDED, None)
    assert (await DepartmentResult.get(task=task, department=silent)).late
    assert (await department_result.confirm(task.number, by=leader, at=after(task, 2))).result == 2
    assert (await Result.get(task=task, version=2)).types == ["R05"]
    assert (await evidence.verify()).differences == []


async def test_an_entry_on_its_last_day_is_not_late_and_one_a_day_after_is(task):
    first, second, *_ = await owing(task)
    await enter(task, first, at=after(task, 0))
    await enter(task, second, at=after(task, 1))
    rows = {row.department: row.late for row in await DepartmentResult.filter(task=task)}
    assert rows == {first: False, second: True}


async def test_measures_that_contradict_the_result_are_refused(task):
    first, *_ = await others(task)
    for types, measures, code in (
        (["R01"], ["ordered"], "department_result.measure_without_problem"),
        (["R08"], ["none"], "department_result.follow_up_without_measure"),
        (["R05"], ["none", "ordered"], "department_result.no_measure_stands_alone"),
        (["R05"], ["示例"], "department_result.unknown_measure"),
        (["R05"], ["other"], "entry.other_needs_note"),
    ):
        assert await refused(enter(task, first, types, measures=measures)) == code
    assert not await DepartmentResult.exists(task=task)


async def test_a_task_of_one_department_takes_one_act(db):
    await sample.found()
    await Question.exclude(department="GA").update(department="GA")
    await sample.drawn()
    task = await concluded()
    came = await department_result.enter(task.number, ["R01"], by=await sample.leader_of(task), at=ENTERED)
    assert (came.result, await state(task)) == (1, T.ENTERED)
    await account(Role.HEAD, "GA")
    assert await Event.filter(chain=f"task:{task.number}", kind="department_result.entered").count() == 0
