"""Plain SQL, several statements in one trip to the database.

A statement through the ORM costs a query built, a hop between threads and a model made; where a person waits, a
screen's statements are written out and go together. Placeholders are `?`, in the order of the values.
"""

from __future__ import annotations

import datetime as dt
import re
import sqlite3
from collections.abc import Callable, Coroutine, Generator, Sequence
from enum import Enum, auto
from functools import lru_cache
from typing import Any, NamedTuple

from tortoise.exceptions import IntegrityError, OperationalError

from models.engine import many, writes


class SqlStatement(NamedTuple):
    """`sql` holds no question mark but the placeholders. `light`: on PostgreSQL those that stand together go in one trip, on
    SQLite those of several readers. One that reads takes no time and gives numbers, texts, truths and instants alone; one
    that writes changes a table that no other of them touches and that no event seals, and gives a row for each that it
    changed, with nothing in it.
    """

    sql: str
    values: tuple[Any, ...] = ()
    light: bool = False


class Owed:
    """A statement that goes later, with others. `rows`: those it gave or changed, once it went."""

    def __init__(self, statement: SqlStatement) -> None:
        self.statement = statement
        self.rows: list[Any] = []


CHANGES = re.compile(r"\bFOR\s+(?:UPDATE|NO\s+KEY|SHARE|KEY)\b|\bpg_|\bnextval\b", re.IGNORECASE)


@lru_cache(maxsize=1024)
def only_reads(sql: str) -> bool:
    """Whether a statement sees the same in a transaction that has neither changed nor locked anything as outside it."""
    return sql.lstrip()[:6].upper() == "SELECT" and CHANGES.search(sql) is None


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


def for_sqlite(statement: SqlStatement) -> tuple[str, list[Any]]:
    """As SQLite takes it: instants as UTC text, which is how they compare."""
    sql, values = many.for_sqlite(statement.sql, [_text(value) for value in statement.values])
    return sql, values or []


def for_postgres(statement: SqlStatement) -> tuple[str, list[Any]]:
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


class StatementEffect(NamedTuple):
    """What a statement changes that counts; `before`: it only looks at the rows that the next one changes."""

    change: writes.WatchedChange | None
    before: bool = False


Changes = list[StatementEffect]


def watched(statements: Sequence[SqlStatement], lock: str = "") -> tuple[Changes, list[SqlStatement]]:
    """What each statement changes that counts, and the statements that tell of it, those that look first among them.

    Raises ValueError for one that changes a watched table and asks for rows of its own, or may change what is there.
    `lock`: what PostgreSQL needs so that rows stay as they are until they are changed.
    """
    changes, asking = [], []
    for statement in statements:
        change = writes.change(statement.sql)
        if change is not None and (" RETURNING " in statement.sql or " ON CONFLICT " in statement.sql):
            raise ValueError(f"a watched table is written without RETURNING and ON CONFLICT: {statement.sql}")
        if change is not None and (look := change.looking(statement.sql, list(statement.values), lock)):
            changes.append(StatementEffect(change, before=True))
            asking.append(SqlStatement(look[0], tuple(look[1])))
        changes.append(StatementEffect(change))
        asking.append(
            statement if change is None else SqlStatement(change.asking(statement.sql), statement.values)
        )
    return changes, asking


def heard(changes: Changes, results: list[list[Any]]) -> list[list[Any]]:
    """Let the act know which rows were changed; the rows of every statement, primary keys where it changed some."""
    told = []
    for (change, before), rows in zip(changes, results, strict=True):
        if change is not None and before:
            change.writes.found(change.table, change.watched.pk, rows)
            continue
        if change is not None:
            change.heard(rows)
        told.append(rows)
    return told


class Hurry(Enum):
    """How soon a deed is to be done that shares its commit with others."""

    NONE = auto()  # with one that commits anyway
    SOME = auto()  # in its turn
    GREAT = auto()  # before everything that waits


class NotPlain(BaseException):
    """What runs in the database's thread asked for more than plain SQL: it must be done the ordinary way."""


class Request:
    """Awaited in the database's thread: statements for whoever drives the act there."""

    def __init__(self, prepared: Sequence[tuple[str, list[Any]]]) -> None:
        self.prepared = prepared

    def __await__(self) -> Generator[Request, list[list[Any]], list[list[Any]]]:
        return (yield self)


Work = Callable[[], Coroutine[Any, Any, Any]]


def drive(
    connection: sqlite3.Connection, works: Sequence[tuple[Callable[..., Any], Work]]
) -> list[tuple[Any] | BaseException]:
    """In the database's thread: works one after the other, in one transaction; what each gave, or raised.

    A work that fails is undone alone. When the transaction itself is lost, nothing is kept and all of them fail.
    """
    if connection.in_transaction:
        connection.rollback()
    connection.execute("BEGIN IMMEDIATE")
    try:
        rows = [_alone(connection, run, work, len(works) > 1) for run, work in works]
        if connection.in_transaction and any(isinstance(row, tuple) for row in rows):
            connection.commit()
    finally:
        if connection.in_transaction:
            connection.rollback()
    return rows


def _alone(
    connection: sqlite3.Connection, run: Callable[..., Any], work: Work, beside_others: bool
) -> tuple[Any] | BaseException:
    if beside_others:
        connection.execute("SAVEPOINT one")
    try:
        results = (run(connection, work()),)
    except BaseException as failed:
        if not connection.in_transaction:
            raise
        if beside_others:
            connection.execute("ROLLBACK TO one")
            connection.execute("RELEASE one")
        return failed
    if beside_others:
        connection.execute("RELEASE one")
    return results


def driven(connection: sqlite3.Connection, work: Coroutine[Any, Any, Any]) -> Any:
    """A work whose statements are run as it awaits them."""
    reply: Any = None
    failed: Exception | None = None
    try:
        while True:
            asked = work.throw(failed) if failed is not None else work.send(reply)
            if not isinstance(asked, Request):
                raise NotPlain
            reply = failed = None
            try:
                reply = run(connection, asked.prepared)
            except sqlite3.IntegrityError as refused:
                failed = IntegrityError(refused)
            except sqlite3.OperationalError as refused:
                failed = OperationalError(refused)
    except StopIteration as end:
        return end.value
    finally:
        work.close()
