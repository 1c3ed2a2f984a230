"""公示预览: the head sees before publishing what everybody will see, and what is kept back with its reason (Art. 8)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from models.queries import public
from models.queries.publication_preview import preview
from models.rules.actor import Role
from tests.models.procedure.test_publication import ENTERED, HEAD, PLACE, over
from tests.server.pages import site
from tests.support import publishing


@pytest.fixture
async def task(db):
    task = await over()
    await publishing.entered(task, ["R06"], HEAD, ENTERED)
    return task


async def test_what_is_previewed_is_what_is_then_public(task):
    before = await preview(task.number, ENTERED)
    await publishing.published(task, HEAD, ENTERED, PLACE)
    line = await public.result(task.number)
    assert before and line
    assert replace(before.line, result=line.result) == line
    assert (before.line.result.types, before.line.result.first) == (line.result.types, line.result.first)
    assert await preview(task.number, ENTERED) is None


async def test_the_head_reads_it_beside_what_is_kept_back_and_why(task):
    async with site() as world:
        world.clock.at = ENTERED + timedelta(hours=1)
        page = await (await world.browser(Role.HEAD, "GA")).get(f"/console/tasks/{task.number}")
        leader = await world.browser(
            Role.INSPECTOR, (await task.assignments.filter(leader=True).first()).inspector_id
        )
        other = await leader.get(f"/console/tasks/{task.number}")
    shown = page.text.partition("公示预览")[2].partition("退回")[0]
    for said in (
        "检查人员姓名、证件号",
        "公示实施检查的部门，不公示个人",
        "联系人、法定代表人、电话",
        task.number,
    ):
        assert said in shown, said
    assert "公示预览" not in other.text
