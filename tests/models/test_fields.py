"""Times are instants in UTC, and Chinese stays Chinese, on both databases."""

import datetime as dt
import sqlite3
from zoneinfo import ZoneInfo

import pytest
from tortoise.exceptions import ConfigurationError

from models import store
from models.fields import UtcDatetimeField
from tests.models.sample import SAMPLE, Leaf, Tree

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = dt.datetime(2026, 6, 1, 12, 0, tzinfo=SHANGHAI)


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "postgres":
        return request.getfixturevalue("pg_empty")
    return f"sqlite://{tmp_path / 'trees.sqlite3'}"


@pytest.fixture
async def tree(url):
    async with store.opened(url, create=True, schema=SAMPLE):
        yield await Tree.create(name="oak")


async def test_an_instant_comes_back_as_utc(tree):
    await Leaf.create(tree=tree, word="a", at=NOON)
    at = (await Leaf.get(word="a")).at
    assert at == NOON
    assert at.utcoffset() == dt.timedelta(0)


async def test_what_is_due_is_found_whatever_zone_the_question_is_asked_in(tree):
    for minutes in range(-3, 4):
        at = NOON + dt.timedelta(minutes=minutes, microseconds=1)
        await Leaf.create(tree=tree, word=f"{minutes}", at=at)
    for zone in (dt.UTC, SHANGHAI, dt.timezone(dt.timedelta(hours=-9, minutes=-30))):
        now = NOON.astimezone(zone)
        assert await Leaf.filter(at__lte=now).count() == 3
        assert await Leaf.filter(at__gt=now).count() == 4
        assert await Leaf.filter(at__range=(now, now + dt.timedelta(minutes=2))).count() == 2
        assert await Leaf.filter(at=now + dt.timedelta(microseconds=1)).count() == 1
        assert await Leaf.filter(at__in=[now + dt.timedelta(microseconds=1)]).count() == 1


async def test_whole_seconds_and_parts_of_seconds_sort_by_time(tree):
    times = [NOON + dt.timedelta(microseconds=part) for part in (0, 1, 500_000, 999_999, 1_000_000)]
    for n, at in enumerate(reversed(times)):
        await Leaf.create(tree=tree, word=str(n), at=at)
    assert [leaf.at for leaf in await Leaf.all().order_by("at")] == times


async def test_updates_keep_the_same_form(tree):
    leaf = await Leaf.create(tree=tree, word="a")
    await Leaf.filter(id=leaf.id).update(at=NOON)
    assert await Leaf.filter(at__lte=NOON.astimezone(dt.UTC)).count() == 1
    leaf.at = NOON + dt.timedelta(hours=1)
    await leaf.save()
    assert await Leaf.filter(at__gt=NOON).count() == 1


async def test_a_time_without_a_zone_is_refused_on_every_way_in(tree):
    naive = NOON.replace(tzinfo=None)
    with pytest.raises(ValueError, match="without a zone"):
        await Leaf.create(tree=tree, word="a", at=naive)
    with pytest.raises(ValueError, match="without a zone"):
        await Leaf.filter(at__lte=naive).count()
    with pytest.raises(ValueError, match="without a zone"):
        await Leaf.filter(word="a").update(at=naive)
    assert await Leaf.all().count() == 0


def test_no_row_takes_its_time_from_the_machine():
    with pytest.raises(ConfigurationError):
        UtcDatetimeField(auto_now_add=True)


async def test_json_is_kept_with_chinese_as_it_is(tmp_path):
    path = tmp_path / "x.sqlite3"
    async with store.opened(f"sqlite://{path}", create=True, schema=SAMPLE):
        tree = await Tree.create(name="oak")
        await Leaf.create(tree=tree, word="a", more={"结果": ["未发现问题", 1, None]})
        assert (await Leaf.get(word="a")).more == {"结果": ["未发现问题", 1, None]}
    with sqlite3.connect(path) as file:
        assert file.execute("SELECT more FROM leaf").fetchone() == ('{"结果":["未发现问题",1,null]}',)
    file.close()


async def test_json_comes_back_equal(tree):
    for n, more in enumerate(({"甲": 1}, [], {}, [{"a": [True, False]}], None)):
        await Leaf.create(tree=tree, word=str(n), more=more)
        assert (await Leaf.get(word=str(n))).more == more


async def test_json_that_no_database_agrees_on_is_refused(tree):
    with pytest.raises(ValueError):
        await Leaf.create(tree=tree, word="a", more={"x": float("nan")})
