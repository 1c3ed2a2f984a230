"""保管期限, asked of many dossiers: what has ended is found by the index, a page reads what it shows (Art. 20)."""

from datetime import date, datetime

from models import store
from models.queries import retention
from models.rules.visit import SHANGHAI
from models.tables import Account, DeletionList, Dossier, RetentionRule, Task
from tests.support import district as sample
from tests.support.district import CEREMONY
from tests.support.statements import counted

TODAY = date(2037, 1, 5)


async def sealed(years: int) -> list[str]:
    """Every drawn task sealed, the first half in 2026, the others later; the department's term set."""
    await sample.found()
    await sample.drawn()
    tasks = await Task.all().order_by("id")
    for n, task in enumerate(tasks):
        at = datetime(2026 if n < len(tasks) // 2 else 2030, 3, 1, tzinfo=SHANGHAI)
        await Dossier.create(
            task=task, sha256=f"{n:064x}", sm3="0" * 64, size=1, files=1, events=1, by="示例", at=at
        )
    await RetentionRule.create(
        department="GA", years=years, basis="示例", by="示例", account=(await Account.first()).id, at=CEREMONY
    )
    return [task.number for task in tasks]


async def test_only_what_ended_is_over_until_a_list_names_it(any_db):
    numbers = await sealed(10)
    ended = numbers[: len(numbers) // 2]
    assert [line.task for line in await retention.over("GA", TODAY)] == ended
    assert [line.task for line in await retention.over(None, TODAY, 1)] == ended[:1]
    assert await retention.count_over("GA", TODAY) == len(ended)
    assert await retention.over_of("GA", TODAY, numbers) == set(ended)
    assert not await retention.over("XF", TODAY) and not await retention.count_over(None, date(2036, 12, 31))
    await DeletionList.create(
        department="GA", tasks=ended[:1], reason="示例", by="示例", account=1, at=CEREMONY
    )
    assert [line.task for line in await retention.over("GA", TODAY)] == ended[1:]
    assert [line.task for line in await retention.ending(None, TODAY)] == ended[1:]
    assert [line.task for line in await retention.ending(None, TODAY, tasks=ended[:1])] == ended[:1]


async def test_pages_of_what_is_kept_join_to_all_of_it(any_db):
    numbers = await sealed(0)
    parts = [await retention.kept("GA", n, 2) for n in range(0, len(numbers), 2)]
    assert [line.task for part in parts for line in part] == numbers
    assert len(numbers) == await retention.count_kept(None) and not await retention.count_kept("XF")
    assert not await retention.over("GA", date(2100, 1, 1))


async def test_the_desk_asks_by_the_day_of_sealing(db):
    await sealed(10)
    async with counted() as asked:
        await retention.count_over(None, TODAY)
    [statement] = [one for one in asked.statements if 'FROM "dossier"' in one]
    plan = await store.connection().execute_query_dict(f"EXPLAIN QUERY PLAN {statement}")
    read = [row["detail"] for row in plan if row["detail"].split()[1] == "dossier"]
    assert len(read) == 1 and "USING INDEX" in read[0] and "(at<?)" in read[0], plan
    assert not [row for row in plan if row["detail"].startswith("SCAN dossier")], plan
