"""One act is one transaction: whole, once, and nobody who goes away leaves the door locked."""

import asyncio
import random
import subprocess
import sys
from pathlib import Path

import pytest
from tortoise.exceptions import IntegrityError

from models import store
from models.engine import Unavailable
from tests.models.sample import SAMPLE, Leaf, Tree
from tests.support.waiting import pause, until

BOUND = 60


@pytest.fixture(params=["sqlite", "postgres"])
def url(request, tmp_path):
    if request.param == "postgres":
        return request.getfixturevalue("pg_empty")
    return f"sqlite://{tmp_path / 'trees.sqlite3'}"


@pytest.fixture
async def woods(url):
    async with store.opened(url, create=True, schema=SAMPLE):
        yield url


async def plant(name, *words):
    tree = await Tree.create(name=name)
    for word in words:
        await Leaf.create(tree=tree, word=word)
    return tree


async def names():
    return sorted(await Tree.all().values_list("name", flat=True))


async def test_an_act_gives_its_answer_and_is_kept(woods):
    tree = await store.run_in_transaction(plant, "oak", "a", "b")
    assert (await Tree.get(id=tree.id)).name == "oak"
    assert await Leaf.filter(tree=tree).count() == 2


async def test_an_act_that_is_refused_leaves_nothing(woods):
    async def refused():
        await plant("oak", "a")
        raise LookupError("no")

    with pytest.raises(LookupError):
        await store.run_in_transaction(refused)
    assert await names() == []


async def test_a_decorated_act_is_an_act(woods):
    @store.transactional
    async def plant_two(first: str, *, second: str) -> None:
        await plant(first)
        await plant(second)

    await plant_two("oak", second="elm")
    with pytest.raises(IntegrityError):
        await plant_two("ash", second="oak")
    assert await names() == ["elm", "oak"]


async def test_an_act_within_an_act_stands_or_falls_with_it(woods):
    async def outer():
        await store.run_in_transaction(plant, "inner")
        raise LookupError("the outer one fails")

    with pytest.raises(LookupError):
        await store.run_in_transaction(outer)
    assert await names() == []


async def test_an_act_is_finished_though_its_caller_goes_away(woods):
    begun, gone = asyncio.Event(), asyncio.Event()

    async def slow():
        await plant("oak")
        begun.set()
        await gone.wait()
        await plant("elm")

    caller = asyncio.create_task(store.run_in_transaction(slow))
    await begun.wait()
    caller.cancel()
    await asyncio.sleep(0)
    gone.set()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await names() == ["elm", "oak"]


async def test_a_bare_transaction_is_undone_when_it_is_cancelled(woods):
    begun = asyncio.Event()

    async def slow():
        async with store.transaction():
            await plant("oak")
            begun.set()
            await asyncio.Event().wait()

    caller = asyncio.create_task(slow())
    await begun.wait()
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller
    assert await names() == []


async def test_a_savepoint_lets_a_duplicate_fail_alone(woods):
    async def deed():
        await plant("oak")
        with pytest.raises(IntegrityError):
            async with store.savepoint():
                await plant("oak")
        await plant("elm")

    await store.run_in_transaction(deed)
    assert await names() == ["elm", "oak"]


async def test_a_savepoint_outside_an_act_is_refused(woods):
    with pytest.raises(RuntimeError):
        async with store.savepoint():
            pass


async def test_a_task_started_inside_a_transaction_is_refused(woods):
    async def deed():
        await asyncio.create_task(store.run_in_transaction(plant, "oak"))

    with pytest.raises(RuntimeError, match="started inside a transaction"):
        await store.run_in_transaction(deed)
    assert await names() == []


async def test_what_is_refused_at_the_commit_is_undone_and_the_next_act_goes_on(tmp_path):
    async with store.opened(f"sqlite://{tmp_path / 'deferred.sqlite3'}", create=True, schema=SAMPLE):
        await store.connection().execute_script(
            "CREATE TABLE child (tree INTEGER REFERENCES tree (id) DEFERRABLE INITIALLY DEFERRED)"
        )

        async def orphan():
            await plant("oak")
            await store.connection().execute_query("INSERT INTO child VALUES (999)")

        with pytest.raises(IntegrityError):
            await store.run_in_transaction(orphan)
        await store.run_in_transaction(plant, "elm")
        assert await names() == ["elm"]


