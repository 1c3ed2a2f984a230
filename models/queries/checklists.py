"""Which items of the list have a published checklist (Art. 7): one without cannot be inspected, nor planned."""

from __future__ import annotations

from collections.abc import Iterable

from models.tables import Checklist


def serves(code: str) -> set[str]:
    """The items behind a checklist's code: `XH-GA-02/03` serves XH-GA-02 and XH-GA-03."""
    first, *more = code.split("/")
    stem = first.rpartition("-")[0]
    return {first, *(f"{stem}-{tail}" for tail in more)}


async def newest(items: Iterable[str]) -> dict[str, Checklist]:
    """The newest published version of each checklist that serves one of these items, by its code."""
    wanted = set(items)
    rows = await Checklist.exclude(published_at=None).order_by("version")
    return {str(row.code): row for row in rows if serves(row.code) & wanted}


async def without(items: Iterable[str]) -> list[str]:
    """Those of these items that no published checklist serves."""
    wanted = set(items)
    served: set[str] = set()
    for code in await newest(wanted):
        served |= serves(code)
    return sorted(wanted - served)
