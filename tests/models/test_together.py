"""Light statements go to PostgreSQL in one trip, and give and do what they would one by one."""

from __future__ import annotations

import asyncio
import contextvars
import logging
import re
from datetime import UTC, datetime

import pytest
from tortoise.exceptions import IntegrityError

from models import store
from models.engine import together
from models.fields import instant
from models.procedure import inspection
from models.queries import evidence
from models.tables import Answer, Lease, Prompt, Stray, Task
from tests.support import district

AT = datetime(2026, 12, 8, 9, 0, 0, 123456, tzinfo=UTC)
READ = "SELECT name, until FROM lease WHERE holder = ? ORDER BY name DESC"
CONTROL = re.compile(r"(?:BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)[\w ]*: \[\]")
COUNT = "SELECT COUNT(*) AS n, MAX(name) = 'b' AS last FROM lease"


def said(caplog) -> list[str]:
    """What went to the database, on PostgreSQL with what begins and ends transactions."""
    return [record.getMessage() for record in caplog.records if record.name == "tortoise.db_client"]


def trips(caplog) -> list[str]:
    """The same but for what only begins and ends transactions."""
    return [trip for trip in said(caplog) if not CONTROL.fullmatch(trip)]


async def two_leases() -> None:
    async with store.transaction(sealed=False):
        for name in "ab":
            await Lease.create(name=name, holder="示例", until=AT)


async def test_what_is_read_together_is_what_is_read_alone(any_db, caplog):
    await two_leases()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    light = [
        store.query(READ, "示例", light=True),
        store.query(COUNT, light=True),
        store.query(READ, "", light=True),
    ]
    leases, counted, none = await store.run(*light)
    assert [row["name"] for row in leases] == ["b", "a"]
    assert [instant(row["until"]) for row in leases] == [AT, AT]
    assert (counted[0]["n"], bool(counted[0]["last"])) == (2, True)
    assert none == []
    assert len(trips(caplog)) == (1 if store.dialect() == "postgres" else 3)


async def ask(number: int) -> None:
    await store.owe(
        "INSERT INTO prompt (telegram_id, flow, subject, data, opened_at) VALUES (?, 'idle', '', '{}', ?)",
        number,
        AT,
    )


async def test_what_is_owed_is_done_before_the_next_thing_that_is_asked(any_db):
    async def act() -> tuple[int, int]:
        await ask(1)
        there = await store.run_one("SELECT COUNT(*) AS n FROM prompt")
        await ask(2)
        return there[0]["n"], await Prompt.all().count()

    assert await store.run_in_transaction(act) == (1, 2)
    assert await Prompt.all().count() == 2


async def test_what_is_owed_goes_with_the_next_in_one_trip_and_each_says_how_many_rows(any_db, caplog):
    await two_leases()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")

    async def act() -> int:
        await ask(1)
        await store.owe("DELETE FROM stray WHERE body = ?", "示例")
        [rows] = await store.run(
            store.query(
                "UPDATE lease SET holder = ? WHERE until = ? RETURNING name", "another", AT, light=True
            )
        )
        return len(rows)

    assert await store.run_in_transaction(act) == 2
    assert len(trips(caplog)) == (1 if store.dialect() == "postgres" else 3)
    assert await Lease.filter(holder="another").count() == 2


async def test_two_that_write_one_table_go_one_after_the_other(any_db):
    async def act() -> None:
        await ask(1)
        await store.owe("UPDATE prompt SET flow = 'later' WHERE telegram_id = ?", 1)

    await store.run_in_transaction(act)
    assert (await Prompt.get(telegram_id=1)).flow == "later"


async def test_what_is_owed_and_breaks_undoes_the_act(any_db):
    async def act() -> None:
        await Stray.create(body="示例", reason="示例", received_at=AT)
        await ask(1)
        await ask(1)

    with pytest.raises(IntegrityError):
        await store.run_in_transaction(act)
    assert (await Prompt.all().count(), await Stray.all().count()) == (0, 0)


async def test_what_is_owed_before_a_savepoint_outlives_it(any_db):
    async def act() -> None:
        await ask(1)
        try:
            async with store.savepoint():
                await ask(2)
                raise LookupError
        except LookupError:
            await ask(3)

    await store.run_in_transaction(act)
    assert sorted(await Prompt.all().values_list("telegram_id", flat=True)) == [1, 3]


def test_only_light_ones_side_by_side_go_together():
    light, heavy = store.query("SELECT 1", light=True), store.query("SELECT 2")
    write = store.query("UPDATE card SET x = 1", light=True)
    other = store.query('INSERT INTO "prompt" (x) VALUES (1)', light=True)
    given = [light, light, heavy, write, other, write, light]
    assert list(together.trips(given)) == [[light, light], [heavy], [write, other], [write], [light]]


