"""SQLite that neither wedges when a task is cancelled nor refuses a second process.

Differences from Tortoise's own backend: BEGIN IMMEDIATE, so that a transaction waits for its turn before it
reads; connecting, BEGIN, COMMIT and ROLLBACK run to their end; whatever fails while one of them runs rolls
back and gives the lock back; every commit reaches the disk (`synchronous=FULL`).
"""

import asyncio
import contextvars
import sqlite3
from collections.abc import Callable, Coroutine, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar, cast

from tortoise.backends.base.client import (
    ConnectionWrapper,
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
)
from tortoise.backends.sqlite import client as stock
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from models.engine import many, statements, writes
from models.engine.errors import raise_unavailable
from models.engine.landing import Deed, Landing, tell
from models.engine.readers import Prepared, Readers, run_each
from models.engine.statements import Hurry
from models.engine.uninterruptible import Unbroken, uninterrupted

Result = TypeVar("Result")
TOGETHER = 12  # acts in a commit: so long may an update wait that is to be stored and acknowledged
BESIDE = 4  # acts in a commit with such updates
LATEST = 5.0  # seconds that a deed without hurry waits for others to commit with
PRAGMAS = {"journal_mode": "WAL", "synchronous": "FULL", "foreign_keys": "ON", "busy_timeout": 10_000}


def parts(script: str) -> Iterator[str]:
    """The statements of a script; a semicolon within quotes, comments or a trigger ends none."""
    statement = ""
    for piece in script.split(";"):
        statement += piece + ";"
        if sqlite3.complete_statement(statement):
            if statement.strip("; \n"):
                yield statement.strip()
            statement = ""
    if statement.strip("; \n"):
        yield statement.strip()


