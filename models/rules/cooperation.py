"""不予配合: the five grounds, and what a report must hold before anybody confirms it (Art. 18).

One officer alone establishes nothing: one writes it down, a second confirms, the head decides.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.refusal import Refusal
from models.rules.text import visible

GROUNDS = (1, 2, 3, 4, 5)  # the paragraphs of Art. 18
UNCOOPERATIVE, UNREACHABLE = "R06", "R04"  # result types that follow from what was established


def grounds_of(grounds: Iterable[int], facts: str) -> tuple[int, ...]:
    """The grounds in order; refused without one, with one that Art. 18 does not know, and without facts."""
    chosen = tuple(sorted(set(grounds)))
    if not chosen or any(number not in GROUNDS for number in chosen):
        raise Refusal("cooperation.no_ground", article="18")
    if not visible(facts).strip():
        raise Refusal("cooperation.no_facts", article="18")
    return chosen


def second(first: str, other: str, article: str) -> None:
    """Refuse the confirmation of whoever wrote the report."""
    if first == other:
        raise Refusal("cooperation.same_officer", article=article)
