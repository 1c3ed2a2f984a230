"""Who is bound and who is not: officers, heads, inspected entities (Art. 7, 10; U44)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from tortoise.expressions import Q, Subquery

from models import store
from models.queries.plans import names
from models.refusal import Refusal
from models.rules import text
from models.rules.actor import Role
from models.rules.phone import mobile
from models.states import UNTIL_CONCLUDED
from models.tables import Account, Binding, Department, Inspector, Invitation, Target, Task

PER_PAGE = 50
KINDS = (Role.INSPECTOR, Role.HEAD, Role.LIAISON, Role.ENTITY)
OF_A_DEPARTMENT = (Role.HEAD, Role.LIAISON)  # one account each: found by the department's code
FOR_HEADS = (Role.INSPECTOR, Role.LIAISON)  # whom a head invites


@dataclass(frozen=True, slots=True)
class EnrolmentFilter:
    kind: Role = Role.INSPECTOR
    department: str = ""
    search: str = ""
    page: int = 1
    waiting: bool = False  # only officers who serve in an open task and cannot be reached by chat


def read_filter(asked: Mapping[str, str]) -> EnrolmentFilter:
    """The filter in an address; refuses what is not offered (D66)."""
    if unknown := sorted(set(asked) - {"kind", "department", "search", "page", "waiting", "lang", "done"}):
        raise Refusal("board.filter", name=unknown[0])
    kind, page = asked.get("kind") or Role.INSPECTOR, asked.get("page") or "1"
    if kind not in KINDS:
        raise Refusal("board.filter", name="kind")
    if not (page.isascii() and page.isdigit() and 0 < int(page) < 10**6):
        raise Refusal("board.filter", name="page")
    if asked.get("waiting", "") not in ("", "1"):
        raise Refusal("board.filter", name="waiting")
    return EnrolmentFilter(
        Role(kind), asked.get("department", "")[:16], text.visible(asked.get("search", "")).strip()[:80], int(page),
        bool(asked.get("waiting")),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A person or entity of the registry: bound to a chat, invited, or neither."""

    of: str
    name: str
    detail: str
    department: str
    bound_at: datetime | None
    blocked: bool
    invited_until: datetime | None
    number: str = ""  # the last four digits of a head's or liaison's telephone

    @property
    def state(self) -> str:
        """`blocked`, `bound`, `invited` or `unbound`."""
        if self.blocked:
            return "blocked"
        return "bound" if self.bound_at else "invited" if self.invited_until else "unbound"


@dataclass(frozen=True, slots=True)
class Enrolments:
    lines: tuple[Enrolment, ...]
    found: int
    pages: int
    departments: tuple[tuple[str, str], ...]


