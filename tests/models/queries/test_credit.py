"""The pages of the credit record cost what they show, however much stands in it (Art. 19)."""

from models import store
from models.queries import credit as queries
from models.rules.visit import local_day
from models.tables import CreditEntry, Publication, Result, Task
from tests.models.procedure.test_credit import HEAD, LATER, PLACE, enter, published
from tests.support.crowd_of_tasks import FIRST, copied
from tests.support.rows_read import rows_read
from tests.support.statements import Count, counted

FEW, MANY, SHOWN = 200, 2000, 10
SLACK = 60  # steps in hundreds, or rows: what an index grows in depth


async def more(task, base, count):
    """So many public tasks more, each with its entry in the record."""
    copy = {"task_id": f"{base} + n.n"}
    await copied(
        Task,
        f"t.id = {task.id}",
        count,
        id=f"{base} + n.n",
        number=f"'X{base}-' || n.n",
        rank=f"{base} + n.n",
    )
    for table in (Result, Publication):
        await copied(table, f"t.task_id = {task.id}", count, id=f"{base} + n.n", **copy)
    await copied(
        CreditEntry, f"t.task_id = {task.id}", count, id=f"{base} + n.n", **copy, number=f"'X{base}-' || n.n || '-X1'",
        publication_id=f"{base} + n.n",
    )  # fmt: skip
    await store.connection().execute_query("ANALYZE")


async def page(today):
    return await queries.entries_page("GA", today, 1, SHOWN)


async def measured(today):
    """The page, in how many statements it was asked for, and how much was read for it."""
    count = Count()
    if store.dialect() == "sqlite":  # there alone statements are seen as they come
        async with counted() as count:
            await page(today)
    async with rows_read() as reading:
        shown = await page(today)
    return shown, len(count.statements), reading.rows


async def test_a_page_reads_its_own_entries_alone(any_db):
    task = await published(["R05"])
    await enter(task)
    today = local_day(LATER)
    await more(task, FIRST, FEW)
    await page(today)
    (lines, total), few, before = await measured(today)
    assert (len(lines), total) == (SHOWN, FEW + 1)
    await more(task, 2 * FIRST, MANY)
    (lines, total), many, after = await measured(today)
    assert (len(lines), total) == (SHOWN, FEW + MANY + 1)
    assert many == few
    # the count walks an index: five steps of SQLite's machine for each entry, one row of PostgreSQL's
    count = MANY // 100 * 5 if store.dialect() == "sqlite" else MANY
    assert after <= before + SLACK + count, (before, after)
    last, _ = await queries.entries_page("GA", today, (FEW + MANY) // SHOWN + 1, SHOWN)
    assert [line.task for line in last] == [task.number]


async def test_what_waits_is_counted_and_the_first_of_it_shown(any_db):
    task = await published(["R05"])
    waiting, total = await queries.first_to_enter("GA", PLACE.calendar, until=LATER, most=SHOWN)
    assert ([line.task for line in waiting], total) == ([task.number], 1)
    assert await queries.first_to_enter("ZZ", PLACE.calendar, until=LATER, most=SHOWN) == ((), 0)
    await more(task, FIRST, FEW)
    await CreditEntry.all().delete()
    waiting, total = await queries.first_to_enter(None, PLACE.calendar, until=LATER, most=SHOWN)
    assert (len(waiting), total) == (SHOWN, FEW + 1)
    await enter(task, by=HEAD)
    assert (await queries.first_to_enter("GA", PLACE.calendar, until=LATER, most=SHOWN))[1] == FEW
