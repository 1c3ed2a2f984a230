"""合并: which joint inspections of a year the office may bring together, and what they share (Art. 12)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from models.rules.eligibility import in_scope
from models.rules.plan import Entry
from models.rules.registered import TargetLike
from models.rules.registry.rows import Method


@dataclass(frozen=True, slots=True)
class Proposal:
    """Two entries by code: `shared` registered targets answer to both; both may inspect from `opens` to `closes`, by
    `methods`."""

    one: str
    other: str
    shared: int
    opens: date
    closes: date
    methods: tuple[Method, ...]


def proposals(entries: Iterable[Entry], targets: Iterable[TargetLike]) -> list[Proposal]:
    """Pairs with a target, a day and a method in common, in the order of their codes.

    Targets are counted: an entry that names no industry means every one whose items it inspects, and no more.
    """
    ordered = sorted(entries, key=lambda entry: entry.code)
    meeting = [pair for pair in combinations(ordered, 2) if _meet(*pair)]
    registered = list(targets) if meeting else []
    scopes = {
        entry.code: {target.code for target in registered if in_scope(entry, target)}
        for entry in ordered
        if any(entry in pair for pair in meeting)
    }
    found = [_proposal(one, other, len(scopes[one.code] & scopes[other.code])) for one, other in meeting]
    return [one for one in found if one.shared]


def _meet(one: Entry, other: Entry) -> bool:
    windows = one.opens <= other.closes and other.opens <= one.closes
    return windows and bool(set(one.methods) & set(other.methods))


def _proposal(one: Entry, other: Entry, shared: int) -> Proposal:
    methods = tuple(method for method in one.methods if method in other.methods)
    return Proposal(
        one.code, other.code, shared, max(one.opens, other.opens), min(one.closes, other.closes), methods
    )
