"""Which rows an act wrote: seen where every statement passes, whatever way the act wrote them.

A statement of a transaction that changes a watched table is asked which rows it changed. So no act can write
such a row without its being known at the end of the act, and no act need say which rows it wrote.
"""

# ruff: noqa: S608 - the names of tables and columns come from the models

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, NamedTuple, TypeVar

Result = TypeVar("Result")

STATEMENT = re.compile(r'\s*(INSERT(?: OR \w+)? INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?', re.IGNORECASE)
COLUMNS = re.compile(r"\s*\(([^)]*)\)")
SET = re.compile(r'"(\w+)"\s*=')
WHERE = re.compile(r"\sWHERE\s", re.IGNORECASE)
DOLLAR = re.compile(r"\$(\d+)")
ONE = re.compile(r'(?:"\w+"\.)?"(\w+)" ?= ?(?:\?|\$1)')
MARK = re.compile(r"'(?:[^']|'')*'|\?")

times: Counter[str] = Counter()
"""How often this process wrote each watched table."""


class Watched(NamedTuple):
    """A table whose writing counts: its primary key, and the columns whose writing does not."""

    pk: str
    free: frozenset[str] = frozenset()


class Writes:
    """The rows of one act, by table and primary key, in the order of their writing; `gone`: as they were when
    removed; `before`: as they were before the act first changed them, None where nobody looked in time.

    `unsealed`: those whose hash no event has taken yet; what they were in between says nothing. `fresh`: rows as they were
    inserted and not changed since. `turns`, `heads`: what the act holds locked and knows by that (`operations.event`).
    """

    def __init__(self, watched: Mapping[str, Watched]) -> None:
        self.watched = watched
        self.rows: dict[str, dict[Any, None]] = defaultdict(dict)
        self.gone: dict[str, dict[Any, Mapping[str, Any]]] = defaultdict(dict)
        self.before: dict[str, dict[Any, Mapping[str, Any] | None]] = defaultdict(dict)
        self.unsealed: dict[str, set[Any]] = defaultdict(set)
        self.fresh: dict[str, dict[Any, Mapping[str, Any]]] = defaultdict(dict)
        self.turns: set[str] = set()
        self.heads: dict[str, Any] = {}

    def forget(self) -> None:
        """A part of the act was undone, with its locks: nothing that was known by it holds."""
        self.fresh.clear()
        self.turns.clear()
        self.heads.clear()

    def add(self, table: str, keys: Iterable[Any]) -> None:
        new = dict.fromkeys(keys)
        for key in new:
            self.fresh[table].pop(key, None)
        self.rows[table].update(new)
        self.unsealed[table].update(new)
        times[table] += 1

    def found(self, table: str, pk: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Rows as they are before a statement changes them."""
        before, unsealed = self.before[table], self.unsealed[table]
        for row in rows:
            if row[pk] not in unsealed:
                before.setdefault(row[pk], dict(row))


_writes: ContextVar[Writes | None] = ContextVar("writes", default=None)


def current() -> Writes | None:
    """Of the act under way."""
    return _writes.get()


@contextmanager
def watching(writes: Writes | None) -> Iterator[None]:
    """Let the statements of a block be seen by `writes`; None sees nothing."""
    token = _writes.set(writes)
    try:
        yield
    finally:
        _writes.reset(token)


class WatchedChange(NamedTuple):
    """A statement that changes a watched table."""

    verb: str  # INSERT UPDATE DELETE
    table: str
    watched: Watched
    writes: Writes

    def asking(self, query: str) -> str:
        """The statement that tells as well which rows it changes."""
        if " RETURNING " in query:
            return query
        what = f'"{self.table}"."{self.watched.pk}"' if self.verb == "UPDATE" else "*"
        return f"{query} RETURNING {what}"

    def heard(self, rows: Iterable[Mapping[str, Any]], *, whole: bool = True) -> None:
        """The rows that the statement told of; `whole`: in the words of `asking`."""
        writes, table, pk = self.writes, self.table, self.watched.pk
        if self.verb == "DELETE":
            rows = [dict(row) for row in rows]
            writes.found(table, pk, rows)
            writes.gone[table].update({row[pk]: row for row in rows})
        keys = [row[pk] for row in rows]
        if self.verb == "UPDATE":  # on PostgreSQL one may have come in between the look and the change
            late = [
                key for key in keys if key not in writes.unsealed[table] and key not in writes.before[table]
            ]
            writes.before[table].update(dict.fromkeys(late))
        writes.add(table, keys)
        if self.verb == "INSERT" and whole:
            writes.fresh[table].update({row[pk]: row for row in rows})

    def looking(self, query: str, values: list[Any] | None, lock: str = "") -> tuple[str, list[Any]] | None:
        """A statement that finds the rows as they are before an UPDATE; None where that would tell nothing new.

        `lock`: what PostgreSQL needs so that they stay as they are until they are changed.
        """
        if self.verb != "UPDATE":
            return None
        head, *rest = WHERE.split(query, maxsplit=1)
        if not rest:
            return f'SELECT * FROM "{self.table}"{lock}', []
        where, values = rest[0].partition(" RETURNING ")[0], values or []
        if dollars := DOLLAR.findall(where):
            wanted = [values[int(number) - 1] for number in dollars]
            numbers = itertools.count(1)
            where = DOLLAR.sub(lambda _: f"${next(numbers)}", where)
        else:
            wanted = values[sum(mark == "?" for mark in MARK.findall(head)) :]
        alone = ONE.fullmatch(where)
        if alone and alone[1] == self.watched.pk and wanted[0] in self.writes.unsealed[self.table]:
            return None
        return f'SELECT * FROM "{self.table}" WHERE {where}{lock}', wanted

    def meeting(self, query: str) -> str | None:
        """For an INSERT that changes what is there: how rows are found by their keys, `{}` in place of the list."""
        if self.verb != "INSERT" or " ON CONFLICT " not in query:
            return None
        return f'SELECT * FROM "{self.table}" WHERE "{self.watched.pk}" IN ({{}})'

    def given(self, query: str, *rows: list[Any]) -> list[Any]:
        """The primary key among the values of each row of an INSERT; None when the database gives it."""
        match = COLUMNS.match(query, STATEMENT.match(query).end())  # type: ignore[union-attr]
        columns = [name.strip().strip('"') for name in match[1].split(",")] if match else []
        if self.watched.pk not in columns:
            return [None] * len(rows)
        place = columns.index(self.watched.pk)
        return [row[place] for row in rows]


def change(query: str) -> WatchedChange | None:
    """What a statement changes that counts; None for everything else."""
    if (match := STATEMENT.match(query)) is None:
        return None
    writes = _writes.get()
    verb, table = match[1].split()[0].upper(), match[2]
    if writes is None:
        times[table] += 1
        return None
    watched = writes.watched.get(table)
    if watched is None:
        return None
    if verb == "UPDATE" and set(SET.findall(WHERE.split(query)[0])) <= watched.free:
        return None
    return WatchedChange(verb, table, watched, writes)


def counted(run: Callable[..., Awaitable[Result]]) -> Callable[..., Coroutine[Any, Any, Result]]:
    """A client's `run(query, ...)` outside every act, whose writing counts in `times` all the same."""

    @wraps(run)
    async def execute(client: Any, query: str, *values: Any) -> Result:
        change(query)
        return await run(client, query, *values)

    return execute
