"""更正: which result may take the place of a published one (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from models.refusal import Refusal
from models.rules import entry
from models.rules.text import visible


def check_types(
    types: Sequence[str], failures: Sequence[int], aside: Collection[int], note: str, before: Sequence[str]
) -> tuple[str, ...]:
    """The corrected types in order. `aside`: failed questions that do not count any more; each must be one."""
    if strange := sorted(set(aside) - set(failures)):
        raise Refusal("revision.not_failed", article="16(3)", numbers=strange)
    chosen = entry.check_types(types, [failure for failure in failures if failure not in aside], note)
    if list(chosen) == sorted(before) and not aside and not visible(note).strip():
        raise Refusal("revision.nothing_changed", article="16(3)")
    return chosen
