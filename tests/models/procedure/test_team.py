"""更换: which tasks are handed over, who may ask, and what happens when nobody is left (Art. 10, 14 (2), 15)."""

from datetime import timedelta

import pytest

from models.procedure import enrolment, team
from models.queries import draws, evidence, pending_decisions, substitution, task_page
from models.rules.actor import Actor, Role
from models.rules.draw.files import instant
from models.rules.draw.substitution import NOBODY
from models.states import TaskState as T
from models.tables import Assignment, Draw, Event, Inspector, Substitution, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, account, written
from tests.support.onsite import refused

LATER = CEREMONY + timedelta(minutes=5)


@pytest.fixture
async def tasks(any_db) -> list[Task]:
    """The tasks of the team that has the most of them; everybody may lead, so that there are successors of leaders."""
    await sample.found()
    async with written():
        await Inspector.all().update(may_lead=True)
    await sample.drawn()
    for department in sample.CREW:
        await account(Role.HEAD, department)
    teams = [one.team_id for one in await Task.all()]
    return await Task.filter(team_id=max(teams, key=teams.count)).order_by("rank")


async def officer_of(task: Task, department: str = "XF") -> Actor:
    return (await sample.team_of(task))[department][-1]


async def head_of(department: str = "XF") -> Actor:
    return enrolment.actor_of(await account(Role.HEAD, department))


async def in_state(task: Task, state: T) -> None:
    await Task.filter(id=task.id).update(state=state)


async def test_a18_only_tasks_not_begun_are_handed_over_and_all_three_lists_are_one(tasks):
    officer, head = await officer_of(tasks[0]), await head_of()
    first, second, *rest = tasks
    request = await team.ask_out(rest[0].number, "conflict", "", by=officer, at=CEREMONY)
    await in_state(first, T.PUBLISHED)
    await in_state(second, T.ON_SITE)
    expected = tuple(one.number for one in rest)
    question = await pending_decisions.asked_out(request.id)
    (listed,) = await task_page.decisions("XF")
    assert question.tasks == expected
    assert tuple(number for number, _ in listed.tasks) == expected
    await team.decide(request.id, True, by=head, at=LATER)
    answer = await pending_decisions.asked_out(request.id)
    trail = await Event.get(chain=f"team:{tasks[0].team_id}", kind="team.substituted")
    assert answer.tasks == expected
    assert tuple(trail.data["tasks"]) == expected
    replaced = {
        str(seat.task_id) for seat in await Assignment.filter(inspector_id=officer.id, until__not_isnull=True)
    }
    assert replaced == {str(one.id) for one in rest}
    assert await Assignment.exists(task=second, inspector_id=officer.id, until=None)


async def test_a18_what_was_decided_stays_what_it_was_when_more_tasks_begin(tasks):
    officer, head = await officer_of(tasks[0]), await head_of()
    request = await team.ask_out(tasks[0].number, "post", "", by=officer, at=CEREMONY)
    await team.decide(request.id, True, by=head, at=LATER)
    decided = (await pending_decisions.asked_out(request.id)).tasks
    await in_state(tasks[0], T.ON_SITE)
    assert (await pending_decisions.asked_out(request.id)).tasks == decided
    assert len(decided) == len(tasks)


async def test_a18_an_officer_with_nothing_left_to_begin_hands_nothing_over(tasks):
    officer, head = await officer_of(tasks[0]), await head_of()
    request = await team.ask_out(tasks[0].number, "post", "", by=officer, at=CEREMONY)
    await Task.all().update(state=T.CONCLUDED)
    row = await team.decide(request.id, True, by=head, at=LATER)
    assert (row.incoming, row.tasks) == ("", ())
    assert await Assignment.filter(inspector_id=officer.id, until=None).count() == len(tasks)


async def test_e4_consents_pressed_in_the_same_moment_are_both_taken_and_stay_in_order(tasks):
    """The second right after the first, though its press was a blink earlier; the draw's own rows prove the order."""
    number, head = tasks[0].number, await head_of("GA")
    leaving = (await sample.team_of(tasks[0]))["GA"][:2]
    wishes = [
        await team.request_substitution(number, one.id, "post", by=OFFICE, at=CEREMONY) for one in leaving
    ]
    for wish, at in zip(wishes, (LATER, LATER - timedelta(milliseconds=200)), strict=True):
        assert (await team.decide(wish.id, True, by=head, at=at)).incoming != ""
    times = [instant(row.time) for row in (await draws.held(await Draw.get())).substitutions]
    assert times == [LATER, LATER + timedelta(microseconds=1)]
    other = (await sample.team_of(tasks[0]))["WJ"][0]
    wish = await team.request_substitution(number, other.id, "post", by=OFFICE, at=CEREMONY)
    late = team.decide(wish.id, True, by=await head_of("WJ"), at=LATER - timedelta(hours=1))
    assert await refused(late) == "draw.time_not_after_last"


