"""The district's streets: those that the office brought in, and the sample's until then (Art. 10)."""

from __future__ import annotations

from models.data import streets as sample
from models.tables import Street


async def current() -> dict[str, str]:
    """Code to name."""
    return dict(await Street.all().order_by("code").values_list("code", "name")) or dict(sample())


async def count() -> int:
    """How many were brought in; 0 while the sample's stand in."""
    return await Street.all().count()
