"""Any number of ids in one statement: a long `IN (…)` becomes one argument.

PostgreSQL's protocol counts arguments in 16 bits, of which asyncpg uses 32,767; SQLite takes 32,766. Tortoise
writes one argument for each value of an `__in` and for each row that it prefetches. Here more than `LONG` of them
go as one: an array (PostgreSQL), or JSON that the statement takes apart (SQLite).
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from datetime import date, datetime
from functools import wraps
from typing import Any, TypeVar

LONG = 1000
PLAIN = (int, str, float, date, type(None))  # what SQLite's driver and JSON give as the same value
_LISTED = re.compile(r"\bIN ?\(")
_DOLLAR = re.compile(r"\b(?P<no>NOT )?IN ?\((?P<list>\$\d+(?: ?, ?\$\d+)+)\)|\$(?P<one>\d+)")
_MARKS = re.compile(r"\bIN ?\((?P<list>\?(?: ?, ?\?)+)\)|'(?:[^']|'')*'|\?")

Result = TypeVar("Result")
Statement = tuple[str, list[Any] | None]


def for_postgres(query: str, values: list[Any] | None) -> Statement:
    """The statement with `= ANY($n)` in place of long lists, its arguments numbered anew."""
    if values is None or len(values) <= LONG or not _LISTED.search(query):
        return query, values
    given: list[Any] = []

    def number(value: Any) -> str:
        given.append(value)
        return f"${len(given)}"

    def written(match: re.Match[str]) -> str:
        if match["one"]:
            return number(values[int(match["one"]) - 1])
        members = [values[int(place) - 1] for place in re.findall(r"\$(\d+)", match["list"])]
        if len(members) <= LONG:
            return f"{match['no'] or ''}IN ({','.join(map(number, members))})"
        return f"{'<> ALL' if match['no'] else '= ANY'}({number(members)})"

    return _DOLLAR.sub(written, query), given


def for_sqlite(query: str, values: list[Any] | None) -> Statement:
    """The statement with `IN (SELECT value FROM json_each(?))` in place of long lists; what JSON does not know stays."""
    if values is None or len(values) <= LONG or not _LISTED.search(query):
        return query, values
    given: list[Any] = []
    left: Iterator[Any] = iter(values)

    def written(match: re.Match[str]) -> str:
        if match[0][0] == "'":
            return match[0]
        if match[0] == "?":
            given.append(next(left))
            return "?"
        members = [next(left) for _ in range(match["list"].count("?"))]
        if len(members) <= LONG or not all(isinstance(member, PLAIN) for member in members):
            given.extend(members)
            return match[0]
        given.append(json.dumps([_as_text(member) for member in members], ensure_ascii=False))
        return "IN (SELECT value FROM json_each(?))"

    return _MARKS.sub(written, query), given


def _as_text(value: Any) -> Any:
    """A day or an instant as SQLite's driver writes it."""
    if isinstance(value, datetime):
        return value.isoformat(" ")
    return value.isoformat() if isinstance(value, date) else value


def bounded(
    run: Callable[..., Awaitable[Result]], folded: Callable[[str, list[Any] | None], Statement]
) -> Callable[..., Coroutine[Any, Any, Result]]:
    """A client's `run(query, values)` that takes any number of values in a list."""

    @wraps(run)
    async def execute(client: Any, query: str, values: list[Any] | None = None) -> Result:
        return await run(client, *folded(query, values))

    return execute
