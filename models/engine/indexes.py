"""The keys and indexes that the table definitions promise, and those a database really has.

SQLite changes a column by building the table anew, and Tortoise then forgets what made two columns unique
together and every index. `put_back` makes what is missing; the names are those of a fresh database where it
gave them names.
"""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.indexes import Index
from tortoise.models import Model


class IndexKey(NamedTuple):
    """A set of columns, in their order, that is indexed; unique or not."""

    table: str
    columns: tuple[str, ...]
    unique: bool


def declared(model: type[Model]) -> Iterator[IndexKey]:
    """What a table's definition promises, the primary key left out."""
    meta = model._meta
    fields = meta.fields_map

    def columns(names: Iterable[str]) -> tuple[str, ...]:
        return tuple(fields[name].source_field or name for name in names)

    for name in meta.db_fields:
        field = meta.fields_map[meta.fields_db_projection_reverse[name]]
        if not field.pk and (field.unique or field.index):
            yield IndexKey(meta.db_table, (name,), bool(field.unique))
    for together in meta.unique_together:
        yield IndexKey(meta.db_table, columns(together), True)
    for index in meta.indexes:
        yield IndexKey(meta.db_table, columns(index.fields if isinstance(index, Index) else index), False)


async def tables(connection: BaseDBAsyncClient) -> list[str]:
    """The names of the tables that hold rows of ours."""
    if connection.capabilities.dialect == "sqlite":
        query = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    else:
        query = "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()"
    return sorted(row["name"] for row in await connection.execute_query_dict(query))


async def existing(connection: BaseDBAsyncClient, table: str) -> set[IndexKey]:
    """What a table has besides its primary key: whole keys and indexes, not those of a part of its rows."""
    if connection.capabilities.dialect == "sqlite":
        return await _present_on_sqlite(connection, table)
    rows = await connection.execute_query_dict(POSTGRES_INDEXES, [table])
    return {IndexKey(table, tuple(row["columns"]), row["unique"]) for row in rows}


POSTGRES_INDEXES = """
SELECT x.indisunique AS "unique", array_agg(a.attname::text ORDER BY k.place) AS "columns"
FROM pg_index x
CROSS JOIN LATERAL unnest(x.indkey::smallint[]) WITH ORDINALITY AS k (number, place)
JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number
WHERE x.indrelid = to_regclass(quote_ident($1)) AND NOT x.indisprimary AND x.indpred IS NULL
GROUP BY x.indexrelid, x.indisunique
"""


async def _present_on_sqlite(connection: BaseDBAsyncClient, table: str) -> set[IndexKey]:
    indexed = set()
    for index in await connection.execute_query_dict(f'PRAGMA index_list("{table}")'):
        if not index["partial"] and index["origin"] != "pk":
            columns = await connection.execute_query_dict(f'PRAGMA index_info("{index["name"]}")')
            indexed.add(IndexKey(table, tuple(column["name"] for column in columns), bool(index["unique"])))
    return indexed


async def restore(connection: BaseDBAsyncClient, models: Iterable[type[Model]]) -> list[IndexKey]:
    """Make the keys and indexes that are promised and missing; what was made."""
    if connection.capabilities.dialect != "sqlite":
        return []  # PostgreSQL changes a table in place and forgets nothing
    generator = connection.schema_generator(connection)
    created = []
    for model in models:
        there = await existing(connection, model._meta.db_table)
        for key in declared(model):
            if key in there or (not key.unique and key._replace(unique=True) in there):
                continue
            if key.unique:
                statement = generator._get_unique_index_sql("IF NOT EXISTS ", key.table, key.columns)
            else:
                statement = generator._get_index_sql(model, key.columns, safe=True)
            await connection.execute_query(statement)
            created.append(key)
    return created
