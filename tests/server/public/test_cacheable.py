"""What is public is sent again only when it has changed, and what is one reader's own is kept by nobody (Art. 8, 12, 14)."""

import pytest

from models.procedure import anchor, revision
from models.rules.actor import Role
from models.states import TaskState
from models.tables import Department, Draw, Item, PlanEntry, Target, Task
from tests.server.notices import HEAD_GA, given, published, visited
from tests.server.pages import site
from tests.support import crowd_of_tasks
from tests.support import district as sample
from tests.support.district import CEREMONY, OFFICE, VISIT, written
from tests.support.statements import counted

LISTS = ("/", "/results", "/results/figures", "/draws", "/plans", "/items", "/roots")
SOME = 15


@pytest.fixture
async def world(db):
    await sample.found()
    async with site() as made:
        yield made


@pytest.fixture
async def task(world):
    return await published((await visited(await given())).task)


def pages(task):
    return (
        *LISTS,
        "/items.json",
        "/roots.json",
        f"/results/{task.number}",
        f"/draws/{task.draw_id}",
        "/plans/2026-XH-GA-02",
    )


async def tag_of(stranger, path, **headers):
    return (await stranger.get(path, **headers)).response.headers["ETag"]


async def test_a_page_that_has_not_changed_is_not_sent_again(world, task):
    stranger = await world.browser()
    for path in pages(task):
        first = await stranger.get(path)
        assert (first.status, first.response.headers["Cache-Control"]) == (200, "public, no-cache"), path
        again = await stranger.get(path, **{"If-None-Match": first.response.headers["ETag"]})
        assert (again.status, again.body) == (304, b""), path
        assert again.response.headers["ETag"] == first.response.headers["ETag"]


async def test_a_kept_page_is_one_readers_language(world, task):
    stranger = await world.browser()
    chinese = await stranger.get("/results", **{"Accept-Language": "zh"})
    tag = chinese.response.headers["ETag"]
    english = await stranger.get("/results", **{"Accept-Language": "en", "If-None-Match": tag})
    assert english.status == 200 and english.text != chinese.text
    assert {"Cookie", "Accept-Language"} <= set(english.response.headers["Vary"].split(", "))
    chosen = await stranger.get("/results?lang=en", **{"If-None-Match": english.response.headers["ETag"]})
    assert (chosen.status, chosen.response.headers["Cache-Control"]) == (200, "no-store")


async def test_a_page_with_a_readers_own_name_is_kept_by_nobody(world, task):
    head = await world.browser(Role.HEAD, "GA")
    for path in LISTS:
        shown = await head.get(path)
        assert (shown.response.headers["Cache-Control"], "ETag" in shown.response.headers) == (
            "no-store",
            False,
        ), path


async def changed(row, **values):
    async with written():
        await type(row).filter(pk=row.pk).update(**values)


CHANGES = {
    "a result is withdrawn": (
        lambda task: revision.withdraw(task.number, "示例:录入有误", by=HEAD_GA, at=VISIT),
        lambda task: ("/results", "/results/figures", f"/results/{task.number}"),
    ),
    "a target has another name": (
        lambda task: _of(Target, task.target_id, name="示例新名"),
        lambda task: ("/results", f"/results/{task.number}"),
    ),
    "a department has another name": (
        lambda task: _of(Department, "GA", name="示例局"),
        lambda task: (f"/results/{task.number}", "/plans", "/plans/2026-XH-GA-02"),
    ),
    "an item has another name": (
        lambda task: _of(Item, task_item(task), name="示例事项"),
        lambda task: (f"/results/{task.number}", "/plans/2026-XH-GA-02"),
    ),
    "a draw is voided": (
        lambda task: _of(Draw, task.draw_id, voided_at=CEREMONY, void_reason="示例"),
        lambda task: ("/", "/draws", f"/draws/{task.draw_id}"),
    ),
    "a plan's entry has another title": (
        lambda task: _of(PlanEntry, "2026-XH-GA-02", title="示例抽查"),
        lambda task: ("/plans", "/plans/2026-XH-GA-02", "/results"),
    ),
    "a day is closed": (
        lambda task: anchor.close_day(
            CEREMONY.date(), by=OFFICE, at=VISIT, district=sample.district()
        ),
        lambda task: ("/roots", "/roots.json"),
    ),
}  # fmt: skip


def task_item(task):
    return sample.ITEMS[0]


async def _of(table, key, **values):
    async with written():
        await table.filter(pk=key).update(**values)


@pytest.mark.parametrize("change", CHANGES)
async def test_a_page_is_sent_again_after_each_change_of_what_it_shows(world, task, change):
    act, shown_on = CHANGES[change]
    stranger = await world.browser()
    tags = {path: await tag_of(stranger, path) for path in shown_on(task)}
    await act(task)
    for path, tag in tags.items():
        assert (await stranger.get(path, **{"If-None-Match": tag})).status == 200, path


async def test_a_list_asks_as_much_however_many_results_there_are(world, task):
    stranger = await world.browser()
    asked = []
    for count in (100, 1000):
        await crowd_of_tasks.copied(
            Task, f"t.id = {task.id}", count, id=f"{count}000 + n.n", number=f"'P{count}-' || n.n", rank=f"{count}000 + n.n",
            platform_receipt=f"'P{count}-' || n.n", state=f"'{TaskState.PUBLISHED}'",
        )  # fmt: skip
        statements = {}
        for path in LISTS:
            async with counted() as count_:
                assert (await stranger.get(path)).status == 200
            statements[path] = len(count_.statements)
        asked.append(statements)
    few, many = asked
    assert all(many[path] <= few[path] for path in LISTS), asked
    assert {path: count for path, count in many.items() if count > SOME} == {"/results": many["/results"]}
