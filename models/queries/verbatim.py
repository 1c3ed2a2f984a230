"""Rows as the database holds them, readable or not: what `verify` looks at (Art. 16 (3), 20).

The ORM would stop at the first value that it cannot read, and would overlook one that is only spelt otherwise
(a time with another separator, JSON with another space): both were written by no act.
"""

# ruff: noqa: S608 - the names of tables and columns come from the models, values are parameters

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from tortoise.exceptions import BaseORMException
from tortoise.fields import CharField, JSONField
from tortoise.models import Model

from models import store
from models.fields import readable_json
from models.rules.chain import seal

BATCH = 200


@dataclass(frozen=True, slots=True)
class Row:
    """`values`: by attribute, as the ORM would give them. `wrong`: columns that no act wrote like that."""

    table: type[Model]
    pk: Any
    values: dict[str, Any]
    wrong: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


async def rows(table: type[Model], column: str, among: Iterable[Any]) -> list[Row]:
    """The rows of which `column` holds one of the values, by primary key; bytes stand for a key that is no text."""
    found: list[Row] = []
    wanted = list(among)
    for some in _batches([value for value in wanted if not isinstance(value, bytes)]):
        found += await _some(table, column, some)
    for value in wanted:
        if isinstance(value, bytes):
            found.append(Row(table, value.decode(errors="backslashreplace"), {}, (column,)))
    return found


async def ids(table: type[Model]) -> list[Any]:
    """Every primary key of a table; bytes where a text is none."""
    name, pk = table._meta.db_table, table._meta.db_pk_column
    if store.dialect() == "sqlite" and isinstance(table._meta.pk, CharField):
        asked = f'SELECT CAST("{pk}" AS BLOB) AS "it" FROM "{name}" ORDER BY 1'
        return [_text(row["it"]) for row in await _ask(asked)]
    return [row[pk] for row in await _ask(f'SELECT "{pk}" FROM "{name}" ORDER BY 1')]


async def loose(table: type[Model], column: str, parent: type[Model]) -> list[Any]:
    """The primary keys of rows whose reference leads to no row of `parent`."""
    name, pk = table._meta.db_table, table._meta.db_pk_column
    there = f'SELECT 1 FROM "{parent._meta.db_table}" p WHERE p."{parent._meta.db_pk_column}" = t."{column}"'
    return [row[pk] for row in await _ask(f'SELECT t."{pk}" FROM "{name}" t WHERE NOT EXISTS ({there})')]


async def distinct(table: type[Model], column: str) -> list[str | bytes]:
    """The different texts of a column; bytes where they are no text."""
    what = f'CAST("{column}" AS BLOB)' if store.dialect() == "sqlite" else f'"{column}"'
    asked = f'SELECT DISTINCT {what} AS "it" FROM "{table._meta.db_table}"'
    return [_text(row["it"]) for row in await _ask(asked)]


async def where_bytes(table: type[Model], column: str, value: bytes) -> list[Any]:
    """The primary keys of rows whose column holds bytes that are no text (SQLite alone allows that)."""
    name, pk = table._meta.db_table, table._meta.db_pk_column
    found = await _ask(f'SELECT "{pk}" FROM "{name}" WHERE CAST("{column}" AS BLOB) = ?', [value])
    return [row[pk] for row in found]


async def _some(table: type[Model], column: str, among: list[Any]) -> list[Row]:
    name, pk = table._meta.db_table, table._meta.db_pk_column
    marks = ", ".join(_mark(n) for n in range(1, len(among) + 1))
    where = f'FROM "{name}" WHERE "{column}" IN ({marks}) ORDER BY "{pk}"'
    try:
        return [row(table, one) for one in await _ask(f"SELECT * {where}", among)]
    except BaseORMException:  # a text that is none
        found = []
        for one in await _ask(f'SELECT "{pk}", "{column}" {where}', among):
            found.append(await _alone(table, one[pk], {column: one[column]}))
        return found


async def _alone(table: type[Model], key: Any, known: dict[str, Any]) -> Row:
    name, pk = table._meta.db_table, table._meta.db_pk_column
    try:
        found = await _ask(f'SELECT * FROM "{name}" WHERE "{pk}" = {_mark(1)}', [key])
    except BaseORMException:
        return Row(table, key, known, ("?",))
    return row(table, found[0])


def hashed(row: Row, covered: Mapping[str, str]) -> str:
    """SHA-256 over these columns (column to attribute) of a row."""
    return seal({column: row[attribute] for column, attribute in covered.items()})


def row(table: type[Model], raw: Mapping[str, Any]) -> Row:
    """A row from its columns as the driver gave them."""
    values, wrong = {}, []
    for column, attribute in table._meta.fields_db_projection_reverse.items():
        field = table._meta.fields_map[attribute]
        try:
            value = field.to_python_value(raw[column])
        except Exception:  # a field may stumble in any way over what no act wrote
            wrong.append(column)
            continue
        values[attribute] = value
        if store.dialect() == "sqlite" and not _as_written(raw[column], value, isinstance(field, JSONField)):
            wrong.append(column)
    return Row(table, raw[table._meta.db_pk_column], values, tuple(wrong))


def _as_written(raw: Any, value: Any, json: bool) -> bool:
    match value:
        case None:
            spelt: Any = None
        case _ if json:
            spelt = readable_json(value)
        case datetime():
            spelt = value.isoformat(" ")
        case date():
            spelt = value.isoformat()
        case bool():
            spelt = int(value)
        case enum.Enum():
            spelt = value.value
        case _:
            spelt = value
    return type(raw) is type(spelt) and bool(raw == spelt)


def _text(value: Any) -> str | bytes:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


def _mark(number: int) -> str:
    return "?" if store.dialect() == "sqlite" else f"${number}"


async def _ask(query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    return [dict(row) for row in await store.connection().execute_query_dict(query, values)]


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
