"""What a message to an official is about, by number or title, however its data names it; nobody's name (Art. 5-7, 10)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tortoise.models import Model

from models.rules.term import of_term
from models.tables import (
    DraftEntry,
    Notice,
    Notification,
    PlanDraft,
    PlanMerge,
    Pledge,
    SchemeDraft,
)

Subject = tuple[type[Model], str]
SCHEME, PLAN = "scheme.", "plan."
OF_ROWS: dict[str, Subject] = {
    "notice": (Notice, "task__number"), "notification": (Notification, "task__number"), "pledge": (Pledge, "draw__batch_id"),
}  # fmt: skip
PLAIN = ("batch", "draw", "about", "month")


async def subjects(kind: str, payload: Mapping[str, Any]) -> list[str]:
    """Numbers of tasks, batches and draws, titles of inspections, numbers of schemes, years of plans."""
    terms = [term for term in payload.get("tasks") or () if isinstance(term, Mapping)]
    if terms:
        named = [of_term(term) for term in terms]
    else:
        named = [str(task) for task in payload.get("tasks") or [payload.get("task")] if task]
    named = named or [str(payload[key]) for key in PLAIN if payload.get(key)] or await _of_rows(kind, payload)
    return list(dict.fromkeys(filter(None, named)))


async def _of_rows(kind: str, payload: Mapping[str, Any]) -> list[str]:
    for key, (table, column) in OF_ROWS.items():
        if isinstance(payload.get(key), int):
            return await _values(table, payload[key], column)
    if kind.startswith(SCHEME) and "draft" in payload:
        return await _values(SchemeDraft, payload["draft"], "code")
    if kind.startswith(PLAN):
        return await _of_plan(payload)
    return []


async def _of_plan(payload: Mapping[str, Any]) -> list[str]:
    if isinstance(payload.get("entry"), str):
        return [str(payload["entry"])]
    if payload.get("entry"):
        return [str(row.content["title"]) for row in await DraftEntry.filter(id=payload["entry"])]
    if payload.get("merge"):
        return [str(row.content["title"]) for row in await PlanMerge.filter(id=payload["merge"])]
    return await _values(PlanDraft, payload.get("draft"), "year")


async def _values(table: type[Model], id_: Any, column: str) -> list[str]:
    return [str(value) for value in await table.filter(id=id_).values_list(column, flat=True)]
