"""The one failure that is nobody's mistake: the database cannot be reached, is busy, full or read-only.

Whoever meets `Unavailable` knows that nothing was recorded, and that the same act may be tried again.
"""

import re
import sqlite3
from collections.abc import Callable, Coroutine
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import asyncpg
from tortoise.exceptions import OperationalError

Args = ParamSpec("Args")
Result = TypeVar("Result")


class Unavailable(OperationalError):
    """The database did not take the words. Nothing was recorded."""


class Crossed(Unavailable):
    """This act and another waited for each other; the database undid this one. It may begin again at once."""


class Damaged(Unavailable):
    """The database's own file is damaged: what it says cannot be read. The way on is a copy of before."""


class Unprepared(OperationalError):
    """The database has no tables yet, or those of another version."""


class NoFolder(Unavailable, Unprepared):
    """The folder of the database's file is not there: never made, or not mounted yet."""


def assert_folder(file: str | None) -> None:
    """Raise NoFolder where an SQLite file has no folder to lie in; None, a server's address, has none."""
    if file and file != ":memory:" and not Path(file).parent.is_dir():
        raise NoFolder(f"no folder {Path(file).parent}")


SQLITE_DAMAGE = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
POSTGRES_DAMAGE = (asyncpg.DataCorruptedError, asyncpg.IndexCorruptedError, asyncpg.UndefinedFileError)
PAGE_DAMAGE = re.compile(
    "alloc request size|chunk|toast|corrupt|invalid page|could not read block|could not open file"
)
"""In the words of errors that PostgreSQL gives for a damaged row or page under a general code (XX000, 58030)."""

SQLITE_TROUBLE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}

POSTGRES_TROUBLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that heard the server go down while it was idle
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ReadOnlySQLTransactionError,
    OSError,
    TimeoutError,
)


def is_outage(exc: BaseException) -> bool:
    """Whether a driver's exception, bare or wrapped by Tortoise, tells of trouble and not of a mistake."""
    causes = [exc, exc.__cause__, *exc.args]
    return any(
        isinstance(cause, POSTGRES_TROUBLE)
        or (
            isinstance(cause, sqlite3.OperationalError)
            and (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in SQLITE_TROUBLE
        )
        for cause in causes
    )


def is_crossing(exc: BaseException) -> bool:
    """Whether a driver's exception, bare or wrapped by Tortoise, tells of two acts that waited for each other."""
    return any(isinstance(cause, asyncpg.DeadlockDetectedError) for cause in (exc, exc.__cause__, *exc.args))


def is_damage(exc: BaseException) -> bool:
    """Whether a driver's exception, bare or wrapped by Tortoise, tells of a damaged file, page or row."""
    causes = [exc, exc.__cause__, *exc.args]
    return any(
        isinstance(cause, (*POSTGRES_DAMAGE, UnicodeDecodeError))
        or (
            isinstance(cause, (asyncpg.InternalServerError, asyncpg.PostgresSystemError))
            and PAGE_DAMAGE.search(str(cause)) is not None
        )
        or (
            isinstance(cause, sqlite3.OperationalError) and str(cause).startswith("Could not decode to UTF-8")
        )
        or (
            isinstance(cause, sqlite3.DatabaseError)
            and (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in SQLITE_DAMAGE
        )
        for cause in causes
    )


def is_unprepared(exc: BaseException) -> bool:
    """Whether a driver's exception, bare or wrapped by Tortoise, names a table or column that is not there."""
    return any(
        isinstance(cause, (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError))
        or (
            isinstance(cause, sqlite3.OperationalError)
            and str(cause).startswith(("no such table", "no such column"))
        )
        for cause in (exc, exc.__cause__, *exc.args)
    )


def raise_unavailable(
    method: Callable[Args, Coroutine[Any, Any, Result]],
) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """Wrap a method of a database client so that trouble leaves it as `Unavailable`, a missing table as `Unprepared`."""

    @wraps(method)
    async def call(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        try:
            return await method(*args, **kwargs)
        except Unavailable:
            raise
        except Exception as exc:
            if is_crossing(exc):
                raise Crossed(str(exc) or type(exc).__name__) from exc
            if is_damage(exc):
                raise Damaged(str(exc) or type(exc).__name__) from exc
            if is_outage(exc):
                raise Unavailable(str(exc) or type(exc).__name__) from exc
            if is_unprepared(exc):
                raise Unprepared(str(exc)) from exc
            raise

    return call
