"""Any number of ids in one statement: a long `IN (…)` becomes one argument.

PostgreSQL's protocol counts arguments in 16 bits, of which asyncpg uses 32,767; SQLite takes 32,766. Tortoise
writes one argument for each value of an `__in` and for each row that it prefetches. Here more than `LONG` of them
go as one: an array (PostgreSQL), or JSON that the statement takes apart (SQLite).
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from functools import wraps
from typing import Any, TypeVar

LONG = 1000
_DOLLAR = re.compile(r"\b(?P<no>NOT )?IN ?\((?P<list>\$\d+(?: ?, ?\$\d+)+)\)|\$(?P<one>\d+)")
_MARKS = re.compile(r"\bIN ?\((?P<list>\?(?: ?, ?\?)+)\)|'(?:[^']|'')*'|\?")

Result = TypeVar("Result")
Statement = tuple[str, list[Any] | None]


def for_postgres(query: str, values: list[Any] | None) -> Statement:
    """The statement with `= ANY($n)` in place of long lists, its arguments numbered anew."""
    if values is None or len(values) <= LONG:
        return query, values
    given: list[Any] = []

    def number(value: Any) -> str:
        given.append(value)
        return f"${len(given)}"

    def written(match: re.Match[str]) -> str:
        if match["one"]:
            return number(values[int(match["one"]) - 1])
        members = [values[int(one) - 1] for one in re.findall(r"\$(\d+)", match["list"])]
        if len(members) <= LONG:
            return f"{match['no'] or ''}IN ({','.join(map(number, members))})"
        return f"{'<> ALL' if match['no'] else '= ANY'}({number(members)})"

    return _DOLLAR.sub(written, query), given


def for_sqlite(query: str, values: list[Any] | None) -> Statement:
    """The statement with `IN (SELECT value FROM json_each(?))` in place of long lists of numbers or texts."""
    if values is None or len(values) <= LONG:
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
        if len(members) <= LONG or not all(isinstance(member, int | str) for member in members):
            given.extend(members)
            return match[0]
        given.append(json.dumps(members, ensure_ascii=False))
        return "IN (SELECT value FROM json_each(?))"

    return _MARKS.sub(written, query), given


def bounded(
    run: Callable[..., Awaitable[Result]], folded: Callable[[str, list[Any] | None], Statement]
) -> Callable[..., Coroutine[Any, Any, Result]]:
    """A client's `run(query, values)` that takes any number of values in a list."""

    @wraps(run)
    async def execute(client: Any, query: str, values: list[Any] | None = None) -> Result:
        return await run(client, *folded(query, values))

    return execute
