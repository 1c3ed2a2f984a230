"""How a task ended without a visit, and whether it may (Art. 16 (1))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.queries.sheet import sheet_of
from models.rules import online as rules
from models.rules import text
from models.states import BEFORE_THE_VISIT
from models.tables import Inspector, OnlineEnding, Task


@dataclass(frozen=True, slots=True)
class OnlineEndFacts:
    """Why and by whom; for a target that is gone its result type and where that was found."""

    ground: str
    result: str
    source: str
    finding: str
    by: str
    at: datetime


async def ending(task_id: int) -> OnlineEndFacts | None:
    row = await OnlineEnding.filter(task_id=task_id).order_by("-id").first()
    if row is None:
        return None
    officer = await Inspector.get_or_none(code=row.by)
    name = text.name(officer.name) if officer else row.by
    return OnlineEndFacts(
        row.ground, row.result, text.visible(row.source), text.visible(row.finding), name, row.at
    )


async def told(task_id: int) -> list[str]:
    """Ground, result type, source, finding, who and when as a record keeps them; nothing where there was a visit."""
    facts = await ending(task_id)
    if facts is None:
        return []
    return [facts.ground, facts.result, facts.source, facts.finding, facts.by, facts.at.isoformat()]


async def endable(number: str) -> bool:
    """True if nothing is left to do: settled online, or all that a plan for the network alone can look up."""
    task = await Task.get(number=number).select_related("batch__scheme__entry")
    if task.state not in BEFORE_THE_VISIT or task.started_at is not None:
        return False
    sheet = await sheet_of(task)
    return bool(sheet.asks) and not rules.left(sheet, task.batch.scheme.entry.methods)


async def may_be_gone(number: str) -> str:
    """The result type that the register of targets suggests, "" where it says that the target is in business."""
    task = await Task.get(number=number).select_related("target")
    return next((code for status, code in rules.RESULTS.items() if status == task.target.status), "")
