"""Acts in plain SQL: one trip to the database's thread, a shared commit, and each whole or not at all."""

import asyncio
import sqlite3

import pytest
from tortoise.exceptions import IntegrityError, OperationalError

from models import store
from models.engine import Unavailable
from tests.models.sample import SAMPLE, Leaf, Tree
from tests.support.statements import counted


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    sqlite = f"sqlite://{tmp_path / 'trees.sqlite3'}"
    return request.getfixturevalue("pg_empty") if request.param == "postgres" else sqlite


@pytest.fixture
async def woods(url):
    async with store.opened(url, create=True, schema=SAMPLE):
        yield url


@pytest.fixture
async def sqlite_woods(tmp_path):
    path = tmp_path / "trees.sqlite3"
    async with store.opened(f"sqlite://{path}", create=True, schema=SAMPLE):
        yield path


async def plant(name):
    [row] = await store.run_one("INSERT INTO tree (name) VALUES (?) RETURNING id", name)
    rows = await store.run_one("SELECT COUNT(*) AS n FROM tree WHERE name = ?", name)
    return row["id"], rows[0]["n"]


async def names():
    return sorted(await Tree.all().values_list("name", flat=True))


async def test_a_plain_act_gives_its_answer_and_is_kept(woods):
    number, count = await store.plain_act(plant, "oak")
    assert count == 1
    assert (await Tree.get(id=number)).name == "oak"


async def test_a_plain_act_that_is_refused_leaves_nothing(woods):
    async def refused():
        await plant("oak")
        raise LookupError("no")

    with pytest.raises(LookupError):
        await store.plain_act(refused)
    assert await names() == []


async def test_a_duplicate_is_told_as_by_the_orm_and_may_be_lived_with(woods):
    await store.plain_act(plant, "oak")
    with pytest.raises(IntegrityError):
        await store.plain_act(plant, "oak")
    assert await names() == ["oak"]


async def test_acts_that_wait_together_fail_alone(woods):
    async def maybe(n):
        await plant(f"tree {n}")
        if n % 3 == 0:
            raise LookupError(n)
        return n

    found = await asyncio.gather(*(store.plain_act(maybe, n) for n in range(30)), return_exceptions=True)
    assert [one for one in found if not isinstance(one, Exception)] == [n for n in range(30) if n % 3]
    assert await names() == sorted(f"tree {n}" for n in range(30) if n % 3)


async def test_acts_that_wait_together_share_commits(sqlite_woods):
    async with counted() as count:
        await asyncio.gather(*(store.plain_act(plant, f"tree {n}") for n in range(40)))
    assert len(await names()) == 40
    assert count.commits < 10, count.listed()


async def test_an_act_that_asks_the_orm_after_all_is_done_once_the_ordinary_way(woods):
    async def mixed():
        await plant("oak")
        await Leaf.create(tree=await Tree.get(name="oak"), word="a")
        async with store.savepoint():
            await Leaf.create(tree=await Tree.get(name="oak"), word="b")
        return await Leaf.all().count()

    assert await store.plain_act(mixed) == 2
    assert await names() == ["oak"]


async def test_a_plain_act_joins_the_act_it_is_called_from(woods):
    async def outer():
        await store.plain_act(plant, "oak")
        await store.run_in_transaction(plant, "elm")
        raise LookupError("no")

    for how in (store.run_in_transaction, store.plain_act):
        with pytest.raises(LookupError):
            await how(outer)
    assert await names() == []


