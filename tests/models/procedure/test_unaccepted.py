"""Art. 14 (2): whoever has not accepted 24 hours before the visit is proposed for substitution by itself, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.views import pending_decisions as views
from locales import words
from models.procedure import team, unaccepted
from models.procedure.enrolment import actor_of
from models.queries import pending_decisions
from models.rules.actor import Role
from models.tables import Assignment, Outbox, Substitution, Task
from tests.support import district as sample
from tests.support.district import CEREMONY, VISIT, account, district

DAY_BEFORE = VISIT - timedelta(hours=24)
EARLIER = DAY_BEFORE - timedelta(minutes=1)


@pytest.fixture
async def task(db) -> Task:
    """A visit is fixed; of the team one member has not accepted."""
    await sample.found()
    await sample.drawn()
    found = await Task.all().order_by("rank").first()
    for department in sample.CREW:
        await account(Role.HEAD, department)
    for people in (await sample.team_of(found)).values():
        for one in people:
            await team.accept(found.number, by=one, at=CEREMONY)
    await sample.visit_fixed(found, district())
    async with sample.written():
        seat = await Assignment.filter(task=found, leader=False, department="XF").first()
        seat.accepted_at = None
        await seat.save()
    return await Task.get(id=found.id)


async def seat_of(task: Task) -> Assignment:
    return await Assignment.get(task=task, accepted_at=None, until=None).select_related("inspector")


async def test_nobody_is_proposed_before_the_day_before_or_after_the_visit_has_begun(task):
    for at in (EARLIER, VISIT, VISIT + timedelta(hours=1)):
        assert await unaccepted.sweep(at=at) == 0
    assert not await Substitution.exists()


async def test_a_day_before_the_head_is_asked_and_the_leader_hears_of_it_once(task):
    seat = await seat_of(task)
    assert [await unaccepted.sweep(at=DAY_BEFORE + timedelta(minutes=n)) for n in range(3)] == [1, 0, 0]
    row = await Substitution.get()
    assert (row.outgoing, row.department, row.targets, row.consented) == (
        seat.inspector.certificate, "XF", [task.pool_id], None,
    )  # fmt: skip
    told = {
        (one.kind, one.account_id) for one in await Outbox.filter(kind__in=["team.asked", "team.unaccepted"])
    }
    head, leader = await account(Role.HEAD, "XF"), await sample.leader_of(task)
    assert told == {("team.asked", head.id), ("team.unaccepted", leader.account)}
    for language, said in (
        ("zh_Hans", "检查前24小时仍未接受任务"),
        ("en", "not accepted 24 hours before the visit"),
    ):
        shown = views.substitution(await pending_decisions.asked_out(row.id), words(language))
        assert said in str(shown)


async def test_the_head_consents_and_the_next_ticket_steps_in_for_this_visit_alone(task):
    seat = await seat_of(task)
    await unaccepted.sweep(at=DAY_BEFORE)
    head = actor_of(await account(Role.HEAD, "XF"))
    decided = await team.decide((await Substitution.get()).id, True, by=head, at=DAY_BEFORE)
    assert decided.incoming
    assert not await Assignment.exists(task=task, inspector=seat.inspector, until=None)
    others = Assignment.filter(task__team_id=task.team_id, inspector=seat.inspector, until=None)
    assert await others.count() == await Task.filter(team_id=task.team_id).count() - 1


async def test_a_head_who_declined_is_not_asked_again(task):
    await unaccepted.sweep(at=DAY_BEFORE)
    head = actor_of(await account(Role.HEAD, "XF"))
    await team.decide((await Substitution.get()).id, False, by=head, at=DAY_BEFORE)
    assert await unaccepted.sweep(at=DAY_BEFORE + timedelta(hours=1)) == 0


async def test_who_accepted_or_agreed_to_the_time_is_not_proposed(task):
    seat = await seat_of(task)
    officer = actor_of(await account(Role.INSPECTOR, seat.inspector_id))
    await team.accept(task.number, by=officer, at=EARLIER)
    assert await unaccepted.sweep(at=DAY_BEFORE) == 0
    async with sample.written():
        await Assignment.filter(id=seat.id).update(accepted_at=None, agreed_from=VISIT)
    assert await unaccepted.sweep(at=DAY_BEFORE) == 0


async def test_who_has_asked_to_be_excused_already_is_not_proposed_beside_it(task):
    seat = await seat_of(task)
    officer = actor_of(await account(Role.INSPECTOR, seat.inspector_id))
    await team.ask_out(task.number, "conflict", "", by=officer, at=EARLIER)
    assert await unaccepted.sweep(at=DAY_BEFORE) == 0
    assert await Substitution.all().count() == 1
