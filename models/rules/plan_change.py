"""计划调整: what an amendment does to a published entry that the public is told of: withdrawn, merged, widened (Art. 12)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.rules.plan import Entry


class PlanChangeKind(StrEnum):
    WITHDRAWN = "withdrawn"  # nobody inspects under it
    MERGED = "merged"  # another entry goes on with its department
    WIDENED = "widened"  # may be inspected on days on which it might not before


@dataclass(frozen=True, slots=True)
class EntryChange:
    """`after` is None for an entry that is gone; `into`: the number of the entry that goes on, of a merged one."""

    kind: PlanChangeKind
    before: Entry
    after: Entry | None = None
    into: str = ""

    @property
    def window(self) -> list[str]:
        """Opened and closed; of a widened one also opens and closes now."""
        entries = [self.before, self.after] if self.after else [self.before]
        return [day.isoformat() for entry in entries for day in (entry.opens, entry.closes)]


def changes(
    before: Iterable[Entry], after: Iterable[Entry], merged: Mapping[str, str]
) -> tuple[EntryChange, ...]:
    """What became of each published entry, in the order of their numbers. `merged`: number to the one that goes on."""
    now = {entry.code: entry for entry in after}
    told = []
    for entry in sorted(before, key=lambda entry: entry.code):
        standing = now.get(entry.code)
        if standing is None:
            into = merged.get(entry.code, "")
            kind = PlanChangeKind.MERGED if into else PlanChangeKind.WITHDRAWN
            told.append(EntryChange(kind, entry, into=into))
        elif standing.opens < entry.opens or standing.closes > entry.closes:
            told.append(EntryChange(PlanChangeKind.WIDENED, entry, standing))
    return tuple(told)
