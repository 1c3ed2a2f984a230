"""Brings a database to the tables of this version, whole or not at all.

Tortoise's own command deletes rows that hang on a table it rebuilds on SQLite and forgets that table's keys
and indexes. Here: a backup; then, in one transaction and without foreign keys, every step, the keys and
indexes put back, and a look whether anything is lost. If so, nothing has happened. Two at once wait for
each other.

A developer who changed the tables writes the next step with

    python -m models.migrate make NAME

reads what was written to models/migrations, and commits it. A new column of a table that may hold rows is
`null=True` or has a `db_default`. A column or table that only changes its name is named with `--renamed`;
nothing is guessed. A step that changes rows on purpose says so with `changes_rows = True` in its class; after
every other, each column must still say what it said.
"""

import argparse
import asyncio
import importlib
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from tortoise.apps import Apps
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.migrations.autodetector import MigrationAutodetector
from tortoise.migrations.executor import MigrationExecutor
from tortoise.migrations.operations import (
    AddField,
    CreateModel,
    DeleteModel,
    RemoveField,
    RenameField,
    RenameModel,
)
from tortoise.migrations.schema_generator.state import State
from tortoise.migrations.writer import MigrationWriter, format_migration_name

from models import store
from models.engine import indexes, uninterrupted
from models.store import PRODUCT_SCHEMA, Schema

ADVISORY_LOCK = 20_260_101_16
PATIENCE_MS = 120_000  # for one's turn on SQLite; PostgreSQL waits as long as a large table may need
NOWHERE = "sqlite://:memory:"


class Lost(Exception):
    """A step would have lost rows or left rows that point nowhere. Nothing was changed."""


@dataclass(frozen=True)
class MigrationReport:
    """What a migration did: the steps taken, and where the copy from before lies (SQLite)."""

    applied: tuple[str, ...]
    backup: Path | None


def exist(schema: Schema = PRODUCT_SCHEMA) -> bool:
    """Whether any step has been written down yet."""
    folder = Path(__file__).parents[1].joinpath(*schema.migrations.split("."))
    return any(folder.glob("[0-9]*.py"))


def file_of(url: str) -> Path | None:
    """The file of an SQLite address; None for a server."""
    path = expand_db_url(url)["credentials"].get("file_path")
    return None if path is None else Path(path)


async def pending(url: str, *, schema: Schema = PRODUCT_SCHEMA) -> list[str]:
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


async def migrate(url: str, *, schema: Schema = PRODUCT_SCHEMA, backup: bool = True) -> MigrationReport:
    """Take every step that is missing. The store must be closed.

    Raises Lost when rows would be lost, Unavailable when the database cannot be reached or is in use for
    two minutes on end; in both cases nothing was changed.
    """
    path = file_of(url)
    joint = "&" if "?" in url else "?"
    if path is None:
        return MigrationReport(await _migrate(f"{url}{joint}command_timeout=3600", schema), None)
    path.parent.mkdir(parents=True, exist_ok=True)
    copy = await asyncio.to_thread(_back_up, path) if backup and await _worth_a_copy(url, schema) else None
    patient = f"{url}{joint}foreign_keys=OFF&busy_timeout={PATIENCE_MS}"
    return MigrationReport(await _migrate(patient, schema), copy)


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
        return await uninterrupted(_in_one_transaction(schema))


async def _in_one_transaction(schema: Schema) -> tuple[str, ...]:
    async with store.transaction(sealed=False):
        return await _take_steps(schema)


async def _take_steps(schema: Schema) -> tuple[str, ...]:
    if store.dialect() == "postgres":
        await store.connection().execute_query(f"SELECT pg_advisory_xact_lock({ADVISORY_LOCK})")
    empty = not await indexes.tables(store.connection())
    executor = _executor(schema)
    await executor.recorder.ensure_schema(executor._schema_editor(atomic=False))
    plan = [step.migration for step in await executor.plan() if not step.backward]
    if schema is PRODUCT_SCHEMA and empty:
        return await _make_all(executor, plan, schema)
    if not plan:
        await _put_indexes_back(schema)
        return ()
    before = await _contents("before")
    await executor.migrate(direction="forward")
    await _put_indexes_back(schema)
    if store.dialect() == "sqlite":
        await _nothing_hangs_in_the_air()
    if not any(getattr(step, "changes_rows", False) for step in plan):
        await _nothing_is_lost(before, plan)
    return tuple(step.name for step in plan)


async def _put_indexes_back(schema: Schema) -> None:
    await indexes.restore(store.connection(), store.tables())
    await store.create_indexes(schema)


async def _make_all(executor: MigrationExecutor, plan: list[Any], schema: Schema) -> tuple[str, ...]:
    """An empty database gets the tables as they are now: step by step Tortoise would make every model anew for each
    column that was ever added. That both end alike is held by a test."""
    await store.context().generate_schemas()
    await store.create_indexes(schema)
    for step in plan:
        await executor.recorder.record_applied(step.app_label, step.name)
    return tuple(step.name for step in plan)


@dataclass(frozen=True)
class Contents:
    """Of one table: how many rows, and by column a sum over its values in which their order does not count."""

    rows: int
    columns: dict[str, int]
    uniform: frozenset[str]  # columns with at most one value


async def _contents(when: str) -> dict[str, Contents]:
    """What each table holds."""
    return {table: await _contents_of(table, when) for table in await indexes.tables(store.connection())}


