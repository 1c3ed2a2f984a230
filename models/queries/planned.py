"""A stored entry of a plan and a stored batch, as the rules know them (Art. 12, 13)."""

from __future__ import annotations

from decimal import Decimal

from models.rules.plan import Entry
from models.rules.scheme import BatchPlan
from models.tables import Batch, PlanEntry


def entry_value(row: PlanEntry) -> Entry:
    """A plan entry as the rules know it."""
    return Entry(
        row.code,
        row.title,
        tuple(row.items),
        tuple(row.industries),
        tuple(row.areas),
        tuple(row.participating),
        {risk: Decimal(str(rate)) for risk, rate in row.rates.items()},
        row.opens,
        row.closes,
        tuple(row.methods),
    )


def batch_value(row: Batch) -> BatchPlan:
    """A batch as the rules know it."""
    return BatchPlan(
        row.code, row.strata, row.teams, row.crew, row.opens, row.closes, tuple(row.entropy), row.ceremony
    )
