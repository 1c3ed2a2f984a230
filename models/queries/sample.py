"""抽样检测 of a task: samples on their way or reported (Art. 10, 16)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.rules import text
from models.tables import (
    Question,
    Sample,
)


@dataclass(frozen=True, slots=True)
class SampleLine:
    """A sample; `outcome` is empty while its report is awaited. `question`: the row of the question it answers."""

    id: int
    question: int | None
    department: str
    name: str
    quantity: str
    lot: str
    seal: str
    agency: str
    by: str
    witness: str
    at: datetime
    outcome: str
    finding: str
    report_number: str
    reported_at: datetime | None


async def samples(task_id: int) -> tuple[SampleLine, ...]:
    rows = await Sample.filter(task_id=task_id).order_by("id")
    asked = {
        question.id: question
        for question in await Question.filter(id__in=[row.question_id for row in rows if row.question_id])
    }
    return tuple(
        SampleLine(
            row.id, row.question_id, asked[row.question_id].department if row.question_id else "",
            text.visible(row.name), text.visible(row.quantity), text.visible(row.lot), text.visible(row.seal),
            text.visible(row.agency), row.by, row.witness, row.at, row.outcome, text.visible(row.finding),
            text.visible(row.report_number), row.reported_at,
        )
        for row in rows
    )  # fmt: skip
