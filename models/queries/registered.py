"""The whole register of targets, read for its few columns that decide who may be drawn (Art. 9, 14).

Thousands of rows are read at each commit, plan and scheme. As rows of the table they cost
five times as much (3,000: 120 ms, not 24). They come in parts, so that nobody else waits for all of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from typing import Any

from models import store
from models.fields import json_value


@dataclass(slots=True)
class TargetFacts:
    """A `rules.registered.TargetLike` with its name and its street's."""

    code: str
    name: str
    credit_code: str | None
    industry: str
    street: str
    street_name: str
    items: Collection[str]
    status: str
    risk: str
    checked_this_year: int
    complaint: bool


COLUMNS = tuple(column.name for column in fields(TargetFacts))
PART = 2000  # rows in one statement
ASKED = f"SELECT {', '.join(COLUMNS)} FROM target WHERE code > ? ORDER BY code LIMIT {PART}"  # noqa: S608


async def all_targets() -> list[TargetFacts]:
    """Every target, by its number."""
    targets: list[TargetFacts] = []
    known: dict[str, str] = {}  # few industries, streets and classes are different
    items: dict[str, Collection[str]] = {}  # and few lists of items
    while True:
        part = await store.run_one(ASKED, targets[-1].code if targets else "")
        targets += _facts(part, known, items)
        if len(part) < PART:
            return targets


def _facts(
    rows: Sequence[Sequence[Any]], known: dict[str, str], items: dict[str, Collection[str]]
) -> list[TargetFacts]:
    once, facts = known.setdefault, []
    for code, name, credit_code, industry, street, called, raw, status, risk, checked, complaint in rows:
        if (listed := items.get(raw)) is None:
            listed = items[raw] = tuple(json_value(raw))
        facts.append(
            TargetFacts(
                code,
                name,
                credit_code,
                once(industry, industry),
                once(street, street),
                once(called, called),
                listed,
                once(status, status),
                once(risk, risk),
                checked,
                bool(complaint),
            )
        )
    return facts