class SqliteClient(stock.SqliteClient):
    """The one connection of this process."""

    def __init__(self, file_path: str, **pragmas: Any) -> None:
        super().__init__(file_path, **(PRAGMAS | pragmas))
        self._foremost: list[Deed] = []
        self._waiting: list[Deed] = []
        self._unhurried: list[Deed] = []
        self._riding: dict[asyncio.Future[Any], Any] = {}
        self._latest: asyncio.TimerHandle | None = None
        self._driving: asyncio.Task[None] | None = None
        self._readers = Readers(self._read)

    @raise_unavailable
    async def create_connection(self, with_db: bool) -> None:
        await uninterrupted(self._connect(with_db))

    async def _connect(self, with_db: bool) -> None:
        try:
            await super().create_connection(with_db)
        except sqlite3.OperationalError as exc:
            await super().close()
            raise OperationalError(exc) from exc

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        return StatementLock(self._lock, self)

    async def close(self) -> None:
        """Close when the transaction under way is over, so that no act is cut in two."""
        async with self._lock:
            await uninterrupted(super().close())

    def _in_transaction(self) -> TransactionContext:
        return WholeSqliteTransaction(SqliteTransaction(self), self._lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    @raise_unavailable
    async def run(self, together: Sequence[statements.SqlStatement]) -> list[list[Any]]:
        """Statements that only read, in one trip; the rows of each. Light ones share it with other readers'."""
        if not all(statement.light for statement in together):
            return await _run(self, together)
        with _worded():
            return await self._readers.rows(_prepared(self, together))

    async def _read(self, board: Callable[[], list[Prepared]]) -> list[Any]:
        async with self.acquire_connection() as connection:
            return cast(list[Any], await connection._execute(run_each, connection._conn, board()))

    @raise_unavailable
    async def drive(
        self, deed: Callable[[Any], Coroutine[Any, Any, Result]], hurry: Hurry = Hurry.SOME
    ) -> Result:
        """`deed(transaction)` in the database's thread: one trip, however many statements.

        Deeds that wait at the same moment share a commit; each is undone by itself when it fails, and none is over before
        the commit, however its caller fares. Raises NotPlain, with nothing of it kept, when it awaits anything but `run` of
        the transaction it is given.
        """
        done: Unbroken[Result] = self._line_up(deed, hurry)
        with _worded():
            return await done.over()

    def ride(self, deed: Callable[[Any], Coroutine[Any, Any, Any]], key: object) -> None:
        """The same for a deed that nobody waits for: it is done with those that are driven next, before them, or by itself
        after `LATEST` seconds, when the connection is closed, or when somebody asks whether it is `kept`.
        """
        done = self._line_up(deed, Hurry.NONE)
        self._riding[done] = key
        done.add_done_callback(self._arrived)

    def _arrived(self, done: asyncio.Future[Any]) -> None:
        del self._riding[done]
        if not done.cancelled() and (failed := done.exception()) is not None:
            self.log.error("what nobody waited for was not kept", exc_info=failed)

    async def kept(self, *keys: object) -> None:
        """What rides under one of these keys, or at all when there are none, is kept."""
        if waiting := [done for done, key in self._riding.items() if not keys or key in keys]:
            self._hurry()
            await asyncio.wait(waiting)

    def _line_up(self, deed: Callable[[Any], Coroutine[Any, Any, Any]], hurry: Hurry) -> Unbroken[Any]:
        loop = asyncio.get_running_loop()
        done: Unbroken[Any] = Unbroken(loop=loop)
        transaction, context = PlainTransaction(self), contextvars.copy_context()

        def run(connection: sqlite3.Connection, work: Coroutine[Any, Any, Any]) -> Any:
            return context.run(statements.driven, connection, work)

        entry = (run, lambda: deed(transaction), done)
        if hurry == Hurry.NONE:
            self._unhurried.append(entry)
            self._latest = self._latest or loop.call_later(LATEST, self._hurry)
            return done
        (self._foremost if hurry == Hurry.GREAT else self._waiting).append(entry)
        self._set_out()
        return done

    def _hurry(self) -> None:
        """Nobody came to commit with."""
        self._waiting = [*self._board(), *self._waiting]
        if self._waiting:
            self._set_out()

    def _board(self) -> list[Deed]:
        """Those without hurry, who go now."""
        riding, self._unhurried = self._unhurried, []
        if self._latest:
            self._latest.cancel()
            self._latest = None
        return riding

    def _set_out(self) -> None:
        if self._driving is None:
            self._driving = asyncio.create_task(self._drive(), name="database")

    def _group(self) -> list[Deed]:
        """What commits together next: what rides, what goes before everything, and some acts."""
        many = BESIDE if self._foremost else TOGETHER
        group = [*self._board(), *self._foremost, *self._waiting[:many]]
        self._foremost, self._waiting = [], self._waiting[many:]
        return group

    async def _drive(self) -> None:
        try:
            while self._foremost or self._waiting:
                async with self._lock:
                    await self._drive_group(self._group())
        finally:
            self._driving = None

    async def _drive_group(self, group: list[Deed]) -> None:
        try:
            if self._connection is None:
                await self.create_connection(with_db=True)
            inner: Any = self._connection
            landed, work = Landing(group), [(run, deed) for run, deed, _ in group]
            inner._tx.put_nowait((landed, partial(statements.drive, inner._conn, work)))
            await landed
        except Exception as failed:
            tell(group, [failed] * len(group))
        except BaseException:
            for _, _, done in group:
                done.give_up()
            raise

    execute_insert = raise_unavailable(writes.counted(stock.SqliteClient.execute_insert))
    execute_query = raise_unavailable(
        writes.counted(many.bounded(stock.SqliteClient.execute_query, many.for_sqlite))
    )
    execute_query_dict = raise_unavailable(
        many.bounded(stock.SqliteClient.execute_query_dict, many.for_sqlite)
    )
    execute_script = raise_unavailable(stock.SqliteClient.execute_script)


class StatementLock(ConnectionWrapper[Any]):
    """A turn at the connection for one statement; given up again when connecting fails."""

    async def __aenter__(self) -> Any:
        await self._lock.acquire()
        try:
            await self.ensure_connection()
        except BaseException:
            self._lock.release()
            raise
        return self.connection


@contextmanager
def _worded() -> Iterator[None]:
    """What SQLite raises, in Tortoise's words."""
    try:
        yield
    except sqlite3.OperationalError as exc:
        raise OperationalError(exc) from exc
    except sqlite3.IntegrityError as exc:
        raise IntegrityError(exc) from exc


def _prepared(client: stock.SqliteClient, together: Sequence[statements.SqlStatement]) -> Prepared:
    prepared = [statements.for_sqlite(statement) for statement in together]
    for sql, values in prepared:
        client.log.debug("%s: %s", sql, values)
    return prepared


async def _run(client: stock.SqliteClient, together: Sequence[statements.SqlStatement]) -> list[list[Any]]:
    prepared = _prepared(client, together)
    async with client.acquire_connection() as connection:
        with _worded():
            return cast(
                list[list[Any]], await connection._execute(statements.run, connection._conn, prepared)
            )


class SqliteTransaction(stock.SqliteTransactionWrapper):
    """The connection as it is seen inside a transaction."""

    @raise_unavailable
    async def run(self, together: Sequence[statements.SqlStatement]) -> list[list[Any]]:
        """Statements in one trip; the rows of each. What they write is seen as by every other way."""
        changes, asking = statements.watched(together)
        return statements.heard(changes, await _run(self, asking))

    async def owe(self, asked: statements.SqlStatement) -> statements.Owed:
        """A statement that writes and whose rows nobody asks for now: it goes at once."""
        owed = statements.Owed(asked)
        [owed.rows] = await self.run([asked])
        return owed

    @raise_unavailable
    async def begin(self) -> None:
        with _worded():
            await self.roll_back_if_open()
            await self._connection.execute("BEGIN IMMEDIATE")

    @raise_unavailable
    async def commit(self) -> None:
        """Commit. What is refused at the last moment (a deferred key, a full disk) is rolled back."""
        try:
            await super().commit()
        except sqlite3.IntegrityError as exc:
            await self.roll_back_if_open()
            raise IntegrityError(exc) from exc
        except sqlite3.OperationalError as exc:
            await self.roll_back_if_open()
            raise OperationalError(exc) from exc

    async def roll_back_if_open(self) -> None:
        if self._connection.in_transaction:
            await self._connection.rollback()

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(cast(TransactionalDBClient, SqliteTransaction(self)))

    async def execute_script(self, query: str) -> None:
        """Run the statements one by one: sqlite3's own way to run a script commits first."""
        for statement in parts(query):
            await self.execute_query(statement)

    @raise_unavailable
    async def execute_insert(self, query: str, values: list[Any]) -> int:
        if (change := writes.change(query)) is not None:
            [key] = change.given(query, values)
            await self._meet(change, query, [key])
        number: int = await super().execute_insert(query, values)
        if change is not None:
            change.writes.add(change.table, [number if key is None else key])
        return number

    @raise_unavailable
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        change = writes.change(query)
        if change is None or not values:
            await super().execute_many(query, values)
            return
        keys = change.given(query, *values)
        await self._meet(change, query, keys)
        last = None if keys[0] is not None else await self._last(change)
        await super().execute_many(query, values)
        if last is not None:
            asked = (
                f'SELECT "{change.watched.pk}" AS "pk" FROM "{change.table}" WHERE "{change.watched.pk}" > ?'  # noqa: S608
            )
            keys = [row["pk"] for row in await super().execute_query_dict(asked, [last])]
        change.writes.add(change.table, keys)

    async def _meet(self, change: writes.WatchedChange, query: str, keys: list[Any]) -> None:
        if asked := change.meeting(query):
            marks = ", ".join("?" * len(keys))
            change.writes.found(
                change.table, change.watched.pk, await self.execute_query_dict(asked.format(marks), keys)
            )

    async def _last(self, change: writes.WatchedChange) -> Any:
        asked = f'SELECT COALESCE(MAX("{change.watched.pk}"), 0) AS "pk" FROM "{change.table}"'  # noqa: S608
        return (await super().execute_query_dict(asked))[0]["pk"]

    @raise_unavailable
    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, Sequence[Any]]:
        query, values = many.for_sqlite(query, values)
        if (change := writes.change(query)) is None or " RETURNING " in query:
            results: tuple[int, Sequence[Any]] = await super().execute_query(query, values)
            return results
        if look := change.looking(query, values):
            change.writes.found(change.table, change.watched.pk, await super().execute_query_dict(*look))
        count, rows = await super().execute_query(change.asking(query), values)
        change.heard([dict(row) for row in rows])
        return count, []

    execute_query_dict = raise_unavailable(
        many.bounded(stock.SqliteTransactionWrapper.execute_query_dict, many.for_sqlite)
    )


