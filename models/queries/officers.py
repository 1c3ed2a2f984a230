"""The names of those who had to do with one task, and of nobody else: a district's register is not read for a page."""

from __future__ import annotations

from tortoise.expressions import Q

from models.rules.actor import Role
from models.tables import Absence, Account, Assignment, Event, Inspector, NonCooperation, Sample, Task


async def officers(task: Task) -> dict[str, str]:
    """By personnel number: whoever has or had a seat, did an act of the task's chain, or bore witness in it."""
    codes = {str(row) for row in await Assignment.filter(task=task).values_list("inspector_id", flat=True)}
    done = await Event.filter(chain=f"task:{task.number}").distinct().values_list("by", flat=True)
    codes |= {str(mark).removeprefix("inspector:") for mark in done if str(mark).startswith("inspector:")}
    for table, column in ((Sample, "witness"), (NonCooperation, "confirmed_by"), (Absence, "confirmed_by")):
        marks = await table.filter(task=task).values_list(column, flat=True)
        codes |= {str(mark).removeprefix("inspector:") for mark in marks if mark}
    return {
        str(code): str(name)
        for code, name in await Inspector.filter(code__in=sorted(codes)).values_list("code", "name")
    }


async def people(task: Task) -> dict[str, str]:
    """By mark (`inspector:INS1`, `head:GA`) the officers, the heads and the office, and the task's own entity."""
    result = {f"inspector:{code}": name for code, name in (await officers(task)).items()}
    theirs = Q(role__in=[Role.OFFICE, Role.HEAD]) | Q(target_id=task.target_id)
    for account in (
        await Account.filter(theirs)
        .order_by("id")
        .only("id", "role", "name", "login", "department", "target_id")
    ):
        mark = account.target_id or account.department or str(account.id)
        if named(account.name, account.login or "", account.department):
            result.setdefault(f"{account.role}:{mark}", account.name)
    return result


def named(name: str, login: str, department: str) -> bool:
    """Whether an account bears a person's name yet, and not the login or the department it was opened under."""
    return name not in (login, department)
