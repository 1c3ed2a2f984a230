"""Rows as the database holds them, readable or not: what `verify` looks at (Art. 16 (3), 20).

The ORM would stop at the first value that it cannot read, and would overlook one that is only spelt otherwise
(a time with another separator, JSON with another space): both were written by no act.
"""

# ruff: noqa: S608 - the names of tables and columns come from the models, values are parameters

from __future__ import annotations

import enum
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from json.encoder import encode_basestring
from typing import Any

from tortoise.exceptions import BaseORMException
from tortoise.fields import CharField, DateField, Field, JSONField, TextField
from tortoise.models import Model

from models import store
from models.fields import readable_json
from models.rules.chain import canonical, plain, seal

BATCH = 200
SHORT, MANY = 200, 4000
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


@dataclass(frozen=True, slots=True)
class Row:
    """`values`: by attribute, as the ORM would give them. `wrong`: columns that no act wrote like that."""

    table: type[Model]
    pk: Any
    values: dict[str, Any]
    wrong: tuple[str, ...] = ()

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)


async def rows(table: type[Model], column: str, among: Iterable[Any], *, short: bool = False) -> list[Row]:
    """The rows of which `column` holds one of the values, by primary key; bytes stand for a key that is no text.
    `short`: without the columns of texts and JSON, which may be long and lead to no other row."""
    stored_rows: list[Row] = []
    wanted = list(among)
    for some in _batches([value for value in wanted if not isinstance(value, bytes)]):
        stored_rows += await _some(table, column, some, short)
    for value in wanted:
        if isinstance(value, bytes):
            stored_rows.append(Row(table, value.decode(errors="backslashreplace"), {}, (column,)))
    return stored_rows


async def raw(table: type[Model], keys: Iterable[Any]) -> dict[Any, Mapping[str, Any]]:
    """By primary key the columns as the driver gives them; a text that is none raises what the ORM raises."""
    name, pk, wanted = table._meta.db_table, table._meta.db_pk_column, list(keys)
    result: dict[Any, Mapping[str, Any]] = {}
    for start in range(0, len(wanted), MANY):
        some = wanted[start : start + MANY]
        asked = f'SELECT * FROM "{name}" WHERE "{pk}" IN ({store.marks(some)})'
        result.update({row[pk]: row for row in await _ask(asked, some)})
    return result


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
    results = await _ask(f'SELECT "{pk}" FROM "{name}" WHERE CAST("{column}" AS BLOB) = ?', [value])
    return [row[pk] for row in results]


async def _some(table: type[Model], column: str, among: list[Any], short: bool = False) -> list[Row]:
    name, pk = table._meta.db_table, table._meta.db_pk_column
    where = f'FROM "{name}" WHERE "{column}" IN ({store.marks(among)}) ORDER BY "{pk}"'
    read = _reader(table, short)
    what = ", ".join(f'"{known}"' for known, *_ in _columns(table, short)) if short else "*"
    try:
        return [read(values) for values in await _ask(f"SELECT {what} {where}", among)]
    except BaseORMException:  # a text that is none
        stored_rows = []
        for item in await _ask(f'SELECT "{pk}", "{column}" {where}', among):
            stored_rows.append(await _alone(table, item[pk], {column: item[column]}))
        return stored_rows


async def _alone(table: type[Model], key: Any, known: dict[str, Any]) -> Row:
    name, pk = table._meta.db_table, table._meta.db_pk_column
    try:
        results = await _ask(f'SELECT * FROM "{name}" WHERE "{pk}" = ?', [key])
    except BaseORMException:
        return Row(table, key, known, ("?",))
    return row(table, results[0])


def hashed(row: Row, covered: Mapping[str, str]) -> str:
    """SHA-256 over these columns (column to attribute) of a row."""
    values = row.values
    return seal({column: values.get(attribute) for column, attribute in covered.items()})


