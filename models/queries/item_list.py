"""联合抽查事项清单 as everybody may read it: its versions, and the list as it stands in the register (Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.queries.public_words import hiding
from models.rules.item_list import COLUMNS, ListDifference, difference
from models.tables import Item, ItemListVersion


@dataclass(frozen=True, slots=True)
class VersionLine:
    number: int
    reason: str
    words: str
    at: datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class ItemsPage:
    """`version` None: the list as it stands, of which no version was made public yet."""

    version: VersionLine | None
    items: tuple[Mapping[str, Any], ...]
    versions: tuple[VersionLine, ...]


async def versions() -> tuple[VersionLine, ...]:
    """The newest first; their reasons as everybody reads them."""
    rows = await ItemListVersion.all().order_by("-number").values("number", "reason", "words", "at", "sha256")
    hidden = await hiding()
    return tuple(VersionLine(**{**row, "words": hidden(row["words"])}) for row in rows)


async def standing() -> list[dict[str, Any]]:
    """The items of the register that were not taken out, by number."""
    return await Item.filter(retired_at=None).order_by("code").values(*COLUMNS)


async def page(number: int | None = None) -> ItemsPage | None:
    """A version, else the newest one, else the list as it stands; None where there is no such version."""
    listed = await versions()
    if not listed and number is None:
        return ItemsPage(None, tuple(await standing()), ())
    wanted = number or (listed[0].number if listed else 0)
    row = await ItemListVersion.get_or_none(number=wanted)
    if row is None:
        return None
    version = next(line for line in listed if line.number == wanted)
    return ItemsPage(version, tuple(row.items), listed)


async def between(before: int, after: int) -> ListDifference | None:
    """What differs between two versions; None where one of them is not there."""
    rows = {row.number: row.items for row in await ItemListVersion.filter(number__in=[before, after])}
    return difference(rows[before], rows[after]) if {before, after} == rows.keys() else None


async def unpublished() -> ListDifference:
    """What the register says otherwise than the newest version; everything where there is none."""
    newest = await ItemListVersion.all().order_by("-number").first()
    return difference(newest.items if newest else [], await standing())
