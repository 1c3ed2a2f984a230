"""Many rows of one table in as few statements as they fit into."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from tortoise.models import Model

from models.engine.statements import SqlStatement

LARGEST = 30_000  # values in one statement


def inserts(rows: Sequence[Model], once: str) -> Iterator[tuple[Sequence[Model], SqlStatement]]:
    """Rows, and the statement that inserts them. `once`: a column whose value must be new; rows of a known one fall out."""
    if not rows:
        return
    meta = type(rows[0])._meta
    given = [name for name in meta.fields_db_projection if not meta.fields_map[name].generated]
    columns = ", ".join(f'"{meta.fields_db_projection[name]}"' for name in given)
    fields = [(name, meta.fields_map[name], meta.fields_map[name].null) for name in given]
    place = f"({', '.join('?' * len(given))})"
    for start in range(0, len(rows), LARGEST // len(given)):
        some = rows[start : start + LARGEST // len(given)]
        values = [
            None if empty and getattr(row, name) is None else field.to_db_value(getattr(row, name), row)
            for row in some
            for name, field, empty in fields
        ]
        sql = f'INSERT INTO "{meta.db_table}" ({columns}) VALUES {", ".join([place] * len(some))}'  # noqa: S608
        sql += f' ON CONFLICT ("{once}") DO NOTHING' if once else ""
        yield some, SqlStatement(sql, tuple(values))


def numbered(rows: Sequence[Model], told: Sequence[Any]) -> None:
    """Give rows that were all inserted the numbers that the database told."""
    meta = type(rows[0])._meta
    if meta.pk.generated and len(told) == len(rows):
        # Numbers go up in the order of the rows, whatever the order in which they are told.
        for row, number in zip(rows, sorted(key[meta.db_pk_column] for key in told), strict=True):
            row.pk, row._saved_in_db = number, True