@cache
def hasher(table: type[Model], covered: tuple[str, ...]) -> Callable[[Mapping[str, Any]], str]:
    """What gives `hashed` of a row straight from its columns as the driver gave them: the same canonical JSON,
    put together column by column in order, for acts that write many rows.
    """
    fields, names = table._meta.fields_map, table._meta.fields_db_projection_reverse
    parts = [
        (("{" if n == 0 else ",") + f"{canonical(column)}:", column, *_writer(fields[names[column]]))
        for n, column in enumerate(sorted(covered))
    ]

    def hash_of(raw: Mapping[str, Any]) -> str:
        whole = (
            "".join(
                [
                    begin
                    + (
                        encode_basestring(raw[column])
                        if type(raw[column]) is as_it_is
                        else write(raw[column])
                    )
                    for begin, column, as_it_is, write in parts
                ]
            )
            + "}"
        )
        return hashlib.sha256(whole.encode()).hexdigest()

    return hash_of


def _writer(field: Field[Any]) -> tuple[type | None, Callable[[Any], str]]:
    """What writes a column's value as the driver gave it as canonical JSON (`null` for what the field cannot read),
    and the type of values that are but put into quotes.
    """
    texts = str if isinstance(field, CharField | TextField) and _is_plain(field) else None
    seen: dict[
        str | datetime, str
    ] = {}  # lists in a register are few and come again, so does the time of an act

    def write(given: Any) -> str:
        if given is None:
            return "null"
        kind = type(given)
        if kind is int and field.field_type is int:
            return int.__repr__(given)
        if (kind is str or kind is datetime) and given in seen:
            return seen[given]
        try:
            text = canonical(plain({"": _read(field, given)})[""])
        except Exception:
            return "null"
        if (kind is datetime or (kind is str and len(given) <= SHORT)) and len(seen) < MANY:
            seen[given] = text
        return text

    return texts, write


def row(table: type[Model], raw: Mapping[str, Any], *, short: bool = False) -> Row:
    """A row from its columns as the driver gave them; `short`: see `rows`."""
    return _reader(table, short)(raw)


def _reader(table: type[Model], short: bool = False) -> Callable[[Mapping[str, Any]], Row]:
    """What makes rows of this table; asked once for many of them."""
    columns, pk, spelling = _columns(table, short), table._meta.db_pk_column, store.dialect() == "sqlite"

    def read(raw: Mapping[str, Any]) -> Row:
        values, wrong = {}, []
        for column, attribute, field, as_it_is in columns:
            value = given = raw[column]
            if given is not None and type(given) is not as_it_is:
                try:
                    value = _read(field, given)
                except Exception:  # a field may stumble in any way over what no act wrote
                    wrong.append(column)
                    continue
                if spelling and not _as_written(given, value, isinstance(field, JSONField)):
                    wrong.append(column)
            values[attribute] = value
        return Row(table, raw[pk], values, tuple(wrong))

    return read


@cache
def _columns(table: type[Model], short: bool = False) -> list[tuple[str, str, Field[Any], type | None]]:
    """Column, attribute and field; the type whose values the field gives back as they are, if it has one."""
    fields = table._meta.fields_map
    return [
        (
            column,
            attribute,
            fields[attribute],
            fields[attribute].field_type if _is_plain(fields[attribute]) else None,
        )
        for column, attribute in table._meta.fields_db_projection_reverse.items()
        if not (short and isinstance(fields[attribute], JSONField | TextField))
    ]


def _read(field: Field[Any], given: Any) -> Any:
    """As the field reads it; a day as it is written, without asking which of many forms it has."""
    if type(field) is DateField and type(given) is str and _DAY.fullmatch(given):
        return date.fromisoformat(given)
    return field.to_python_value(given)


def _is_plain(field: Field[Any]) -> bool:
    return field.field_type in (str, int) and type(field).to_python_value is Field.to_python_value


def _as_written(raw: Any, value: Any, json: bool) -> bool:
    spelt = spelled(value, json)
    return type(raw) is type(spelt) and bool(raw == spelt)


def spelled(value: Any, json: bool) -> Any:
    """A value as SQLite's driver writes it. `json`: of a column of JSON."""
    match value:
        case None:
            return None
        case _ if json:
            return readable_json(value)
        case datetime():
            return value.isoformat(" ")
        case date():
            return value.isoformat()
        case bool():
            return int(value)
        case enum.Enum():
            return value.value
        case _:
            return value


def _text(value: Any) -> str | bytes:
    if not isinstance(value, bytes):
        return str(value)
    try:
        return value.decode()
    except UnicodeDecodeError:
        return value


async def _ask(query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
    return [dict(row) for row in await store.run_one(query, *(values or []))]


def _batches(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]
