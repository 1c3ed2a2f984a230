"""归档: what a task still waits for before it can be archived (Art. 20)."""

from __future__ import annotations

from datetime import datetime

from models.queries import overdue, publication
from models.refusal import Refusal
from models.rules import objection as rules
from models.rules.visit import local_day
from models.rules.workdays import Calendar
from models.states import TaskState as T
from models.tables import Task


async def hindrance(task: Task, at: datetime, calendar: Calendar) -> Refusal | None:
    """Why a task cannot be archived at `at`: its state, no receipt, something open, the term of objection."""
    if task.state != T.PUBLISHED:
        return Refusal("task.state", article="20", task=task.number, state=task.state)
    facts = await overdue.facts_of(task)
    if facts.receipt_on is None:
        return Refusal("archive.no_receipt", article="20", task=task.number)
    if facts.over is None:
        return Refusal("archive.waiting", article="20", task=task.number)
    until = rules.last_day(calendar, await publication.public_since(task))
    if local_day(at) <= until:
        return Refusal("archive.objection_term", article="20", task=task.number, day=until)
    return None


async def hindrance_of(number: str, at: datetime, calendar: Calendar) -> Refusal | None:
    """The same for a task by its number."""
    return await hindrance(await Task.get(number=number), at, calendar)
