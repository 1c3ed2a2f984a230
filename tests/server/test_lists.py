"""Lists stay quick as a district grows: what they ask is found by an index, or read page by page."""

import re

import pytest

from models import store
from models.rules.actor import Role
from models.tables import Task
from tests.server.pages import site
from tests.support import district as sample
from tests.support.district import VISIT, district
from tests.support.statements import counted

# Tables that grow with every inspection, and the register of thousands.
GROWING = [
    "account",
    "answer",
    "arrival",
    "assignment",
    "attempt",
    "event",
    "notice",
    "outbox",
    "photo",
    "postponement",
    "publication",
    "result",
    "session",
    "signature",
    "statement",
    "target",
    "task",
]
BOUNDED = {"ix_postponement_open", "ix_photo_without_copy"}  # they hold what waits alone
OFFICE, HEAD, OFFICER = (Role.OFFICE, "测试联席办"), (Role.HEAD, "GA"), (Role.INSPECTOR, "INS-GA-1")
LISTS = [
    *(
        (f"/console/{name}", OFFICE)
        for name in ("tasks", "notices", "letters", "people", "plans", "templates")
    ),
    *((f"/console/{name}", HEAD) for name in ("tasks", "notices", "letters")),
    *((path, OFFICE) for path in ("/console/", "/console/registers", "/console/registers/targets")),
    *((path, OFFICER) for path in ("/console/tasks", "/field/api/tasks")),
    *((path, ()) for path in ("/", "/draws", "/items", "/plans", "/results", "/roots")),
]


@pytest.fixture
async def world(db):
    await sample.found()
    await sample.drawn()
    task = await Task.all().order_by("rank").first()
    await sample.visit_fixed(task, district(), begins=VISIT)
    await sample.visit_concluded(await Task.get(id=task.id), district())
    async with site() as made:
        yield made


async def scanned(statements: list[str]) -> list[str]:
    """Each growing table that is read from end to end, with the question that reads it.

    Counting everything from an index alone is no reading of rows; nor is a question that asks for nothing (`1=0`).
    """
    found = []
    for asked in dict.fromkeys(statements):
        if not re.match(r"\s*(SELECT|WITH)\b", asked, re.IGNORECASE) or re.search(
            r"\bLIMIT\b|\b1=0\b", asked
        ):
            continue
        plan = await store.connection().execute_query_dict(f"EXPLAIN QUERY PLAN {asked}")
        for step in plan:
            whole = re.fullmatch(r"SCAN (\w+)(?: USING INDEX (\S+))?", step["detail"])
            if whole and whole[2] not in BOUNDED and named(whole[1], asked) in GROWING:
                found.append(f"{step['detail']}: {asked}")
    return found


def named(alias: str, asked: str) -> str:
    """The table that a plan calls by its alias."""
    table = re.search(rf'"?(\w+)"? (?:AS )?"?{alias}"?(?=[\s,)]|$)', asked)
    return alias if alias in GROWING or not table else table[1]


@pytest.mark.parametrize(("path", "who"), LISTS)
async def test_no_list_reads_a_growing_table_from_end_to_end(world, path, who):
    browser = await world.browser(*who)
    async with counted() as count:
        page = await browser.get(path)
    assert page.status == 200, page.text
    assert count.statements
    assert "\n".join(await scanned(count.statements)) == ""


async def test_a_list_that_reads_every_task_is_noticed(world):
    async with counted() as count:
        await Task.filter(short_notice=True)
    assert [one.partition(":")[0] for one in await scanned(count.statements)] == ["SCAN task"]
