"""The last event of a task that somebody knew, and what came after it (Art. 15, 16)."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from models import store
from models.fields import instant, json_value
from models.rules.later_act import TrailEvent


async def as_of(numbers: Collection[str]) -> dict[str, int]:
    """By task the number of the last event in its trail."""
    chains = [f"task:{number}" for number in numbers]
    if not chains:
        return {}
    rows = await store.run_one(
        f"SELECT chain, MAX(seq) AS seq FROM event WHERE chain IN ({store.marks(chains)}) GROUP BY chain",  # noqa: S608
        *chains,
    )
    return {str(row["chain"]).removeprefix("task:"): int(row["seq"]) for row in rows}


async def since(number: str, seq: int) -> list[tuple[TrailEvent, str]]:
    """The events of a task's trail after this one, each with the key under which it was done; "" without one."""
    rows = await store.run_one(
        'SELECT seq, kind, "by", at, data, key FROM event WHERE chain = ? AND seq > ? ORDER BY seq',
        f"task:{number}", seq,
    )  # fmt: skip
    return [(_event(row), row["key"] or "") for row in rows]


def _event(row: Any) -> TrailEvent:
    at = instant(row["at"])
    assert at
    return TrailEvent(row["seq"], row["kind"], row["by"], at, json_value(row["data"]))