@pytest.mark.parametrize("who", ["leader", "head", "office"])
async def test_a6_leader_head_and_office_may_begin_a_substitution(tasks, who):
    officer = await officer_of(tasks[0])
    by = {"leader": await sample.leader_of(tasks[0]), "head": await head_of(), "office": OFFICE}[who]
    row = await team.request_substitution(tasks[0].number, officer.id, "post", "示例", by=by, at=CEREMONY)
    assert (await Substitution.get(id=row.id)).outgoing == (await Inspector.get(code=officer.id)).certificate
    assert (row.consented is True) == (who == "head")
    if who != "head":
        again = await team.request_substitution(
            tasks[0].number, officer.id, "post", "示例", by=OFFICE, at=LATER
        )
        assert again.id == row.id


async def test_a6_nobody_else_begins_one(tasks):
    officer = await officer_of(tasks[0])
    member = (await sample.team_of(tasks[0]))["WJ"][0]
    asks = team.request_substitution(tasks[0].number, officer.id, "post", "", by=member, at=CEREMONY)
    assert await refused(asks) == "task.leader_only"
    asks = team.request_substitution(
        tasks[0].number, officer.id, "post", "", by=await head_of("WJ"), at=CEREMONY
    )
    assert await refused(asks) == "team.other_department"


async def left(code: str) -> None:
    async with written():
        await Inspector.filter(code=code).update(status="left")


async def test_a6_a_seat_with_nobody_left_is_filled_once_the_register_is_mended(tasks):
    """The leader goes and no ticket is left: the task says so; somebody comes back from leave, and is asked again."""
    leader = await sample.leader_of(tasks[0])
    head = await head_of(leader.department)
    serving = {str(seat.inspector_id) for seat in await Assignment.filter(until=None)}
    idle = [
        one.code for one in await Inspector.filter(department=leader.department) if one.code not in serving
    ]
    async with written():
        await Inspector.filter(code__in=idle).update(status="on_leave")
    await left(leader.id)
    request = await team.request_substitution(tasks[0].number, leader.id, "post", by=OFFICE, at=CEREMONY)
    row = await team.decide(request.id, True, by=head, at=LATER)
    assert row.incoming is None
    empty = await substitution.vacancies(tasks)
    assert all([(one.name, one.leader) for one in empty[task.id]] == [(leader.name, True)] for task in tasks)
    async with written():
        await Inspector.filter(code__in=idle).update(status="in_post")
    again = await team.request_substitution(
        tasks[0].number, leader.id, "post", by=head, at=LATER + timedelta(minutes=1)
    )
    assert (await Substitution.get(id=again.id)).incoming not in ("", NOBODY)
    assert await substitution.vacancies(tasks) == {}
    for task in tasks:
        assert (await sample.leader_of(task)).id in idle
    assert (await evidence.verify()).differences == []


async def test_a6_who_has_left_hands_over_what_is_in_hand_as_well(tasks):
    """A visit under way and a result to be entered go to the successor: no task is left with nobody to act."""
    leader = await sample.leader_of(tasks[0])
    await in_state(tasks[0], T.ON_SITE)
    await in_state(tasks[1], T.CONCLUDED)
    await left(leader.id)
    head = await head_of(leader.department)
    request = await team.request_substitution(tasks[2].number, leader.id, "post", by=head, at=LATER)
    row = await Substitution.get(id=request.id)
    assert row.tasks == [one.number for one in tasks]
    assert {(await sample.leader_of(task)).id for task in tasks} == {
        (await Inspector.get(certificate=row.incoming)).code
    }


async def test_a6_what_stayed_behind_at_the_first_substitution_follows_when_the_officer_leaves(tasks):
    officer, head = await officer_of(tasks[0]), await head_of()
    await in_state(tasks[0], T.ON_SITE)
    request = await team.request_substitution(tasks[1].number, officer.id, "conflict", by=head, at=CEREMONY)
    first = await Substitution.get(id=request.id)
    assert first.tasks == [one.number for one in tasks[1:]]
    await left(officer.id)
    request = await team.request_substitution(tasks[0].number, officer.id, "post", by=head, at=LATER)
    second = await Substitution.get(id=request.id)
    assert (second.incoming, second.tasks) == (first.incoming, [tasks[0].number])
    assert not await Assignment.exists(inspector_id=officer.id, until=None)
