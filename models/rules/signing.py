"""Who has still to sign a version of the record sheet (Art. 16 (3))."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any


def missing(
    team: Sequence[Sequence[Any]], signed: Counter[tuple[str, str]]
) -> tuple[tuple[str, str, str], ...]:
    """Code, name and department of those of a version's team who came and of whom no signature is in `signed`."""
    left, lacking = Counter(signed), []
    for name, unit, _, _, code, arrived, _ in team:
        if left[name, unit]:
            left[name, unit] -= 1
        elif arrived:
            lacking.append((code, name, unit))
    return tuple(lacking)
