"""Several light statements in one trip to PostgreSQL, whose driver knows no pipeline.

What is read comes as JSON, what is written stands in one statement's `WITH`. A trip costs a third of a millisecond of the
processor's time at each end, whatever is asked in it.
"""

# ruff: noqa: S608 - what is joined was written as it is, values are parameters

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from models.engine.statements import SqlStatement

WRITES = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)
RETURNING = re.compile(r"\sRETURNING\s.*\Z", re.IGNORECASE | re.DOTALL)
UNSYNCED = "SET LOCAL synchronous_commit TO off"


def trips(statements: Sequence[SqlStatement]) -> Iterator[list[SqlStatement]]:
    """The same in the same order, those that may go together in one list."""
    trip: list[SqlStatement] = []
    tables: set[str] = set()
    for statement in statements:
        change = WRITES.match(statement.sql)
        table = change[1] if change else ""
        if (
            not trip
            or not (trip[-1].light and statement.light)
            or bool(tables) != bool(table)
            or table in tables
        ):
            if trip:
                yield trip
            trip, tables = [], set()
        trip.append(statement)
        tables |= {table} - {""}
    if trip:
        yield trip


def joined(together: Sequence[SqlStatement]) -> SqlStatement:
    """One statement in place of several, with one row and a column for each."""
    sql = _joined(tuple(part.sql for part in together))
    return SqlStatement(sql, tuple(value for part in together for value in part.values))


@lru_cache(maxsize=256)
def _joined(together: tuple[str, ...]) -> str:
    if not WRITES.match(together[0]):
        parts = [f"(SELECT json_agg(q) FROM ({sql}) q) AS a{n}" for n, sql in enumerate(together)]
        return f"SELECT {', '.join(parts)}"
    parts = [f"a{n} AS ({RETURNING.sub('', sql)} RETURNING 1)" for n, sql in enumerate(together)]
    counts = [f"(SELECT COUNT(*) FROM a{n}) AS a{n}" for n in range(len(together))]
    return f"WITH {', '.join(parts)} SELECT {', '.join(counts)}"


def unsynced(statement: SqlStatement) -> SqlStatement:
    """A statement that writes and whose own transaction is over before it is on the disk."""
    return SqlStatement(_unsynced(statement.sql), statement.values)


@lru_cache(maxsize=64)
def _unsynced(sql: str) -> str:
    return (
        f"WITH a0 AS ({RETURNING.sub('', sql)} RETURNING 1) "
        "SELECT COUNT(*) AS n, set_config('synchronous_commit', 'off', true) AS unsynced FROM a0"
    )


def taken_apart(row: Any) -> list[list[Any]]:
    """The rows of each from the row of `joined`."""
    return [_rows(value) for value in row.values()]


def _rows(value: Any) -> list[Any]:
    if isinstance(value, int):
        return [{}] * value
    return [] if value is None else list(json.loads(value))