async def test_a_plain_act_is_finished_though_its_caller_goes_away(woods):
    task = asyncio.create_task(store.plain_act(plant, "oak"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await names() == ["oak"]


async def test_plain_and_ordinary_acts_take_turns(woods):
    await asyncio.gather(
        *((store.plain_act, store.run_in_transaction)[n % 2](plant, f"tree {n}") for n in range(40))
    )
    assert len(await names()) == 40


async def test_a_database_held_by_somebody_else_is_unavailable_to_all_who_wait_and_nothing_is_kept(tmp_path):
    path = tmp_path / "trees.sqlite3"
    async with store.opened(f"sqlite://{path}?busy_timeout=50", create=True, schema=SAMPLE):
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        found = await asyncio.gather(
            *(store.plain_act(plant, f"tree {n}") for n in range(5)), return_exceptions=True
        )
        assert all(isinstance(one, Unavailable) for one in found), found
        other.execute("ROLLBACK")
        other.close()
        assert await names() == []
        await store.plain_act(plant, "oak")
        assert await names() == ["oak"]


async def test_what_is_refused_at_the_commit_fails_all_that_share_it(sqlite_woods):
    """A deferred key is checked when the transaction ends: none of those in it is told that it was kept."""
    await store.connection().execute_script(
        'CREATE TABLE nest (id INTEGER PRIMARY KEY, tree INTEGER REFERENCES "tree" (id) DEFERRABLE INITIALLY DEFERRED)'
    )

    async def nests(n):
        await store.run_one("INSERT INTO nest (tree) VALUES (?)", 99 if n == 0 else None)

    found = await asyncio.gather(*(store.plain_act(nests, n) for n in range(3)), return_exceptions=True)
    assert all(isinstance(one, IntegrityError) for one in found), found
    assert (await store.run_one("SELECT COUNT(*) AS n FROM nest"))[0]["n"] == 0
    await store.plain_act(plant, "oak")
    assert await names() == ["oak"]


async def test_what_comes_before_everything_goes_before_all_that_waits(sqlite_woods):
    async with store.connection().acquire_connection():  # the database is busy meanwhile
        waiting = [asyncio.create_task(store.plain_act(plant, f"oak {n}")) for n in range(40)]
        first = asyncio.create_task(store.foremost(plant)("elm"))
        await asyncio.sleep(0)
    await asyncio.gather(first, *waiting)
    assert await Tree.all().order_by("id").first().values_list("name", flat=True) == "elm"


async def test_an_update_waits_for_no_more_than_a_few_acts(sqlite_woods):
    async with counted() as count:
        await asyncio.gather(*(store.plain_act(plant, f"oak {n}") for n in range(40)))
    assert 3 <= count.commits < 40, count.listed()


async def test_what_nobody_waits_for_goes_with_the_next_commit(sqlite_woods):
    async with counted() as count:
        await store.ride(plant, "oaks", "oak")
        await store.ride(plant, "elms", "elm")
        await store.plain_act(plant, "ash")
    assert await names() == ["ash", "elm", "oak"]
    assert count.commits == 1, count.listed()


async def test_what_nobody_waits_for_is_there_when_it_is_asked_for(woods):
    await store.ride(plant, "oaks", "oak")
    await store.kept("oaks")
    assert await names() == ["oak"]


async def test_an_act_sees_what_rode_before_it(woods):
    async def oaks():
        return len(await store.run_one("SELECT id FROM tree WHERE name = 'oak'"))

    await store.ride(plant, "oaks", "oak")
    assert await store.plain_act(oaks) == 1


def light(sql, *values):
    return asyncio.create_task(store.run(store.query(sql, *values, light=True)))


async def test_light_readers_who_wait_share_a_trip_before_the_act_between_them(sqlite_woods):
    async with store.connection().acquire_connection():
        first = light("SELECT COUNT(*) AS n FROM tree")
        await asyncio.sleep(0)
        act = asyncio.create_task(store.plain_act(plant, "oak"))
        await asyncio.sleep(0)
        last = light("SELECT COUNT(*) AS n FROM tree")
        await asyncio.sleep(0)
    assert [(await one)[0][0]["n"] for one in (first, last)] == [0, 0]
    await act
    assert (await light("SELECT COUNT(*) AS n FROM tree"))[0][0]["n"] == 1


async def test_a_reader_who_fails_or_goes_away_spoils_nothing_for_those_beside(sqlite_woods):
    await store.plain_act(plant, "oak")
    async with store.connection().acquire_connection():
        readers = [
            light("SELECT name FROM tree WHERE name = ?", "oak"),
            light("SELECT colour FROM tree"),
            light("SELECT name FROM tree"),
            light("SELECT id FROM tree WHERE id = ?", 2**70),
            light("SELECT id FROM tree WHERE name = ?", "oak"),
        ]
        await asyncio.sleep(0)
        readers[2].cancel()
    oak, colour, gone, huge, known = await asyncio.gather(*readers, return_exceptions=True)
    assert oak[0][0]["name"] == "oak"
    assert isinstance(colour, OperationalError)
    assert isinstance(gone, asyncio.CancelledError)
    assert isinstance(huge, OverflowError)
    assert len(known[0]) == 1


HEARD = """
DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit TO on', current_database()); END $$;
CREATE TABLE heard (id serial PRIMARY KEY, synced text);
CREATE FUNCTION hear() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO heard (synced) VALUES (current_setting('synchronous_commit')); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER last_moment AFTER INSERT ON tree DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION hear();
"""


async def test_on_postgresql_what_nobody_waits_for_does_not_wait_for_the_disk(pg_empty):
    async def sow(*kinds):
        for kind in kinds:
            await store.owe("INSERT INTO tree (name) VALUES (?)", kind)

    async with store.opened(pg_empty, create=True, schema=SAMPLE):
        await store.connection().execute_script(HEARD)
    async with store.opened(pg_empty, schema=SAMPLE):
        for kinds in (["oak"], ["elm", "ash"]):
            await store.ride(sow, "trees", *kinds)
            await store.plain_act(sow, f"a tree after {kinds}")
        await store.ride(plant, "trees", "lime")
        assert [row["synced"] for row in await store.run_one("SELECT synced FROM heard ORDER BY id")] == [
            "off", "on", "off", "off", "on", "off",
        ]  # fmt: skip
        await store.plain_act(store.ride, sow, "trees", "a tree of an act")
        [last] = await store.run_one("SELECT synced FROM heard ORDER BY id DESC LIMIT 1")
        assert last["synced"] == "on"
        assert len(await names()) == 7


async def test_what_nobody_waits_for_is_kept_when_the_store_closes(tmp_path):
    url = f"sqlite://{tmp_path / 'trees.sqlite3'}"
    async with store.opened(url, create=True, schema=SAMPLE):
        await store.ride(plant, "oaks", "oak")
    async with store.opened(url, schema=SAMPLE):
        assert await names() == ["oak"]


async def test_what_nobody_waits_for_spoils_nothing_when_it_fails(sqlite_woods, caplog):
    async def refused():
        await plant("oak")
        raise LookupError("no such tree")

    await store.ride(refused, "oaks")
    await store.plain_act(plant, "ash")
    assert await names() == ["ash"]
    assert "no such tree" in caplog.text
