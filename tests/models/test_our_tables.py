"""Our own tables: every change has its step, every key is there, whichever way they were made."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from models import migrate, store
from models.engine import indexes
from models.store import PRODUCT_SCHEMA, Schema
from models.tables import Account, Task, TermReminder, TermSweep
from tests.support import district


async def test_every_change_of_our_tables_has_its_step():
    assert not migrate.exist() or [step.as_string() for step in await migrate.unwritten()] == []


async def test_our_tables_have_every_key_they_promise(any_db):
    there = set()
    for model in store.tables():
        there |= await indexes.existing(store.connection(), model._meta.db_table)
    promised = {key for model in store.tables() for key in indexes.declared(model)}
    assert promised <= there


STEPWISE = Schema("models.tables", "models.migrations", "models.tables.indexes")  # ours, and not taken for it
COLUMNS = {
    "sqlite": """SELECT m.name AS "table", c.name, c.type, c."notnull", c.dflt_value, c.pk
        FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table'""",
    "postgres": """SELECT table_name AS "table", column_name AS name, data_type, is_nullable, column_default,
        character_maximum_length FROM information_schema.columns WHERE table_schema = current_schema()""",
}
LINKS = {
    "sqlite": """SELECT m.name AS "table", k."table" AS other, k."from", k."to", k.on_delete
        FROM sqlite_master m, pragma_foreign_key_list(m.name) k WHERE m.type = 'table'""",
    "postgres": """SELECT conrelid::regclass::text AS "table", pg_get_constraintdef(oid) AS link
        FROM pg_constraint WHERE contype = 'f'""",
}


async def made(url, schema):
    """Every column, link, key and index after `migrate` with this schema."""
    report = await migrate.migrate(url, schema=schema, backup=False)
    async with store.opened(url):
        found = [report.applied]
        for asked in (COLUMNS[store.dialect()], LINKS[store.dialect()]):
            rows = await store.connection().execute_query_dict(asked)
            found.append(sorted(str(sorted(dict(row).items(), key=str)) for row in rows))
        keys = set()
        for model in store.tables():
            keys |= await indexes.existing(store.connection(), model._meta.db_table)
        return [*found, keys]


async def test_r30_step_by_step_and_at_once_end_with_the_same_tables_on_sqlite(tmp_path):
    at_once = await made(f"sqlite://{tmp_path}/at_once.sqlite3", PRODUCT_SCHEMA)
    assert await made(f"sqlite://{tmp_path}/stepwise.sqlite3", STEPWISE) == at_once


async def test_r30_step_by_step_and_at_once_end_with_the_same_tables_on_postgresql(pg_server, full_size):
    if not full_size:  # ten seconds of processor time: what differs is seen on SQLite
        found = await made(await new_database(pg_server, "at_once"), PRODUCT_SCHEMA)
        assert len(found[1]) > 500
        return
    at_once = await made(await new_database(pg_server, "at_once"), PRODUCT_SCHEMA)
    assert await made(await new_database(pg_server, "stepwise"), STEPWISE) == at_once


async def new_database(server, name):
    from tests.conftest import pg_run, pg_url

    await pg_run(server, f"CREATE DATABASE {name}")
    return pg_url(server, name)


OLD_REMINDERS = (
    "DROP TABLE term_reminder",
    "DROP TABLE term_sweep",
    'CREATE TABLE reminder (id INTEGER PRIMARY KEY, task_id INT NOT NULL REFERENCES "task" (id) ON DELETE RESTRICT, '
    'threshold INT NOT NULL, account_id INT NOT NULL REFERENCES "account" (id) ON DELETE RESTRICT, '
    "due DATE NOT NULL, at {instant} NOT NULL, UNIQUE (task_id, threshold, account_id, due))",
    "INSERT INTO reminder (id, task_id, threshold, account_id, due, at) "
    "SELECT id, (SELECT MIN(id) FROM task), 5 - id, id, '2026-03-30', '{at}' FROM account WHERE id <= 3",
    "DELETE FROM tortoise_migrations WHERE name = '0013_term_reminders'",
)


def up_to(last, folder, monkeypatch):
    """Our migrations up to this one alone, as a version had them."""
    package = folder / "older_migrations"
    package.mkdir()
    for step in sorted((Path(migrate.__file__).parent / "migrations").glob("*.py")):
        if step.stem == "__init__" or step.stem <= last:
            shutil.copy(step, package)
    monkeypatch.syspath_prepend(folder)
    return Schema("models.tables", package.name, "models.tables.indexes")


async def test_r15_what_an_older_version_reminded_of_is_not_said_again(any_db, tmp_path, monkeypatch):
    """The reminders of before become reminders of the term of entry, each with its threshold, person, day and time."""
    await district.found()
    await district.drawn()
    instant, said = ("TIMESTAMPTZ", "2026-03-23 07:30:00+08") if store.dialect() == "postgres" else (
        "TIMESTAMP", "2026-03-22 23:30:00+00:00")  # fmt: skip
    people = sorted(await Account.all().values_list("id", flat=True))[:3]
    for statement in OLD_REMINDERS:
        await store.connection().execute_query(statement.format(instant=instant, at=said))
    await store.close()
    older = up_to("0013_term_reminders", tmp_path, monkeypatch)
    report = await migrate.migrate(any_db, schema=older, backup=False)
    assert report.applied == ("0013_term_reminders",)
    await store.open(any_db)
    rows = await TermReminder.all().order_by("id")
    assert people
    assert [(row.kind, row.threshold, row.account_id, row.due.isoformat()) for row in rows] == [
        ("entry", 5 - number, number, "2026-03-30") for number in people
    ]
    task = await Task.all().order_by("id").first()
    assert task and {row.subject for row in rows} == {f"task:{task.id}"}
    assert {row.at for row in rows} == {datetime(2026, 3, 22, 23, 30, tzinfo=UTC)}
    assert not await TermSweep.exists()
