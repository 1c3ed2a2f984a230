"""Opens the ORM and holds the one transaction helper: one human act is one transaction (Art. 11).

    @store.transactional
    async def fix(task_id: int, *, by: Actor, at: datetime) -> Visit: ...

An act is whole: once begun it runs to its end even when the caller goes away (a phone out of reach, a
browser closed), it is written once or not at all, and it is never tried a second time behind anybody's back
(save one that the database undid whole because it and another waited for each other).
An act called from within an act joins it. One process holds one open store.
"""

import asyncio
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager, suppress
from contextvars import ContextVar
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.backends.base.executor import EXECUTOR_CACHE
from tortoise.context import TortoiseContext
from tortoise.exceptions import ValidationError as Overlong
from tortoise.models import Model
from tortoise.transactions import in_transaction

from models.engine import Crossed, Damaged, Unavailable, Unprepared, assert_folder, uninterrupted, writes
from models.engine.inserts import inserts, numbered
from models.engine.schema import PRODUCT_SCHEMA, Schema, config
from models.engine.statements import Hurry, NotPlain, Owed, SqlStatement, marks
from models.objects import ObjectStore, object_store

__all__ = [
    "PRODUCT_SCHEMA", "Damaged", "Overlong", "Owed", "Schema", "SqlStatement", "Unavailable", "Unprepared", "close",
    "config", "connection", "dialect", "foremost", "insert", "is_act_under_way", "kept", "marks", "objects", "open",
    "opened", "owe", "plain", "plain_act", "query", "rehearse", "ride", "run", "run_in_transaction", "run_one",
    "savepoint", "transaction", "transactional", "turns", "typed",
]  # fmt: skip

Args = ParamSpec("Args")
Result = TypeVar("Result")

CROSSINGS = 3  # how often an act begins again that the database undid because it crossed another


_context: TortoiseContext | None = None
_sealing: Any = None
_fitted: tuple[type[BaseDBAsyncClient], list[type[Model]]] | None = None
_act: ContextVar[tuple[BaseDBAsyncClient, asyncio.Task[Any] | None] | None] = ContextVar("act", default=None)
objects: ObjectStore


async def open(
    url: str, *, create: bool = False, objects_at: str | Path | None = None, schema: Schema = PRODUCT_SCHEMA
) -> None:
    """Open the database, and the object store when it is told where (a folder or an `s3://` address).

    `create` makes the tables straight from the models: for trying out; a real database is migrated.
    Raises Unavailable when the database cannot be reached, RuntimeError when a store is open already.
    """
    global _context, _sealing, objects
    if _context is not None:
        raise RuntimeError("the store is open already")
    assert_folder(expand_db_url(url)["credentials"].get("file_path"))
    _context = context = TortoiseContext()
    _sealing = importlib.import_module(schema.sealing) if schema.sealing else None
    try:
        with context:
            await context.init(config(url, schema), init_connections=False, _enable_global_fallback=True)
            _fit_tables(context)
        await connection().execute_query("SELECT 1")
        if create:
            await context.generate_schemas()
            await create_indexes(schema)
        if objects_at is not None:
            objects = await object_store(objects_at)
    except BaseException:
        await close()
        raise


def _fit_tables(context: TortoiseContext) -> None:
    """Word every table's statements for this kind of database, unless the last store's were these already."""
    global _fitted
    assert context.apps is not None
    wanted = type(connection()), tables()
    if wanted != _fitted:
        _fitted = None
        EXECUTOR_CACHE.clear()
        context.apps._build_initial_querysets()
        _fitted = wanted


async def close() -> None:
    """Close what `open` opened, after the act under way and what nobody waited for. Closing twice does nothing."""
    global _context
    if _context is not None:
        with suppress(Exception):  # where it could not even be opened
            await uninterrupted(kept())
    context, _context = _context, None
    globals().pop("objects", None)
    if context is not None:
        await uninterrupted(context.close_connections())


@asynccontextmanager
async def opened(url: str, **how: Any) -> AsyncIterator[None]:
    """`open` and `close` as a block, for commands and for aiohttp's `cleanup_ctx`."""
    await open(url, **how)
    try:
        yield
    finally:
        await close()


def context() -> TortoiseContext:
    """The open store as Tortoise knows it. Raises RuntimeError when it is closed."""
    if _context is None:
        raise RuntimeError("the store is not open")
    return _context


def connection() -> BaseDBAsyncClient:
    """The connection to speak SQL to: the transaction's own inside an act."""
    return context().connections.get("default")


def query(sql: str, *values: Any, light: bool = False) -> SqlStatement:
    """Plain SQL with `?` for each value; nothing else in it is a question mark. `light`: see `SqlStatement`."""
    return SqlStatement(sql, values, light)


