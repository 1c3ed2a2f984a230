"""Nobody is in two places: a rule that holds when the visit is fixed, whatever happened before (Art. 14 (2), 15)."""

import asyncio
import itertools
import re
from datetime import timedelta
from pathlib import Path

import pytest

from models.procedure import (
    enrolment,
    inspection,
    itinerary,
    reassignment,
    schedule,
    suspension,
    team,
)
from models.queries import card, clash, evidence, reassignments
from models.refusal import Refusal
from models.rules.actor import Actor, Role
from models.rules.free_times import Window
from models.states import NoticeState
from models.states import TaskState as T
from models.tables import Assignment, Inspector, Notice, Notification, Outbox, Substitution, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, account, district

TWO_HOURS = timedelta(hours=2)
NOON = VISIT + timedelta(hours=3)


async def led() -> tuple[Actor, list[Task]]:
    """A leader with at least two tasks, their network checks closed."""
    await sample.found()
    await sample.drawn()
    for task in await Task.all().order_by("number"):
        await inspection.close_network_check(task.number, by=await sample.leader_of(task), at=CEREMONY)
    teams = [one.team_id for one in await Task.all()]
    most = max(teams, key=teams.count)
    mine = await Task.filter(team_id=most).order_by("number").select_related("target")
    return await sample.leader_of(mine[0]), mine


async def proposed(task: Task, begins, by: Actor) -> None:
    await schedule.propose(task.number, begins, begins + TWO_HOURS, by=by, at=CEREMONY)


async def fixed(task: Task, by: Actor) -> None:
    await schedule.fix(task.number, by=by, at=CEREMONY, district=district(), reason="示例")


async def test_a1_of_two_visits_proposed_for_one_hour_only_one_can_be_fixed(any_db):
    leader, (first, second, *_) = await led()
    for task in (first, second):
        await proposed(task, VISIT, leader)
    await fixed(first, leader)
    with pytest.raises(Refusal) as no:
        await fixed(second, leader)
    assert no.value.code == "visit.two_at_once"
    assert (no.value.params["other"], no.value.params["target"]) == (first.number, first.target.name)
    names = {
        seat.inspector.name
        for seat in await Assignment.filter(task=first, until=None).select_related("inspector")
    }
    assert set(no.value.params["names"]) == names
    assert (await Task.get(id=second.id)).state == T.NETWORK_CHECKED
    assert not await Notice.exists(task=second)


async def test_a1_a_clash_is_warned_of_while_planning(any_db):
    leader, (first, second, *_) = await led()
    for task in (first, second):
        await proposed(task, VISIT, leader)
    task = await Task.get(id=second.id)
    warned = await clash.with_any(task, VISIT, VISIT + TWO_HOURS)
    assert [(one.number, one.fixed) for one in warned] == [(first.number, False)]
    assert leader.name in warned[0].names
    await fixed(first, leader)
    assert [one.fixed for one in await clash.with_any(task, VISIT, VISIT + TWO_HOURS)] == [True]
    assert await clash.with_any(task, NOON, NOON + TWO_HOURS) == ()


async def test_a1_two_leaders_who_fix_at_the_same_moment_do_not_share_an_officer(any_db):
    leader, (first, second, *_) = await led()
    for task in (first, second):
        await proposed(task, VISIT, leader)
    both = await asyncio.gather(*(fixed(task, leader) for task in (first, second)), return_exceptions=True)
    assert [one.code for one in both if isinstance(one, Refusal)] == ["visit.two_at_once"]
    assert await double_booked() == []


async def test_a1_fixing_many_in_one_press_names_the_one_that_cannot_be(any_db):
    leader, mine = await led()
    for task in mine:
        await proposed(task, VISIT, leader)
    outcomes = await itinerary.fix(
        [one.number for one in mine], by=leader, at=CEREMONY, district=district(), key="one press"
    )
    assert [one.refused and one.refused.code for one in outcomes] == [
        None, *["visit.two_at_once"] * (len(mine) - 1),
    ]  # fmt: skip
    assert await double_booked() == []


async def test_a1_whoever_steps_in_leaves_no_visit_at_two_places(any_db):
    """One reserve officer stands in for two teams at one hour: the later visit loses its time, and all hear of it."""
    await sample.found()
    await sample.drawn()
    teams = {}
    for task in await Task.all().order_by("number"):
        teams.setdefault(task.team_id, task)
    first, second = teams.values()
    for task in (first, second):
        await sample.visit_fixed(task, district())
        await account(Role.ENTITY, str(task.target_id))
    stand_in = await recused(first, CEREMONY)
    assert await recused(second, CEREMONY + timedelta(minutes=1)) == stand_in
    moved = await Task.get(id=second.id)
    assert (moved.state, moved.visit_from, moved.proposed_from) == (T.SCHEDULED, None, None)
    assert (await Notice.get(task=second)).state == NoticeState.REVOKED
    assert await Outbox.exists(kind="visit.unfixed")
    assert await Notification.exists(task=second, kind="time_gone")
    assert await double_booked() == []
    assert (await evidence.verify()).differences == []
    leader = await sample.leader_of(second)
    await proposed(second, NOON, leader)
    await fixed(moved, leader)
    assert (await Task.get(id=second.id)).visit_from == NOON


