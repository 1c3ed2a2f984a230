"""改派 judged by axe-core and for its width: offered, asked, and read by everybody on the draw's page (Art. 15)."""

from __future__ import annotations

import pytest

from models.procedure import reassignment
from models.procedure.enrolment import actor_of
from models.queries import reassignments
from models.rules.actor import Role
from models.tables import Assignment, Task
from tests.server.companion.screen import loopback
from tests.support import district as sample
from tests.support.district import CEREMONY, account
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    await sample.found()
    await sample.drawn()
    async with loopback() as made:
        made.task = await Task.all().order_by("number").first()
        yield made


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en")])
async def test_the_page_and_the_public_line_have_no_serious_finding(house, browser, width, language):
    task, leader = house.task, await sample.leader_of(house.task)
    [team] = await reassignments.teams_for(task)
    proposal = await reassignment.propose(task.number, team.number, "near", by=leader, at=CEREMONY)
    other = await sample.leader_of(await Task.exclude(team_id=task.team_id).order_by("number").first())
    department = (await Assignment.get(task=task, leader=True, until=None)).department
    head = actor_of(await account(Role.HEAD, department))
    looks = Looks(browser, house, width, language)
    for role, of in ((Role.INSPECTOR, leader.id), (Role.INSPECTOR, other.id), (Role.HEAD, department)):
        await looks.look("/console/reassignments", by=role, of=of, name=f"reassignments-{role}-{of}")
    for by in (other, head):
        await reassignment.answer(proposal.id, True, by=by, at=CEREMONY)
    await looks.look(f"/draws/{task.draw_id}", name="reassigned-draw")
    assert looks.wrong == {}
