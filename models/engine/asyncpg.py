"""PostgreSQL through asyncpg, with a pool that always gets its connections back.

Differences from Tortoise's own backend: making the pool, BEGIN, COMMIT, ROLLBACK and the return of a
connection run to their end; no statement waits for ever; a lost server is `Unavailable`.
"""

import contextlib
from collections.abc import Sequence
from typing import Any

import asyncpg
from tortoise.backends.asyncpg import client as stock
from tortoise.backends.base.client import (
    NestedTransactionContext,
    TransactionalDBClient,
    TransactionContext,
    TransactionContextPooled,
)
from tortoise.connection import get_connections
from tortoise.exceptions import IntegrityError, OperationalError

from models.engine import many, statements, writes
from models.engine.errors import raise_unavailable
from models.engine.uninterruptible import uninterrupted

LIMITS = {"command_timeout": 30.0, "timeout": 10.0}


class AsyncpgClient(stock.AsyncpgDBClient):
    """The pool of this process."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(LIMITS | kwargs))
        for name in LIMITS:
            self.extra[name] = float(self.extra[name])

    @raise_unavailable
    async def create_connection(self, with_db: bool) -> None:
        await uninterrupted(super().create_connection(with_db))

    async def _close(self) -> None:
        await uninterrupted(super()._close())

    def _in_transaction(self) -> TransactionContext:
        return WholeTransaction(AsyncpgTransaction(self), self._pool_init_lock)

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    @raise_unavailable
    async def run(self, together: Sequence[statements.Statement]) -> list[list[Any]]:
        """Statements that only read, on one connection; the rows of each."""
        return await _run(self, together)

    execute_insert = raise_unavailable(writes.counted(stock.AsyncpgDBClient.execute_insert))
    execute_query = raise_unavailable(
        writes.counted(many.bounded(stock.AsyncpgDBClient.execute_query, many.for_postgres))
    )
    execute_query_dict = raise_unavailable(
        many.bounded(stock.AsyncpgDBClient.execute_query_dict, many.for_postgres)
    )
    execute_script = raise_unavailable(stock.AsyncpgDBClient.execute_script)


async def _run(client: stock.AsyncpgDBClient, together: Sequence[statements.Statement]) -> list[list[Any]]:
    found = []
    async with client.acquire_connection() as connection:
        for sql, values in map(statements.for_postgres, together):
            client.log.debug("%s: %s", sql, values)
            try:
                found.append(await connection.fetch(sql, *values))
            except asyncpg.IntegrityConstraintViolationError as exc:
                raise IntegrityError(exc) from exc
            except (asyncpg.SyntaxOrAccessError, asyncpg.exceptions.DataError) as exc:
                raise OperationalError(exc) from exc
    return found


class AsyncpgTransaction(stock.TransactionWrapper):
    """One connection of the pool as it is seen inside a transaction."""

    _parent: AsyncpgClient

    @raise_unavailable
    async def run(self, together: Sequence[statements.Statement]) -> list[list[Any]]:
        """Statements one after another; the rows of each. What they write is seen as by every other way."""
        changes, asking = statements.watched(together, " FOR UPDATE")
        return statements.heard(changes, await _run(self, asking))

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(AsyncpgTransaction(self))

    @raise_unavailable
    async def begin(self) -> None:
        await super().begin()

    @raise_unavailable
    async def commit(self) -> None:
        await super().commit()

    @raise_unavailable
    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        if (change := writes.change(query)) is None:
            return await super().execute_insert(query, values)
        [key] = change.given(query, values)
        await self._meet(change, query, [key])
        if key is None and " RETURNING " not in query:
            query = change.asking(query)
        row = await super().execute_insert(query, values)
        change.writes.add(change.table, [row[change.watched.pk] if key is None else key])
        return row

    @raise_unavailable
    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        change = writes.change(query)
        if change is None or not values:
            await super().execute_many(query, values)
            return
        await self._meet(change, query, change.given(query, *values))
        async with self.acquire_connection() as connection:
            try:
                change.heard(await connection.fetchmany(change.asking(query), values))
            except asyncpg.IntegrityConstraintViolationError as exc:
                raise IntegrityError(exc) from exc
            except asyncpg.PostgresError as exc:
                raise OperationalError(exc) from exc

    async def _meet(self, change: writes.Change, query: str, keys: list[Any]) -> None:
        if asked := change.meeting(query):
            marks = ", ".join(f"${n}" for n in range(1, len(keys) + 1))
            found = await self.execute_query_dict(asked.format(marks) + " FOR UPDATE", keys)
            change.writes.found(change.table, change.watched.pk, found)

    @raise_unavailable
    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[Any]]:
        query, values = many.for_postgres(query, values)
        if (change := writes.change(query)) is None or " RETURNING " in query:
            found: tuple[int, list[Any]] = await super().execute_query(query, values)
            return found
        if look := change.looking(query, values, " FOR UPDATE"):
            change.writes.found(change.table, change.watched.pk, await super().execute_query_dict(*look))
        rows = await super().execute_query_dict(change.asking(query), values)
        change.heard(rows)
        return len(rows), []

    execute_query_dict = raise_unavailable(
        many.bounded(stock.TransactionWrapper.execute_query_dict, many.for_postgres)
    )
    execute_script = raise_unavailable(stock.TransactionWrapper.execute_script)


class WholeTransaction(TransactionContextPooled):
    """Entered and left as a whole: the connection goes back to the pool in every case."""

    client: AsyncpgTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self.client._connection = await self._acquire()
        try:
            await uninterrupted(self.client.begin())
        except BaseException:
            await uninterrupted(self._give_back())
            raise
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    @raise_unavailable
    async def _acquire(self) -> Any:
        return await self.client._parent._pool.acquire()  # type: ignore[union-attr]

    async def _give_back(self) -> None:
        """Return the connection with nothing open on it, or, when that cannot be done, broken off.

        What fails here is not told: the pool throws such a connection away by itself.
        """
        connection = self.client._connection
        pool = self.client._parent._pool
        try:
            if connection.is_in_transaction():
                await self.client.rollback()
        except Exception:
            with contextlib.suppress(Exception):
                connection.terminate()
        if pool is not None:
            with contextlib.suppress(Exception):
                await pool.release(connection)

    async def __aexit__(self, exc_type: Any, exc_val: Any, exc_tb: Any) -> None:
        get_connections().reset(self.token)
        await uninterrupted(self._finish(exc_type is None and not self.client._finalized))

    async def _finish(self, keep: bool) -> None:
        try:
            if keep:
                await self.client.commit()
        finally:
            await self._give_back()


client_class = AsyncpgClient
