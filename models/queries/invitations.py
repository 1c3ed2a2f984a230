"""Who of a department is not bound to a chat yet, and how many were not on each day (Art. 7, 10)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.queries.person import departments
from models.rules.actor import Role
from models.rules.registry.rows import InspectorStatus
from models.rules.visit import local_day
from models.tables import Account, Binding, Department, Inspector, Invitation

DAYS = 14


@dataclass(frozen=True, slots=True)
class Unbound:
    """Somebody without a chat. `code`: the inspector's number, or the department of a head or liaison; `number`: whether
    a telephone number is registered that the chat could prove."""

    role: Role
    code: str
    name: str
    detail: str
    number: bool
    invited_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class BoundLine:
    """A department: officers in post, of them bound, invited and not bound yet, and neither."""

    department: str
    name: str
    officers: int
    bound: int
    invited: int

    @property
    def neither(self) -> int:
        return self.officers - self.bound - self.invited


@dataclass(frozen=True, slots=True)
class UnboundDay:
    """How many of today's officers were not bound at the end of a day."""

    day: date
    unbound: int


def _in_post(department: str | None = None) -> dict[str, object]:
    own = {"department": department} if department is not None else {}
    return {"expert": False, **own}


async def unbound(department: str, at: datetime | None = None) -> tuple[Unbound, ...]:
    """Everybody of a department whom no chat reaches: head and liaison, where they have an account, then the officers."""
    accounts = await Account.filter(
        department=department, role__in=[Role.HEAD, Role.LIAISON], disabled_at=None
    ).order_by("role", "id")
    officers = (
        await Inspector.filter(**_in_post(department)).exclude(status=InspectorStatus.LEFT).order_by("code")
    )
    mine = await Account.filter(inspector_id__in=[row.code for row in officers], role=Role.INSPECTOR)
    by_officer = {str(row.inspector_id): row for row in mine}
    ids = [row.id for row in (*accounts, *mine)]
    reached = await _bound_now(ids)
    waiting = Invitation.filter(account_id__in=ids, purpose="bind", used_at=None)
    until = {
        row.account_id: row.expires_at for row in await waiting.order_by("expires_at") if at and row.expires_at > at
    }  # fmt: skip
    names = await departments()
    unbounds = [
        Unbound(row.role, department, row.name, names.get(department, ""), bool(row.phone), until.get(row.id))
        for row in accounts
        if row.id not in reached
    ]
    for row in officers:
        account = by_officer.get(row.code)
        if account is None or account.id not in reached:
            open_until = until.get(account.id) if account else None
            detail = row.certificate or row.code
            unbounds.append(Unbound(Role.INSPECTOR, row.code, row.name, detail, bool(row.phone), open_until))
    return tuple(unbounds)


async def lines(department: str | None, at: datetime) -> tuple[BoundLine, ...]:
    """Every department with officers; `department`: that one alone."""
    officers = await _officers(department)
    accounts = await Account.filter(inspector_id__in=list(officers), role=Role.INSPECTOR, disabled_at=None)
    reached = await _bound_now([row.id for row in accounts])
    open_ = Invitation.filter(
        account_id__in=[row.id for row in accounts], purpose="bind", used_at=None, expires_at__gt=at
    )
    asked = {row.account_id for row in await open_} - reached
    called: Mapping[str, str] = {row.code: row.name for row in await Department.all()}
    counts: dict[str, list[int]] = {}
    for code in officers.values():
        counts.setdefault(code, [0, 0, 0])[0] += 1
    for row in accounts:
        counts[officers[str(row.inspector_id)]][1] += row.id in reached
        counts[officers[str(row.inspector_id)]][2] += row.id in asked
    return tuple(BoundLine(code, called.get(code, code), *counts[code]) for code in sorted(counts))


async def days(department: str | None, at: datetime) -> tuple[UnboundDay, ...]:
    """The last fourteen days, today last; chats that ended or are blocked now count as far as is known."""
    officers = await _officers(department)
    rows = Binding.filter(account__inspector_id__in=list(officers)).order_by("id")
    spans = await rows.values_list("account_id", "bound_at", "ended_at", "blocked_at")
    today = local_day(at)
    unbound_days = []
    for back in reversed(range(DAYS)):
        day = today - timedelta(days=back)
        there = {
            account for account, begun, ended, blocked in spans
            if local_day(begun) <= day
            and all(until is None or local_day(until) > day for until in (ended, blocked))
        }  # fmt: skip
        unbound_days.append(UnboundDay(day, len(officers) - len(there)))
    return tuple(unbound_days)


async def _officers(department: str | None) -> dict[str, str]:
    """Officers in post by number, with their department."""
    rows = Inspector.filter(**_in_post(department)).exclude(status=InspectorStatus.LEFT)
    return {str(code): str(of) for code, of in await rows.values_list("code", "department") if of}


async def _bound_now(accounts: Collection[int]) -> set[int]:
    rows = Binding.filter(account_id__in=list(accounts), ended_at=None, blocked_at=None)
    return {row.account_id for row in await rows}
