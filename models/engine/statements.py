"""Plain SQL, several statements in one trip to the database.

A statement through the ORM costs a query built, a hop between threads and a model made; where a person waits, a
screen's statements are written out and go together. Placeholders are `?`, in the order of the values.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from models.engine import many, writes


class Statement(NamedTuple):
    """`sql` holds no question mark but the placeholders."""

    sql: str
    values: tuple[Any, ...] = ()


def marks(values: Sequence[Any]) -> str:
    """`?, ?, ?` for a list; a list of nothing finds nothing."""
    return ", ".join("?" * len(values)) if values else "NULL"


@lru_cache(maxsize=512)
def numbered(sql: str) -> str:
    """With PostgreSQL's `$1, $2` as placeholders."""
    count = 0

    def number(_: re.Match[str]) -> str:
        nonlocal count
        count += 1
        return f"${count}"

    return re.sub(r"\?", number, sql)


def for_sqlite(statement: Statement) -> tuple[str, list[Any]]:
    """As SQLite takes it: instants as UTC text, which is how they compare."""
    sql, values = many.for_sqlite(statement.sql, [_text(value) for value in statement.values])
    return sql, values or []


def for_postgres(statement: Statement) -> tuple[str, list[Any]]:
    """As PostgreSQL takes it."""
    sql, values = many.for_postgres(numbered(statement.sql), list(statement.values))
    return sql, values or []


def _text(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(" ")
    return value


def run(connection: sqlite3.Connection, prepared: Sequence[tuple[str, list[Any]]]) -> list[list[Any]]:
    """In the database's thread: the rows of each statement."""
    return [connection.execute(sql, values).fetchall() for sql, values in prepared]


Changes = list[writes.Change | None]


def watched(statements: Sequence[Statement]) -> tuple[Changes, list[Statement]]:
    """What each statement changes that counts, and the statements that tell of it.

    Raises ValueError for one that changes a watched table and asks for rows of its own.
    """
    changes = [writes.change(one.sql) for one in statements]
    asking = []
    for one, change in zip(statements, changes, strict=True):
        if change is not None and " RETURNING " in one.sql:
            raise ValueError(f"a watched table is written without RETURNING: {one.sql}")
        asking.append(one if change is None else Statement(change.asking(one.sql), one.values))
    return changes, asking


def heard(changes: Changes, found: list[list[Any]]) -> list[list[Any]]:
    """Let the act know which rows were changed; the rows of every statement, primary keys where it changed some."""
    for change, rows in zip(changes, found, strict=True):
        if change is not None:
            change.heard(rows)
    return found