async def test_many_rows_at_once_are_all_kept_or_none(woods):
    tree = await plant("oak")
    with pytest.raises(IntegrityError):
        await Leaf.bulk_create([Leaf(tree=tree, word=word) for word in ("a", "b", "a")])
    assert await Leaf.all().count() == 0
    await Leaf.bulk_create([Leaf(tree=tree, word=word) for word in ("a", "b", "c")])
    assert await Leaf.all().count() == 3


async def test_r13_a_storm_of_cancellations_neither_wedges_nor_halves(url, full_size):
    small_pool = "&maxsize=2" if url.startswith("postgresql") else ""
    async with store.opened(url + small_pool, create=True, schema=SAMPLE):
        await weather_the_storm(1_700 if full_size else 80, BOUND * (10 if full_size else 1))


async def weather_the_storm(rounds, bound):
    dice = random.Random(13)

    async def pair(number):
        way = number % 6
        if way == 0:
            await store.run_in_transaction(pair_of_trees, number)
        elif way < 4:
            async with store.transaction():
                await pair_of_trees(number)
        elif way == 4:
            await Tree.get_or_create(name=f"single {number % 50}")
        else:
            await Tree.bulk_create([Tree(name=f"{number} left"), Tree(name=f"{number} right")])

    async def pair_of_trees(number):
        await Tree.create(name=f"{number} left")
        await Tree.filter(name=f"{number} left").exists()
        await Tree.create(name=f"{number} right")

    async def storm():
        for round_ in range(rounds):
            tasks = [asyncio.create_task(pair(round_ * 6 + n)) for n in range(6)]
            for task in tasks:
                await pause(dice.random() * dice.choice((0.0005, 0.006)))
                task.cancel()
                if dice.random() < 0.3:
                    await asyncio.sleep(0)
                    task.cancel()
            for outcome in await asyncio.gather(*tasks, return_exceptions=True):
                assert outcome is None or isinstance(outcome, asyncio.CancelledError), repr(outcome)
        await plant("after the storm")

    await asyncio.wait_for(storm(), bound)
    kept = await names()
    lefts = {name.split()[0] for name in kept if name.endswith("left")}
    rights = {name.split()[0] for name in kept if name.endswith("right")}
    assert "after the storm" in kept
    assert lefts == rights


SECOND_PROCESS = """
import asyncio, sys
from models import store
from tests.models.sample import SAMPLE, Tree

async def main(url, who, count):
    async def count_up(number):
        seen = await Tree.all().count()
        await Tree.create(name=f"{who} {number} {seen}")
    async with store.opened(url, schema=SAMPLE):
        for number in range(count):
            await store.run_in_transaction(count_up, number)

asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
"""


async def test_r12_two_processes_write_one_sqlite_file_and_none_is_refused(tmp_path, full_size):
    url = f"sqlite://{tmp_path / 'shared.sqlite3'}?synchronous=NORMAL"
    async with store.opened(url, create=True, schema=SAMPLE):
        pass
    each = 5_000 if full_size else 300
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", SECOND_PROCESS, url, who, str(each)),
            cwd=Path(__file__).parents[2],
            stderr=subprocess.PIPE,
        )
        for who in ("bot", "server")
    ]
    try:
        ended = await asyncio.wait_for(
            asyncio.gather(*(process.communicate() for process in processes)),
            BOUND * (10 if full_size else 1),
        )
    finally:
        for process in processes:
            if process.returncode is None:
                process.kill()
    assert [process.returncode for process in processes] == [0, 0], ended
    async with store.opened(url, schema=SAMPLE):
        assert await Tree.all().count() == 2 * each
        seen = [int(name.split()[2]) for name in await names()]
        assert sorted(seen) == list(range(2 * each))  # each read what the one before it wrote


