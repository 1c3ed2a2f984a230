"""计划的说法: what may be said of a plan and of its batches: planned is planned, drawn is drawn, left is left (Art. 12, 13)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from models.rules.plan_change import PlanChangeKind
from models.states import BATCH_OVER, PUBLIC, BatchState, PlanState, TaskState


@dataclass(frozen=True, slots=True)
class BatchFacts:
    """What the rows hold of a batch. `planned`: targets that its scheme names; `committed_at`, `held_at`: of the draw
    that was not voided; `tasks`: by state how many of those that were drawn."""

    state: BatchState
    planned: int
    teams: int
    committed_at: datetime | None
    held_at: datetime | None
    tasks: Mapping[TaskState, int]
    void_reason: str = ""


@dataclass(frozen=True, slots=True)
class PublicBatch:
    """What is said of a batch: nothing that `BatchFacts` does not hold."""

    state: BatchState
    planned: int
    teams: int
    drawn: int  # 0 before the draw was held
    published: int
    left: int  # of a batch that has ended: not published
    void_reason: str = ""  # why nobody draws it, of a voided batch alone


def public_batch(facts: BatchFacts) -> PublicBatch:
    """What may be said of the batch. That it was drawn follows from a draw that was held and stands."""
    drawn = sum(facts.tasks.values()) if facts.held_at else 0
    published = sum(facts.tasks.get(state, 0) for state in PUBLIC) if facts.held_at else 0
    ended = facts.state in BATCH_OVER
    return PublicBatch(
        facts.state if ended else _reached(facts), facts.planned, facts.teams, drawn, published,
        drawn - published if ended else 0, facts.void_reason if facts.state == BatchState.VOIDED else "",
    )  # fmt: skip


def _reached(facts: BatchFacts) -> BatchState:
    if facts.held_at:
        return BatchState.DRAWN
    return BatchState.COMMITTED if facts.committed_at else BatchState.OPEN


@dataclass(frozen=True, slots=True)
class PublicPlanChange:
    """What is said of a published entry that an amendment withdrew, merged or widened: what was planned before, why, when.

    `until`, `now`: first and last day, before and of a widened one now; `into`: the entry that goes on, of a merged one,
    and only while it stands.
    """

    entry: str
    title: str
    department: str
    change: PlanChangeKind
    until: tuple[date, date]
    now: tuple[date, date] | None
    into: str
    reason: str
    at: datetime


def is_public(state: PlanState) -> bool:
    """What was amended is read in its newer version alone."""
    return state == PlanState.PUBLISHED
