"""Credit codes taken against their check digits: who proposed, who confirmed, which wait (Art. 10)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.queries import person
from models.rules.actor import Actor, Role
from models.tables import CodeOverride, Target


@dataclass(frozen=True, slots=True)
class OverrideLine:
    """`name`: of the target, "" while it is not in the register. `agreed` None: nobody has decided."""

    id: int
    code: str
    expected: str
    target: str
    name: str
    department: str
    department_name: str
    reason: str
    proposed_by: str
    proposed_at: datetime
    agreed: bool | None
    decided_by: str
    decided_at: datetime | None
    decision: str
    ended_at: datetime | None
    end_reason: str

    @property
    def waits(self) -> bool:
        return self.agreed is None and self.ended_at is None

    @property
    def holds(self) -> bool:
        return bool(self.agreed) and self.ended_at is None


async def accepted() -> frozenset[str]:
    """The codes that rows may have against their check digits."""
    codes = await CodeOverride.filter(agreed=True, ended_at=None).values_list("code", flat=True)
    return frozenset(map(str, codes))


async def lines_of(rows: list[CodeOverride]) -> tuple[OverrideLine, ...]:
    names = dict(await Target.filter(code__in=[row.target for row in rows]).values_list("code", "name"))
    called = await person.departments()
    return tuple(
        OverrideLine(
            row.id, row.code, row.expected, row.target, names.get(row.target, ""), row.department,
            called.get(row.department, row.department), row.reason, row.proposed_by, row.proposed_at, row.agreed,
            row.decided_by, row.decided_at, row.decision, row.ended_at, row.end_reason,
        )
        for row in rows
    )  # fmt: skip


async def seen_by(by: Actor, limit: int = 100) -> tuple[OverrideLine, ...]:
    """The newest first: every one for the office, the own department's for its head."""
    rows = CodeOverride.all() if by.role == Role.OFFICE else CodeOverride.filter(department=by.department)
    return await lines_of(await rows.order_by("-id").limit(limit))


async def to_decide(by: Actor) -> tuple[OverrideLine, ...]:
    """Those that wait for this person's word."""
    rows = CodeOverride.filter(agreed=None, ended_at=None).exclude(proposed_by=by.mark).order_by("id")
    if by.role == Role.HEAD:
        rows = rows.filter(department=by.department)
    return await lines_of(await rows) if by.role in (Role.OFFICE, Role.HEAD) else ()


async def find(id: int) -> OverrideLine | None:
    """By its number, whoever asks."""
    rows = await CodeOverride.filter(id=id)
    return (await lines_of(rows))[0] if rows else None


async def of_code(code: str | None) -> OverrideLine | None:
    """The override that a target's code stands by, if it does."""
    rows = await CodeOverride.filter(code=code, agreed=True).order_by("-id").limit(1) if code else []
    return (await lines_of(rows))[0] if rows else None
