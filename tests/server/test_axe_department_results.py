"""A joint result judged by axe-core and for its width: entered, confirmed, reviewed, in public (Art. 16 (3))."""

from __future__ import annotations

from datetime import datetime, timedelta
from urllib.parse import quote

import pytest

from models.procedure import department_result, entry
from models.rules.actor import Role
from models.tables import Notice, Task
from tests.server.companion.screen import loopback
from tests.server.notices import HEAD_GA, visited
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import VISIT, account, district
from tests.support.page_looks import Looks

pytestmark = pytest.mark.browser


@pytest.fixture
async def house(db):
    async with loopback() as made:
        yield made


@pytest.fixture
async def task(db) -> Task:
    """A visit of four departments that is over; one point failed."""
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district())
    held = await visited(await Notice.get(task=task))
    await account(Role.HEAD, "GA")
    return held.task


@pytest.mark.parametrize(("width", "language"), [(390, "zh-CN"), (1280, "en"), (390, "en"), (1280, "zh-CN")])
async def test_a_joint_result_has_no_serious_finding_on_any_page(house, browser, task, width, language):
    team, leader = await sample.team_of(task), await sample.leader_of(task)
    silent, *rest = [code for code in team if code != leader.department]
    looks = Looks(browser, house, width, language)
    page_of = f"/console/tasks/{quote(task.number)}"

    house.clock.move(VISIT + timedelta(hours=3))
    for code in rest:
        types = ["R05"] if code == "SCJG" else ["R01"]
        await department_result.enter(
            task.number, types, "示例:已责令", measures=["ordered"] if types == ["R05"] else [], by=team[code][0],
            at=house.clock(),
        )  # fmt: skip
    await looks.look(page_of, by=Role.INSPECTOR, of=team[silent][0].id, name="member")
    late = datetime.combine(task.entry_due + timedelta(days=1), VISIT.timetz())
    house.clock.move(late)
    await department_result.enter(task.number, ["R05"], "示例", by=leader, at=late)
    await looks.look(page_of, by=Role.INSPECTOR, of=leader.id, name="leader")
    await looks.look("/console/", by=Role.HEAD, of="GA", name="desk")
    await department_result.confirm(task.number, by=leader, at=late)
    await looks.look(page_of, by=Role.HEAD, of="GA", name="review")
    await entry.review(task.number, True, by=HEAD_GA, at=late)
    await publishing.published(task, HEAD_GA, late)
    await looks.look(f"/results/{quote(task.number)}", name="public")
    assert looks.wrong == {}
