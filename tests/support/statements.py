"""What the database was asked meanwhile: every statement and every commit, as SQLite itself saw them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from models import store

CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE)\b", re.IGNORECASE)


@dataclass
class Count:
    """`seen`: every statement in order, those that begin and end transactions among them."""

    seen: list[str] = field(default_factory=list)

    @property
    def statements(self) -> list[str]:
        return [one for one in self.seen if not CONTROL.match(one) and not one.startswith("--")]

    @property
    def commits(self) -> int:
        return sum(one.upper().startswith("COMMIT") for one in self.seen)

    def listed(self) -> str:
        """The statements one below the other, for whoever reads why there were too many."""
        return "\n".join(one[:300] for one in self.seen)


@asynccontextmanager
async def counted() -> AsyncIterator[Count]:
    """Count on the open SQLite database until the block ends."""
    count = Count()
    async with store.connection().acquire_connection() as connection:
        await connection.set_trace_callback(count.seen.append)
    try:
        yield count
    finally:
        async with store.connection().acquire_connection() as connection:
            await connection.set_trace_callback(None)