async def run(*statements: SqlStatement) -> list[list[Any]]:
    """The rows of each statement, all in one trip; a row is asked by column: `row["number"]`.

    Outside an act for reading alone. What is written here is seen and sealed as by the ORM. `instant` and `json` of
    `models.fields` read what the two databases give differently.
    """
    rows: list[list[Any]] = await connection().run(statements)  # type: ignore[attr-defined]
    return rows


async def owe(sql: str, *values: Any) -> Owed:
    """A light statement that writes, inside an act: it goes with the act's next one, or its commit, where it may fail.
    What it changed is known when the act is over.
    """
    owed: Owed = await connection().owe(SqlStatement(sql, values, light=True))  # type: ignore[attr-defined]
    return owed


async def turns(*names: str) -> None:
    """Inside an act on PostgreSQL: wait until no other act holds one of these names, and hold them until this one is over."""
    await connection().turns(names)  # type: ignore[attr-defined]


async def run_one(sql: str, *values: Any) -> list[Any]:
    """The rows of one statement."""
    return (await run(SqlStatement(sql, values)))[0]


def typed(kind: str) -> str:
    """A placeholder whose type PostgreSQL cannot tell from its place."""
    return "?" if dialect() == "sqlite" else f"CAST(? AS {kind})"


async def insert(rows: Sequence[Model], *, once: str = "") -> None:
    """Insert rows of one table, as many in a statement as it has room for. `once`: a column whose value must be new; rows
    of a known one fall out. Rows of a sealed table then have the number that the database gave them, all others not.
    """
    for some, statement in inserts(rows, once):
        numbered(some, (await run(statement))[0])


def tables() -> list[type[Model]]:
    """The models of the open store."""
    apps = context().apps
    return [] if apps is None else [model for app in apps.values() for model in app.values()]


def dialect() -> str:
    """`sqlite` or `postgres`."""
    return connection().capabilities.dialect


async def its_time() -> datetime:
    """The database's own clock, for what no act gives a time to."""
    asked = "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')" if dialect() == "sqlite" else "SELECT now()"
    [row] = await connection().execute_query_dict(f"{asked} AS at")
    result = row["at"]
    return datetime.fromisoformat(result) if isinstance(result, str) else result


async def create_indexes(schema: Schema = PRODUCT_SCHEMA) -> None:
    """Make the indexes that are missing: the rebuild of a table on SQLite drops them all."""
    for statement in importlib.import_module(schema.indexes).INDEXES:
        await connection().execute_query(statement)


@asynccontextmanager
async def transaction(*, sealed: bool = True) -> AsyncIterator[BaseDBAsyncClient]:
    """One transaction: kept when the block ends, undone when it raises or is cancelled.

    What it wrote is sealed before it ends (`models.operations.sealing`), unless `sealed` says otherwise. A block
    within a block joins it. Acts use `act` or `transactional`, which a cancellation cannot undo.
    Raises RuntimeError in a task that was started inside a transaction: its connection is not its own.
    """
    joined = _act.get()
    if joined is not None:
        if joined[1] is not _task():
            raise RuntimeError("a task was started inside a transaction")
        yield joined[0]
        return
    async with in_transaction("default") as client, _sealed(client, sealed):
        yield client


@asynccontextmanager
async def _sealed(client: BaseDBAsyncClient, sealed: bool = True) -> AsyncIterator[None]:
    """The inside of a transaction that is about to be kept."""
    token = _act.set((client, _task()))
    written = _sealing.writes() if sealed and _sealing else None
    try:
        with writes.watching(written):
            yield
            if written is not None:
                await _sealing.finish(written)
    finally:
        _act.reset(token)


def is_act_under_way() -> bool:
    """Whether whoever asks is inside an act's transaction."""
    return _act.get() is not None


def _task() -> asyncio.Task[Any] | None:
    """Whose transaction it is; None in the database's thread, where no task runs."""
    try:
        return asyncio.current_task()
    except RuntimeError:
        return None


@asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """Inside an act: statements that may fail (a duplicate key) without spoiling what the act did before."""
    if _act.get() is None:
        raise RuntimeError("a savepoint stands inside an act")
    try:
        async with in_transaction("default"):
            yield
    except BaseException:
        if act := writes.current():
            act.forget()
        raise


async def run_in_transaction(
    deed: Callable[Args, Awaitable[Result]], /, *args: Args.args, **kwargs: Args.kwargs
) -> Result:
    """Do `deed(*args, **kwargs)` in one transaction that a cancelled caller cannot cut short.

    Raises whatever the deed raises, with nothing recorded; Unavailable when the database does not take it.
    """
    if _act.get() is not None:
        async with transaction():
            return await deed(*args, **kwargs)

    async def whole() -> Result:
        async with transaction():
            return await deed(*args, **kwargs)

    return await uninterrupted(whole())


