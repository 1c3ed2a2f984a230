"""A notice that was given, its link, its visit held: what tests of the entity's page begin with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO

from aiohttp import FormData

from models.procedure import entry, inspection
from models.queries.sheet import sheet_of
from models.rules.actor import Actor, Role
from models.tables import Notice, Task
from tests.server.pages import FORM, Browser, Page, Site, notice_token
from tests.support import district as sample
from tests.support import publishing
from tests.support.district import VISIT, district
from tests.support.snapshots import remembered

HEAD_GA = Actor(Role.HEAD, "GA", "测试负责人GA", "GA")
PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


async def first_task() -> Task:
    return await Task.all().order_by("rank").first()


@remembered
async def given() -> Notice:
    """The batch drawn, one visit fixed: its notice."""
    await sample.drawn()
    task = await first_task()
    await sample.visit_fixed(task, district())
    return await Notice.get(task=task)


def link(of: Notice) -> str:
    return f"/n/{notice_token(of.number)}"


async def look(world: Site, of: Notice, **headers: str) -> Page:
    return await (await world.browser()).get(link(of), **headers)


async def hand_in(
    browser: Browser,
    of: Notice,
    act: str,
    *files: tuple[str, bytes],
    headers: dict[str, str] = FORM,
    **said: str,
) -> Page:
    """A form with files, as a browser sends it."""
    form = FormData({"act": act, **said}, quote_fields=False, default_to_multipart=True)
    for name, data in files:
        form.add_field("file", BytesIO(data), filename=name, content_type="application/octet-stream")
    answer = await browser.client.post(
        f"{link(of)}/papers", data=form, headers=headers, allow_redirects=False
    )
    return await browser._read(answer)


@dataclass(frozen=True)
class Visited:
    """A visit that is over. `wanting`: the number of the question that was found wanting."""

    task: Task
    wanting: int


@remembered
async def visited(of: Notice) -> Visited:
    """The visit held; one question failed, every other passed."""
    task = await Task.get(id=of.task_id)
    leader, team = await sample.leader_of(task), await sample.team_of(task)
    present = [one.id for people in team.values() for one in people]
    await inspection.begin(task.number, present, by=leader, at=VISIT, untold="示例:当面告知")
    asks = (await sheet_of(task)).asks
    wanting = next(ask for ask in asks if ask.photo == "no" and ask.kind == "TRI")
    for ask in asks:
        passed = "na" if ask.may_not_apply else "pass"
        await inspection.answer(
            task.number, ask.number, verdict="fail" if ask is wanting else passed,
            value=None if ask.may_not_apply else {"NUM": "1/1", "DATE": "2027-05-31"}.get(ask.kind),
            note="示例", by=team[ask.department][0], at=VISIT,
        )  # fmt: skip
    for people in team.values():
        await inspection.finalise(task.number, by=people[0], at=VISIT)
    await inspection.conclude(task.number, by=leader, at=VISIT + timedelta(hours=2), district=district())
    return Visited(await Task.get(id=task.id), wanting.number)


@remembered
async def published(task: Task) -> Task:
    """The result entered, reviewed and published on the day after the visit."""
    await sample.entered(task, ["R05"], VISIT + timedelta(hours=3))
    await entry.review(task.number, True, by=HEAD_GA, at=VISIT + timedelta(days=1))
    return await publishing.published(task, HEAD_GA, VISIT + timedelta(days=1))