async def _contents_of(table: str, when: str) -> Contents:
    asked = f'SELECT * FROM "{table}" /* {when} */'  # noqa: S608 - PostgreSQL keeps no plan from before
    sums: dict[str, int] = {}
    first: dict[str, str] = {}
    several: set[str] = set()
    count = 0
    for row in await store.connection().execute_query_dict(asked):
        count += 1
        for column, value in dict(row).items():
            text = str(value)
            sums[column] = (sums.get(column, 0) + hash(text)) & (2**64 - 1)
            if first.setdefault(column, text) != text:
                several.add(column)
    return Contents(count, sums, frozenset(sums) - several)


async def _nothing_is_lost(before: dict[str, Contents], plan: list[Any]) -> None:
    """Every row is still there, and every column says what it said; a new column says one thing of all rows."""
    after, renamed = await _contents("after"), _renamed(plan)
    wrong = []
    for table, was in before.items():
        if table not in after or table == "tortoise_migrations":
            continue
        now = after[table]
        if now.rows != was.rows:
            wrong.append(f"{table}: {was.rows} rows became {now.rows}")
        for column in now.columns if now.rows else ():
            old = renamed.get((table, column), column)
            if old in was.columns and was.columns[old] != now.columns[column]:
                wrong.append(f"{table}.{column} says something else")
            if old not in was.columns and column not in now.uniform:
                wrong.append(f"{table}.{column} is new and holds words that came from elsewhere")
    if wrong:
        raise Lost("; ".join(wrong))


def _renamed(plan: list[Any]) -> dict[tuple[str, str], str]:
    """By table and new column the old one, of the steps that say so."""
    tables = {model.__name__: model._meta for model in store.tables()}
    result = {}
    for step in plan:
        for operation in step.operations:
            if isinstance(operation, RenameField) and operation.model_name in tables:
                meta = tables[operation.model_name]
                field = meta.fields_map.get(operation.new_name)
                new = (field.source_field if field else None) or operation.new_name
                suffix = "_id" if operation.new_name in meta.fk_fields else ""
                result[meta.db_table, meta.fields_db_projection.get(operation.new_name + suffix, new)] = (
                    operation.old_name + suffix
                )
    return result


async def _nothing_hangs_in_the_air() -> None:
    loose = await store.connection().execute_query_dict("PRAGMA foreign_key_check")
    if loose:
        raise Lost(f"{len(loose)} rows point nowhere, the first: {loose[0]}")


async def make(name: str, *, renamed: Iterable[str] = (), schema: Schema = PRODUCT_SCHEMA) -> list[Path]:
    """Write the step from the last one to the tables as they are in the code; [] when they are the same.

    `renamed`: `Table.old=new` for a column, `Old=New` for a table, by the names of the code. What is not named so
    is one column dropped and another made. Raises ValueError for a renaming that is none.
    """
    written = []
    for writer in await unwritten(renamed=renamed, schema=schema):
        writer.name = format_migration_name(int(writer.name.split("_")[0]), name)
        written.append(writer.write())
    importlib.invalidate_caches()
    return written


async def unwritten(*, renamed: Iterable[str] = (), schema: Schema = PRODUCT_SCHEMA) -> list[MigrationWriter]:
    """The steps that the code asks for and that nobody has written down.

    What a table's docstring says is no part of a step: the database has no need of it.
    """
    async with store.opened(NOWHERE, schema=schema):
        for model in store.tables():
            model._meta.table_description = ""
        detector = MigrationAutodetector(cast(Apps, store.context().apps), _apps(schema))
        writers: list[MigrationWriter] = await detector.changes()
        asked = set(renamed)
        for writer in writers:
            writer.operations = list(_plainly(writer.operations, detector._current_state(), asked))
        if asked:
            raise ValueError(f"no such renaming: {', '.join(sorted(asked))}")
        return writers


def _plainly(operations: Iterable[Any], state: State, asked: set[str]) -> Iterator[Any]:
    """The operations with a renaming only where it was asked for: two columns that look alike are not one."""
    gone = []
    for operation in operations:
        if (
            isinstance(operation, RenameField)
            and (name := f"{operation.model_name}.{operation.old_name}={operation.new_name}") not in asked
        ):
            field = state.models["models", operation.model_name].fields[operation.new_name]
            yield AddField(model_name=operation.model_name, name=operation.new_name, field=field)
            yield RemoveField(model_name=operation.model_name, name=operation.old_name)
        elif (
            isinstance(operation, RenameModel)
            and (name := f"{operation.old_name}={operation.new_name}") not in asked
        ):
            model_state = state.models["models", operation.new_name]
            yield CreateModel(
                name=model_state.name, fields=list(model_state.fields.items()), options=model_state.options,
                bases=[base.__name__ for base in model_state.bases],
            )  # fmt: skip
            gone.append(DeleteModel(name=operation.old_name))
        else:
            if isinstance(operation, RenameField | RenameModel):
                asked.discard(name)
            yield operation
    yield from gone


def main() -> None:
    parser = argparse.ArgumentParser(
        prog="python -m models.migrate", description="Steps between versions of the tables."
    )
    commands = parser.add_subparsers(required=True)
    making = commands.add_parser("make", help="write the step to the tables as they are in the code")
    making.add_argument("name")
    making.add_argument(
        "--renamed", action="append", default=[], metavar="Table.old=new",
        help="a column (or Old=New, a table) that keeps its rows under another name; nothing is guessed",
    )  # fmt: skip
    making.set_defaults(work=lambda chosen: make(chosen.name, renamed=chosen.renamed))
    running = commands.add_parser("run", help="take the missing steps of a database")
    running.add_argument("url")
    running.set_defaults(work=lambda chosen: migrate(chosen.url))
    chosen = parser.parse_args()
    print(asyncio.run(chosen.work(chosen)))  # noqa: T201


if __name__ == "__main__":
    main()