async def plain_act(
    deed: Callable[Args, Awaitable[Result]], /, *args: Args.args, **kwargs: Args.kwargs
) -> Result:
    """`act` for a deed that asks the database by `run` alone: on SQLite it is one trip to the database's thread.

    Where it turns out to ask by the ORM all the same, nothing of it is kept and it is done again the ordinary way.
    """
    return await _plain(Hurry.SOME, deed, *args, **kwargs)


async def _plain(
    hurry: Hurry, deed: Callable[Args, Awaitable[Result]], /, *args: Args.args, **kwargs: Args.kwargs
) -> Result:
    drive = getattr(connection(), "drive", None) if _act.get() is None else None
    if drive is None:
        return await run_in_transaction(deed, *args, **kwargs)
    try:  # a cancelled caller cannot cut it short
        result: Result = await drive(_driven(partial(deed, *args, **kwargs)), hurry)
    except NotPlain:
        await kept()
        return await run_in_transaction(deed, *args, **kwargs)
    return result


def _driven(deed: Callable[[], Awaitable[Result]]) -> Callable[[BaseDBAsyncClient], Awaitable[Result]]:
    """The deed as the database's thread does it."""

    async def whole(client: BaseDBAsyncClient) -> Result:
        token = context().connections.set("default", client)
        try:
            async with _sealed(client):
                return await deed()
        finally:
            context().connections.reset(token)

    return whole


async def ride(
    deed: Callable[Args, Awaitable[object]], key: object, /, *args: Args.args, **kwargs: Args.kwargs
) -> None:
    """Do a plain act that nobody waits for. On SQLite this returns at once, and the act is done with whatever commits next,
    by itself after five seconds at the latest, and before the store is closed; where the process is killed before, it was
    never done. Whoever must see what it wrote asks for `kept` first. Elsewhere it is done now, without a wait for the disk:
    where the database's server is killed before, it was never done.
    """
    if _act.get() is not None:
        await run_in_transaction(deed, *args, **kwargs)
    elif begin := getattr(connection(), "ride", None):
        begin(_driven(partial(deed, *args, **kwargs)), key)
    else:
        await run_in_transaction(_unhurried, partial(deed, *args, **kwargs))


async def _unhurried(deed: Callable[[], Awaitable[object]]) -> None:
    """A deed whose commit is seen by all at once, and on the disk a moment later."""
    connection().may_be_lost()  # type: ignore[attr-defined]
    await deed()


async def kept(*keys: object) -> None:
    """What rides under these keys (without any: all that rides) is written now. Within an act that holds already for what
    rode before it.
    """
    if _act.get() is None and (settle := getattr(connection(), "kept", None)):
        await settle(*keys)


def plain(deed: Callable[Args, Awaitable[Result]]) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """Decorate an act that asks the database by `run` alone, save where something rare happens."""
    return _hurried(deed, Hurry.SOME)


def foremost(deed: Callable[Args, Awaitable[Result]]) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """The same for what goes before everything that waits: updates are acknowledged when they are stored."""
    return _hurried(deed, Hurry.GREAT)


def _hurried(
    deed: Callable[Args, Awaitable[Result]], hurry: Hurry
) -> Callable[Args, Coroutine[Any, Any, Result]]:
    @wraps(deed)
    async def one_act(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        return await _plain(hurry, deed, *args, **kwargs)

    return one_act


class _Undone(Exception):
    """A rehearsal is over."""


async def rehearse(deed: Callable[[], Awaitable[Any]]) -> None:
    """Do a deed and undo it: raises what it would raise, leaves nothing. For what is dear to do in vain."""
    if _act.get() is not None:
        raise RuntimeError("a rehearsal stands outside every act")

    async def undone() -> None:
        await deed()
        raise _Undone

    with suppress(_Undone):
        await run_in_transaction(undone)


def transactional(deed: Callable[Args, Awaitable[Result]]) -> Callable[Args, Coroutine[Any, Any, Result]]:
    """Decorate an act: each call of it is one `act`; one that crossed another begins again."""

    @wraps(deed)
    async def one_act(*args: Args.args, **kwargs: Args.kwargs) -> Result:
        for _ in range(CROSSINGS if _act.get() is None else 0):
            with suppress(Crossed):
                return await run_in_transaction(deed, *args, **kwargs)
        return await run_in_transaction(deed, *args, **kwargs)

    return one_act
