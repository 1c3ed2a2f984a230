"""季度核对: the question that stands for an officer, and what a department's liaison has from the answers (Art. 7, 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tortoise.expressions import Subquery

from models.rules.actor import Role
from models.rules.register_enquiry import quarter_of
from models.rules.registry.rows import InspectorStatus
from models.tables import Account, Department, Inspector, Item, RegisterChange, RegisterEnquiry, Street

EVERYTHING = ("*",)


@dataclass(frozen=True, slots=True)
class EnquiryLine:
    """A question with what the register says now. `areas`, `items`: their names, `EVERYTHING` for all; `answered`: when,
    None while nobody has; `wrong`: what the officer wants changed, "" for nothing.
    """

    id: int
    quarter: str
    due: date
    code: str
    name: str
    department: str
    areas: tuple[str, ...]
    items: tuple[str, ...]
    certificate: str
    certificate_until: date | None
    hours: str
    answered: datetime | None
    wrong: str


def serving() -> Subquery:
    """Codes of the officers who have not left; experts are no officers."""
    return Subquery(Inspector.filter(expert=False).exclude(status=InspectorStatus.LEFT).values("code"))


async def serving_with_account() -> list[str]:
    """Officers of the register who can be asked: an account of theirs is in use."""
    accounts = Account.filter(role=Role.INSPECTOR, disabled_at=None, inspector_id__in=serving())
    return sorted({str(code) for code in await accounts.values_list("inspector_id", flat=True)})


async def standing(officer: str) -> EnquiryLine | None:
    """The newest question to this officer, None before the first."""
    asked = RegisterEnquiry.filter(inspector_id=officer).order_by("-id").select_related("inspector")
    row = await asked.first()
    if row is None:
        return None
    person: Inspector = row.inspector
    departments = await Department.filter(code=person.department).values_list("name", flat=True)
    return EnquiryLine(
        row.id, row.quarter, row.due, person.code, person.name, str(next(iter(departments), person.department)),
        await _named(Street, person.areas), await _named(Item, person.items), person.certificate or "",
        person.certificate_until, person.hours, row.answered_at, row.wrong,
    )  # fmt: skip


async def _named(table: type[Street] | type[Item], codes: Sequence[str]) -> tuple[str, ...]:
    if "*" in codes:
        return EVERYTHING
    names = dict(await table.filter(code__in=list(codes)).values_list("code", "name")) if codes else {}
    return tuple(str(names.get(code, code)) for code in codes)


@dataclass(frozen=True, slots=True)
class DisputedRow:
    """An officer whose row waits for the liaison. `wrong`: what is to be changed, "" where nobody answered by `due`."""

    code: str
    name: str
    wrong: str
    due: date


async def waiting(departments: Collection[str], today: date) -> tuple[DisputedRow, ...]:
    """Of this quarter: who wants something changed in a row that was not changed since, then who has not answered in time."""
    asked = RegisterEnquiry.filter(
        quarter=quarter_of(today), inspector__department__in=list(departments), inspector_id__in=serving()
    )
    rows = await asked.select_related("inspector").order_by("inspector_id")
    wanted = [row for row in rows if row.wrong and row.answered_at]
    changed = await _changed([str(row.inspector_id) for row in wanted])
    lines = [
        DisputedRow(row.inspector.code, row.inspector.name, row.wrong, row.due)
        for row in wanted
        if not any(row.answered_at and at > row.answered_at for at in changed[str(row.inspector_id)])
    ]
    silent = [row for row in rows if row.answered_at is None and row.due < today]
    return (*lines, *(DisputedRow(row.inspector.code, row.inspector.name, "", row.due) for row in silent))


async def without_liaison() -> list[str]:
    """Departments whose register nobody but the office keeps: no account of a liaison is in use."""
    liaisons = Account.filter(role=Role.LIAISON, disabled_at=None, department__not_isnull=True).values(
        "department"
    )
    codes = (
        await Department.exclude(code__in=Subquery(liaisons)).order_by("code").values_list("code", flat=True)
    )
    return [str(code) for code in codes]


async def _changed(codes: Sequence[str]) -> dict[str, list[datetime]]:
    """When each officer's row was changed."""
    times: dict[str, list[datetime]] = defaultdict(list)
    history = RegisterChange.filter(kind="inspectors", code__in=list(codes))
    for code, at in await history.values_list("code", "at") if codes else ():
        times[str(code)].append(at)
    return times