async def enrolments(
    asked: EnrolmentFilter, *, department: str | None, at: datetime, channels: Collection[str] = ()
) -> Enrolments:
    """One page of the roll. `department`: whose officers and liaison alone the reader may see; None sees all."""
    called, asked = await names(), _seen_by(department, asked)
    rows, total = await _rows(asked, called, channels)
    state = await _state(asked.kind, [of for of, *_ in rows], at)
    lines = tuple(
        Enrolment(of, name, detail, of_department, *state.get(of, (None, False, None, "")))
        for of, name, detail, of_department in rows
    )
    listed = tuple((code, called[code]) for code in sorted(called)) if department is None else ()
    return Enrolments(lines, total, max(1, -(-total // PER_PAGE)), listed)


async def every_enrolment(
    asked: EnrolmentFilter, *, department: str | None, at: datetime, channels: Collection[str] = ()
) -> list[Enrolment]:
    """All pages of the roll together."""
    asked = replace(asked, page=1)
    lines: list[Enrolment] = []
    while True:
        part = await enrolments(asked, department=department, at=at, channels=channels)
        lines += part.lines
        if asked.page >= part.pages:
            return lines
        asked = replace(asked, page=asked.page + 1)


def _seen_by(department: str | None, asked: EnrolmentFilter) -> EnrolmentFilter:
    """A head sees the own department's officers and liaison alone."""
    if department is None:
        return asked
    return replace(
        asked, kind=asked.kind if asked.kind in FOR_HEADS else Role.INSPECTOR, department=department
    )


SERVING_UNBOUND = """
SELECT {what} FROM inspector i WHERE NOT EXISTS (
    SELECT 1 FROM account a JOIN binding b ON b.account_id = a.id
    WHERE a.inspector_id = i.code AND a.disabled_at IS NULL AND b.ended_at IS NULL AND b.blocked_at IS NULL)
AND EXISTS (
    SELECT 1 FROM assignment s JOIN task t ON t.id = s.task_id
    WHERE s.inspector_id = i.code AND s.until IS NULL AND t.state IN ({states}){mine})"""


async def unbound(department: str | None, channels: Collection[str] = ()) -> list[str]:
    """Officers with an open task whom nothing reaches: not bound or the bot is blocked, and no address of theirs
    is one of the district's `channels` (`sms`, `email`)."""
    rows = await _unbound("i.code, i.phone", department, channels)
    return sorted(str(row["code"]) for row in rows if "sms" not in channels or not mobile(row["phone"]))


async def count_unbound(department: str | None, channels: Collection[str] = ()) -> int:
    """How many they are."""
    if "sms" in channels:
        return len(await unbound(department, channels))
    [row] = await _unbound("COUNT(*) AS n", department, channels)
    return int(row["n"])


async def _unbound(what: str, department: str | None, channels: Collection[str]) -> Sequence[Any]:
    """As `unbound`, of whom a telephone is not asked."""
    whose = [department] if department else []
    sql = SERVING_UNBOUND.format(
        what=what, states=store.marks(UNTIL_CONCLUDED), mine=" AND s.department = ?" if whose else ""
    ) + (" AND i.email = ''" if "email" in channels else "")
    return await store.run_one(sql, *UNTIL_CONCLUDED, *whose)


async def _rows(
    asked: EnrolmentFilter, called: Mapping[str, str], channels: Collection[str]
) -> tuple[list[tuple[str, str, str, str]], int]:
    first = (asked.page - 1) * PER_PAGE
    if asked.kind in OF_A_DEPARTMENT:
        there = Department.filter(code=asked.department) if asked.department else Department.all()
        rows = [(d.code, called[d.code], d.unit, d.name) for d in await there.order_by("code")]
        rows = [row for row in rows if asked.search in row[1] or asked.search in row[2]]
        return rows[first : first + PER_PAGE], len(rows)
    if asked.kind == Role.ENTITY:
        targets = Target.filter(code__in=Subquery(Task.all().values("target_id")))
        if asked.search:
            targets = Target.filter(Q(name__contains=asked.search) | Q(credit_code=asked.search.upper()))
        entities = await targets.order_by("code").offset(first).limit(PER_PAGE)
        return [(t.code, t.name, t.credit_code or t.code, "") for t in entities], await targets.count()
    people = Inspector.filter(expert=False)
    if asked.department:
        people = people.filter(department=asked.department)
    if asked.search:
        people = people.filter(Q(name__contains=asked.search) | Q(certificate__contains=asked.search))
    if asked.waiting:
        people = people.filter(code__in=await unbound(asked.department or None, channels))
    officers = await people.order_by("department", "code").offset(first).limit(PER_PAGE)
    rows = [
        (i.code, i.name, i.certificate or i.code, called.get(i.department, i.department)) for i in officers
    ]
    return rows, await people.count()


async def _state(
    kind: Role, codes: list[str], at: datetime
) -> dict[str, tuple[datetime | None, bool, datetime | None, str]]:
    column = {Role.INSPECTOR: "inspector_id", Role.ENTITY: "target_id"}.get(kind, "department")
    accounts = await Account.filter(role=kind, disabled_at=None, **{f"{column}__in": codes})
    ids = [account.id for account in accounts]
    bound = {b.account_id: b for b in await Binding.filter(account_id__in=ids, ended_at=None)}
    waiting = Invitation.filter(account_id__in=ids, purpose="bind", used_at=None, expires_at__gt=at)
    invited = {i.account_id: i.expires_at for i in await waiting.order_by("expires_at")}
    return {
        getattr(account, column): (
            bound[account.id].bound_at if account.id in bound else None,
            account.id in bound and bound[account.id].blocked_at is not None,
            invited.get(account.id),
            account.phone[-4:] if kind in OF_A_DEPARTMENT else "",
        )
        for account in accounts
    }
