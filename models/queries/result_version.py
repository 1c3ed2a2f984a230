"""Every version of a task's result, with what it was put together from (Art. 16 (3))."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from models.queries import department_result
from models.queries.department_result import DepartmentPart
from models.tables import Result, Task


@dataclass(frozen=True, slots=True)
class ResultVersion:
    """A result as it was confirmed; `parts` are empty where it was entered as one."""

    version: int
    types: tuple[str, ...]
    note: str
    by: str
    at: datetime
    late: bool
    returned: str
    parts: tuple[DepartmentPart, ...]


async def versions(task: Task, people: Mapping[str, str]) -> tuple[ResultVersion, ...]:
    """The oldest first; `people`: mark to name."""
    rows = await Result.filter(task=task).order_by("version")
    parts = await department_result.parts_of([row.id for row in rows])
    return tuple(
        ResultVersion(
            row.version, tuple(row.types), row.note, people.get(f"inspector:{row.by}", row.by), row.at, row.late,
            row.returned, parts[row.id],
        )
        for row in rows
    )  # fmt: skip
