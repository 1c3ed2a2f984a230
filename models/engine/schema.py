"""Which tables a store has, where their history is written down, and how Tortoise is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from tortoise.backends.base.config_generator import expand_db_url

ENGINES = {
    "tortoise.backends.sqlite": "models.engine.sqlite",
    "tortoise.backends.asyncpg": "models.engine.asyncpg",
}


@dataclass(frozen=True)
class Schema:
    """Where the tables, their history and the indexes that Tortoise cannot say are written down."""

    tables: str
    migrations: str
    indexes: str
    sealing: str = ""  # what seals the rows that an act wrote: `writes()` and `finish(writes)`


PRODUCT_SCHEMA = Schema(
    "models.tables", "models.migrations", "models.tables.indexes", "models.operations.event"
)


def config(url: str, schema: Schema = PRODUCT_SCHEMA) -> dict[str, Any]:
    """Tortoise's configuration for a database address (`sqlite://` or `postgresql://`), on our engine."""
    connection = expand_db_url(url)
    connection["engine"] = ENGINES[connection["engine"]]
    return {
        "connections": {"default": connection},
        "apps": {
            "models": {
                "models": [schema.tables],
                "default_connection": "default",
                "migrations": schema.migrations,
            }
        },
        "use_tz": True,
        "timezone": "UTC",
    }