async def test_a1_a_team_that_takes_a_task_is_not_at_two_places(any_db):
    """Its own visit stands; that of the task it takes loses its time (Art. 15)."""
    await sample.found()
    await sample.drawn()
    teams = {}
    for task in await Task.all().order_by("number"):
        teams.setdefault(task.team_id, task)
    handed, own = teams.values()
    for task in (handed, own):
        await sample.visit_fixed(task, district())
    [other] = await reassignments.teams_for(await Task.get(id=handed.id))
    leader, taking = await sample.leader_of(handed), await sample.leader_of(own)
    asked = await reassignment.propose(handed.number, other.number, "time", by=leader, at=CEREMONY)
    seat = await Assignment.get(task=handed, leader=True, until=None)
    head = enrolment.actor_of(await account(Role.HEAD, seat.department))
    for by in (taking, head):
        await reassignment.answer(asked.id, True, by=by, at=CEREMONY)
    assert (await sample.leader_of(await Task.get(id=handed.id))).id == taking.id
    assert (await Task.get(id=handed.id)).visit_from is None
    assert (await Task.get(id=own.id)).visit_from == VISIT
    assert await double_booked() == []


async def recused(task: Task, at) -> str:
    """An officer of XF is kept away from this target; who steps in."""
    officer = (await sample.team_of(task))["XF"][0]
    head = enrolment.actor_of(await account(Role.HEAD, "XF"))
    await team.recuse(task, await Inspector.get(code=officer.id), by=head, at=at)
    return (await Substitution.all().order_by("-id").first()).incoming


async def double_booked() -> list[tuple[str, str, str]]:
    """Who would be in two places: officer, task, task."""
    seats = await Assignment.filter(
        until=None, task__state__in=[T.SCHEDULED, T.ON_SITE], task__visit_from__isnull=False
    ).select_related("task")
    pairs = itertools.combinations(sorted(seats, key=lambda one: one.task.number), 2)
    return [
        (str(one.inspector_id), one.task.number, other.task.number)
        for one, other in pairs
        if one.inspector_id == other.inspector_id
        and Window(one.task.visit_from, one.task.visit_until).meets(
            Window(other.task.visit_from, other.task.visit_until)
        )
    ]


WRITES = (
    "Assignment(task=",
    "Assignment(inspector_id=",
    "visit_from=",
    "visit_from = ",
    '"visit_from":',
    "Assignment.create",
)


def test_a1_only_these_files_write_a_visits_time_or_a_seat():
    """Whoever adds another writer adds its act to the property above."""
    folder = Path(schedule.__file__).parent
    writers = {
        path.name
        for path in folder.glob("*.py")
        if any(one in re.sub(r"\(\s+", "(", path.read_text()) for one in WRITES)
    }
    assert writers == {
        "schedule.py",
        "substitution.py",
        "suspension.py",
        "hold_rows.py",
        "online.py",
        "reassignment.py",
        "recheck.py",
    }


async def _newcomer(first: Task, second: Task) -> tuple[str, Actor]:
    """Somebody of the first team serves in the second one too; its leader serves in the first no more."""
    seat = (
        await Assignment.filter(task=first, until=None, leader=False)
        .order_by("id")
        .first()
        .select_related("inspector")
    )
    async with sample.written():
        leader = await Assignment.get(task=second, leader=True, until=None)
        await Assignment.filter(task=second, until=None, inspector_id=seat.inspector_id).delete()
        other = (
            await Inspector.exclude(
                code__in=await Assignment.filter(task=first, until=None).values_list(
                    "inspector_id", flat=True
                )
            )
            .filter(department=leader.department, may_lead=True)
            .order_by("code")
            .first()
        )
        leader.inspector = other
        await leader.save()
        await Assignment.create(
            task=second, inspector=seat.inspector, department=seat.department, leader=False, since=CEREMONY
        )
    return seat.inspector.name, await sample.leader_of(second)


async def test_d60_a_leader_who_does_not_serve_there_hears_who_is_elsewhere_and_not_at_whom(any_db):
    leader, (first, second, *_) = await led()
    await proposed(first, VISIT, leader)
    await fixed(first, leader)
    name, outsider = await _newcomer(first, second)
    with pytest.raises(Refusal) as no:
        await proposed(second, VISIT, outsider)
    assert no.value.code == "visit.two_at_once_elsewhere"
    assert name in no.value.params["names"]
    assert not {"target", "other"} & set(no.value.params)
    [met] = await clash.with_any(second, VISIT, VISIT + TWO_HOURS)
    assert met.target == ""
    [(_, busy)] = await clash.busy_times(second, CEREMONY)
    assert busy.target == ""


async def test_a1_nobody_is_counted_present_while_still_at_another_visit(any_db):
    leader, (first, second, *_) = await led()
    for task, begins in ((first, VISIT), (second, NOON)):
        await proposed(task, begins, leader)
        await fixed(task, leader)
    people = [one.id for crew in (await sample.team_of(first)).values() for one in crew]
    await inspection.begin(first.number, people, by=leader, at=VISIT, untold="示例")
    with pytest.raises(Refusal) as no:
        await inspection.begin(second.number, people, by=leader, at=NOON, untold="示例")
    assert no.value.code == "visit.present_elsewhere"
    assert all(one.elsewhere for one in (await card.task_card(second.number, leader.id, NOON)).members)
    await suspension.suspend(first.number, "示例", by=leader, at=NOON)
    await inspection.begin(second.number, people, by=leader, at=NOON, untold="示例")
    assert (await Task.get(id=second.id)).state == T.ON_SITE