async def test_a_database_held_by_somebody_else_is_unavailable_and_nothing_is_lost(tmp_path):
    import sqlite3

    path = tmp_path / "held.sqlite3"
    async with store.opened(f"sqlite://{path}?busy_timeout=50", create=True, schema=SAMPLE):
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        try:
            with pytest.raises(Unavailable):
                await store.run_in_transaction(plant, "oak")
            assert await names() == []
        finally:
            holder.close()
        await store.run_in_transaction(plant, "oak")
        assert await names() == ["oak"]


async def test_a_database_that_is_not_there_is_unavailable_and_can_be_opened_later(tmp_path):
    missing = tmp_path / "nowhere" / "x.sqlite3"
    with pytest.raises(Unavailable):
        await store.open(f"sqlite://{missing}")
    missing.parent.mkdir()
    async with store.opened(f"sqlite://{missing}", create=True, schema=SAMPLE):
        assert await names() == []


async def test_a_postgres_server_that_is_not_there_is_unavailable(tmp_path):
    with pytest.raises(Unavailable):
        await store.open(f"postgresql://postgres@/x?host={tmp_path}")


async def test_r14_postgres_going_away_costs_one_answer_and_no_restart(pg_empty, pg_server):
    from tests.support.postgresql import pg_run

    async with store.opened(pg_empty, create=True, schema=SAMPLE):
        kept = []
        for number in range(50):
            if number % 10 == 5:
                await pg_run(
                    pg_server,
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE pid <> pg_backend_pid() AND datname IS NOT NULL",
                )
            try:
                await store.run_in_transaction(plant, f"{number:02}")
                kept.append(f"{number:02}")
            except Unavailable:
                pass
        assert await names() == kept
        assert len(kept) >= 40


def restart(pg_server):
    pg_server.stop()
    pg_server.ensure_postgres_running()


async def test_r14_postgres_restarting_under_load_loses_no_answer(pg_empty, pg_server, full_size):
    kept = []

    async def officer(who):
        number = 0
        while True:
            number += 1
            try:
                await store.run_in_transaction(plant, f"{who} {number}")
            except Unavailable:
                await pause(0.05)
            else:
                kept.append(f"{who} {number}")

    async with store.opened(pg_empty, create=True, schema=SAMPLE):
        officers = [asyncio.create_task(officer(who)) for who in "甲乙丙丁"]
        for _ in range(50 if full_size else 3):
            await asyncio.to_thread(restart, pg_server)
            before = len(kept)
            await until(lambda before=before: len(kept) >= before + 4)
        for task in officers:
            task.cancel()
        ended = await asyncio.gather(*officers, return_exceptions=True)
        assert [outcome for outcome in ended if not isinstance(outcome, asyncio.CancelledError)] == []
        assert set(kept) <= set(await names())


async def test_every_commit_reaches_the_disk(tmp_path):
    async with store.opened(f"sqlite://{tmp_path / 'x.sqlite3'}", create=True, schema=SAMPLE):
        said = []
        for pragma in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout"):
            [row] = await store.connection().execute_query_dict(f"PRAGMA {pragma}")
            said += row.values()
    assert said == ["wal", 2, 1, 10_000]


async def test_closing_waits_for_the_act_under_way(woods):
    begun, closing = asyncio.Event(), asyncio.Event()

    async def slow():
        await plant("oak")
        begun.set()
        await closing.wait()
        await plant("elm")

    acting = asyncio.create_task(store.run_in_transaction(slow))
    await begun.wait()
    asyncio.get_running_loop().call_soon(closing.set)  # when `close` waits already
    await store.close()
    await acting
    async with store.opened(woods, schema=SAMPLE):
        assert await names() == ["elm", "oak"]


async def test_one_process_holds_one_open_store(woods):
    with pytest.raises(RuntimeError):
        await store.open(woods)
    await store.close()
    with pytest.raises(RuntimeError):
        store.connection()
    async with store.opened(woods, schema=SAMPLE):
        assert await names() == []


async def test_the_store_is_seen_from_tasks_that_were_there_before_it(url):
    asked = asyncio.Event()

    async def early():
        await asked.wait()
        return await store.run_in_transaction(plant, "oak")

    task = asyncio.create_task(early())
    await asyncio.sleep(0)
    async with store.opened(url, create=True, schema=SAMPLE):
        asked.set()
        await task
        assert await names() == ["oak"]
