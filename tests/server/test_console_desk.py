"""The desk is ordered by need: what has a term and the batches first, forms that can wait folded behind them."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from models.procedure import team
from models.rules.actor import Role
from models.tables import LeftOut, Task
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import CEREMONY


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    async with site() as made:
        yield made


class Fields(HTMLParser):
    """Counts what can be typed into: in sight, and folded away."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.folds: list[bool] = []
        self.in_sight = self.folded = self.dialogs = 0
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "details":
            self.folds.append("open" not in given)
        elif tag == "dialog":
            self.dialogs += 1
        elif self.dialogs:
            return
        elif tag in ("input", "textarea", "select") and given.get("type") != "hidden":
            if any(self.folds):
                self.folded += 1
            else:
                self.in_sight += 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "details":
            self.folds.pop()
        elif tag == "dialog":
            self.dialogs -= 1


async def test_the_office_sees_its_batch_before_the_people_it_has_still_to_tell(world):
    html = (await (await world.browser(Role.OFFICE, "测试联席办")).get("/console/")).html
    assert html.index("2026-XH-GA-02-1") and html.index('id="batches"') < html.index('id="untold"')
    people = len({(row.whose, row.of) for row in await LeftOut.filter(settled_at=None)})
    fields = Fields(html)
    assert people > 6
    assert (fields.in_sight, fields.folded) == (0, people)


@pytest.mark.parametrize("asking", [2, 3])
async def test_two_decisions_of_a_head_are_open_and_more_are_folded_to_a_line_each(world, asking):
    seen: set[str] = set()
    for task in await Task.all().order_by("rank"):
        for officer in (await sample.team_of(task))["GA"]:
            if officer.id not in seen and len(seen) < asking:
                seen.add(officer.id)
                await team.ask_out(task.number, "recusal", "示例亲属", by=officer, at=CEREMONY)
    assert len(seen) == asking
    html = (await (await world.browser(Role.HEAD, "GA")).get("/console/")).html
    folds = re.findall(r'<details class="decide"( open)?><summary>', html)
    assert folds == ([" open"] * 2 if asking == 2 else [""] * 3)
    assert html.count('action="/console/substitutions/') == asking
