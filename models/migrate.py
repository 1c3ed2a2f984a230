"""Brings a database to the tables of this version, whole or not at all.

Tortoise's own command deletes rows that hang on a table it rebuilds on SQLite and forgets that table's keys
and indexes. Here: a backup; then, in one transaction and without foreign keys, every step, the keys and
indexes put back, and a look whether anything is lost. If so, nothing has happened. Two at once wait for
each other.

A developer who changed the tables writes the next step with

    python -m models.migrate make NAME

reads what was written to models/migrations, and commits it. A new column of a table that may hold rows is
`null=True` or has a `db_default`. A step that adds or removes rows on purpose says so with
`changes_rows = True` in its class.
"""

import argparse
import asyncio
import importlib
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tortoise.apps import Apps
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from models import store
from models.engine import indexes, to_the_end
from models.store import OURS, Schema

ADVISORY_LOCK = 20_260_101_16
PATIENCE_MS = 120_000  # for one's turn on SQLite; PostgreSQL waits as long as a large table may need
NOWHERE = "sqlite://:memory:"


class Lost(Exception):
    """A step would have lost rows or left rows that point nowhere. Nothing was changed."""


@dataclass(frozen=True)
class Report:
    """What a migration did: the steps taken, and where the copy from before lies (SQLite)."""

    applied: tuple[str, ...]
    backup: Path | None


def exist(schema: Schema = OURS) -> bool:
    """Whether any step has been written down yet."""
    folder = Path(__file__).parents[1].joinpath(*schema.migrations.split("."))
    return any(folder.glob("[0-9]*.py"))


def file_of(url: str) -> Path | None:
    """The file of an SQLite address; None for a server."""
    path = expand_db_url(url)["credentials"].get("file_path")
    return None if path is None else Path(path)


async def pending(url: str, *, schema: Schema = OURS) -> list[str]:
    """The names of the steps that this database has not taken, in their order. Changes nothing."""
    path = file_of(url)
    if path is not None and not path.exists():
        url = NOWHERE
    async with store.opened(url, schema=schema):
        return await _steps(schema)


async def _steps(schema: Schema) -> list[str]:
    plan = await _executor(schema).plan()
    return [step.migration.name for step in plan if not step.backward]


def _executor(schema: Schema) -> MigrationExecutor:
    return MigrationExecutor(store.connection(), _apps(schema))


def _apps(schema: Schema) -> dict[str, Any]:
    apps: dict[str, Any] = store.config(NOWHERE, schema)["apps"]
    return apps


async def migrate(url: str, *, schema: Schema = OURS, backup: bool = True) -> Report:
    """Take every step that is missing. The store must be closed.

    Raises Lost when rows would be lost, Unavailable when the database cannot be reached or is in use for
    two minutes on end; in both cases nothing was changed.
    """
    path = file_of(url)
    joint = "&" if "?" in url else "?"
    if path is None:
        return Report(await _migrate(f"{url}{joint}command_timeout=3600", schema), None)
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = await asyncio.to_thread(_back_up, path) if backup and await _worth_a_copy(url, schema) else None
    patient = f"{url}{joint}foreign_keys=OFF&busy_timeout={PATIENCE_MS}"
    return Report(await _migrate(patient, schema), copy)


async def _worth_a_copy(url: str, schema: Schema) -> bool:
    path = file_of(url)
    return (
        path is not None
        and path.exists()
        and path.stat().st_size > 0
        and bool(await pending(url, schema=schema))
    )


def _back_up(path: Path) -> Path:
    """A whole copy beside the file, `NAME.before-N`; made while others may be reading and writing."""
    number = 1
    while (copy := path.with_name(f"{path.name}.before-{number}")).exists():
        number += 1
    with _closing(sqlite3.connect(path, timeout=PATIENCE_MS / 1000)) as file:
        file.execute("VACUUM INTO ?", (str(copy),))
    return copy


@contextmanager
def _closing(file: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield file
    finally:
        file.close()


async def _migrate(url: str, schema: Schema) -> tuple[str, ...]:
    async with store.opened(url, schema=schema):
        return await to_the_end(_in_one_transaction(schema))


async def _in_one_transaction(schema: Schema) -> tuple[str, ...]:
    async with store.transaction(sealed=False):
        return await _take_steps(schema)


async def _take_steps(schema: Schema) -> tuple[str, ...]:
    if store.dialect() == "postgres":
        await store.connection().execute_query(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
    executor = _executor(schema)
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    plan = [step.migration for step in await executor.plan() if not step.backward]
    before = await _rows()
    await executor.migrate(direction="forward")
    await indexes.put_back(store.connection(), store.tables())
    await store.create_indexes(schema)
    if not any(getattr(step, "changes_rows", False) for step in plan):
        await _nothing_is_lost(before)
    if store.dialect() == "sqlite":
        await _nothing_hangs_in_the_air()
    return tuple(step.name for step in plan)


async def _rows() -> Counter[str]:
    """How many rows each table holds."""
    tables = await indexes.tables(store.connection())
    counted: Counter[str] = Counter()
    for table in tables:
        [row] = await store.connection().execute_query_dict(f'SELECT COUNT(*) AS n FROM "{table}"')  # noqa: S608
        counted[table] = row["n"]
    return counted


async def _nothing_is_lost(before: Counter[str]) -> None:
    after = await _rows()
    changed = {
        table: (n, after[table]) for table, n in before.items() if table in after and n != after[table]
    }
    changed.pop("tortoise_migrations", None)
    if changed:
        raise Lost(f"rows before and after: {changed}")


async def _nothing_hangs_in_the_air() -> None:
    loose = await store.connection().execute_query_dict("PRAGMA foreign_key_check")
    if loose:
        raise Lost(f"{len(loose)} rows point nowhere, the first: {loose[0]}")


async def make(name: str, *, schema: Schema = OURS) -> list[Path]:
    """Write the step from the last one to the tables as they are in the code; [] when they are the same."""
    written = []
    for writer in await unwritten(schema=schema):
        writer.name = format_migration_name(int(writer.name.split("_")[0]), name)
        written.append(writer.write())
    importlib.invalidate_caches()
    return written


async def unwritten(*, schema: Schema = OURS) -> list[MigrationWriter]:
    """The steps that the code asks for and that nobody has written down.

    What a table's docstring says is no part of a step: the database has no need of it.
    """
    async with store.opened(NOWHERE, schema=schema):
        for model in store.tables():
            model._meta.table_description = ""
        apps = cast(Apps, store.here().apps)
        writers: list[MigrationWriter] = await MigrationAutodetector(apps, _apps(schema)).changes()
        return writers


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.migrate", description="Steps between versions of the tables."
    )
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make", help="write the step to the tables as they are in the code")
    making.add_argument("name")
    making.set_defaults(work=lambda chosen: make(chosen.name))
    running = commands.add_parser("run", help="take the missing steps of a database")
    running.add_argument("url")
    running.set_defaults(work=lambda chosen: migrate(chosen.url))
    chosen = parser.parse_args()
    print(asyncio.run(chosen.work(chosen)))  # noqa: T201


if __name__ == "__main__":
    main()