class PlainTransaction(SqliteTransaction):
    """A transaction that runs in the database's own thread: all that may be awaited in it is `run`."""

    async def run(self, together: Sequence[statements.SqlStatement]) -> list[list[Any]]:
        changes, asking = statements.watched(together)
        rows = await statements.Request([statements.for_sqlite(statement) for statement in asking])
        return statements.heard(changes, rows)

    def acquire_connection(self) -> ConnectionWrapper[Any]:
        raise statements.NotPlain

    def _in_transaction(self) -> TransactionContext:
        raise statements.NotPlain


class WholeSqliteTransaction(stock.SqliteTransactionContext):
    """Entered and left as a whole: the lock comes back in every case."""

    connection: SqliteTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        await self._trxlock.acquire()
        try:
            await uninterrupted(self._begin())
        except BaseException:
            try:
                await uninterrupted(self.connection.roll_back_if_open())
            finally:
                self._trxlock.release()
            raise
        self.token = get_connections().set(self.connection_name, self.connection)
        return self.connection

    async def _begin(self) -> None:
        await self.ensure_connection()
        await self.connection.begin()

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        get_connections().reset(self.token)
        try:
            if exc_type is None and not self.connection._finalized:
                await uninterrupted(self.connection.commit())
            else:
                await uninterrupted(self.connection.roll_back_if_open())
        finally:
            self._trxlock.release()


client_class = SqliteClient
