"""委托专业机构 of a task: agencies that assist, with their people (Art. 10, 16 (2))."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.rules import text
from models.tables import Agency, Entrustment

OFFERED = 200


@dataclass(frozen=True, slots=True)
class AgencyLine:
    """An agency with its letter and its people, each with name and title."""

    id: int
    agency: str
    credit_code: str
    letter: str
    scope: str
    people: tuple[tuple[str, str], ...]
    by: str
    at: datetime
    ended_at: datetime | None


async def agencies(task_id: int) -> tuple[AgencyLine, ...]:
    return tuple(
        AgencyLine(
            row.id, text.visible(row.agency), row.credit_code, text.visible(row.letter), text.visible(row.scope),
            tuple((text.name(str(name)), text.visible(str(title))) for name, title in row.people), row.by, row.at,
            row.ended_at,
        )
        for row in await Entrustment.filter(task_id=task_id).order_by("id")
    )  # fmt: skip


async def registered() -> tuple[tuple[str, str], ...]:
    """Name and credit code of the agencies that stand in the register, to be picked from (Art. 10)."""
    rows = Agency.filter(retired_at=None).order_by("name", "code").limit(OFFERED)
    return tuple([(text.visible(row.name), str(row.credit_code)) for row in await rows])
