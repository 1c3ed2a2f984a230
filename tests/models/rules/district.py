"""The sample district as values: real lists, fictitious registries, one plan and one scheme."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from models.data import read, streets
from models.rules import registry
from models.rules.eligibility import Eligible, EntryBatch, find_eligible
from models.rules.plan import Plan, read_plan
from models.rules.registry import Known
from models.rules.registry.rows import InspectorRow, ItemRow, TargetRow
from models.rules.scheme import Scheme, read_scheme


@cache
def known() -> Known:
    departments = registry.check_departments(read("departments.csv"), Known()).good
    bare = Known(departments={row.code: row.name for row in departments}, streets=streets())
    listed = registry.check_items(read("items.csv"), bare).good
    return replace(bare, items=frozenset(row.code for row in listed))


@cache
def items() -> dict[str, ItemRow]:
    return {row.code: row for row in registry.check_items(read("items.csv"), known()).good}


@cache
def targets() -> tuple[TargetRow, ...]:
    return tuple(registry.check_targets(read("targets.csv"), known()).good)


@cache
def inspectors() -> tuple[InspectorRow, ...]:
    return tuple(registry.check_inspectors(read("inspectors.csv"), known()).good)


def plan() -> Plan:
    return read_plan(read("plan-2026.toml"), known())


def scheme() -> Scheme:
    return read_scheme(read("scheme-hotels.toml"), plan().entries[0], "GA", known())


def hotels(**changes: object) -> EntryBatch:
    """The batch of the example scheme."""
    return replace(
        EntryBatch(
            plan().entries[0],
            scheme().batches[0],
            "GA",
            items(),
            {name: code for code, name in streets().items()},
        ),
        **changes,
    )


def eligible(**changes: object) -> Eligible:
    return find_eligible(hotels(**changes), targets(), inspectors())
