"""A page that a head left open decides nothing about a result that was entered since (Art. 8, 16 (3))."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models.procedure import entry
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Event, Task
from tests.server.notices import HEAD_GA, given, visited
from tests.server.pages import FORM, Browser, site
from tests.support import district as sample
from tests.support.district import VISIT


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


async def agreed(head: Browser, form: dict[str, str]) -> int:
    """Agreeing is pressed on a page as it was read."""
    said = {"csrf": form["csrf"], "as_of": form["as_of"], "act": "agree"}
    answer = await head.client.post(form["action"], data=said, headers=FORM, allow_redirects=False)
    return answer.status


async def test_a_head_agrees_to_the_result_that_was_read_and_to_no_later_one(world):
    held = await visited(await given())
    await sample.entered(held.task, ["R05"], VISIT + timedelta(hours=3))
    head = await world.browser(Role.HEAD, "GA")
    place = f"/console/tasks/{held.task.number}"
    old = (await head.get(place)).form(f"{place}/review")
    await entry.review(
        held.task.number, False, by=HEAD_GA, at=VISIT + timedelta(hours=4), reason="示例:缺说明"
    )
    await sample.entered(held.task, ["R02"], VISIT + timedelta(hours=5))
    assert await agreed(head, old) == 409
    assert (await Task.get(id=held.task.id)).state == TaskState.ENTERED
    assert not await Event.exists(kind="result.reviewed")
    assert await agreed(head, (await head.get(place)).form(f"{place}/review")) == 303
    assert (await Task.get(id=held.task.id)).state == TaskState.REVIEWED
