"""PostgreSQL through asyncpg, with a pool that always gets its connections back.

Differences from Tortoise's own backend: making the pool, BEGIN, COMMIT, ROLLBACK and the return of a
connection run to their end; no statement waits for ever; a lost server is `Unavailable`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Sequence
from functools import partial
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
from tortoise.exceptions import IntegrityError, OperationalError, TransactionManagementError

from models.engine import many, statements, together, writes
from models.engine.errors import raise_unavailable
from models.engine.gathering import Gathering
from models.engine.uninterruptible import uninterrupted

LIMITS = {"command_timeout": 30.0, "timeout": 10.0}
TURN = "pg_advisory_xact_lock(hashtextextended({}, 0))"
LITERAL = re.compile(r"[\w :.,@+-]*")  # needs no escape in an SQL literal


class Connection(asyncpg.Connection):  # type: ignore[misc]
    """Goes back to the pool without a word: nothing here changes a session. Locks are of transactions, nothing is SET."""

    def get_reset_query(self) -> str:
        return ""


class AsyncpgClient(stock.AsyncpgDBClient):
    """The pool of this process."""

    connection_class = Connection

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **(LIMITS | kwargs))
        for name in LIMITS:
            self.extra[name] = float(self.extra[name])
        self._gathering = Gathering(partial(_run, self))

    @raise_unavailable
    async def create_connection(self, with_db: bool) -> None:
        await uninterrupted(super().create_connection(with_db))

    async def _close(self) -> None:
        await uninterrupted(super()._close())

    def _in_transaction(self) -> TransactionContext:
        return WholeAsyncpgTransaction(AsyncpgTransaction(self), self._pool_init_lock)

    @raise_unavailable
    async def lend(self) -> asyncpg.Connection:
        """A connection of the pool, to be given back."""
        assert self._pool is not None
        return await self._pool.acquire()

    async def execute_many(self, query: str, values: list[list[Any]]) -> None:
        async with self._in_transaction() as transaction:
            await transaction.execute_many(query, values)

    @raise_unavailable
    async def run(self, asked: Sequence[statements.SqlStatement]) -> list[list[Any]]:
        """Statements that only read; the rows of each."""
        if len(asked) == 1 and asked[0].light:
            return [await self._gathering.one(asked[0])]
        return await _run(self, asked)

    execute_insert = raise_unavailable(writes.counted(stock.AsyncpgDBClient.execute_insert))
    execute_query = raise_unavailable(
        writes.counted(many.bounded(stock.AsyncpgDBClient.execute_query, many.for_postgres))
    )
    execute_query_dict = raise_unavailable(
        many.bounded(stock.AsyncpgDBClient.execute_query_dict, many.for_postgres)
    )
    execute_script = raise_unavailable(stock.AsyncpgDBClient.execute_script)


async def _run(client: stock.AsyncpgDBClient, asked: Sequence[statements.SqlStatement]) -> list[list[Any]]:
    results: list[list[Any]] = []
    async with client.acquire_connection() as connection:
        for trip in together.trips(asked):
            whole = together.joined(trip) if len(trip) > 1 else trip[0]
            sql, values = statements.for_postgres(whole)
            client.log.debug("%s: %s", sql, values)
            try:
                rows = await connection.fetch(sql, *values)
                results += together.taken_apart(rows[0]) if len(trip) > 1 else [rows]
            except asyncpg.IntegrityConstraintViolationError as exc:
                raise IntegrityError(exc) from exc
            except (asyncpg.SyntaxOrAccessError, asyncpg.exceptions.DataError) as exc:
                raise OperationalError(exc) from exc
    return results


class AsyncpgTransaction(stock.TransactionWrapper):
    """One connection of the pool as it is seen inside a transaction.

    It begins with the first statement that changes or locks something: before, each statement sees what is committed, in a
    transaction or not. Where all that is changed goes in one trip, that trip is the transaction.
    """

    _parent: AsyncpgClient | AsyncpgTransaction

    def __init__(self, connection: AsyncpgClient | AsyncpgTransaction) -> None:
        super().__init__(connection)
        self._owed: list[statements.Owed] = []
        self._begun = False
        self._name, self._savepoints = "", 0
        self._may_be_lost = False

    @raise_unavailable
    async def run(self, asked: Sequence[statements.SqlStatement]) -> list[list[Any]]:
        """Statements one after another; the rows of each. What they write is seen as by every other way."""
        owed, self._owed = self._owed, []
        if not self._begun and not owed and all(statements.only_reads(query.sql) for query in asked):
            return await self._pool_client.run(asked)
        changes, asking = statements.watched([*(owing.statement for owing in owed), *asked], " FOR UPDATE")
        await self._start()
        rows = statements.heard(changes, await _run(self, asking))
        for owing, given in zip(owed, rows, strict=False):
            owing.rows = given
        return rows[len(owed) :]

    async def owe(self, asked: statements.SqlStatement) -> statements.Owed:
        """A statement that writes and whose rows nobody asks for now: it goes with the next, or with the commit."""
        self._owed.append(statements.Owed(asked))
        return self._owed[-1]

    def may_be_lost(self) -> None:
        """The commit need not reach the disk before it is over: nobody is told of it. What commits after it takes it along."""
        self._may_be_lost = True

    async def pay(self) -> None:
        """What is owed goes now, before whatever takes another way than `run`."""
        if self._owed:
            await self.run([])
        await self._start()

    @raise_unavailable
    async def turns(self, names: Sequence[str]) -> None:
        """Wait until no other transaction holds one of these names, and hold them to the end; in one trip with the
        beginning where it can be.
        """
        if self._begun or self._owed or not all(map(LITERAL.fullmatch, names)):
            taken = ", ".join([TURN.format("?")] * len(names))
            await self.run([statements.SqlStatement(f"SELECT {taken}", tuple(names))])
            return
        taken = ", ".join(TURN.format(f"'{name}'") for name in names)
        await self._start(f"; SELECT {taken}", names)

    async def _start(self, beside: str = "", names: Sequence[str] = ()) -> None:
        """Begin on a connection of the pool, unless that was done."""
        if not self._begun:
            self._connection = await self._pool_client.lend()
            self._begun = True
            await self._control(f"BEGIN{beside}", names)

    @property
    def _pool_client(self) -> AsyncpgClient:
        assert isinstance(self._parent, AsyncpgClient)
        return self._parent

    async def _control(self, sql: str, names: Sequence[str] = ()) -> None:
        self.log.debug("%s: %s", sql, list(names))
        await self._connection.execute(sql)

    def _in_transaction(self) -> TransactionContext:
        return NestedTransactionContext(AsyncpgTransaction(self))

    @raise_unavailable
    async def begin(self) -> None:
        """A savepoint at once, the transaction itself when it must."""
        if (outer := self._outer) is None:
            return
        await outer.pay()
        outer._savepoints += 1
        self._name, self._begun, self._connection = f"s{outer._savepoints}", True, outer._connection
        await self._control(f"SAVEPOINT {self._name}")

    @raise_unavailable
    async def commit(self) -> None:
        if self._finalized:
            raise TransactionManagementError("the transaction is over")
        if (outer := self._outer) is not None:
            await outer.pay()
            await self._control(f"RELEASE SAVEPOINT {self._name}")
        else:
            await self._commit()
        self._finalized = True

    async def _commit(self) -> None:
        """What is owed at last is a transaction by itself where nothing was changed before and it is one trip."""
        owed, asking = self._owed, [owing.statement for owing in self._owed]
        trips = len(asking) if self._may_be_lost else len(list(together.trips(asking)))
        if self._begun or trips > 1:
            await self.pay()
            await self._control(f"{together.UNSYNCED}; COMMIT" if self._may_be_lost else "COMMIT")
            return
        if owed and self._may_be_lost:
            asking = [together.unsynced(asking[0])]  # nobody asks for its rows
        self._owed = []
        if owed:
            rows = await _run(self._pool_client, asking)
            for owing, given in zip(owed, rows, strict=True):
                owing.rows = given

    async def rollback(self) -> None:
        if self._finalized:
            raise TransactionManagementError("the transaction is over")
        if (outer := self._outer) is not None:
            outer._owed.clear()
            await self._control(f"ROLLBACK TO {self._name}")
        elif self._begun:
            await self._control("ROLLBACK")
        self._owed.clear()
        self._finalized = True

    @property
    def _outer(self) -> AsyncpgTransaction | None:
        """The transaction of a savepoint. What speaks to the database within goes through it still."""
        return self._parent if isinstance(self._parent, AsyncpgTransaction) else None

    @raise_unavailable
    async def execute_insert(self, query: str, values: list[Any]) -> Any:
        await self.pay()
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
        await self.pay()
        change = writes.change(query)
        if change is None or not values:
            await super().execute_many(query, values)
            return
        await self._meet(change, query, change.given(query, *values))
        async with self.acquire_connection() as connection:
            try:
                rows = await connection.fetchmany(change.asking(query), values)
                change.heard(rows, whole=" RETURNING " not in query)
            except asyncpg.IntegrityConstraintViolationError as exc:
                raise IntegrityError(exc) from exc
            except asyncpg.PostgresError as exc:
                raise OperationalError(exc) from exc

    async def _meet(self, change: writes.WatchedChange, query: str, keys: list[Any]) -> None:
        if asked := change.meeting(query):
            marks = ", ".join(f"${n}" for n in range(1, len(keys) + 1))
            result = await self.execute_query_dict(asked.format(marks) + " FOR UPDATE", keys)
            change.writes.found(change.table, change.watched.pk, result)

    @raise_unavailable
    async def execute_query(self, query: str, values: list[Any] | None = None) -> tuple[int, list[Any]]:
        await self.pay()
        query, values = many.for_postgres(query, values)
        if (change := writes.change(query)) is None or " RETURNING " in query:
            results: tuple[int, list[Any]] = await super().execute_query(query, values)
            return results
        if look := change.looking(query, values, " FOR UPDATE"):
            change.writes.found(change.table, change.watched.pk, await super().execute_query_dict(*look))
        rows = await super().execute_query_dict(change.asking(query), values)
        change.heard(rows)
        return len(rows), []

    @raise_unavailable
    async def execute_query_dict(self, query: str, values: list[Any] | None = None) -> list[dict[str, Any]]:
        await self.pay()
        rows: list[dict[str, Any]] = await super().execute_query_dict(*many.for_postgres(query, values))
        return rows

    @raise_unavailable
    async def execute_script(self, query: str) -> None:
        await self.pay()
        await super().execute_script(query)


class WholeAsyncpgTransaction(TransactionContextPooled):
    """Entered and left as a whole: the connection goes back to the pool in every case."""

    client: AsyncpgTransaction

    async def __aenter__(self) -> TransactionalDBClient:
        await self.ensure_connection()
        self.token = get_connections().set(self.connection_name, self.client)
        return self.client

    async def _give_back(self) -> None:
        """Return the connection with nothing open on it, or, when that cannot be done, broken off.

        What fails here is not told: the pool throws such a connection away by itself.
        """
        connection, pool = self.client._connection, self.client._parent._pool
        if connection is None:
            return
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
