"""Every name that a document prints: targets, inspectors, departments (Art. 9, 10)."""

from __future__ import annotations

from models.tables import Department, Inspector, Target


async def named() -> tuple[str, ...]:
    """Names and addresses as the registers hold them, each once."""
    result: dict[str, None] = {}
    for rows in (
        await Target.exclude(status="closed").values_list("name", "address"),
        await Inspector.exclude(status="left").values_list("name"),
        await Department.all().values_list("name", "unit"),
    ):
        result |= dict.fromkeys(str(value) for row in rows for value in row if value)
    return tuple(result)