async def test_what_is_changed_in_one_trip_is_a_transaction_by_itself(pg_db, caplog):
    await two_leases()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")

    async def act() -> store.Owed:
        await store.run_one("SELECT name FROM lease")
        await ask(1)
        return await store.owe("UPDATE lease SET holder = ? WHERE until = ?", "another", AT)

    owed = await store.run_in_transaction(act)
    assert len(said(caplog)) == 2, said(caplog)
    assert len(owed.rows) == 2
    assert (await Prompt.all().count(), await Lease.filter(holder="another").count()) == (1, 2)


async def test_what_is_changed_in_one_trip_is_kept_whole_or_not_at_all(pg_db):
    await store.run_in_transaction(ask, 1)

    async def act() -> None:
        await store.owe("DELETE FROM lease")
        await ask(1)

    await two_leases()
    with pytest.raises(IntegrityError):
        await store.run_in_transaction(act)
    assert await Lease.all().count() == 2


async def test_what_is_changed_in_two_trips_is_one_transaction(pg_db, caplog):
    caplog.set_level(logging.DEBUG, "tortoise.db_client")

    async def act() -> None:
        await ask(1)
        await ask(2)

    await store.run_in_transaction(act)
    assert [trip.partition(":")[0] for trip in said(caplog) if CONTROL.fullmatch(trip)] == ["BEGIN", "COMMIT"]


@pytest.mark.parametrize("name", ["chain task:2026-1", "key 'x'; DROP TABLE lease; --", "键"])
async def test_a_turn_is_taken_with_the_beginning_and_held_to_the_end(pg_db, name):
    free = "SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0)) AS free"

    async def another() -> bool:
        return bool((await store.run_one(free, name))[0]["free"])

    async def act() -> bool:
        await store.turns(name)
        return await asyncio.create_task(store.run_in_transaction(another), context=outside)

    outside = contextvars.copy_context()
    assert await store.run_in_transaction(act) is False
    assert await store.run_in_transaction(another) is True


async def test_many_who_ask_the_same_at_once_share_a_trip_and_hear_each_their_own(pg_db, caplog):
    await two_leases()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    asked = [store.query(READ, holder, light=True) for holder in ("示例", "", "示例")]
    results = await asyncio.gather(*(store.run(query) for query in asked), store.run_one(COUNT))
    assert [[row["name"] for row in rows] for [rows] in results[:3]] == [["b", "a"], [], ["b", "a"]]
    assert len(trips(caplog)) == 2, trips(caplog)


async def test_who_goes_away_while_many_ask_takes_nothing_from_the_others(pg_db):
    await two_leases()
    asked = [
        asyncio.ensure_future(store.run(store.query(READ, holder, light=True))) for holder in ("示例", "")
    ]
    await asyncio.sleep(0)
    asked[1].cancel()
    assert len((await asked[0])[0]) == 2
    with pytest.raises(asyncio.CancelledError):
        await asked[1]


async def test_what_many_ask_and_cannot_be_answered_is_refused_to_each(pg_db):
    query = store.query("SELECT name FROM no_such_table WHERE name = ?", "a", light=True)
    results = await asyncio.gather(store.run(query), store.run(query), return_exceptions=True)
    assert [type(refused) for refused in results] == [store.Unprepared, store.Unprepared]


async def test_an_act_that_only_reads_begins_nothing(pg_db, caplog):
    await two_leases()
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    [rows] = await store.run_in_transaction(store.run, store.query(READ, "示例", light=True))
    assert (len(rows), len(said(caplog))) == (2, 1)


async def test_an_answer_takes_five_trips_on_postgresql(pg_db, caplog):
    """Its beginning with the turn; the seat with the sheet, the key and the chain's head; the answer; the event; the
    colleagues' redraws.
    """
    await district.found()
    await district.drawn()
    task = await Task.all().order_by("rank").first()
    await district.visit_fixed(task, district.district())
    team = await district.team_of(task)
    officer, at = team["GA"][0], district.VISIT
    present = [one.id for officers in team.values() for one in officers]
    await inspection.begin(
        task.number, present, by=await district.leader_of(task), at=at, untold="示例:当面告知"
    )
    await inspection.answer(task.number, 3, verdict="pass", by=officer, at=at, key="示例1")
    caplog.set_level(logging.DEBUG, "tortoise.db_client")
    await inspection.answer(task.number, 3, verdict="fail", by=officer, at=at, key="示例2")
    assert len(trips(caplog)) == 5, "\n".join(trips(caplog))
    assert await Answer.filter(task=task).count() == 2
    assert (await evidence.verify()).differences == []
