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
class MergingProposal:
    """Two entries by code: `shared` registered targets answer to both; both may inspect from `opens` to `closes`, by
    `methods`."""

    one: str
    other: str
    shared: int
    opens: date
    closes: date
    methods: tuple[Method, ...]


def proposals(entries: Iterable[Entry], targets: Iterable[TargetLike]) -> list[MergingProposal]:
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
    merging_proposals = [
        _proposal(entry, other, len(scopes[entry.code] & scopes[other.code])) for entry, other in meeting
    ]
    return [proposal for proposal in merging_proposals if proposal.shared]


def _meet(entry: Entry, other: Entry) -> bool:
    windows = entry.opens <= other.closes and other.opens <= entry.closes
    return windows and bool(set(entry.methods) & set(other.methods))


def _proposal(entry: Entry, other: Entry, shared: int) -> MergingProposal:
    methods = tuple(method for method in entry.methods if method in other.methods)
    return MergingProposal(
        entry.code,
        other.code,
        shared,
        max(entry.opens, other.opens),
        min(entry.closes, other.closes),
        methods,
    )


def shared_industries(going: Entry, ending: Entry, targets: Iterable[TargetLike]) -> list[str]:
    """The industries that the merged entry names. An entry that names none stands for those of the targets that answer
    to its items, and never for every one; none are named only where such a target has none itself."""
    named = {*going.industries, *ending.industries}
    for entry in (going, ending):
        if not entry.industries:
            answering = {target.industry for target in targets if in_scope(entry, target)}
            if "" in answering:
                return []
            named |= answering
    return sorted(named)


def merge_entries(
    going: Entry, ending: Entry, department: str, other: str, industries: tuple[str, ...]
) -> Entry:
    """The entry that goes on for both: everybody's items and departments, the days and methods in common, of each class
    the higher rate. `department`, `other`: who initiates the one that goes on, and the one that ends."""
    participating = dict.fromkeys((*going.participating, other, *ending.participating))
    rates = {
        stratum: max(entry.rates[stratum] for entry in (going, ending) if stratum in entry.rates)
        for stratum in dict.fromkeys((*going.rates, *ending.rates))
    }
    areas = dict.fromkeys((*going.areas, *ending.areas)) if going.areas and ending.areas else ()
    return Entry(
        going.code, going.title, tuple(dict.fromkeys((*going.items, *ending.items))), industries, tuple(areas),
        tuple(code for code in participating if code != department), rates, max(going.opens, ending.opens),
        min(going.closes, ending.closes), tuple(method for method in going.methods if method in ending.methods),
    )  # fmt: skip
