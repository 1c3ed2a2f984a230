"""However many rows are asked for by their ids, they are found, on both databases."""

from datetime import timedelta

import pytest

from models import store
from models.engine import many
from models.tables import Miss, TermSweep
from tests.support.district import CEREMONY
from tests.support.stock_sqlite import limited

ALL = 40_000


async def filled():
    await limited()
    await Miss.bulk_create([Miss(guesser=f"tg:{n}", at=CEREMONY) for n in range(30)])
    return [row.id for row in await Miss.all()]


async def test_fd11_forty_thousand_ids_are_asked_for_at_once(any_db):
    ids = await filled()
    asked = [*ids, *range(10**6, 10**6 + ALL - len(ids))]
    assert len(await Miss.filter(id__in=asked)) == 30
    assert await Miss.filter(id__in=asked, guesser="tg:3").count() == 1
    assert len(await Miss.filter(guesser__in=[f"tg:{n}" for n in range(ALL)])) == 30
    assert await Miss.filter(id__not_in=asked).count() == 0
    assert await Miss.exclude(id__in=asked[1:]).count() == 1
    assert len(await Miss.in_bulk(asked, "id")) == 30


async def test_fd11_forty_thousand_days_and_instants_are_asked_for_at_once(any_db):
    await limited()
    days = [CEREMONY.date() + timedelta(days=n) for n in range(ALL)]
    instants = [CEREMONY + timedelta(minutes=n, microseconds=n % 2) for n in range(ALL)]
    await TermSweep.create(day=days[7], at=instants[7])
    assert await TermSweep.filter(day__in=days).count() == 1
    assert await TermSweep.filter(at__in=instants, day__not_in=days[8:]).count() == 1


async def test_fd11_they_are_changed_and_removed_at_once_within_an_act(any_db):
    ids = await filled()
    asked = [*ids, *range(10**6, 10**6 + ALL - len(ids))]

    async def change():
        await Miss.filter(id__in=asked, guesser__startswith="tg:").update(guesser="tg:0")
        assert len(await Miss.filter(guesser="tg:0", id__in=asked)) == 30
        await Miss.filter(id__in=asked[:29] + asked[30:]).delete()

    await store.run_in_transaction(change)
    assert await Miss.all().count() == 1


@pytest.mark.parametrize("length", [2, many.LONG, many.LONG + 1])
def test_a_short_list_stays_as_it_is_and_a_long_one_is_one_argument(length):
    marks = ",".join(f"${n}" for n in range(2, length + 2))
    query = f"SELECT * FROM t WHERE a=$1 AND b IN ({marks}) AND c<${length + 2}"
    said, values = many.for_postgres(query, ["first", *range(length), "last"])
    assert (values[0], values[-1]) == ("first", "last")
    assert len(values) == (length + 2 if length <= many.LONG else 3)
    assert f"c<${len(values)}" in said


def test_a_question_mark_in_a_text_is_no_argument():
    query = f"SELECT '?''?' FROM t WHERE a=? AND b IN ({','.join('?' * 1200)}) AND c='?' AND d=?"
    said, values = many.for_sqlite(query, ["first", *map(str, range(1200)), "last"])
    assert (
        said == "SELECT '?''?' FROM t WHERE a=? AND b IN (SELECT value FROM json_each(?)) AND c='?' AND d=?"
    )
    assert (values[0], values[2]) == ("first", "last")
