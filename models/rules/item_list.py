"""联合抽查事项清单 in versions: why a new one is made public, and what differs between any two (Art. 9)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from models.refusal import Refusal

ARTICLE = "9"
Listing = Sequence[Mapping[str, Any]]
COLUMNS = (
    "code", "field", "name", "targets", "target_kind", "key", "methods", "initiating", "participating", "basis",
    "content", "rate", "frequency",
)  # fmt: skip
"""What the public list says of an item; how its basis was checked is the office's own note."""


class ListReason(StrEnum):
    """Why the list changes (Art. 9)."""

    LAW = "law"  # 法规调整
    ABOVE = "above"  # 上级要求
    DISTRICT = "district"  # 区政府安排


@dataclass(frozen=True, slots=True)
class ChangedItem:
    """`columns`: of an item that stands in both lists, each column that differs: before, since."""

    code: str
    name: str
    columns: tuple[tuple[str, Any, Any], ...]


@dataclass(frozen=True, slots=True)
class ListDifference:
    added: tuple[Mapping[str, Any], ...]
    removed: tuple[Mapping[str, Any], ...]
    changed: tuple[ChangedItem, ...]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def read_reason(written: str) -> ListReason:
    if written not in tuple(ListReason):
        raise Refusal("items.reason", ARTICLE, value=written)
    return ListReason(written)


def difference(before: Listing, after: Listing) -> ListDifference:
    """What a reader of the first list finds otherwise in the second, by item number."""
    old, new = ({str(item["code"]): item for item in listing} for listing in (before, after))
    changed = []
    for code in sorted(old.keys() & new.keys()):
        columns = tuple(
            (column, old[code].get(column), new[code].get(column))
            for column in COLUMNS
            if old[code].get(column) != new[code].get(column)
        )
        if columns:
            changed.append(ChangedItem(code, str(new[code]["name"]), columns))
    return ListDifference(
        tuple(new[code] for code in sorted(new.keys() - old.keys())),
        tuple(old[code] for code in sorted(old.keys() - new.keys())),
        tuple(changed),
    )
