"""履职情况 are counted batch by batch, and no batch twice while nothing was done in it (Art. 21)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.procedure import team
from models.queries.board import ALL, Sight
from models.queries.performance import KINDS, logged_act, performance
from models.queries.sheet import asks_in
from models.rules import performance as rules
from models.rules.checklist import Ask, ValueKind
from models.rules.performance import LoggedTask
from models.tables import Assignment, Event, Task
from tests.support import district as sample
from tests.support import two_batches
from tests.support.crowd_of_tasks import crowd
from tests.support.district import CEREMONY, CREW, VISIT, district
from tests.support.statements import counted

TODAY = date(2026, 12, 31)
MINE = Sight("XF")
TRIES = ("notice.accepted", "notice.delivered", "notice.bounced")
asks = tuple(
    Ask(n, n, CREW[n % len(CREW)], "", "", ValueKind.TRI, "", "no", "full", "", True, items=(f"XH-GA-0{n}",))
    for n in (1, 2, 3)
)
departments = st.sampled_from(CREW)


def act(kind: str, by: str = "", **data):
    """Events of a kind with any of these values."""
    return st.tuples(st.just(kind), st.just(by), st.fixed_dictionaries(data))


acts = st.one_of(
    *(act("task.accepted", f"inspector:{officer}") for officer in "AB"),
    act("notice.approved"),
    *(act(kind, channel=st.sampled_from(["email", "chat"])) for kind in TRIES),
    act("visit.concluded", due=st.sampled_from(["2026-12-30", "2027-01-04"])),
    act("department_result.entered", department=departments, late=st.booleans()),
    act("result.entered", late=st.booleans()),
    act("result.returned", department=departments),
    act("team.substituted", out=st.just("TEST-XF-001")),
    *(
        act(kind, question=st.integers(1, 4), verdict=st.sampled_from(["pass", "fail", "na"]))
        for kind in ("answer.given", "network.found")
    ),
)
tasks = st.builds(
    lambda lead, seats, log: LoggedTask(
        "示例-001", lead, seats, {"TEST-XF-001": "XF"}, asks, [logged_act(*each) for each in log]
    ),
    departments, st.dictionaries(st.sampled_from("ABCD"), departments, min_size=1), st.lists(acts, max_size=12),
)  # fmt: skip


@given(st.lists(st.lists(tasks, max_size=4), max_size=4))
def test_batches_counted_apart_and_put_together_are_all_tasks_counted_at_once(batches):
    apart = rules.together([rules.performance(each, TODAY) for each in batches])
    assert apart == rules.performance([task for each in batches for task in each], TODAY)


@given(tasks=st.lists(tasks, max_size=6), today=st.dates(date(2026, 12, 1), TODAY))
def test_until_a_term_runs_out_the_same_is_counted_on_every_day(tasks, today):
    until = rules.holds_until(tasks, today)
    assert until >= today
    assert rules.performance(tasks, today) == rules.performance(tasks, until)


async def at_once(sight: Sight = ALL, at=VISIT):
    """The figures as they were counted before: of all tasks together, row by row."""
    logged = []
    whole = await asks_in(set(await Task.all().values_list("batch_id", flat=True)))
    for task in await Task.all().order_by("number"):
        seats = await Assignment.filter(task=task).order_by("id")
        if sight.department and sight.department not in {seat.department for seat in seats}:
            continue
        events = await Event.filter(chain=f"task:{task.number}", kind__in=list(KINDS)).order_by("seq")
        logged.append(
            LoggedTask(
                task.number, next(seat.department for seat in reversed(seats) if seat.leader),
                {seat.inspector_id: seat.department for seat in seats}, {}, whole[task.batch_id],
                [logged_act(event.kind, event.by, event.data) for event in events],
            )
        )  # fmt: skip
    return rules.performance(logged, (at + timedelta(hours=8)).date())


@pytest.mark.parametrize("sight", [ALL, MINE])
async def test_the_figures_follow_each_act_of_a_visit_and_equal_those_of_all_tasks_at_once(any_db, sight):
    task, other = await two_batches.drawn()

    async def equal() -> bool:
        found, whole = (await performance(sight, VISIT)).figures, await at_once(sight)
        own = {code: row for code, row in whole.departments.items() if sight.department in (None, code)}
        return (found.departments, found.channels, found.items) == (own, whole.channels, whole.items)

    assert await equal()
    for each in (task, other):
        people = await sample.team_of(each)
        await team.accept(each.number, by=people["XF"][0], at=CEREMONY)
        assert await equal()
    accepted = (await performance(sight, VISIT)).figures.departments["XF"]["accepted"]
    assert accepted.part == 2
    await sample.visit_fixed(task, district())
    assert await equal()
    await sample.visit_concluded(task, district())
    assert await equal()
    leader = await sample.leader_of(task)
    await sample.entered(task, ["R01"], VISIT)
    assert await equal()
    in_time = (await performance(ALL, VISIT)).figures.departments[leader.department]["in_time"]
    assert (in_time.part, in_time.whole) == (1, 1)


async def test_figures_asked_for_again_read_no_event_and_no_seat_however_many_tasks_there_are(db):
    many = await crowd()
    await many.grow(600)
    first = await performance(ALL, many.at)
    async with counted() as again:
        assert await performance(ALL, many.at) == first
    assert first.tasks > 600
    assert len(again.statements) <= 4, again.listed()
    assert not [one for one in again.statements if "assignment" in one or "SELECT chain" in one], (
        again.listed()
    )


async def test_after_one_act_its_own_batch_alone_is_counted_again(db):
    task, other = await two_batches.drawn()
    await performance(ALL, VISIT)
    people = await sample.team_of(task)
    await team.accept(task.number, by=people["XF"][0], at=CEREMONY)
    async with counted() as again:
        await performance(ALL, VISIT)
    read = [one for one in again.statements if "SELECT chain" in one]
    assert len(read) == 1 and task.number in read[0] and other.number not in read[0], again.listed()


async def test_a_new_day_counts_only_batches_in_which_a_term_has_run_out(db):
    task, _ = await two_batches.drawn()
    await sample.visit_fixed(task, district())
    await sample.visit_concluded(task, district())
    due = (await Task.get(id=task.id)).entry_due
    await performance(ALL, VISIT)
    for days, counted_again in (
        (1, False),
        ((due - VISIT.date()).days, False),
        ((due - VISIT.date()).days + 1, True),
    ):
        async with counted() as again:
            found = await performance(ALL, VISIT + timedelta(days=days))
        assert bool([one for one in again.statements if "SELECT chain" in one]) == counted_again, days
        assert found.figures.departments == (await at_once(at=VISIT + timedelta(days=days))).departments


async def test_a_head_whose_department_is_in_every_task_shares_what_was_counted_of_all(db):
    many = await crowd()
    await many.grow(60)
    await performance(ALL, many.at)
    async with counted() as again:
        found = await performance(MINE, many.at)
    assert not [one for one in again.statements if "SELECT chain" in one], again.listed()
    assert found.tasks == (await performance(ALL, many.at)).tasks
    assert {*found.figures.departments} == {MINE.department}
